//! A layer as a user writes it: nothing but what a layer must have.

use rand_core::Rng;
use stackprop::init::Scheme;
use stackprop::layers::Pass;
use stackprop::simd::Vector;
use stackprop::{Layer, params};

/// y = gain x, with a gain for each number.
#[derive(Clone, Copy)]
pub struct Gain<const N: usize, T = f32> {
    pub gain: [T; N],
}

params!(Gain<const N: usize> { gain });

impl<const N: usize> Layer<N, N> for Gain<N> {
    type Activations<V: Vector> = ();

    fn init(&mut self, _: Scheme, _: &mut impl Rng) {
        self.gain = [1.0; N];
    }

    fn forward<V: Vector>(&self, x: &[V; N], (): &mut (), y: &mut [V; N]) {
        for i in 0..N {
            y[i] = V::splat(self.gain[i]) * x[i];
        }
    }

    fn backward<V: Vector>(
        &self,
        pass: Pass<'_, V, (), N, N>,
        dy: &[V; N],
        grad: Option<&mut Gain<N, V::Partial>>,
        (): &mut (),
        dx: Option<&mut [V; N]>,
    ) {
        if let Some(grad) = grad {
            for (gain, (dy, x)) in grad.gain.iter_mut().zip(dy.iter().zip(pass.x)) {
                *gain = V::accumulate_product(*gain, *dy, *x);
            }
        }
        if let Some(dx) = dx {
            self.forward(dy, &mut (), dx);
        }
    }
}

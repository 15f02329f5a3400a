//! Layers that do not learn.

use super::{Hidden, Layer, Pass};
use crate::lane::Lane;
use crate::params::Params;

/// `L` as it is, where it is, in flash for instance: `requires_grad_(False)` by type.
///
/// To train the last layers of a network is to train a chain whose first part is frozen. That part has no gradient, no
/// optimiser state and no saved activation (all of size 0), backward does not enter it, and the trainer
/// holds a pointer in the place of its weights.
///
/// ```
/// use stackprop::{Chain, Frozen, Linear, Network, Relu, Sgd, SigmoidBce, Trainer};
///
/// static FRONT: Chain<Linear<16, 32>, Relu, 32> = Chain(Linear::new([[0.1; 16]; 32], [0.0; 32]), Relu);
/// let layers = Chain::<_, _, 32>(Frozen(&FRONT), Linear::new([[0.1; 32]; 4], [0.0; 4]));
/// let mut trainer = Trainer::new(Network::<_, _, 16, 4>::new(layers, SigmoidBce), Sgd::new(0.1));
/// trainer.step(&[[0.5; 16]], &[[1.0, 0.0, 0.0, 1.0]])?;
/// // The last layer and its gradient, each 33 * 4 floats, a pointer, and the settings.
/// assert!(size_of_val(&trainer) < 2 * 33 * 4 * 4 + 64);
/// # Ok::<(), stackprop::Error>(())
/// ```
///
/// Where a layer in front of a frozen one learns, backward computes the frozen part's activations again, because
/// none are kept.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Frozen<'a, L>(pub &'a L);

impl<L: Copy> Params for Frozen<'_, L> {
    type Of<T: Copy> = ();
    const COUNT: usize = 0;

    #[inline(always)]
    fn params(&self) {}

    #[inline(always)]
    fn update<S: Copy, T: Copy>(
        &mut self,
        (): &(),
        (): &mut (),
        _: &mut impl FnMut(&mut [f32], &[S], &mut [T]),
    ) {
    }

    #[inline(always)]
    fn fill<T: Copy>(_: T) {}

    #[inline(always)]
    fn zip<A: Copy, B: Copy, C: Copy>(
        (): &mut (),
        (): &(),
        (): &mut (),
        _: &mut impl FnMut(&mut [A], &[B], &mut [C]),
    ) {
    }
}

impl<L: Layer<I, O>, const I: usize, const O: usize> Layer<I, O> for Frozen<'_, L> {
    type Hidden<V: Lane> = ();

    #[inline(always)]
    fn forward<V: Lane>(&self, x: &[V; I], (): &mut (), y: &mut [V; O]) {
        self.0.forward(x, &mut Hidden::zero(), y);
    }

    #[inline(always)]
    fn backward<V: Lane>(
        &self,
        pass: Pass<'_, V, (), I, O>,
        dy: &[V; O],
        (): &mut (),
        (): &mut (),
        dx: &mut [V; I],
    ) {
        self.backward_input(pass, dy, &mut (), dx);
    }

    #[inline(always)]
    fn backward_params<V: Lane>(
        &self,
        _: Pass<'_, V, (), I, O>,
        _: &[V; O],
        (): &mut (),
        (): &mut (),
    ) {
    }
    #[inline(always)]
    fn backward_input<V: Lane>(
        &self,
        pass: Pass<'_, V, (), I, O>,
        dy: &[V; O],
        (): &mut (),
        dx: &mut [V; I],
    ) {
        let (mut hidden, mut delta, mut y) = (Hidden::zero(), Hidden::zero(), [V::ZERO; O]);
        self.0.forward(pass.x, &mut hidden, &mut y);
        let pass = Pass {
            x: pass.x,
            hidden: &hidden,
            y: &y,
        };
        self.0.backward_input(pass, dy, &mut delta, dx);
    }

    #[inline(always)]
    fn backward_hidden<V: Lane>(&self, _: Pass<'_, V, (), I, O>, _: &[V; O], (): &mut ()) {}
}

//! Layers that do not learn.

use super::{Activations, Layer, Pass};
use crate::kernels::simd::Vector;
use crate::model::architecture::Architecture;
use crate::model::no_params::{no_gradient, no_tensors};
use crate::model::params::Params;

/// Uses `L` where it is, for example in flash, and does not train it: `requires_grad_(False)` as a
/// type.
///
/// To train only the last layers of a network, freeze the first part of its chain. A frozen part
/// has no gradient, no optimiser state and no saved activations (all of size 0). Backward does not
/// enter it, and the trainer holds a pointer instead of its weights.
///
/// ```
/// use stackprop::{Chain, Frozen, Linear, Network, Relu, Sgd, SigmoidBce, Trainer};
///
/// type Front = Chain<Linear<16, 32>, Relu, 32>;
/// static FRONT: Front = Chain(Linear::new([[0.1; 16]; 32], [0.0; 32]), Relu);
/// let layers = Chain::<_, _, 32>(Frozen(&FRONT), Linear::new([[0.1; 32]; 4], [0.0; 4]));
/// let network = Network::<_, _, 16, 4>::from_layers(layers, SigmoidBce);
///
/// let mut trainer = Trainer::new(network, Sgd::new(0.1));
/// trainer.step(&[[0.5; 16]], &[[1.0, 0.0, 0.0, 1.0]])?;
/// // The last layer and its gradient, each 33 * 4 floats, a pointer, and the settings.
/// assert!(size_of_val(&trainer) < 2 * 33 * 4 * 4 + 64);
/// # Ok::<(), stackprop::Error>(())
/// ```
///
/// If a layer in front of a frozen part learns, backward computes the frozen part's activations
/// again, because it keeps none.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Frozen<'a, L>(pub &'a L);

impl<L: Params> Params for Frozen<'_, L> {
    const LAYERS: usize = L::LAYERS;
    const ARCHITECTURE: Architecture = Architecture::Frozen(&L::ARCHITECTURE);
    no_gradient!();
    no_tensors!();
}

impl<L: Layer<I, O>, const I: usize, const O: usize> Layer<I, O> for Frozen<'_, L> {
    type Activations<V: Vector> = ();

    #[inline(always)]
    fn forward<V: Vector>(&self, x: &[V; I], (): &mut (), y: &mut [V; O]) {
        self.0.forward(x, &mut Activations::zero(), y);
    }

    #[inline(always)]
    fn backward<V: Vector>(
        &self,
        pass: Pass<'_, V, (), I, O>,
        dy: &[V; O],
        _: Option<&mut ()>,
        (): &mut (),
        dx: Option<&mut [V; I]>,
    ) {
        let Some(dx) = dx else { return };
        let (mut activations, mut delta, mut y) =
            (Activations::zero(), Activations::zero(), [V::ZERO; O]);
        self.0.forward(pass.x, &mut activations, &mut y);
        let pass = Pass {
            x: pass.x,
            activations: &activations,
            y: &y,
        };
        self.0.backward(pass, dy, None, &mut delta, Some(dx));
    }
}

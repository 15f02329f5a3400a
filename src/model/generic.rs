//! Any network, for generic code: one bound in place of four parameters.

use crate::kernels::zero::Zero;
use crate::model::heads::Head;
use crate::model::init::Scheme;
use crate::model::layers::Layer;
use crate::model::network::{ActivationsOf, Network};
use crate::model::params::Params;
use core::fmt::Debug;
use rand_core::Rng;

/// Any network: the one bound that generic code needs to run one.
/// [`Trainable`](crate::Trainable) is the bound to train one. Sealed.
///
/// ```
/// use stackprop::{Model, Relu, SigmoidBce, net};
///
/// /// The mean loss of any network over labelled rows.
/// fn validate<N: Model>(network: &N, rows: &[N::Input], targets: &[N::Output]) -> f32 {
///     let losses = rows.iter().zip(targets).map(|(x, y)| network.loss(x, y));
///     losses.sum::<f32>() / rows.len() as f32
/// }
/// let network = <net![2 => 3, Relu => 1, SigmoidBce]>::new(1);
/// assert!(validate(&network, &[[0.0, 1.0], [1.0, 0.0]], &[[1.0], [0.0]]) > 0.0);
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a network",
    label = "not a network",
    note = "a network is layers and a head: net![3 => 4, Relu => 1, SigmoidBce], \
            or Network::from_layers(layers, head)"
)]
pub trait Model: Params + sealed::Sealed {
    /// A row of input: `[f32; I]`.
    type Input: Copy + Debug + PartialEq + AsRef<[f32]> + AsMut<[f32]> + Zero;
    /// A target or an output: `[f32; O]`.
    type Output: Copy + Debug + PartialEq + AsRef<[f32]> + AsMut<[f32]> + Zero;

    /// Numbers in a row of input.
    const INPUTS: usize;
    /// Numbers in a target or an output.
    const OUTPUTS: usize;
    /// Bytes of the activations that a step on one sample keeps on the stack, with their gradients.
    const ACTIVATION_BYTES: usize;

    /// [`Network::init`].
    fn init(&mut self, scheme: Scheme, random: &mut impl Rng);
    /// [`Network::forward`].
    #[must_use]
    fn forward(&self, x: &Self::Input) -> Self::Output;
    /// [`Network::loss`].
    #[must_use]
    fn loss(&self, x: &Self::Input, target: &Self::Output) -> f32;
}

mod sealed {
    #[diagnostic::on_unimplemented(
        message = "`{Self}` cannot be a `Model`: only `Network` is",
        label = "not a `Network`",
        note = "a layer or a head of your own goes into a `Network`"
    )]
    pub trait Sealed {}
    impl<L, H, const I: usize, const O: usize> Sealed for super::Network<L, H, I, O> {}
}

impl<L: Layer<I, O>, H: Head<O>, const I: usize, const O: usize> Model for Network<L, H, I, O> {
    type Input = [f32; I];
    type Output = [f32; O];
    const INPUTS: usize = I;
    const OUTPUTS: usize = O;
    const ACTIVATION_BYTES: usize = 2 * size_of::<(ActivationsOf<L, I, O>, [f32; O])>();

    fn init(&mut self, scheme: Scheme, random: &mut impl Rng) {
        self.layers.init(scheme, random);
    }

    #[inline(always)]
    fn forward(&self, x: &[f32; I]) -> [f32; O] {
        self.forward(x)
    }

    #[inline(always)]
    fn loss(&self, x: &[f32; I], target: &[f32; O]) -> f32 {
        self.loss(x, target)
    }
}

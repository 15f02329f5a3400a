//! Random parameters to start from, as PyTorch initialises them.
//!
//! ```
//! use stackprop::{Init, Random, Relu, SigmoidBce, init::Scheme, net};
//!
//! let mut net = <net![3 => 4, Relu => 1, SigmoidBce]>::zeros();
//! net.layers.init(Scheme::Default, &mut Random::new(1));
//! assert!(net.layers.0.weight[0][0].abs() < 0.577_350_3); // 1 / sqrt(3)
//! ```

use crate::layers::{Bias, Chain, Frozen, Linear};
use crate::random::Random;

/// How far from 0 the parameters of a linear layer may start. They are uniform in +-bound.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub enum Scheme {
    /// `nn.Linear`'s own: weight and bias in +-1 / sqrt(inputs).
    #[default]
    Default,
    /// `kaiming_uniform_(nonlinearity='relu')`: weight in +-sqrt(6 / inputs), bias 0. For layers before a ReLU.
    KaimingUniform,
    /// `xavier_uniform_`: weight in +-sqrt(6 / (inputs + outputs)), bias 0. For layers before tanh or sigmoid.
    XavierUniform,
}

impl Scheme {
    /// The bounds of the weight and of the bias.
    #[inline]
    #[must_use]
    pub fn bounds(self, inputs: usize, outputs: usize) -> (f32, f32) {
        let (inputs, outputs) = (inputs as f32, outputs as f32);
        match self {
            Self::Default => {
                let bound = 1.0 / libm::sqrtf(inputs);
                (bound, bound)
            }
            Self::KaimingUniform => (libm::sqrtf(6.0 / inputs), 0.0),
            Self::XavierUniform => (libm::sqrtf(6.0 / (inputs + outputs)), 0.0),
        }
    }
}

/// Layers that can start from random parameters.
pub trait Init {
    /// Sets the parameters, in PyTorch's order: layer by layer, the weight row by row, then the bias.
    fn init(&mut self, scheme: Scheme, random: &mut Random);
}

impl<const I: usize, const O: usize, B: Bias> Init for Linear<I, O, B> {
    fn init(&mut self, scheme: Scheme, random: &mut Random) {
        let (weight, bias) = scheme.bounds(I, O);
        for w in self.weight.as_flattened_mut() {
            *w = random.uniform(weight);
        }
        for b in self.bias.as_mut() {
            *b = if bias > 0.0 {
                random.uniform(bias)
            } else {
                0.0
            };
        }
    }
}

impl<A: Init, B: Init, const M: usize> Init for Chain<A, B, M> {
    fn init(&mut self, scheme: Scheme, random: &mut Random) {
        self.0.init(scheme, random);
        self.1.init(scheme, random);
    }
}

/// A frozen layer stays as it is.
impl<L> Init for Frozen<'_, L> {
    fn init(&mut self, _: Scheme, _: &mut Random) {}
}

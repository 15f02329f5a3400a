//! Where weights start: random, within the bounds that PyTorch uses.

use rand_core::Rng;

/// How far from 0 the parameters of a linear layer may start. They are uniform in +-bound.
///
/// ```
/// use stackprop::init::Scheme;
///
/// assert_eq!(Scheme::Default.bounds(16, 4), (0.25, 0.25)); // 1 / sqrt(16) for weight and bias
/// assert_eq!(Scheme::KaimingUniform.bounds(6, 4), (1.0, 0.0));
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub enum Scheme {
    /// `nn.Linear`'s own: weight and bias in +-1 / sqrt(inputs).
    #[default]
    Default,
    /// `kaiming_uniform_(nonlinearity='relu')`: weight in +-sqrt(6 / inputs), bias 0. For layers
    /// before a ReLU.
    KaimingUniform,
    /// `xavier_uniform_`: weight in +-sqrt(6 / (inputs + outputs)), bias 0. For layers before tanh
    /// or sigmoid.
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

/// A number from -`bound` to below `bound`, uniformly: one of 2^24 multiples of `bound` / 2^23,
/// from the high 24 of the next 32 random bits.
///
/// ```
/// use stackprop::{Random, init::uniform};
///
/// assert!(uniform(&mut Random::new(1), 0.5).abs() <= 0.5);
/// ```
#[must_use]
pub fn uniform(random: &mut impl Rng, bound: f32) -> f32 {
    // 24 bits are exact in a float, and so are their difference to 2^23 and its quotient.
    let steps = (random.next_u32() >> 8) as f32 - 8_388_608.0;
    steps * (1.0 / 8_388_608.0) * bound
}

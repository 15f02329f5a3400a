//! The length of a gradient, and how it is cut down.

use super::params::{self, Params};
use crate::kernels::simd::sqrt;

/// A length, times a power of two.
#[derive(Clone, Copy)]
pub(crate) struct Norm {
    scaled: f32,
    scale: f32,
}

/// How a gradient is clipped: by two factors, whose product may be too small for a float.
#[derive(Clone, Copy)]
pub(crate) struct Clip {
    scale: f32,
    factor: f32,
}

/// 2^80. Divided by it, no float has a square that overflows; multiplied by it, none from 2^-143 on
/// has a square that is subnormal.
const SCALE: f32 = 1_208_925_819_614_629_174_706_176.0;

/// The least sum of squares that is taken as it is, 2^-80. Squares that are subnormal, below
/// 2^-126, are nothing beside it.
const LEAST: f32 = 1.0 / SCALE;

/// The length of `all` seen as one vector: the square root of the sum of squares, in order of the
/// parameters. What `torch.nn.utils.clip_grad_norm_` returns. No square overflows or vanishes: it
/// is inf only if the length itself is beyond the floats or a number is infinite. NaN gives NaN.
///
/// ```
/// use stackprop::{net, Mse, params::norm};
///
/// type Net = net![bias = false; 2 => 1, Mse];
/// let mut grad = Net::zero_grad();
/// grad.weight = [[3e30, 4e30]];
/// assert_eq!(norm::<Net>(&grad), 5e30);
/// ```
#[must_use]
pub fn norm<P: Params>(all: &P::Of<f32>) -> f32 {
    Norm::new(|scale| squares::<P>(all, scale)).length()
}

/// The sum of squares of all numbers, each times `scale` first.
#[inline(always)]
pub(crate) fn squares<P: Params>(all: &P::Of<f32>, scale: f32) -> f32 {
    let mut sum = 0.0;
    params::zip_with::<P, _, _>(&mut P::fill(()), all, |(), value| {
        sum += square(value, scale)
    });
    sum
}

/// (value scale)^2.
#[inline(always)]
pub(crate) fn square(value: f32, scale: f32) -> f32 {
    (value * scale) * (value * scale)
}

impl Norm {
    /// The length of numbers whose sum of squares `squares` gives, each times a scale. It is asked
    /// once, with a scale of 1, unless squares overflow or vanish.
    #[inline(always)]
    pub(crate) fn new(mut squares: impl FnMut(f32) -> f32) -> Self {
        let mut scale = 1.0;
        loop {
            let sum = squares(scale);
            let whole = !(sum < LEAST || sum == f32::INFINITY);
            if whole || scale != 1.0 {
                let scaled = sqrt(sum);
                return Self { scaled, scale };
            }
            scale = if sum < LEAST { SCALE } else { 1.0 / SCALE };
        }
    }

    /// The length itself.
    pub(crate) const fn length(self) -> f32 {
        self.scaled / self.scale
    }

    #[inline(always)]
    pub(crate) const fn is_finite(self) -> bool {
        self.scaled.is_finite()
    }

    /// How a gradient of this length is clipped to `max_norm`; None if it is not longer.
    #[inline(always)]
    pub(crate) fn clip(self, max_norm: f32) -> Option<Clip> {
        let Self { scaled, scale } = self;
        if scaled <= max_norm * scale {
            return None;
        }
        let factor = max_norm / scaled;
        if factor >= f32::MIN_POSITIVE {
            return Some(Clip { scale, factor });
        }
        // A subnormal factor has few digits, so it gives some of its size to the scale: 2^40.
        let share = 1_099_511_627_776.0;
        Some(Clip {
            scale: scale / share,
            factor: max_norm * share / scaled,
        })
    }
}

impl Clip {
    /// A number of the clipped gradient.
    #[inline(always)]
    pub(crate) fn apply(self, g: f32) -> f32 {
        g * self.scale * self.factor
    }
}

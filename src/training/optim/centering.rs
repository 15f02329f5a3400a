//! What `RMSprop` remembers of the gradients of a parameter, by its type.

use super::{Finite, bound};
use crate::kernels::size::{SIZE, largest_of};
use crate::kernels::soft;
use crate::kernels::zero::Zero;

/// Whether [`RmsProp`](super::RmsProp) is centred: [`NotCentered`] or [`Centered`]. Sealed.
pub trait Centering: Copy + sealed::Sealed {
    /// What is remembered of the gradients of a parameter.
    type State: Finite;

    /// The square of the denominator, without eps, and the new state, after the gradient `g`.
    #[must_use]
    fn observe(alpha: f32, g: f32, state: Self::State) -> (f32, Self::State);

    /// A bound on |g| / (sqrt(square) + eps), rounded, with the square after the step, for
    /// gradients up to `g` and the averages `of` these states; inf or NaN if it is not known, or if
    /// an average may not be finite after the step.
    #[must_use]
    fn bound<S: Copy>(
        alpha: f32,
        eps: f32,
        g: f32,
        states: &[S],
        of: impl Fn(S) -> Self::State + Copy,
    ) -> f32;
}

/// [`RmsProp`](super::RmsProp) that is not centred. Its state is the mean square, an `f32`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct NotCentered;

/// What [`RmsProp::centered`](super::RmsProp::centered) keeps for each parameter. PyTorch's
/// `grad_avg` is the mean, and its `square_avg` is variance + mean^2.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Centered {
    /// The moving average of the gradient.
    pub mean: f32,
    /// The moving average of its square, less the square of the mean. Never negative.
    pub variance: f32,
}

/// What [`RmsProp::momentum`](super::RmsProp::momentum) keeps for each parameter.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Buffered<S> {
    /// What is kept without momentum.
    pub averages: S,
    /// The sum of earlier steps that momentum makes, without lr: PyTorch's `momentum_buffer`.
    pub buffer: f32,
}

mod sealed {
    pub trait Sealed {}
    impl Sealed for super::NotCentered {}
    impl Sealed for super::Centered {}
}

impl Centering for NotCentered {
    type State = f32;

    #[inline(always)]
    fn observe(alpha: f32, g: f32, v: f32) -> (f32, f32) {
        let v = soft::add_product(soft::mul(alpha, v), soft::mul(1.0 - alpha, g), g);
        (v, v)
    }

    #[inline(always)]
    fn bound<S: Copy>(
        alpha: f32,
        eps: f32,
        g: f32,
        states: &[S],
        of: impl Fn(S) -> f32 + Copy,
    ) -> f32 {
        if !(0.0..1.0).contains(&alpha) {
            return f32::INFINITY;
        }
        let v = bound::largest_square(states, of);
        let (_, v) = Self::observe(alpha, g, v);
        bound::of_square(1.0 - alpha, eps) + 0.0 * v
    }
}

/// From v' = alpha v + (1 - alpha) g^2 and m' = m + (1 - alpha) (g - m) follows
/// ```text
/// v' - m'^2 = alpha ((v - m^2) + (1 - alpha) (g - m)^2)
/// ```
/// where nothing cancels. Source: Finch, "Incremental calculation of weighted mean and variance",
/// 2009, section 9.
impl Centering for Centered {
    type State = Self;

    #[inline(always)]
    fn observe(alpha: f32, g: f32, Self { mean, variance }: Self) -> (f32, Self) {
        let distance = soft::sub(g, mean);
        let step = soft::mul(1.0 - alpha, distance);
        let variance = soft::mul(alpha, soft::add_product(variance, step, distance));
        let mean = soft::add(mean, step);
        (variance, Self { mean, variance })
    }

    /// |g| / eps, and a hundredth of it for rounding: a mean may be as large as all gradients while
    /// the variance is 0. The rest are the same operations on sizes.
    #[inline(always)]
    fn bound<S: Copy>(
        alpha: f32,
        eps: f32,
        g: f32,
        states: &[S],
        of: impl Fn(S) -> Self + Copy,
    ) -> f32 {
        if !(0.0..=1.0).contains(&alpha) || !(bound::TINY..f32::INFINITY).contains(&eps) {
            return f32::INFINITY;
        }
        let mean = largest_of(states, SIZE, |state| of(state).mean);
        let variance = bound::largest_square(states, |state| of(state).variance);
        let distance = g + mean;
        let step = (1.0 - alpha) * distance;
        let finite = (mean + step) + alpha * (variance + step * distance);
        1.01 * (g / eps) + bound::TINY + 0.0 * finite
    }
}

impl Zero for Centered {
    const ZERO: Self = Self {
        mean: 0.0,
        variance: 0.0,
    };
}

impl<S: Zero> Zero for Buffered<S> {
    const ZERO: Self = Self {
        averages: S::ZERO,
        buffer: 0.0,
    };
}

impl Finite for Centered {
    #[inline(always)]
    fn nan_unless_finite(self) -> f32 {
        self.mean.nan_unless_finite() + self.variance.nan_unless_finite()
    }
}

impl<S: Finite> Finite for Buffered<S> {
    #[inline(always)]
    fn nan_unless_finite(self) -> f32 {
        self.averages.nan_unless_finite() + self.buffer.nan_unless_finite()
    }
}

//! The moments of Adam, and the arithmetic that Adam and AdamW share, partly with `NAdam`.

use super::{Finite, bound};
use crate::error::Setting;
use crate::kernels::simd::sqrt;
use crate::kernels::soft::{self, SOFT};
use crate::kernels::zero::Zero;

/// The moments that [`Adam`](super::Adam), [`AdamW`](super::AdamW) and [`NAdam`](super::NAdam) keep
/// for each parameter.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Moments {
    /// The moving average of the gradient.
    pub m: f32,
    /// The moving average of its square.
    pub v: f32,
}

/// The moments with AMSGrad: see [`Adam::amsgrad`](super::Adam::amsgrad) and
/// [`AdamW::amsgrad`](super::AdamW::amsgrad).
#[derive(Clone, Copy, Debug, Default, PartialEq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Amsgrad {
    /// The moments of plain Adam.
    pub moments: Moments,
    /// The largest v so far.
    pub largest: f32,
}

/// How far the moving averages of [`Adam`](super::Adam) and [`AdamW`](super::AdamW) have come. This
/// is kept instead of the powers of beta so that nothing cancels when t is small.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Corrections {
    /// 1 - beta1^t, to 2^-22 of it. For [`NAdam`](super::NAdam) 1 less the product of its mu.
    pub m: f32,
    /// 1 - beta2^t, to 2^-22 of it.
    pub v: f32,
    /// What rounding took from m and from v.
    pub rest: [f32; 2],
}

/// The settings of all three.
#[derive(Clone, Copy, Debug, PartialEq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub(crate) struct Settings {
    pub(crate) lr: f32,
    pub(crate) beta1: f32,
    pub(crate) beta2: f32,
    pub(crate) eps: f32,
    pub(crate) weight_decay: f32,
}

/// The numbers that [`Adam`](super::Adam) and [`AdamW`](super::AdamW) compute once per step.
#[derive(Clone, Copy, Debug, PartialEq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct AdamStep {
    pub(super) settings: Settings,
    /// 1 - beta1 and 1 - beta2.
    shares: [f32; 2],
    /// lr sqrt(1 - beta2^t) / (1 - beta1^t).
    size: f32,
    /// eps sqrt(1 - beta2^t).
    eps: f32,
}

impl Settings {
    pub(super) const UNSET: Self = Self {
        lr: 0.0,
        beta1: 0.0,
        beta2: 0.0,
        eps: 0.0,
        weight_decay: 0.0,
    };

    pub(super) const fn new(lr: f32, weight_decay: f32) -> Self {
        let (beta1, beta2, eps) = (0.9, 0.999, 1e-8);
        Self {
            lr,
            beta1,
            beta2,
            eps,
            weight_decay,
        }
    }

    /// What `torch.optim.Adam` refuses.
    #[inline(always)]
    pub(super) fn check(&self) -> Result<(), Setting> {
        Setting::Lr.not_negative(self.lr)?;
        Setting::Beta1.below_1(self.beta1)?;
        Setting::Beta2.below_1(self.beta2)?;
        Setting::Eps.not_negative(self.eps)?;
        Setting::WeightDecay.not_negative(self.weight_decay)
    }

    #[inline(always)]
    pub(super) fn prepare(&self, corrections: &mut Corrections) -> AdamStep {
        let [m, v] = &mut corrections.rest;
        let shares = self.shares();
        corrections.m = next(shares[0], corrections.m, m);
        corrections.v = next(shares[1], corrections.v, v);
        let root = sqrt(corrections.v);
        AdamStep {
            settings: *self,
            shares,
            size: self.lr * root / corrections.m,
            eps: self.eps * root,
        }
    }

    /// 1 - beta1 and 1 - beta2, computed once a step: without a float unit a difference is a call.
    #[inline(always)]
    pub(super) fn shares(&self) -> [f32; 2] {
        [1.0 - self.beta1, 1.0 - self.beta2]
    }

    /// The moments after the gradient `g`.
    #[inline(always)]
    pub(super) fn moments(&self, shares: [f32; 2], g: f32, Moments { m, v }: Moments) -> Moments {
        let [of_g, of_square] = shares;
        if SOFT && soft::is_zero(g) {
            // Behind a ReLU half of them are 0: the same without operations on it.
            return Moments {
                m: if soft::is_zero(m) {
                    0.0
                } else {
                    soft::sub_product(m, of_g, m)
                },
                v: soft::add(soft::mul(self.beta2, v), 0.0),
            };
        }
        Moments {
            m: soft::add_product(m, of_g, soft::sub(g, m)),
            v: soft::add_product(soft::mul(self.beta2, v), soft::mul(of_square, g), g),
        }
    }

    /// The parameter after a decay that does not pass through the moments.
    #[inline(always)]
    pub(super) fn decayed(&self, w: f32) -> f32 {
        soft::sub_product(w, self.lr * self.weight_decay, w)
    }
}

/// 1 - beta^t from c = 1 - beta^(t-1): c + (1 - beta) (1 - c), where `share` is 1 - beta. What
/// rounding takes from the sum is added in the next step (Kahan's sum); lost, it would stop 3e-5
/// below 1 for beta 0.999.
#[inline(always)]
pub(super) fn next(share: f32, c: f32, rest: &mut f32) -> f32 {
    let step = share * (1.0 - c) + *rest;
    let sum = c + step;
    *rest = step - (sum - c);
    sum
}

impl AdamStep {
    #[inline(always)]
    pub(super) fn bound<A: AdamState>(&self, g: f32, states: &[A]) -> f32 {
        let v = A::largest_v(states);
        bound::of_adam(&self.settings, (self.size, self.eps), g, v)
    }

    #[inline(always)]
    pub(super) fn moved<A: AdamState>(&self, w: f32, state: A) -> f32 {
        let (m, v) = state.terms();
        soft::sub(w, soft::mul(self.size, m) / soft::add(sqrt(v), self.eps))
    }
}

/// What [`Adam`](super::Adam) and [`AdamW`](super::AdamW) keep for each parameter: [`Moments`], or
/// with AMSGrad [`Amsgrad`]. Sealed.
pub trait AdamState: Finite + sealed::Sealed {
    /// The state after the gradient `g`.
    #[must_use]
    fn observe(self, step: &AdamStep, g: f32) -> Self;

    /// The numbers that take the places of m and v in the last line of [`Adam`](super::Adam).
    ///
    /// ```
    /// use stackprop::optim::{AdamState, Amsgrad, Moments};
    ///
    /// let moments = Moments { m: 0.5, v: 0.25 };
    /// assert_eq!(moments.terms(), (0.5, 0.25));
    /// assert_eq!(Amsgrad { moments, largest: 4.0 }.terms(), (0.5, 4.0));
    /// ```
    #[must_use]
    fn terms(self) -> (f32, f32);

    /// A bound on v, for these states after gradients up to `g`; inf or NaN if the quotient of the
    /// moments is not bounded, or a number not finite.
    #[must_use]
    fn largest_v(states: &[Self]) -> f32;
}

mod sealed {
    pub trait Sealed {}
    impl Sealed for super::Moments {}
    impl Sealed for super::Amsgrad {}
}

impl AdamState for Moments {
    #[inline(always)]
    fn observe(self, step: &AdamStep, g: f32) -> Self {
        step.settings.moments(step.shares, g, self)
    }

    #[inline(always)]
    fn terms(self) -> (f32, f32) {
        (self.m, self.v)
    }

    #[inline(always)]
    fn largest_v(states: &[Self]) -> f32 {
        bound::largest_v(states, |state| state)
    }
}

impl AdamState for Amsgrad {
    #[inline(always)]
    fn observe(self, step: &AdamStep, g: f32) -> Self {
        let moments = step.settings.moments(step.shares, g, self.moments);
        let largest = if self.largest < moments.v {
            moments.v
        } else {
            self.largest
        };
        Self { moments, largest }
    }

    #[inline(always)]
    fn terms(self) -> (f32, f32) {
        (self.moments.m, self.largest)
    }

    // The largest v is in the place of v where the step divides, and v' is not larger.
    #[inline(always)]
    fn largest_v(states: &[Self]) -> f32 {
        let largest = bound::largest_square(states, |state| state.largest);
        bound::largest_v(states, |state| state.moments) + 0.0 * largest
    }
}

impl Zero for Moments {
    const ZERO: Self = Self { m: 0.0, v: 0.0 };
}

impl Zero for Corrections {
    const ZERO: Self = Self {
        m: 0.0,
        v: 0.0,
        rest: [0.0; 2],
    };
}

impl Zero for Amsgrad {
    const ZERO: Self = Self {
        moments: Moments::ZERO,
        largest: 0.0,
    };
}

impl Finite for Moments {
    #[inline(always)]
    fn nan_unless_finite(self) -> f32 {
        self.m.nan_unless_finite() + self.v.nan_unless_finite()
    }
}

impl Finite for Amsgrad {
    #[inline(always)]
    fn nan_unless_finite(self) -> f32 {
        self.moments.nan_unless_finite() + self.largest.nan_unless_finite()
    }
}

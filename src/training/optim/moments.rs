//! The moments of Adam, and the arithmetic that Adam and AdamW share.

use super::Finite;
use crate::error::Setting;
use crate::kernels::zero::Zero;

/// The moments that [`Adam`](super::Adam) and [`AdamW`](super::AdamW) keep for each parameter.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Moments {
    /// The moving average of the gradient.
    pub m: f32,
    /// The moving average of its square.
    pub v: f32,
}

/// The moments with AMSGrad: see [`Adam::amsgrad`](super::Adam::amsgrad).
#[derive(Clone, Copy, Debug, Default, PartialEq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Amsgrad {
    /// The moments of plain Adam.
    pub moments: Moments,
    /// The largest v so far.
    pub largest: f32,
}

/// How far the moving averages of [`Adam`](super::Adam) and [`AdamW`](super::AdamW) have come. They
/// are kept instead of the powers of beta so that nothing cancels when t is small.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Corrections {
    /// 1 - beta1^t, to 2^-22 of it.
    pub m: f32,
    /// 1 - beta2^t, to 2^-22 of it.
    pub v: f32,
    /// What rounding took from m and from v.
    pub rest: [f32; 2],
}

/// The settings of both.
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
    /// lr / (1 - beta1^t).
    size: f32,
    /// sqrt(1 - beta2^t).
    root: f32,
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
        corrections.m = next(self.beta1, corrections.m, m);
        corrections.v = next(self.beta2, corrections.v, v);
        AdamStep {
            settings: *self,
            size: self.lr / corrections.m,
            root: libm::sqrtf(corrections.v),
        }
    }
}

/// 1 - beta^t from c = 1 - beta^(t-1): c + (1 - beta) (1 - c). What rounding takes from the sum is
/// added in the next step (Kahan's sum); lost, it would stop 3e-5 below 1 for beta 0.999.
#[inline(always)]
fn next(beta: f32, c: f32, rest: &mut f32) -> f32 {
    let step = (1.0 - beta) * (1.0 - c) + *rest;
    let sum = c + step;
    *rest = step - (sum - c);
    sum
}

impl AdamStep {
    #[inline(always)]
    pub(super) fn moments(&self, g: f32, Moments { m, v }: Moments) -> Moments {
        let Settings { beta1, beta2, .. } = self.settings;
        Moments {
            m: m + (1.0 - beta1) * (g - m),
            v: beta2 * v + (1.0 - beta2) * g * g,
        }
    }

    #[inline(always)]
    pub(super) fn moved(&self, w: f32, m: f32, v: f32) -> f32 {
        w - self.size * m / (libm::sqrtf(v) / self.root + self.settings.eps)
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

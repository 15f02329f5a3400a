//! The moments of Adam, and the arithmetic that Adam and AdamW share.

use super::Finite;
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

/// The settings of both, and how far their averages have come.
#[derive(Clone, Copy, Debug, PartialEq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub(super) struct Settings {
    pub(super) lr: f32,
    pub(super) beta1: f32,
    pub(super) beta2: f32,
    pub(super) eps: f32,
    pub(super) weight_decay: f32,
    /// 1 - beta1^t and 1 - beta2^t, kept instead of the powers so that nothing cancels when t is
    /// small.
    correction1: f32,
    correction2: f32,
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
        correction1: 0.0,
        correction2: 0.0,
    };

    pub(super) const fn new(lr: f32, weight_decay: f32) -> Self {
        let (beta1, beta2, eps) = (0.9, 0.999, 1e-8);
        Self {
            lr,
            beta1,
            beta2,
            eps,
            weight_decay,
            correction1: 0.0,
            correction2: 0.0,
        }
    }

    #[inline(always)]
    pub(super) fn prepare(&mut self) -> AdamStep {
        // 1 - b^t = b (1 - b^(t-1)) + (1 - b), and 1 - b is exact.
        self.correction1 = self.beta1 * self.correction1 + (1.0 - self.beta1);
        self.correction2 = self.beta2 * self.correction2 + (1.0 - self.beta2);
        let size = self.lr / self.correction1;
        AdamStep {
            settings: *self,
            size,
            root: libm::sqrtf(self.correction2),
        }
    }
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

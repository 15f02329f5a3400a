//! `NAdam`.

use super::moments::{AdamState, Corrections, Moments, Settings, next};
use super::{Optimizer, bound};
use crate::error::Setting;
use crate::kernels::math::exp;
use crate::kernels::simd::sqrt;
use crate::kernels::soft;
use crate::kernels::zero::Zero;

/// ln 0.96, rounded to f32. 0.96 is a constant of PyTorch's and of the paper.
const LN_0_96: f32 = -0.040_821_996;

/// `torch.optim.NAdam`: [`Adam`](super::Adam) with Nesterov's momentum.
///
/// In step t = 1, 2, ...:
/// ```text
/// mu_t = beta1 (1 - 0.5 * 0.96^(t momentum_decay))
/// g = g + weight_decay w, or decoupled w = w - lr weight_decay w
/// m = m + (1 - beta1) (g - m)
/// v = beta2 v + (1 - beta2) g^2
/// r = sqrt(1 - beta2^t)
/// a = lr r (1 - mu_t) / (1 - mu_1 ... mu_t)
/// b = lr r mu_(t+1) / (1 - mu_1 ... mu_(t+1))
/// w = w - (a g + b m) / (sqrt(v) + eps r)
/// ```
/// The last line is PyTorch's with r multiplied out, as in [`Adam`](super::Adam).
/// PyTorch's defaults: betas 0.9 and 0.999, eps 1e-8, `momentum_decay` 0.004, no decay of the
/// parameters. The power is this crate's [`exp`](crate::math::exp), the same bits on every target,
/// computed anew in each step, so that its error does not add up. State: 8 bytes a parameter.
/// Source: Dozat, "Incorporating Nesterov momentum into Adam", 2016.
#[derive(Clone, Copy, Debug, PartialEq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct NAdam {
    pub(crate) settings: Settings,
    pub(crate) momentum_decay: f32,
    pub(crate) decoupled: bool,
}

/// What [`NAdam`] remembers for all parameters together.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct NAdamShared {
    /// How many steps were taken. It stays at 2^32 - 1.
    pub steps: u32,
    /// `m` is 1 less the product of all mu so far, `v` is 1 - beta2^t.
    pub corrections: Corrections,
}

/// The numbers that [`NAdam`] computes once per step.
#[derive(Clone, Copy, Debug, PartialEq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct NAdamStep {
    settings: Settings,
    /// 1 - beta1 and 1 - beta2.
    shares: [f32; 2],
    decoupled: bool,
    /// The factor a of the gradient.
    gradient: f32,
    /// The factor b of its moving average.
    average: f32,
    /// eps sqrt(1 - beta2^t).
    eps: f32,
}

impl NAdam {
    /// `NAdam` with this learning rate and PyTorch's defaults.
    ///
    /// ```
    /// use stackprop::{Mse, NAdam, Trainer, net};
    ///
    /// let optimizer = NAdam::new(0.1);
    /// let mut trainer = Trainer::new(<net![bias = false; 1 => 1, Mse]>::zeros(), optimizer);
    /// trainer.step(&[[1.0]], &[[1.0]])?; // mu is 0.450073 and 0.450147
    /// let [[w]] = trainer.network.layers.weight;
    /// assert!((w - 0.105_645_2).abs() < 1e-6); // 0.1 (1 + 0.1 * 0.450147 / (1 - 0.202599))
    /// # Ok::<(), stackprop::Error>(())
    /// ```
    #[must_use]
    pub const fn new(lr: f32) -> Self {
        Self {
            settings: Settings::new(lr, 0.0),
            momentum_decay: 0.004,
            decoupled: false,
        }
    }

    /// With these decay rates of the moments, PyTorch's `betas=`: 0 to below 1.
    ///
    /// ```
    /// use stackprop::{Mse, NAdam, Trainer, net};
    ///
    /// let optimizer = NAdam::new(0.1).betas(0.0, 0.9); // no momentum: mu is 0
    /// let mut trainer = Trainer::new(<net![bias = false; 1 => 1, Mse]>::zeros(), optimizer);
    /// trainer.step(&[[1.0]], &[[1.0]])?; // g = -2, w = 0.1
    /// trainer.step(&[[1.0]], &[[1.0]])?; // g = -1.8, v = 0.684, w = 0.1 + 0.18 / sqrt(3.6)
    /// let [[w]] = trainer.network.layers.weight;
    /// assert!((w - 0.194_868).abs() < 1e-6);
    /// # Ok::<(), stackprop::Error>(())
    /// ```
    #[must_use]
    pub const fn betas(mut self, beta1: f32, beta2: f32) -> Self {
        (self.settings.beta1, self.settings.beta2) = (beta1, beta2);
        self
    }

    /// With this number added to the denominator, PyTorch's `eps=`.
    ///
    /// ```
    /// use stackprop::{Mse, NAdam, Trainer, net};
    ///
    /// let optimizer = NAdam::new(0.1).betas(0.0, 0.9).eps(2.0);
    /// let mut trainer = Trainer::new(<net![bias = false; 1 => 1, Mse]>::zeros(), optimizer);
    /// trainer.step(&[[1.0]], &[[1.0]])?; // g = -2, w = 0.1 * 2 / (2 + 2)
    /// let [[w]] = trainer.network.layers.weight;
    /// assert!((w - 0.05).abs() < 1e-6);
    /// # Ok::<(), stackprop::Error>(())
    /// ```
    #[must_use]
    pub const fn eps(mut self, eps: f32) -> Self {
        self.settings.eps = eps;
        self
    }

    /// With this decay, PyTorch's `weight_decay=`. It is an L2 penalty, added to the gradient,
    /// unless it is [decoupled](Self::decoupled_weight_decay).
    ///
    /// ```
    /// use stackprop::{Linear, Mse, NAdam, Network, Trainer};
    ///
    /// // The gradient of the loss is 0 here, so only the decay acts.
    /// let network = Network::<_, _, 1, 1>::from_layers(Linear::without_bias([[1.0]]), Mse);
    /// let optimizer = NAdam::new(0.1).betas(0.0, 0.9).weight_decay(0.5);
    /// let mut trainer = Trainer::new(network, optimizer);
    /// trainer.step(&[[1.0]], &[[1.0]])?; // g = 0.5, and a first step is lr long
    /// let [[w]] = trainer.network.layers.weight;
    /// assert!((w - 0.9).abs() < 1e-6);
    /// # Ok::<(), stackprop::Error>(())
    /// ```
    #[must_use]
    pub const fn weight_decay(mut self, weight_decay: f32) -> Self {
        self.settings.weight_decay = weight_decay;
        self
    }

    /// With a decay that does not pass through the moments, as that of [`AdamW`](super::AdamW):
    /// PyTorch's `decoupled_weight_decay=True`.
    ///
    /// ```
    /// use stackprop::{Linear, Mse, NAdam, Network, Trainer};
    ///
    /// let network = Network::<_, _, 1, 1>::from_layers(Linear::without_bias([[1.0]]), Mse);
    /// let optimizer = NAdam::new(0.1).weight_decay(0.5).decoupled_weight_decay();
    /// let mut trainer = Trainer::new(network, optimizer);
    /// trainer.step(&[[1.0]], &[[1.0]])?; // w = 1 - 0.1 * 0.5 * 1
    /// let [[w]] = trainer.network.layers.weight;
    /// assert!((w - 0.95).abs() < 1e-6);
    /// # Ok::<(), stackprop::Error>(())
    /// ```
    #[must_use]
    pub const fn decoupled_weight_decay(mut self) -> Self {
        self.decoupled = true;
        self
    }

    /// With a momentum that grows this fast, from beta1 / 2 to beta1, PyTorch's `momentum_decay=`:
    /// 0 or more. With 0 it stays at beta1 / 2.
    ///
    /// ```
    /// use stackprop::{Mse, NAdam, Trainer, net};
    ///
    /// let optimizer = NAdam::new(0.1).momentum_decay(0.0);
    /// let mut trainer = Trainer::new(<net![bias = false; 1 => 1, Mse]>::zeros(), optimizer);
    /// trainer.step(&[[1.0]], &[[1.0]])?; // mu is 0.45
    /// let [[w]] = trainer.network.layers.weight;
    /// assert!((w - 0.105_642_6).abs() < 1e-6); // 0.1 (1 + 0.1 * 0.45 / (1 - 0.2025))
    /// # Ok::<(), stackprop::Error>(())
    /// ```
    #[must_use]
    pub const fn momentum_decay(mut self, momentum_decay: f32) -> Self {
        self.momentum_decay = momentum_decay;
        self
    }

    /// mu and 1 - mu of step t, each from a sum or a product in which nothing cancels.
    #[inline(always)]
    fn momentum(&self, t: f32) -> (f32, f32) {
        let beta1 = self.settings.beta1;
        let half = 0.5 * exp(t * (self.momentum_decay * LN_0_96));
        (beta1 * (1.0 - half), (1.0 - beta1) + beta1 * half)
    }
}

impl Optimizer for NAdam {
    type State = Moments;
    type Shared = NAdamShared;
    type Prepared = NAdamStep;
    const UNSET: Self = Self {
        settings: Settings::UNSET,
        momentum_decay: 0.0,
        decoupled: false,
    };

    #[inline(always)]
    fn check(&self) -> Result<(), Setting> {
        self.settings.check()?;
        Setting::MomentumDecay.not_negative(self.momentum_decay)
    }

    #[inline(always)]
    fn prepare(&self, shared: &mut NAdamShared) -> NAdamStep {
        shared.steps = shared.steps.saturating_add(1);
        let t = shared.steps as f32;
        let (_, share) = self.momentum(t);
        let (following, following_share) = self.momentum(t + 1.0);
        let Settings { lr, beta2, eps, .. } = self.settings;
        let Corrections { m, v, rest } = &mut shared.corrections;
        let [of_m, of_v] = rest;
        *m = next(share, *m, of_m);
        *v = next(1.0 - beta2, *v, of_v);
        let following_m = *m + following_share * (1.0 - *m);
        let root = sqrt(*v);
        NAdamStep {
            settings: self.settings,
            shares: self.settings.shares(),
            decoupled: self.decoupled,
            gradient: lr * root * share / *m,
            average: lr * root * following / following_m,
            eps: eps * root,
        }
    }

    #[inline(always)]
    fn update_parameter(step: &NAdamStep, w: f32, g: f32, state: Moments) -> (f32, Moments) {
        let settings = &step.settings;
        let (w, g) = if step.decoupled {
            (settings.decayed(w), g)
        } else {
            (w, soft::add_product(g, w, settings.weight_decay))
        };
        let state = settings.moments(step.shares, g, state);
        let moved = soft::add_product(soft::mul(step.gradient, g), step.average, state.m);
        let root = soft::add(sqrt(state.v), step.eps);
        (soft::sub(w, moved / root), state)
    }

    const HAS_BOUND: bool = true;

    #[inline(always)]
    fn bound(step: &NAdamStep, w: f32, g: f32, states: &[Moments]) -> f32 {
        let Settings {
            lr, weight_decay, ..
        } = step.settings;
        let (w, g) = if step.decoupled {
            (w + (lr * weight_decay).abs() * w, g)
        } else {
            (w, g + weight_decay.abs() * w)
        };
        let v = Moments::largest_v(states);
        w + bound::of_nadam(
            &step.settings,
            [step.gradient, step.average],
            step.eps,
            g,
            v,
        )
    }

    fn lr(&self) -> f32 {
        self.settings.lr
    }

    fn set_lr(&mut self, lr: f32) {
        self.settings.lr = lr;
    }
}

impl Zero for NAdamShared {
    const ZERO: Self = Self {
        steps: 0,
        corrections: Corrections::ZERO,
    };
}

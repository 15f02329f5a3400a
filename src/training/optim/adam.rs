//! Adam and AdamW.

use super::Optimizer;
use super::moments::{AdamState, AdamStep, Amsgrad, Corrections, Moments, Settings};
use crate::error::Setting;
use crate::kernels::soft;
use core::marker::PhantomData;

/// `torch.optim.Adam`.
///
/// In step t = 1, 2, ...:
/// ```text
/// g = g + weight_decay w
/// m = m + (1 - beta1) (g - m)
/// v = beta2 v + (1 - beta2) g^2
/// r = sqrt(1 - beta2^t)
/// w = w - lr r / (1 - beta1^t) m / (sqrt(v) + eps r)
/// ```
/// The last line is PyTorch's with r multiplied out, as the paper has it in section 2: one division
/// a parameter instead of two.
/// PyTorch's defaults: betas 0.9 and 0.999, eps 1e-8, no decay. Square roots are rounded correctly.
/// With a beta1 below 0.5, PyTorch computes m from g instead: there m differs by a rounding of the
/// larger of the two, which shows where g is smaller by orders of magnitude than it was.
/// Source: Kingma and Ba, "Adam: A method for stochastic optimization", 2015.
#[derive(Clone, Copy, Debug, PartialEq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Adam<A = Moments>(pub(crate) Settings, PhantomData<A>);

/// `torch.optim.AdamW`: [`Adam`] with a decay that does not pass through the moments.
///
/// ```text
/// w = w - lr weight_decay w, then the step of Adam without decay
/// ```
/// PyTorch's defaults: those of Adam, and a decay of 0.01. Source: Loshchilov and Hutter,
/// "Decoupled weight decay regularization", 2019.
#[derive(Clone, Copy, Debug, PartialEq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct AdamW<A = Moments>(pub(crate) Settings, PhantomData<A>);

impl Adam {
    /// Adam with this learning rate and PyTorch's defaults.
    ///
    /// ```
    /// use stackprop::{Adam, Mse, Trainer, net};
    ///
    /// let mut trainer = Trainer::new(<net![bias = false; 1 => 1, Mse]>::zeros(), Adam::new(0.1));
    /// trainer.step(&[[1.0]], &[[1.0]])?; // the first step is lr long, whatever the gradient
    /// let [[w]] = trainer.network.layers.weight;
    /// assert!((w - 0.1).abs() < 1e-6);
    /// # Ok::<(), stackprop::Error>(())
    /// ```
    #[must_use]
    pub const fn new(lr: f32) -> Self {
        Self(Settings::new(lr, 0.0), PhantomData)
    }

    /// With AMSGrad, PyTorch's `amsgrad=True`: the largest v so far takes the place of v in the
    /// last line of [`Adam`], so that a step never grows because v has shrunk. It costs 4 bytes
    /// more per parameter. Source: Reddi, Kale and Kumar, "On the convergence of Adam and beyond",
    /// 2018.
    ///
    /// ```
    /// use stackprop::{Adam, Mse, Trainer, net};
    ///
    /// let adam = Adam::new(0.1).betas(0.0, 0.5).amsgrad();
    /// let mut trainer = Trainer::new(<net![bias = false; 1 => 1, Mse]>::zeros(), adam);
    /// trainer.step(&[[1.0]], &[[1.0]])?; // g = -2, v = 2, w = 0.1 * 2 / sqrt(2 / 0.5)
    /// trainer.step(&[[1.0]], &[[0.2]])?; // g = -0.2, v = 1.02 is below 2
    /// let [[w]] = trainer.network.layers.weight;
    /// assert!((w - 0.112_247_5).abs() < 1e-6); // 0.1 + 0.1 * 0.2 / sqrt(2 / 0.75)
    /// # Ok::<(), stackprop::Error>(())
    /// ```
    #[must_use]
    pub const fn amsgrad(self) -> Adam<Amsgrad> {
        Adam(self.0, PhantomData)
    }
}

impl AdamW {
    /// `AdamW` with this learning rate and PyTorch's defaults.
    ///
    /// ```
    /// use stackprop::{AdamW, Mse, Trainer, net};
    ///
    /// let mut trainer = Trainer::new(<net![bias = false; 1 => 1, Mse]>::zeros(), AdamW::new(0.1));
    /// trainer.step(&[[1.0]], &[[1.0]])?; // the weight is 0, so nothing decays yet
    /// let [[w]] = trainer.network.layers.weight;
    /// assert!((w - 0.1).abs() < 1e-6);
    /// # Ok::<(), stackprop::Error>(())
    /// ```
    #[must_use]
    pub const fn new(lr: f32) -> Self {
        Self(Settings::new(lr, 0.01), PhantomData)
    }

    /// With AMSGrad, PyTorch's `amsgrad=True`: as [`Adam::amsgrad`], with the decay of `AdamW`. It
    /// costs 4 bytes more per parameter.
    ///
    /// ```
    /// use stackprop::{AdamW, Mse, Trainer, net};
    ///
    /// let adamw = AdamW::new(0.1).betas(0.0, 0.5).weight_decay(0.5).amsgrad();
    /// let mut trainer = Trainer::new(<net![bias = false; 1 => 1, Mse]>::zeros(), adamw);
    /// trainer.step(&[[1.0]], &[[1.0]])?; // g = -2, v = 2, w = 0.1 * 2 / sqrt(2 / 0.5)
    /// trainer.step(&[[1.0]], &[[0.2]])?; // g = -0.2, v = 1.02 is below 2
    /// let [[w]] = trainer.network.layers.weight;
    /// assert!((w - 0.107_247_5).abs() < 1e-6); // 0.1 * 0.95 + 0.1 * 0.2 / sqrt(2 / 0.75)
    /// # Ok::<(), stackprop::Error>(())
    /// ```
    #[must_use]
    pub const fn amsgrad(self) -> AdamW<Amsgrad> {
        AdamW(self.0, PhantomData)
    }
}

/// The settings that both have. The examples name `$name`; after the decay's, w is `$decayed`.
macro_rules! settings {
    ($name:ident, $decayed:literal) => {
        impl<A> $name<A> {
            /// With these decay rates of the moments, PyTorch's `betas=`: 0 to below 1.
            ///
            /// ```
            #[doc = concat!("use stackprop::{", stringify!($name), ", Mse, Trainer, net};")]
            ///
            #[doc = concat!("let adam = ", stringify!($name), "::new(0.1).betas(0.5, 0.9);")]
            /// let network = <net![bias = false; 1 => 1, Mse]>::zeros();
            /// let mut trainer = Trainer::new(network, adam.weight_decay(0.0));
            /// trainer.step(&[[1.0]], &[[1.0]])?; // g = -2, w = 0.1
            /// trainer.step(&[[1.0]], &[[1.0]])?; // g = -1.8, m = -1.4 / 0.75, v = 0.684 / 0.19
            /// let [[w]] = trainer.network.layers.weight;
            /// assert!((w - 0.198_382).abs() < 1e-6);
            /// # Ok::<(), stackprop::Error>(())
            /// ```
            #[must_use]
            pub const fn betas(mut self, beta1: f32, beta2: f32) -> Self {
                (self.0.beta1, self.0.beta2) = (beta1, beta2);
                self
            }

            /// With this number added to the denominator, PyTorch's `eps=`.
            ///
            /// ```
            #[doc = concat!("use stackprop::{", stringify!($name), ", Mse, Trainer, net};")]
            ///
            #[doc = concat!("let adam = ", stringify!($name), "::new(0.1).eps(2.0);")]
            /// let network = <net![bias = false; 1 => 1, Mse]>::zeros();
            /// let mut trainer = Trainer::new(network, adam);
            /// trainer.step(&[[1.0]], &[[1.0]])?; // g = -2, w = 0.1 * 2 / (2 + 2)
            /// let [[w]] = trainer.network.layers.weight;
            /// assert!((w - 0.05).abs() < 1e-6);
            /// # Ok::<(), stackprop::Error>(())
            /// ```
            #[must_use]
            pub const fn eps(mut self, eps: f32) -> Self {
                self.0.eps = eps;
                self
            }

            /// With this decay, PyTorch's `weight_decay=`.
            ///
            /// ```
            /// use stackprop::{Linear, Mse, Network, Trainer};
            #[doc = concat!("use stackprop::", stringify!($name), ";")]
            ///
            /// // The gradient of the loss is 0 here, so only the decay acts.
            /// let layer = Linear::without_bias([[1.0]]);
            /// let network = Network::<_, _, 1, 1>::from_layers(layer, Mse);
            #[doc = concat!("let adam = ", stringify!($name), "::new(0.1).weight_decay(0.5);")]
            /// let mut trainer = Trainer::new(network, adam);
            /// trainer.step(&[[1.0]], &[[1.0]])?;
            /// let [[w]] = trainer.network.layers.weight;
            #[doc = concat!("assert!((w - ", stringify!($decayed), ").abs() < 1e-6);")]
            /// # Ok::<(), stackprop::Error>(())
            /// ```
            #[must_use]
            pub const fn weight_decay(mut self, weight_decay: f32) -> Self {
                self.0.weight_decay = weight_decay;
                self
            }
        }
    };
}

// Adam's decay is a gradient of 0.5, and a first step is lr long: 1 - 0.1. AdamW: 1 - 0.1 * 0.5.
settings!(Adam, 0.9);
settings!(AdamW, 0.95);

/// The functions that are the same for both.
macro_rules! rate {
    () => {
        type State = A;
        type Shared = Corrections;
        type Prepared = AdamStep;
        const UNSET: Self = Self(Settings::UNSET, PhantomData);

        #[inline(always)]
        fn check(&self) -> Result<(), Setting> {
            self.0.check()
        }

        #[inline(always)]
        fn prepare(&self, corrections: &mut Corrections) -> AdamStep {
            self.0.prepare(corrections)
        }

        fn lr(&self) -> f32 {
            self.0.lr
        }

        fn set_lr(&mut self, lr: f32) {
            self.0.lr = lr;
        }
    };
}

impl<A: AdamState> Optimizer for Adam<A> {
    rate!();

    #[inline(always)]
    fn update_parameter(step: &AdamStep, w: f32, g: f32, state: A) -> (f32, A) {
        let state = state.observe(step, soft::add_product(g, w, step.settings.weight_decay));
        (step.moved(w, state), state)
    }

    const HAS_BOUND: bool = true;

    #[inline(always)]
    fn bound(step: &AdamStep, w: f32, g: f32, states: &[A]) -> f32 {
        let g = soft::add_product(g, w, step.settings.weight_decay.abs());
        w + step.bound(g, states)
    }
}

impl<A: AdamState> Optimizer for AdamW<A> {
    rate!();

    #[inline(always)]
    fn update_parameter(step: &AdamStep, w: f32, g: f32, state: A) -> (f32, A) {
        let state = state.observe(step, g);
        (step.moved(step.settings.decayed(w), state), state)
    }

    const HAS_BOUND: bool = true;

    #[inline(always)]
    fn bound(step: &AdamStep, w: f32, g: f32, states: &[A]) -> f32 {
        let Settings {
            lr, weight_decay, ..
        } = step.settings;
        w + (lr * weight_decay).abs() * w + step.bound(g, states)
    }
}

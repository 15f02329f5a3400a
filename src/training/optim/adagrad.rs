//! Adagrad.

use super::{Optimizer, bound};
use crate::error::Setting;
use crate::kernels::simd::sqrt;
use crate::kernels::soft;

/// `torch.optim.Adagrad`.
///
/// In step t = 1, 2, ...:
/// ```text
/// g = g + weight_decay w
/// s = s + g^2
/// w = w - lr / (1 + (t - 1) lr_decay) g / (sqrt(initial_accumulator_value + s) + eps)
/// ```
/// PyTorch's defaults: eps 1e-10, the others 0. Square roots are rounded correctly. State: 4 bytes
/// a parameter. Source: Duchi, Hazan and Singer, "Adaptive subgradient methods for online learning
/// and stochastic optimization", 2011.
///
/// The state s begins with 0 and is the sum of squares alone: PyTorch's `sum` is
/// `initial_accumulator_value` + s. A sum of f32 stands still when g^2 is below its half ulp, so
/// after 2^24 gradients of the same size, as in PyTorch's f32; steps are 4096 times shorter then
/// than the first.
#[derive(Clone, Copy, Debug, PartialEq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Adagrad {
    pub(crate) lr: f32,
    pub(crate) lr_decay: f32,
    pub(crate) weight_decay: f32,
    pub(crate) initial_accumulator_value: f32,
    pub(crate) eps: f32,
}

/// The numbers that [`Adagrad`] computes once per step.
#[derive(Clone, Copy, Debug, PartialEq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct AdagradStep {
    settings: Adagrad,
    /// lr / (1 + (t - 1) `lr_decay`).
    rate: f32,
}

impl Adagrad {
    /// Adagrad with this learning rate and PyTorch's defaults.
    ///
    /// ```
    /// use stackprop::{Adagrad, Mse, Trainer, net};
    ///
    /// let optimizer = Adagrad::new(0.1);
    /// let mut trainer = Trainer::new(<net![bias = false; 1 => 1, Mse]>::zeros(), optimizer);
    /// trainer.step(&[[1.0]], &[[1.0]])?; // g = -2, s = 4: lr long, whatever the gradient
    /// trainer.step(&[[1.0]], &[[1.0]])?; // g = -1.8, s = 7.24, w = 0.1 + 0.1 * 1.8 / 2.690725
    /// let [[w]] = trainer.network.layers.weight;
    /// assert!((w - 0.166_896).abs() < 1e-6);
    /// # Ok::<(), stackprop::Error>(())
    /// ```
    #[must_use]
    pub const fn new(lr: f32) -> Self {
        Self {
            lr,
            lr_decay: 0.0,
            weight_decay: 0.0,
            initial_accumulator_value: 0.0,
            eps: 1e-10,
        }
    }

    /// With a learning rate that goes down as lr / (1 + (t - 1) `lr_decay`), PyTorch's `lr_decay=`:
    /// 0 or more. Steps are counted up to 2^32 - 1; from there on the rate stays.
    ///
    /// ```
    /// use stackprop::{Adagrad, Mse, Trainer, net};
    ///
    /// let optimizer = Adagrad::new(0.1).lr_decay(1.0);
    /// let mut trainer = Trainer::new(<net![bias = false; 1 => 1, Mse]>::zeros(), optimizer);
    /// trainer.step(&[[1.0]], &[[1.0]])?; // g = -2, w = 0.1
    /// trainer.step(&[[1.0]], &[[1.0]])?; // g = -1.8, w = 0.1 + 0.1 / 2 * 1.8 / 2.690725
    /// let [[w]] = trainer.network.layers.weight;
    /// assert!((w - 0.133_448).abs() < 1e-6);
    /// # Ok::<(), stackprop::Error>(())
    /// ```
    #[must_use]
    pub const fn lr_decay(mut self, lr_decay: f32) -> Self {
        self.lr_decay = lr_decay;
        self
    }

    /// With this L2 penalty, PyTorch's `weight_decay=`.
    ///
    /// ```
    /// use stackprop::{Adagrad, Linear, Mse, Network, Trainer};
    ///
    /// // The gradient is 0 here, so only the decay acts.
    /// let network = Network::<_, _, 1, 1>::from_layers(Linear::without_bias([[1.0]]), Mse);
    /// let mut trainer = Trainer::new(network, Adagrad::new(0.1).weight_decay(0.5));
    /// trainer.step(&[[1.0]], &[[1.0]])?; // g = 0.5, s = 0.25, w = 1 - 0.1 * 0.5 / 0.5
    /// let [[w]] = trainer.network.layers.weight;
    /// assert!((w - 0.9).abs() < 1e-6);
    /// # Ok::<(), stackprop::Error>(())
    /// ```
    #[must_use]
    pub const fn weight_decay(mut self, weight_decay: f32) -> Self {
        self.weight_decay = weight_decay;
        self
    }

    /// With a sum of squares that begins with this number, PyTorch's `initial_accumulator_value=`:
    /// 0 or more. First steps are shorter then. It is a setting that is added in every step, and
    /// not in the state: another one takes effect at once. In [`Groups`](super::Groups) each has
    /// its own, where PyTorch ignores that of a `param_group`.
    ///
    /// ```
    /// use stackprop::{Adagrad, Mse, Trainer, net};
    ///
    /// let optimizer = Adagrad::new(0.1).initial_accumulator_value(12.0);
    /// let mut trainer = Trainer::new(<net![bias = false; 1 => 1, Mse]>::zeros(), optimizer);
    /// trainer.step(&[[1.0]], &[[1.0]])?; // g = -2, s = 4, w = 0.1 * 2 / sqrt(12 + 4)
    /// let [[w]] = trainer.network.layers.weight;
    /// assert!((w - 0.05).abs() < 1e-6);
    /// # Ok::<(), stackprop::Error>(())
    /// ```
    #[must_use]
    pub const fn initial_accumulator_value(mut self, value: f32) -> Self {
        self.initial_accumulator_value = value;
        self
    }

    /// With this number added to the denominator, PyTorch's `eps=`.
    ///
    /// ```
    /// use stackprop::{Adagrad, Mse, Trainer, net};
    ///
    /// let optimizer = Adagrad::new(0.1).eps(2.0);
    /// let mut trainer = Trainer::new(<net![bias = false; 1 => 1, Mse]>::zeros(), optimizer);
    /// trainer.step(&[[1.0]], &[[1.0]])?; // g = -2, s = 4, w = 0.1 * 2 / (2 + 2)
    /// let [[w]] = trainer.network.layers.weight;
    /// assert!((w - 0.05).abs() < 1e-6);
    /// # Ok::<(), stackprop::Error>(())
    /// ```
    #[must_use]
    pub const fn eps(mut self, eps: f32) -> Self {
        self.eps = eps;
        self
    }
}

impl Optimizer for Adagrad {
    /// The sum of squares.
    type State = f32;
    /// How many steps were taken.
    type Shared = u32;
    type Prepared = AdagradStep;
    const UNSET: Self = Self {
        lr: 0.0,
        lr_decay: 0.0,
        weight_decay: 0.0,
        initial_accumulator_value: 0.0,
        eps: 0.0,
    };

    #[inline(always)]
    fn check(&self) -> Result<(), Setting> {
        Setting::Lr.not_negative(self.lr)?;
        Setting::LrDecay.not_negative(self.lr_decay)?;
        Setting::WeightDecay.not_negative(self.weight_decay)?;
        Setting::InitialAccumulatorValue.not_negative(self.initial_accumulator_value)?;
        Setting::Eps.not_negative(self.eps)
    }

    #[inline(always)]
    fn prepare(&self, steps: &mut u32) -> AdagradStep {
        let before = *steps as f32;
        *steps = steps.saturating_add(1);
        AdagradStep {
            settings: *self,
            rate: self.lr / (1.0 + before * self.lr_decay),
        }
    }

    #[inline(always)]
    fn update_parameter(step: &AdagradStep, w: f32, g: f32, sum: f32) -> (f32, f32) {
        let Adagrad {
            weight_decay,
            initial_accumulator_value,
            eps,
            ..
        } = step.settings;
        let g = soft::add_product(g, w, weight_decay);
        let sum = soft::add_product(sum, g, g);
        let root = sqrt(soft::add(initial_accumulator_value, sum));
        let moved = soft::mul(step.rate, g) / soft::add(root, eps);
        (soft::sub(w, moved), sum)
    }

    const HAS_BOUND: bool = true;

    /// The root is of at least g^2.
    #[inline(always)]
    fn bound(step: &AdagradStep, w: f32, g: f32, sums: &[f32]) -> f32 {
        let Adagrad {
            weight_decay,
            initial_accumulator_value,
            eps,
            ..
        } = step.settings;
        if initial_accumulator_value.is_sign_negative() {
            return f32::INFINITY;
        }
        let (rate, g) = (step.rate.abs(), g + weight_decay.abs() * w);
        let sum = bound::largest_square(sums, |sum| sum) + g * g;
        let finite = (initial_accumulator_value + sum) + rate * g;
        w + rate * bound::of_square(1.0, eps) + (bound::TINY + 0.0 * finite)
    }

    fn lr(&self) -> f32 {
        self.lr
    }

    fn set_lr(&mut self, lr: f32) {
        self.lr = lr;
    }
}

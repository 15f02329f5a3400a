//! `RMSprop`.

use super::Optimizer;
use crate::error::Setting;

/// `torch.optim.RMSprop`, not centred and without momentum.
///
/// ```text
/// g = g + weight_decay w
/// v = alpha v + (1 - alpha) g^2
/// w = w - lr g / (sqrt(v) + eps)
/// ```
/// PyTorch's defaults: alpha 0.99, eps 1e-8, no decay. Square roots are rounded correctly. Source:
/// Tieleman and Hinton, "Lecture 6.5: rmsprop", 2012.
#[derive(Clone, Copy, Debug, PartialEq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct RmsProp {
    pub(crate) lr: f32,
    pub(crate) alpha: f32,
    pub(crate) eps: f32,
    pub(crate) weight_decay: f32,
}

impl RmsProp {
    /// `RMSprop` with this learning rate and PyTorch's defaults.
    ///
    /// ```
    /// use stackprop::{Mse, RmsProp, Trainer, net};
    ///
    /// let optimizer = RmsProp::new(0.01);
    /// let mut trainer = Trainer::new(<net![bias = false; 1 => 1, Mse]>::zeros(), optimizer);
    /// trainer.step(&[[1.0]], &[[1.0]])?; // g = -2, v = 0.04, w = 0.01 * 2 / 0.2
    /// let [[w]] = trainer.network.layers.weight;
    /// assert!((w - 0.1).abs() < 1e-6);
    /// # Ok::<(), stackprop::Error>(())
    /// ```
    #[must_use]
    pub const fn new(lr: f32) -> Self {
        Self {
            lr,
            alpha: 0.99,
            eps: 1e-8,
            weight_decay: 0.0,
        }
    }

    /// With this decay rate of the mean square, PyTorch's `alpha=`: 0 to 1. PyTorch takes
    /// larger ones too, which make the mean square negative.
    ///
    /// ```
    /// use stackprop::{Mse, RmsProp, Trainer, net};
    ///
    /// let optimizer = RmsProp::new(0.01).alpha(0.75);
    /// let mut trainer = Trainer::new(<net![bias = false; 1 => 1, Mse]>::zeros(), optimizer);
    /// trainer.step(&[[1.0]], &[[1.0]])?; // g = -2, v = 1, w = 0.01 * 2 / 1
    /// let [[w]] = trainer.network.layers.weight;
    /// assert!((w - 0.02).abs() < 1e-6);
    /// # Ok::<(), stackprop::Error>(())
    /// ```
    #[must_use]
    pub const fn alpha(mut self, alpha: f32) -> Self {
        self.alpha = alpha;
        self
    }

    /// With this number added to the denominator, PyTorch's `eps=`.
    ///
    /// ```
    /// use stackprop::{Mse, RmsProp, Trainer, net};
    ///
    /// let optimizer = RmsProp::new(0.01).eps(1.8);
    /// let mut trainer = Trainer::new(<net![bias = false; 1 => 1, Mse]>::zeros(), optimizer);
    /// trainer.step(&[[1.0]], &[[1.0]])?; // g = -2, v = 0.04, w = 0.01 * 2 / (0.2 + 1.8)
    /// let [[w]] = trainer.network.layers.weight;
    /// assert!((w - 0.01).abs() < 1e-6);
    /// # Ok::<(), stackprop::Error>(())
    /// ```
    #[must_use]
    pub const fn eps(mut self, eps: f32) -> Self {
        self.eps = eps;
        self
    }

    /// With this L2 penalty, PyTorch's `weight_decay=`.
    ///
    /// ```
    /// use stackprop::{Linear, Mse, Network, RmsProp, Trainer};
    ///
    /// // The gradient is 0 here, so only the decay acts.
    /// let network = Network::<_, _, 1, 1>::from_layers(Linear::without_bias([[1.0]]), Mse);
    /// let mut trainer = Trainer::new(network, RmsProp::new(0.01).weight_decay(0.5));
    /// trainer.step(&[[1.0]], &[[1.0]])?; // g = 0.5, v = 0.0025, w = 1 - 0.01 * 0.5 / 0.05
    /// let [[w]] = trainer.network.layers.weight;
    /// assert!((w - 0.9).abs() < 1e-6);
    /// # Ok::<(), stackprop::Error>(())
    /// ```
    #[must_use]
    pub const fn weight_decay(mut self, weight_decay: f32) -> Self {
        self.weight_decay = weight_decay;
        self
    }
}

impl Optimizer for RmsProp {
    type State = f32;
    type Shared = ();
    type Prepared = Self;
    const UNSET: Self = Self {
        lr: 0.0,
        alpha: 0.0,
        eps: 0.0,
        weight_decay: 0.0,
    };

    #[inline(always)]
    fn check(&self) -> Result<(), Setting> {
        Setting::Lr.not_negative(self.lr)?;
        Setting::Alpha.up_to_1(self.alpha)?;
        Setting::Eps.not_negative(self.eps)?;
        Setting::WeightDecay.not_negative(self.weight_decay)
    }

    #[inline(always)]
    fn prepare(&self, (): &mut ()) -> Self {
        *self
    }

    #[inline(always)]
    fn update_parameter(step: &Self, w: f32, g: f32, v: f32) -> (f32, f32) {
        let g = g + step.weight_decay * w;
        let v = step.alpha * v + (1.0 - step.alpha) * g * g;
        (w - step.lr * g / (libm::sqrtf(v) + step.eps), v)
    }

    fn lr(&self) -> f32 {
        self.lr
    }

    fn set_lr(&mut self, lr: f32) {
        self.lr = lr;
    }
}

//! `RMSprop`.

use super::centering::{Buffered, Centered, Centering, NotCentered};
use super::sgd::Plain;
use super::{Optimizer, bound};
use crate::error::Setting;
use crate::kernels::simd::sqrt;
use crate::kernels::size::{SIZE, largest_of};
use crate::kernels::soft;
use core::marker::PhantomData;

/// `torch.optim.RMSprop`. Centering and momentum are part of the type: without them they take no
/// memory and no instruction.
///
/// ```text
/// g = g + weight_decay w
/// v = alpha v + (1 - alpha) g^2
/// m = m + (1 - alpha) (g - m)            centred only
/// d = sqrt(v) + eps, or centred sqrt(v - m^2) + eps
/// w = w - lr g / d without momentum; with it
/// b = momentum b + g / d
/// w = w - lr b
/// ```
/// PyTorch's defaults: alpha 0.99, eps 1e-8, no decay, no momentum, not centred. Square roots are
/// rounded correctly. State: 4 bytes a parameter, 4 more if centred, 4 more with momentum. Source:
/// Tieleman and Hinton, "Lecture 6.5: rmsprop", 2012; centred: Graves, "Generating sequences with
/// recurrent neural networks", 2013.
#[derive(Clone, Copy, Debug, PartialEq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct RmsProp<C = NotCentered, M = Plain> {
    pub(crate) lr: f32,
    pub(crate) alpha: f32,
    pub(crate) eps: f32,
    pub(crate) weight_decay: f32,
    pub(crate) momentum: M,
    centering: PhantomData<C>,
}

/// The momentum of [`RmsProp`]: its setting.
#[derive(Clone, Copy, Debug, PartialEq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct RmsMomentum(pub(crate) f32);

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
            momentum: Plain,
            centering: PhantomData,
        }
    }
}

impl<M: Copy> RmsProp<NotCentered, M> {
    /// Divided by the deviation of the gradients, PyTorch's `centered=True`. It costs 4 bytes more
    /// per parameter.
    ///
    /// v - m^2 is computed as a variance, by a formula in which nothing cancels: see [`Centered`].
    /// So it is never negative, where PyTorch's difference can be, whose root is NaN then. While a
    /// gradient stays the same, the variance goes to 0, and the step grows to lr g / eps, as in
    /// PyTorch; a larger [`eps`](Self::eps) keeps it short.
    ///
    /// ```
    /// use stackprop::{Mse, RmsProp, Trainer, net};
    ///
    /// let optimizer = RmsProp::new(0.01).centered();
    /// let mut trainer = Trainer::new(<net![bias = false; 1 => 1, Mse]>::zeros(), optimizer);
    /// trainer.step(&[[1.0]], &[[1.0]])?; // g = -2, v = 0.04, m = -0.02
    /// let [[w]] = trainer.network.layers.weight;
    /// assert!((w - 0.100_503_8).abs() < 1e-6); // 0.01 * 2 / sqrt(0.04 - 0.0004)
    /// # Ok::<(), stackprop::Error>(())
    /// ```
    #[must_use]
    pub const fn centered(self) -> RmsProp<Centered, M> {
        RmsProp {
            lr: self.lr,
            alpha: self.alpha,
            eps: self.eps,
            weight_decay: self.weight_decay,
            momentum: self.momentum,
            centering: PhantomData,
        }
    }
}

impl<C: Copy> RmsProp<C> {
    /// With momentum, PyTorch's `momentum=`: 0 or more, usually below 1. It costs 4 bytes more per
    /// parameter.
    ///
    /// ```
    /// use stackprop::{Mse, RmsProp, Trainer, net};
    ///
    /// let optimizer = RmsProp::new(0.01).momentum(0.9);
    /// let mut trainer = Trainer::new(<net![bias = false; 1 => 1, Mse]>::zeros(), optimizer);
    /// trainer.step(&[[1.0]], &[[1.0]])?; // g = -2, v = 0.04, b = -10, w = 0.1
    /// trainer.step(&[[1.0]], &[[1.0]])?; // g = -1.8, v = 0.072, b = -9 - 6.708204
    /// let [[w]] = trainer.network.layers.weight;
    /// assert!((w - 0.257_082).abs() < 1e-6);
    /// # Ok::<(), stackprop::Error>(())
    /// ```
    #[must_use]
    pub const fn momentum(self, momentum: f32) -> RmsProp<C, RmsMomentum> {
        RmsProp {
            lr: self.lr,
            alpha: self.alpha,
            eps: self.eps,
            weight_decay: self.weight_decay,
            momentum: RmsMomentum(momentum),
            centering: PhantomData,
        }
    }
}

impl<C, M: Copy> RmsProp<C, M> {
    /// All settings 0.
    const fn unset(momentum: M) -> Self {
        Self {
            lr: 0.0,
            alpha: 0.0,
            eps: 0.0,
            weight_decay: 0.0,
            momentum,
            centering: PhantomData,
        }
    }

    /// All but the momentum.
    #[inline(always)]
    fn check_rest(&self) -> Result<(), Setting> {
        Setting::Lr.not_negative(self.lr)?;
        Setting::Alpha.up_to_1(self.alpha)?;
        Setting::Eps.not_negative(self.eps)?;
        Setting::WeightDecay.not_negative(self.weight_decay)
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

/// The functions that are the same with and without momentum.
macro_rules! rate {
    () => {
        type Shared = ();
        type Prepared = Self;

        #[inline(always)]
        fn prepare(&self, (): &mut ()) -> Self {
            *self
        }

        fn lr(&self) -> f32 {
            self.lr
        }

        fn set_lr(&mut self, lr: f32) {
            self.lr = lr;
        }
    };
}

impl<C: Centering> Optimizer for RmsProp<C, Plain> {
    type State = C::State;
    const UNSET: Self = Self::unset(Plain);
    rate!();

    #[inline(always)]
    fn check(&self) -> Result<(), Setting> {
        self.check_rest()
    }

    #[inline(always)]
    fn update_parameter(step: &Self, w: f32, g: f32, state: C::State) -> (f32, C::State) {
        let g = soft::add_product(g, w, step.weight_decay);
        let (square, state) = C::observe(step.alpha, g, state);
        let root = soft::add(sqrt(square), step.eps);
        (soft::sub(w, soft::mul(step.lr, g) / root), state)
    }

    const HAS_BOUND: bool = true;

    #[inline(always)]
    fn bound(step: &Self, w: f32, g: f32, states: &[C::State]) -> f32 {
        let (lr, g) = (step.lr.abs(), g + step.weight_decay.abs() * w);
        let ratio = C::bound(step.alpha, step.eps, g, states, |state| state);
        // lr g has to be finite; what is lost where it is subnormal is below TINY.
        w + lr * ratio + (bound::TINY + 0.0 * (lr * g))
    }
}

impl<C: Centering> Optimizer for RmsProp<C, RmsMomentum> {
    type State = Buffered<C::State>;
    const UNSET: Self = Self::unset(RmsMomentum(0.0));
    rate!();

    #[inline(always)]
    fn check(&self) -> Result<(), Setting> {
        self.check_rest()?;
        Setting::Momentum.not_negative(self.momentum.0)
    }

    #[inline(always)]
    fn update_parameter(step: &Self, w: f32, g: f32, state: Self::State) -> (f32, Self::State) {
        let g = soft::add_product(g, w, step.weight_decay);
        let (square, averages) = C::observe(step.alpha, g, state.averages);
        let moved = g / soft::add(sqrt(square), step.eps);
        let buffer = soft::add(soft::mul(step.momentum.0, state.buffer), moved);
        let w = soft::sub_product(w, step.lr, buffer);
        (w, Buffered { averages, buffer })
    }

    const HAS_BOUND: bool = true;

    /// The same operations on sizes, of a bound on the quotient.
    #[inline(always)]
    fn bound(step: &Self, w: f32, g: f32, states: &[Self::State]) -> f32 {
        let g = g + step.weight_decay.abs() * w;
        let ratio = C::bound(step.alpha, step.eps, g, states, |state| state.averages);
        let buffer = largest_of(states, SIZE, |state| state.buffer);
        w + step.lr.abs() * (step.momentum.0.abs() * buffer + ratio)
    }
}

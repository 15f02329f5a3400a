//! Stochastic gradient descent.

use super::Optimizer;
use super::decay::{Decay, NoDecay, WeightDecay};
use crate::error::Setting;
use crate::kernels::size::largest;
use crate::kernels::soft;

/// `torch.optim.SGD`. Plain, it has no state; with [`momentum`](Sgd::momentum) it keeps one
/// velocity per parameter. Momentum and decay are part of the type: without them they take no
/// memory and no instruction.
///
/// ```text
/// g = g + weight_decay w
/// v = g in the first step and without momentum, else momentum v + (1 - dampening) g
/// g = v, or g + momentum v with Nesterov
/// w = w - lr g
/// ```
/// Source of the momentum's form: Sutskever et al., "On the importance of initialization and
/// momentum in deep learning", 2013, with the learning rate outside the velocity as in PyTorch.
#[derive(Clone, Copy, Debug, PartialEq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Sgd<M = Plain, D: Decay = NoDecay> {
    pub(crate) lr: f32,
    pub(crate) weight_decay: D,
    pub(crate) momentum: M,
}

/// [`Sgd`] without momentum.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Plain;

/// The momentum of [`Sgd`]: its settings.
#[derive(Clone, Copy, Debug, PartialEq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Momentum {
    pub(crate) momentum: f32,
    pub(crate) dampening: f32,
    pub(crate) nesterov: bool,
}

impl Sgd {
    /// Plain gradient descent with this learning rate.
    ///
    /// ```
    /// use stackprop::{Mse, Sgd, Trainer, net};
    ///
    /// let mut trainer = Trainer::new(<net![bias = false; 1 => 1, Mse]>::zeros(), Sgd::new(0.1));
    /// trainer.step(&[[1.0]], &[[1.0]])?; // g = 2 (0 - 1)
    /// assert_eq!(trainer.network.layers.weight, [[0.2]]);
    /// # Ok::<(), stackprop::Error>(())
    /// ```
    #[must_use]
    pub const fn new(lr: f32) -> Self {
        Self {
            lr,
            weight_decay: NoDecay,
            momentum: Plain,
        }
    }
}

impl<D: Decay> Sgd<Plain, D> {
    /// With momentum, PyTorch's `momentum=`: 0 or more, usually below 1.
    ///
    /// ```
    /// use stackprop::{Mse, Sgd, Trainer, net};
    ///
    /// let sgd = Sgd::new(0.1).momentum(0.9);
    /// let mut trainer = Trainer::new(<net![bias = false; 1 => 1, Mse]>::zeros(), sgd);
    /// trainer.step(&[[1.0]], &[[1.0]])?; // v = -2, w = 0.2
    /// trainer.step(&[[1.0]], &[[1.0]])?; // v = -0.9 * 2 - 1.6 = -3.4, w = 0.54
    /// let [[w]] = trainer.network.layers.weight;
    /// assert!((w - 0.54).abs() < 1e-6);
    /// # Ok::<(), stackprop::Error>(())
    /// ```
    #[must_use]
    pub const fn momentum(self, momentum: f32) -> Sgd<Momentum, D> {
        let momentum = Momentum {
            momentum,
            dampening: 0.0,
            nesterov: false,
        };
        Sgd {
            lr: self.lr,
            weight_decay: self.weight_decay,
            momentum,
        }
    }
}

impl<M: Copy> Sgd<M> {
    /// With this L2 penalty, PyTorch's `weight_decay=`. It is added to the gradient, so momentum
    /// sees it.
    ///
    /// ```
    /// use stackprop::{Linear, Mse, Network, Sgd, Trainer};
    ///
    /// // The gradient is 0 here, so only the decay acts.
    /// let network = Network::<_, _, 1, 1>::from_layers(Linear::without_bias([[1.0]]), Mse);
    /// let mut trainer = Trainer::new(network, Sgd::new(0.1).weight_decay(0.5));
    /// trainer.step(&[[1.0]], &[[1.0]])?; // w = 1 - 0.1 * 0.5 * 1
    /// assert_eq!(trainer.network.layers.weight, [[0.95]]);
    /// # Ok::<(), stackprop::Error>(())
    /// ```
    #[must_use]
    pub const fn weight_decay(self, weight_decay: f32) -> Sgd<M, WeightDecay> {
        Sgd {
            lr: self.lr,
            weight_decay: WeightDecay(weight_decay),
            momentum: self.momentum,
        }
    }
}

impl<D: Decay> Sgd<Momentum, D> {
    /// With this dampening of the momentum, PyTorch's `dampening=`. Usual values: 0 to below 1.
    ///
    /// ```
    /// use stackprop::{Mse, Sgd, Trainer, net};
    ///
    /// let sgd = Sgd::new(0.1).momentum(0.9).dampening(0.5);
    /// let mut trainer = Trainer::new(<net![bias = false; 1 => 1, Mse]>::zeros(), sgd);
    /// trainer.step(&[[1.0]], &[[1.0]])?; // v = -2, w = 0.2
    /// trainer.step(&[[1.0]], &[[1.0]])?; // v = -0.9 * 2 - 0.5 * 1.6 = -2.6, w = 0.46
    /// let [[w]] = trainer.network.layers.weight;
    /// assert!((w - 0.46).abs() < 1e-6);
    /// # Ok::<(), stackprop::Error>(())
    /// ```
    #[must_use]
    pub const fn dampening(mut self, dampening: f32) -> Self {
        self.momentum.dampening = dampening;
        self
    }

    /// With Nesterov's momentum, PyTorch's `nesterov=True`. It is refused with a momentum of 0 or
    /// with dampening, as PyTorch does.
    ///
    /// ```
    /// use stackprop::{Mse, Sgd, Trainer, net};
    ///
    /// let sgd = Sgd::new(0.1).momentum(0.9).nesterov();
    /// let mut trainer = Trainer::new(<net![bias = false; 1 => 1, Mse]>::zeros(), sgd);
    /// trainer.step(&[[1.0]], &[[1.0]])?; // v = -2, g = -2 - 0.9 * 2 = -3.8, w = 0.38
    /// trainer.step(&[[1.0]], &[[1.0]])?; // v = -3.04, g = -1.24 - 0.9 * 3.04, w = 0.7776
    /// let [[w]] = trainer.network.layers.weight;
    /// assert!((w - 0.7776).abs() < 1e-6);
    /// # Ok::<(), stackprop::Error>(())
    /// ```
    #[must_use]
    pub const fn nesterov(mut self) -> Self {
        self.momentum.nesterov = true;
        self
    }
}

impl<D: Decay> Optimizer for Sgd<Plain, D> {
    type State = ();
    type Shared = ();
    type Prepared = (f32, D);
    const UNSET: Self = Self {
        lr: 0.0,
        weight_decay: D::UNSET,
        momentum: Plain,
    };

    #[inline(always)]
    fn check(&self) -> Result<(), Setting> {
        Setting::Lr.not_negative(self.lr)?;
        self.weight_decay.check()
    }

    #[inline(always)]
    fn prepare(&self, (): &mut ()) -> (f32, D) {
        (self.lr, self.weight_decay)
    }

    #[inline(always)]
    fn update_parameter(&(lr, weight_decay): &(f32, D), w: f32, g: f32, (): ()) -> (f32, ()) {
        (soft::sub_product(w, lr, weight_decay.add(g, w)), ())
    }

    const HAS_BOUND: bool = true;

    /// The same operations on sizes. Rounding is monotone and keeps signs apart: of |a| <= A and
    /// |b| <= B follows |fl(a b)| <= fl(A B) and |fl(a - b)| <= fl(A + B). So nothing is lost.
    #[inline(always)]
    fn bound(&(lr, weight_decay): &(f32, D), w: f32, g: f32, _: &[()]) -> f32 {
        soft::add_product(w, lr.abs(), weight_decay.bound(g, w))
    }

    fn lr(&self) -> f32 {
        self.lr
    }

    fn set_lr(&mut self, lr: f32) {
        self.lr = lr;
    }
}

impl<D: Decay> Optimizer for Sgd<Momentum, D> {
    type State = f32;
    /// Whether there was a first step.
    type Shared = bool;
    /// The settings, and the factor of a new gradient in the velocity.
    type Prepared = (Self, f32);
    const UNSET: Self = Self {
        lr: 0.0,
        weight_decay: D::UNSET,
        momentum: Momentum {
            momentum: 0.0,
            dampening: 0.0,
            nesterov: false,
        },
    };

    #[inline(always)]
    fn check(&self) -> Result<(), Setting> {
        let Momentum {
            momentum,
            dampening,
            nesterov,
        } = self.momentum;
        Setting::Lr.not_negative(self.lr)?;
        Setting::Momentum.not_negative(momentum)?;
        if !dampening.is_finite() {
            return Err(Setting::Dampening);
        }
        if nesterov && (momentum == 0.0 || dampening != 0.0) {
            return Err(Setting::Nesterov);
        }
        self.weight_decay.check()
    }

    #[inline(always)]
    fn prepare(&self, begun: &mut bool) -> (Self, f32) {
        let Momentum {
            momentum,
            dampening,
            ..
        } = self.momentum;
        let dampens = *begun && momentum != 0.0;
        let share = if dampens { 1.0 - dampening } else { 1.0 };
        *begun = true;
        (*self, share)
    }

    #[inline(always)]
    fn update_parameter(&(step, share): &(Self, f32), w: f32, g: f32, velocity: f32) -> (f32, f32) {
        let Momentum {
            momentum, nesterov, ..
        } = step.momentum;
        let g = step.weight_decay.add(g, w);
        let velocity = soft::add_product(soft::mul(momentum, velocity), share, g);
        let g = if nesterov {
            soft::add_product(g, momentum, velocity)
        } else {
            velocity
        };
        (soft::sub_product(w, step.lr, g), velocity)
    }

    const HAS_BOUND: bool = true;

    /// As without momentum. A velocity that overflows makes the bound inf, or NaN with a rate of 0.
    #[inline(always)]
    fn bound(&(step, share): &(Self, f32), w: f32, g: f32, velocities: &[f32]) -> f32 {
        let Momentum {
            momentum, nesterov, ..
        } = step.momentum;
        let momentum = momentum.abs();
        let g = step.weight_decay.bound(g, w);
        let velocity = momentum * largest(velocities) + share.abs() * g;
        let g = if nesterov {
            g + momentum * velocity
        } else {
            velocity
        };
        w + step.lr.abs() * g
    }

    fn lr(&self) -> f32 {
        self.lr
    }

    fn set_lr(&mut self, lr: f32) {
        self.lr = lr;
    }
}

//! Stochastic gradient descent.

use super::Optimizer;

/// `torch.optim.SGD`. Plain, it has no state; with [`momentum`](Sgd::momentum) one velocity for each parameter. What is
/// not asked for, momentum or decay, is not there: its type takes no memory and no instruction.
///
/// ```text
/// g = g + weight_decay w
/// v = g in the first step, else momentum v + (1 - dampening) g
/// g = v, or g + momentum v with Nesterov
/// w = w - lr g
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Sgd<M = Plain, D: Decay = NoDecay> {
    lr: f32,
    weight_decay: D,
    momentum: M,
}

/// [`Sgd`] without momentum.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Plain;

/// The momentum of [`Sgd`].
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Momentum {
    momentum: f32,
    /// What of a new gradient goes into the velocity: 1, then 1 - dampening.
    share: f32,
    dampening: f32,
    nesterov: bool,
}

/// What [`Sgd`] adds to a gradient: [`NoDecay`] or [`WeightDecay`].
pub trait Decay: Copy {
    /// The gradient with the penalty of the parameter `w`.
    #[must_use]
    fn add(self, g: f32, w: f32) -> f32;
}

/// [`Sgd`] without weight decay.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NoDecay;

/// The weight decay of [`Sgd`].
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct WeightDecay(f32);

impl Decay for NoDecay {
    #[inline(always)]
    fn add(self, g: f32, _: f32) -> f32 {
        g
    }
}

impl Decay for WeightDecay {
    #[inline(always)]
    fn add(self, g: f32, w: f32) -> f32 {
        g + self.0 * w
    }
}

impl Sgd {
    /// Plain gradient descent with this learning rate.
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
    /// With momentum, PyTorch's `momentum=`.
    #[must_use]
    pub const fn momentum(self, momentum: f32) -> Sgd<Momentum, D> {
        let momentum = Momentum {
            momentum,
            share: 1.0,
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
    /// With this L2 penalty, PyTorch's `weight_decay=`.
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
    /// With this dampening of the momentum, PyTorch's `dampening=`.
    #[must_use]
    pub const fn dampening(mut self, dampening: f32) -> Self {
        self.momentum.dampening = dampening;
        self
    }

    /// With Nesterov's momentum, PyTorch's `nesterov=True`.
    #[must_use]
    pub const fn nesterov(mut self) -> Self {
        self.momentum.nesterov = true;
        self
    }
}

impl<D: Decay> Optimizer for Sgd<Plain, D> {
    type State = ();
    type Step = (f32, D);
    const START: () = ();

    #[inline(always)]
    fn begin(&mut self) -> (f32, D) {
        (self.lr, self.weight_decay)
    }

    #[inline(always)]
    fn update(&(lr, weight_decay): &(f32, D), w: f32, g: f32, (): ()) -> (f32, ()) {
        (w - lr * weight_decay.add(g, w), ())
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
    type Step = Self;
    const START: f32 = 0.0;

    #[inline(always)]
    fn begin(&mut self) -> Self {
        let step = *self;
        self.momentum.share = 1.0 - self.momentum.dampening;
        step
    }

    #[inline(always)]
    fn update(step: &Self, w: f32, g: f32, velocity: f32) -> (f32, f32) {
        let Momentum {
            momentum,
            share,
            nesterov,
            ..
        } = step.momentum;
        let g = step.weight_decay.add(g, w);
        let velocity = momentum * velocity + share * g;
        let g = if nesterov {
            g + momentum * velocity
        } else {
            velocity
        };
        (w - step.lr * g, velocity)
    }

    fn lr(&self) -> f32 {
        self.lr
    }

    fn set_lr(&mut self, lr: f32) {
        self.lr = lr;
    }
}

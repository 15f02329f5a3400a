//! Stochastic gradient descent.

use super::Optimizer;

/// `torch.optim.SGD`. Plain, it has no state; with [`momentum`](Sgd::momentum) one velocity for each parameter.
///
/// ```text
/// g = g + weight_decay w
/// v = g in the first step, else momentum v + (1 - dampening) g
/// g = v, or g + momentum v with Nesterov
/// w = w - lr g
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Sgd<M = Plain> {
    lr: f32,
    weight_decay: f32,
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

impl Sgd {
    /// Plain gradient descent with this learning rate.
    #[must_use]
    pub const fn new(lr: f32) -> Self {
        Self {
            lr,
            weight_decay: 0.0,
            momentum: Plain,
        }
    }

    /// With momentum, PyTorch's `momentum=`.
    #[must_use]
    pub const fn momentum(self, momentum: f32) -> Sgd<Momentum> {
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
    pub const fn weight_decay(mut self, weight_decay: f32) -> Self {
        self.weight_decay = weight_decay;
        self
    }
}

impl Sgd<Momentum> {
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

impl Optimizer for Sgd<Plain> {
    type State = ();
    type Step = (f32, f32);
    const START: () = ();

    #[inline(always)]
    fn begin(&mut self) -> (f32, f32) {
        (self.lr, self.weight_decay)
    }

    #[inline(always)]
    fn update(&(lr, weight_decay): &(f32, f32), w: f32, g: f32, (): ()) -> (f32, ()) {
        // Without decay not even 0 w is added: w may be large.
        let g = if weight_decay == 0.0 {
            g
        } else {
            g + weight_decay * w
        };
        (w - lr * g, ())
    }

    fn lr(&self) -> f32 {
        self.lr
    }

    fn set_lr(&mut self, lr: f32) {
        self.lr = lr;
    }
}

impl Optimizer for Sgd<Momentum> {
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
        let g = if step.weight_decay == 0.0 {
            g
        } else {
            g + step.weight_decay * w
        };
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

//! `RMSprop`.

use super::Optimizer;

/// `torch.optim.RMSprop`, without momentum and not centred.
///
/// ```text
/// g = g + weight_decay w
/// v = alpha v + (1 - alpha) g^2
/// w = w - lr g / (sqrt(v) + eps)
/// ```
/// PyTorch's defaults: alpha 0.99, eps 1e-8, no decay. Square roots are rounded correctly.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct RmsProp {
    lr: f32,
    alpha: f32,
    eps: f32,
    weight_decay: f32,
}

impl RmsProp {
    /// `RMSprop` with this learning rate and PyTorch's defaults.
    #[must_use]
    pub const fn new(lr: f32) -> Self {
        Self {
            lr,
            alpha: 0.99,
            eps: 1e-8,
            weight_decay: 0.0,
        }
    }

    /// With this decay rate of the mean square, PyTorch's `alpha=`.
    #[must_use]
    pub const fn alpha(mut self, alpha: f32) -> Self {
        self.alpha = alpha;
        self
    }

    /// With this number added to the denominator, PyTorch's `eps=`.
    #[must_use]
    pub const fn eps(mut self, eps: f32) -> Self {
        self.eps = eps;
        self
    }

    /// With this L2 penalty, PyTorch's `weight_decay=`.
    #[must_use]
    pub const fn weight_decay(mut self, weight_decay: f32) -> Self {
        self.weight_decay = weight_decay;
        self
    }
}

impl Optimizer for RmsProp {
    type State = f32;
    type Step = Self;
    const START: f32 = 0.0;

    #[inline(always)]
    fn begin(&mut self) -> Self {
        *self
    }

    #[inline(always)]
    fn update(step: &Self, w: f32, g: f32, v: f32) -> (f32, f32) {
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

//! Adam and AdamW.

use super::{Finite, Optimizer};

/// `torch.optim.Adam`.
///
/// ```text
/// g = g + weight_decay w
/// m = m + (1 - beta1) (g - m)
/// v = beta2 v + (1 - beta2) g^2
/// w = w - lr / (1 - beta1^t) m / (sqrt(v) / sqrt(1 - beta2^t) + eps)
/// ```
/// With [`amsgrad`](Self::amsgrad) the largest v so far takes the place of v in the last line. PyTorch's
/// defaults: betas 0.9 and 0.999, eps 1e-8, no decay. Square roots are rounded correctly.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Adam<A = Moments>(Settings, core::marker::PhantomData<A>);

/// `torch.optim.AdamW`: [`Adam`] whose decay is w = w - lr weight_decay w, apart from the gradient. PyTorch's
/// default decay is 0.01.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct AdamW(Settings);

#[derive(Clone, Copy, Debug, PartialEq)]
struct Settings {
    lr: f32,
    beta1: f32,
    beta2: f32,
    eps: f32,
    weight_decay: f32,
    /// 1 - beta1^t and 1 - beta2^t. Kept as such, and not as the powers, so that nothing cancels when t is small.
    correction1: f32,
    correction2: f32,
}

/// The moments that [`Adam`] keeps for each parameter.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Moments {
    /// Mean of the gradient.
    pub m: f32,
    /// Mean of its square.
    pub v: f32,
}

/// The moments with AMSGrad.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Amsgrad {
    /// As without.
    pub moments: Moments,
    /// The largest v so far.
    pub largest: f32,
}

/// What [`Adam`] computes once a step.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Step {
    settings: Settings,
    /// lr / (1 - beta1^t).
    size: f32,
    /// sqrt(1 - beta2^t).
    root: f32,
}

impl Settings {
    const fn new(lr: f32, weight_decay: f32) -> Self {
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
    fn begin(&mut self) -> Step {
        // 1 - b^t = b (1 - b^(t-1)) + (1 - b), and 1 - b is exact.
        self.correction1 = self.beta1 * self.correction1 + (1.0 - self.beta1);
        self.correction2 = self.beta2 * self.correction2 + (1.0 - self.beta2);
        let size = self.lr / self.correction1;
        Step {
            settings: *self,
            size,
            root: libm::sqrtf(self.correction2),
        }
    }
}

impl Step {
    #[inline(always)]
    fn moments(&self, g: f32, Moments { m, v }: Moments) -> Moments {
        let Settings { beta1, beta2, .. } = self.settings;
        Moments {
            m: m + (1.0 - beta1) * (g - m),
            v: beta2 * v + (1.0 - beta2) * g * g,
        }
    }

    #[inline(always)]
    fn moved(&self, w: f32, m: f32, v: f32) -> f32 {
        w - self.size * m / (libm::sqrtf(v) / self.root + self.settings.eps)
    }
}

impl Adam {
    /// Adam with this learning rate and PyTorch's defaults.
    #[must_use]
    pub const fn new(lr: f32) -> Self {
        Self(Settings::new(lr, 0.0), core::marker::PhantomData)
    }

    /// With AMSGrad.
    #[must_use]
    pub const fn amsgrad(self) -> Adam<Amsgrad> {
        Adam(self.0, core::marker::PhantomData)
    }
}

impl AdamW {
    /// AdamW with this learning rate and PyTorch's defaults.
    #[must_use]
    pub const fn new(lr: f32) -> Self {
        Self(Settings::new(lr, 0.01))
    }
}

/// The settings that both have.
macro_rules! settings {
    ($($adam:tt)+) => {
        impl $($adam)+ {
            /// With these decay rates of the moments, PyTorch's `betas=`.
            #[must_use]
            pub const fn betas(mut self, beta1: f32, beta2: f32) -> Self {
                (self.0.beta1, self.0.beta2) = (beta1, beta2);
                self
            }

            /// With this number added to the denominator, PyTorch's `eps=`.
            #[must_use]
            pub const fn eps(mut self, eps: f32) -> Self {
                self.0.eps = eps;
                self
            }

            /// With this decay, PyTorch's `weight_decay=`.
            #[must_use]
            pub const fn weight_decay(mut self, weight_decay: f32) -> Self {
                self.0.weight_decay = weight_decay;
                self
            }
        }
    };
}

settings!(Adam<Moments>);
settings!(Adam<Amsgrad>);
settings!(AdamW);

/// What is the same in the three optimisers.
macro_rules! rate {
    () => {
        type Step = Step;

        #[inline(always)]
        fn begin(&mut self) -> Step {
            self.0.begin()
        }

        fn lr(&self) -> f32 {
            self.0.lr
        }

        fn set_lr(&mut self, lr: f32) {
            self.0.lr = lr;
        }
    };
}

impl Optimizer for Adam<Moments> {
    type State = Moments;
    const START: Moments = Moments { m: 0.0, v: 0.0 };
    rate!();

    #[inline(always)]
    fn update(step: &Step, w: f32, g: f32, state: Moments) -> (f32, Moments) {
        let state = step.moments(g + step.settings.weight_decay * w, state);
        (step.moved(w, state.m, state.v), state)
    }
}

impl Optimizer for Adam<Amsgrad> {
    type State = Amsgrad;
    const START: Amsgrad = Amsgrad {
        moments: Moments { m: 0.0, v: 0.0 },
        largest: 0.0,
    };
    rate!();

    #[inline(always)]
    fn update(step: &Step, w: f32, g: f32, state: Amsgrad) -> (f32, Amsgrad) {
        let moments = step.moments(g + step.settings.weight_decay * w, state.moments);
        let largest = if state.largest < moments.v {
            moments.v
        } else {
            state.largest
        };
        (
            step.moved(w, moments.m, largest),
            Amsgrad { moments, largest },
        )
    }
}

impl Optimizer for AdamW {
    type State = Moments;
    const START: Moments = Moments { m: 0.0, v: 0.0 };
    rate!();

    #[inline(always)]
    fn update(step: &Step, w: f32, g: f32, state: Moments) -> (f32, Moments) {
        let state = step.moments(g, state);
        let decayed = w - step.settings.lr * step.settings.weight_decay * w;
        (step.moved(decayed, state.m, state.v), state)
    }
}

impl Finite for Moments {
    #[inline(always)]
    fn zero(self) -> f32 {
        self.m.zero() + self.v.zero()
    }
}

impl Finite for Amsgrad {
    #[inline(always)]
    fn zero(self) -> f32 {
        self.moments.zero() + self.largest.zero()
    }
}

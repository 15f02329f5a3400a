//! Optimisers: PyTorch's rules for what a gradient does to a parameter, one number at a time.
//!
//! An optimiser is a few settings. What it remembers for each parameter, its [`State`](Optimizer::State), lives in tensors
//! of the same shape as the parameters, so its bytes are known from the types: none for plain SGD, 4 for each
//! parameter with momentum, 8 for Adam. What it computes once a step, such as Adam's bias corrections, is its
//! [`Step`](Optimizer::Step).
//!
//! | here | PyTorch | state |
//! | --- | --- | --- |
//! | [`Sgd::new(lr)`](Sgd::new) | `SGD(lr)` | - |
//! | [`.momentum(m)`](Sgd::momentum), `.dampening(d)`, `.nesterov()`, `.weight_decay(l2)` | `SGD(lr, momentum=m, ...)` | velocity |
//! | [`Adam::new(lr)`](Adam::new), [`.amsgrad()`](Adam::amsgrad) | `Adam(lr)` | two moments (and the largest) |
//! | [`AdamW::new(lr)`](AdamW::new) | `AdamW(lr)` | two moments |
//! | [`RmsProp::new(lr)`](RmsProp::new) | `RMSprop(lr)` | mean square |

mod adam;
mod rmsprop;
mod schedule;
mod sgd;

pub use adam::{Adam, AdamW, Amsgrad, Moments};
pub use rmsprop::RmsProp;
pub use schedule::{constant_lr, cosine_annealing_lr, step_lr};
pub use sgd::{Decay, Momentum, NoDecay, Plain, Sgd, WeightDecay};

use crate::lane::NOTHING;

/// A rule that turns a gradient into a change of the parameters.
pub trait Optimizer: Copy {
    /// What is remembered for each parameter; `()` if nothing.
    type State: Finite;

    /// What is computed once for all parameters of a step.
    type Step: Copy;

    /// The state before the first step.
    const START: Self::State;

    /// Begins a step.
    #[must_use]
    fn begin(&mut self) -> Self::Step;

    /// The parameter after the step, and its state, from the parameter `w` and the gradient `g`.
    #[must_use]
    fn update(step: &Self::Step, w: f32, g: f32, state: Self::State) -> (f32, Self::State);

    /// The learning rate.
    #[must_use]
    fn lr(&self) -> f32;

    /// Sets the learning rate, from a schedule for instance.
    fn set_lr(&mut self, lr: f32);
}

/// State whose numbers can be tested.
pub trait Finite: Copy {
    /// +0 or -0 if all numbers are finite, else NaN.
    #[must_use]
    fn zero(self) -> f32;
}

impl Finite for () {
    #[inline(always)]
    fn zero(self) -> f32 {
        NOTHING
    }
}

impl Finite for f32 {
    #[inline(always)]
    fn zero(self) -> f32 {
        self * 0.0
    }
}

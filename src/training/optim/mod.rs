//! Optimisers: PyTorch's rules for changing a parameter by its gradient, one number at a time.
//!
//! An optimiser is a few settings. All that it remembers is in [`OptimizerState`]: numbers for each
//! parameter, its [`State`](Optimizer::State), in tensors of the same shape as the parameters, so
//! that the types tell the bytes (none for plain SGD, 4 per parameter with momentum, 8 for Adam);
//! and a few for all parameters, its [`Shared`](Optimizer::Shared), such as Adam's bias
//! corrections. Before each step it prepares what the update of every parameter needs: its
//! [`Prepared`](Optimizer::Prepared).
//!
//! | here | PyTorch | state |
//! | --- | --- | --- |
//! | [`Sgd::new`] | `SGD(lr)` | - |
//! | [`Sgd::momentum`] | `SGD(lr, momentum=m)` | velocity |
//! | [`Adam::new`] | `Adam(lr)` | two moments |
//! | [`Adam::amsgrad`] | `Adam(lr, amsgrad=True)` | two moments, largest square |
//! | [`AdamW::new`] | `AdamW(lr)` | two moments |
//! | [`AdamW::amsgrad`] | `AdamW(lr, amsgrad=True)` | two moments, largest square |
//! | [`NAdam::new`] | `NAdam(lr)` | two moments |
//! | [`RmsProp::new`] | `RMSprop(lr)` | mean square |
//! | [`RmsProp::centered`] | `RMSprop(lr, centered=True)` | mean, variance |
//! | [`RmsProp::momentum`] | `RMSprop(lr, momentum=m)` | the same, and a buffer |
//! | [`Adagrad::new`] | `Adagrad(lr)` | sum of squares |
//! | [`Groups`] | `param_groups` | that of its optimiser |
//!
//! The arithmetic is `f32`, each operation rounded once, in the order of the formulas. NaN and
//! infinities in a gradient reach the parameter and the state; a [`Trainer`](crate::Trainer)
//! refuses such a step. It need not compute a step to know that it is fine: an optimiser has a
//! [`bound`](Optimizer::bound) on all new parameters, from the largest sizes of what they are made
//! of. Where that does not tell, the trainer looks at each.
//!
//! The constructors take any setting. A trainer refuses the settings that PyTorch's constructors
//! refuse, NaN and infinities, and an alpha of [`RmsProp`] above 1, before it learns anything:
//! [`Error::Setting`] names the setting.
//!
//! [`Error::Setting`]: crate::Error::Setting

mod adagrad;
mod adam;
mod bound;
mod centering;
mod decay;
mod group_by;
mod groups;
mod moments;
mod nadam;
mod rmsprop;
mod schedule;
mod sgd;
mod state;

pub use adagrad::{Adagrad, AdagradStep};
pub use adam::{Adam, AdamW};
pub use centering::{Buffered, Centered, Centering, NotCentered};
pub use decay::{Decay, NoDecay, WeightDecay};
pub use group_by::{ByKind, ByLayer, GroupBy};
pub use groups::{Groups, PreparedGroups};
pub use moments::{AdamState, AdamStep, Amsgrad, Corrections, Moments};
pub use nadam::{NAdam, NAdamShared, NAdamStep};
pub use rmsprop::{RmsMomentum, RmsProp};
pub use schedule::{constant_lr, cosine_annealing_lr, step_lr};
pub use sgd::{Momentum, Plain, Sgd};
pub use state::OptimizerState;

use crate::error::Setting;
use crate::kernels::simd::SUM_START;
use crate::kernels::soft::{SOFT, is_finite};
use crate::kernels::zero::Zero;
use crate::model::params::TensorId;

/// A rule that turns a gradient into a change of the parameters.
///
/// An optimiser of your own:
/// ```
/// use stackprop::{Mse, Optimizer, Trainer, net};
///
/// /// w = w - lr sign(g): signSGD.
/// #[derive(Clone, Copy)]
/// struct Sign(f32);
///
/// impl Optimizer for Sign {
///     type State = ();
///     type Shared = ();
///     type Prepared = f32;
///     const UNSET: Self = Self(0.0);
///
///     fn prepare(&self, (): &mut ()) -> f32 {
///         self.0
///     }
///
///     fn update_parameter(lr: &f32, w: f32, g: f32, (): ()) -> (f32, ()) {
///         (w - lr * g.signum(), ())
///     }
///
///     fn lr(&self) -> f32 {
///         self.0
///     }
///
///     fn set_lr(&mut self, lr: f32) {
///         self.0 = lr;
///     }
/// }
///
/// let mut trainer = Trainer::new(<net![bias = false; 1 => 1, Mse]>::zeros(), Sign(0.25));
/// trainer.step(&[[1.0]], &[[1.0]])?; // g = 2 (0 - 1)
/// assert_eq!(trainer.network.layers.weight, [[0.25]]);
/// # Ok::<(), stackprop::Error>(())
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not an optimiser",
    label = "not an optimiser",
    note = "an optimiser has the learning rate in it: Sgd::new(0.1), Adam::new(0.001), or one of \
            your own"
)]
pub trait Optimizer: Copy {
    /// The numbers remembered for each parameter, 0 before the first step; `()` if there are none.
    type State: Finite;

    /// The numbers remembered for all parameters together, 0 before the first step; `()` if there
    /// are none.
    type Shared: Zero;

    /// The numbers computed once for all parameters of a step.
    type Prepared: Copy;

    /// All settings 0, for a trainer that waits in a `static` for
    /// [`Trainer::start`](crate::Trainer::start).
    const UNSET: Self;

    /// How many layers with parameters a network has to have: with another number, a step does not
    /// compile. By default any.
    const LAYERS: Option<usize> = None;

    /// Which setting no step can be taken with, if there is one. By default all settings are good.
    ///
    /// # Errors
    /// The setting.
    #[inline(always)]
    fn check(&self) -> Result<(), Setting> {
        Ok(())
    }

    /// Which setting no step can be taken with on a network that has this tensor, if there is one.
    /// By default there is none.
    ///
    /// # Errors
    /// The setting.
    #[inline(always)]
    fn check_tensor(&self, tensor: TensorId) -> Result<(), Setting> {
        let _ = tensor;
        Ok(())
    }

    /// Begins a step: counts it in `shared`, and computes the numbers that all parameters share.
    #[must_use]
    fn prepare(&self, shared: &mut Self::Shared) -> Self::Prepared;

    /// What was prepared, for the parameters of this tensor: by default the same for all. None
    /// leaves them and their state as they are, and their gradient does not count for
    /// [`Guard::max_norm`](crate::Guard::max_norm). [`Groups`] differ here.
    ///
    /// An optimiser that is made of another one passes `LAYERS`, `check_tensor` and this on. One
    /// that lets biases learn twice as fast:
    /// ```
    /// # use stackprop::{Mse, Optimizer, Trainer, net, params::TensorId};
    /// # #[derive(Clone, Copy)]
    /// # struct Twice(f32);
    /// impl Optimizer for Twice {
    ///     // as in the docs of `Optimizer`, and
    ///     fn prepared_for(lr: &f32, tensor: TensorId) -> Option<f32> {
    ///         Some(if tensor.name.field == "bias" { 2.0 * lr } else { *lr })
    ///     }
    /// #   type State = ();
    /// #   type Shared = ();
    /// #   type Prepared = f32;
    /// #   const UNSET: Self = Self(0.0);
    /// #   fn prepare(&self, (): &mut ()) -> f32 { self.0 }
    /// #   fn update_parameter(lr: &f32, w: f32, g: f32, (): ()) -> (f32, ()) { (w - lr * g, ()) }
    /// #   fn lr(&self) -> f32 { self.0 }
    /// #   fn set_lr(&mut self, lr: f32) { self.0 = lr; }
    /// }
    ///
    /// let mut trainer = Trainer::new(<net![1 => 1, Mse]>::zeros(), Twice(0.25));
    /// trainer.step(&[[1.0]], &[[1.0]])?; // g = 2 (0 - 1), of both
    /// assert_eq!(trainer.network.layers.weight, [[0.5]]);
    /// assert_eq!(trainer.network.layers.bias, [1.0]);
    /// # Ok::<(), stackprop::Error>(())
    /// ```
    #[inline(always)]
    #[must_use]
    fn prepared_for(prepared: &Self::Prepared, tensor: TensorId) -> Option<Self::Prepared> {
        let _ = tensor;
        Some(*prepared)
    }

    /// The parameter after the step and its new state, from the parameter `w` and the gradient `g`.
    #[must_use]
    fn update_parameter(
        prepared: &Self::Prepared,
        w: f32,
        g: f32,
        state: Self::State,
    ) -> (f32, Self::State);

    /// Whether [`bound`](Self::bound) knows a bound. By default it does not, and a trainer computes
    /// each new parameter twice: once to check it, once to keep it.
    const HAS_BOUND: bool = false;

    /// For performance; leave it out at first. A bound on the size of all new parameters of a
    /// tensor, as [`update_parameter`](Self::update_parameter) computes them, rounding included:
    /// for parameters up to `w` in size, gradients up to `g`, and these `states`. Inf or NaN where
    /// it does not know; then a trainer computes the new parameters to check them. Otherwise the
    /// new states have to be finite. The bound alone decides that a step is taken, so one that is
    /// too small lets a network diverge.
    ///
    /// ```
    /// use stackprop::{Optimizer, Sgd};
    ///
    /// let sgd = Sgd::new(0.5);
    /// let prepared = sgd.prepare(&mut ());
    /// assert_eq!(<Sgd>::bound(&prepared, 2.0, 4.0, &[]), 2.0 + 0.5 * 4.0);
    /// ```
    #[inline(always)]
    #[must_use]
    fn bound(prepared: &Self::Prepared, w: f32, g: f32, states: &[Self::State]) -> f32 {
        let _ = (prepared, w, g, states);
        f32::INFINITY
    }

    /// The learning rate.
    #[must_use]
    fn lr(&self) -> f32;

    /// Sets the learning rate, for example from a schedule.
    fn set_lr(&mut self, lr: f32);
}

/// State whose numbers can be tested for NaN and infinity.
pub trait Finite: Zero {
    /// +0 or -0 if all numbers are finite, else NaN.
    ///
    /// ```
    /// use stackprop::optim::{Finite, Moments};
    ///
    /// assert_eq!(Moments { m: 1.0, v: 4.0 }.nan_unless_finite(), 0.0);
    /// assert!(Moments { m: f32::INFINITY, v: 4.0 }.nan_unless_finite().is_nan());
    /// ```
    #[must_use]
    fn nan_unless_finite(self) -> f32;
}

impl Finite for () {
    #[inline(always)]
    fn nan_unless_finite(self) -> f32 {
        SUM_START
    }
}

impl Finite for f32 {
    #[inline(always)]
    fn nan_unless_finite(self) -> f32 {
        if SOFT {
            return if is_finite(self) { 0.0 } else { Self::NAN };
        }
        self * 0.0
    }
}

//! Training on one sample at a time, without a gradient in memory.
//!
//! ```
//! use stackprop::{Online, Sgd, SigmoidBce, net};
//!
//! type Detector = net![3 => 4 => 1, SigmoidBce];
//! let mut online = Online::new(Detector::new(1), Sgd::new(0.1));
//! for (x, y) in [([1.0, 2.0, 3.0], [1.0]), ([2.0, 3.0, 4.0], [0.0])] {
//!     // what the network says before it learns the answer
//!     let before = online.test_then_train(&x, &y)?;
//!     assert!(before.loss > 0.0 && before.y_hat[0] < 1.0);
//! }
//! // 21 parameters and a few settings, nothing else.
//! assert!(size_of_val(&online) <= 21 * 4 + 24);
//! # Ok::<(), stackprop::Error>(())
//! ```

use crate::error::Error;
use crate::kernels::zero::Zero;
use crate::model::heads::Head;
use crate::model::init::Scheme;
use crate::model::layers::Layer;
use crate::model::network::Network;
use crate::model::norm::square;
use crate::model::random::Random;
use crate::training::common::common;
use crate::training::guard::{self, FullCheck, Guard, QuickCheck};
use crate::training::optim::{Optimizer, OptimizerState};
use crate::training::sample::with_sample;
use crate::training::stack;
use crate::training::target::Target;
use crate::training::trainable::Trainable;
use crate::training::update::{
    apply, bound, by_bound, check_settings, clipped, each, examine, propose,
};
use crate::training::weighing;
use core::fmt::{Debug, Formatter};

/// A network that learns from one sample after another: network, optimiser, optimiser state and
/// guard.
///
/// A step gives the bits of [`Trainer::step`](crate::Trainer::step) on that one row, and refuses
/// the same steps with the same errors. A gradient is used where it is computed, so the memory of
/// training is [`BYTES`](Self::BYTES): with [`Sgd`](crate::Sgd) hardly more than the network. The
/// price is that samples cannot be collected for a mini-batch. Where the
/// [bound](Optimizer::bound) of the optimiser does not tell that the step may be taken, each number
/// of the gradient is computed again to see that; with [`Guard::max_norm`] three times in all.
///
/// A step is a batch of one sample. So where a mean is divided by the sum of the samples' weights,
/// as that of [`WeightedCe`](crate::WeightedCe) is, the weight cancels, as it does in PyTorch: an
/// online learner wants [`MeanOver::Samples`](crate::heads::MeanOver).
#[derive(Clone)]
pub struct Online<N: Trainable, Opt: Optimizer> {
    /// The network, for inference at any time.
    pub network: N,
    /// The optimiser; its learning rate may be changed between steps.
    pub optimizer: Opt,
    /// What is refused.
    pub guard: Guard,
    /// All that the optimiser remembers.
    pub state: OptimizerState<N, Opt>,
}

/// What a network said of a sample before it learned from it: see [`Online::test_then_train`].
#[derive(Clone, Copy, Debug, PartialEq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub struct Prediction<Y> {
    /// The output.
    pub y_hat: Y,
    /// The loss.
    pub loss: f32,
}

common!(Online, of_sample, {} | online | {});

impl<N: Trainable, Opt: Optimizer> Online<N, Opt> {
    /// One step on one sample. Gives the loss before the step.
    ///
    /// # Errors
    /// [`Error::NotFinite`] with what was not finite, [`Error::Target`] if the head is not made for
    /// the target, [`Error::Empty`] if the sample counts 0 (see [`Head::weight`]),
    /// [`Error::Diverged`] where a parameter would outgrow [`Guard::max_weight`],
    /// [`Error::Setting`] with a setting that PyTorch would refuse, and [`Error::NotStarted`].
    /// Nothing was learned then.
    #[inline]
    pub fn step(&mut self, x: &N::Input, target: &N::Output) -> Result<f32, Error> {
        N::step_online(self, x, target)
    }

    /// [`step`](Self::step) with the index of a class, a `bool`, or another [`Target`], for the
    /// target.
    ///
    /// # Errors
    /// As [`step`](Self::step); [`Error::Target`] also for a class that there is not.
    ///
    /// ```
    /// use stackprop::{Error, Online, Sgd, SoftmaxCe, net};
    ///
    /// let mut online = Online::new(<net![1 => 3, SoftmaxCe]>::new(1), Sgd::new(0.1));
    /// let before = online.step_of(&[0.5], &2u8)?;
    /// assert!(online.step(&[0.5], &[0.0, 0.0, 1.0])? < before);
    /// assert_eq!(online.step_of(&[0.5], &3u8), Err(Error::Target { row: 0 }));
    /// # Ok::<(), Error>(())
    /// ```
    #[inline]
    pub fn step_of(&mut self, x: &N::Input, target: &impl Target<N>) -> Result<f32, Error> {
        let target = target.to_output(&self.network);
        self.step(x, &target.ok_or(Error::Target { row: 0 })?)
    }

    /// One step on one sample, and what the network said of it before the step: over a stream, an
    /// honest test of each sample, since it has not been learned yet.
    ///
    /// # Errors
    /// As [`step`](Self::step). [`Network::forward`] still gives the output then.
    #[inline]
    pub fn test_then_train(
        &mut self,
        x: &N::Input,
        target: &N::Output,
    ) -> Result<Prediction<N::Output>, Error> {
        let y_hat = self.network.forward(x);
        let loss = self.step(x, target)?;
        Ok(Prediction { y_hat, loss })
    }
}

/// [`Online`] of a network by its parts.
type OnlineOf<L, H, Opt, const I: usize, const O: usize> = Online<Network<L, H, I, O>, Opt>;

/// [`Online::step`].
#[inline(always)]
pub(crate) fn step<L: Layer<I, O>, H: Head<O>, Opt: Optimizer, const I: usize, const O: usize>(
    online: &mut OnlineOf<L, H, Opt, I, O>,
    x: &[f32; I],
    target: &[f32; O],
) -> Result<f32, Error> {
    if !online.guard.clips()
        && let Some(loss) = quick_step(online, x, target)
    {
        return Ok(loss);
    }
    full_step(online, x, target)
}

/// A step that passes the quick check, or none, and nothing has changed.
// Out of line: its frame is given back before `full_step` takes another. Guarded by
// `cargo chip m4f::stack_bound`.
#[inline(never)]
fn quick_step<L: Layer<I, O>, H: Head<O>, Opt: Optimizer, const I: usize, const O: usize>(
    online: &mut OnlineOf<L, H, Opt, I, O>,
    x: &[f32; I],
    target: &[f32; O],
) -> Option<f32> {
    let factor = weighing::check_sample(&online.network.head, x, target).ok()?;
    let (guard, optimizer, state) = (&online.guard, &online.optimizer, &mut online.state);
    with_sample(&mut online.network, x, target, factor, |layers, sample| {
        let loss = guard::check_loss(sample.loss).ok()?;
        check_settings(optimizer, layers).ok()?;
        let (params, mut shared) = (&mut state.params, state.shared);
        let prepared = optimizer.prepare(&mut shared);
        let mut check = QuickCheck::new();
        if by_bound::<Opt, L>() {
            sample.bound::<H, _>(layers, params, |id, w, g, s| {
                check = bound::<Opt>(check, &prepared, id, (w, g, s));
            });
        } else {
            let propose = each::<Opt, _>(prepared, propose::<Opt>);
            check = sample.fold::<H, _, _, _>(layers, params, check, propose);
        }
        if !check.passes(guard) {
            return None;
        }
        state.shared = shared;
        let apply = each::<Opt, _>(prepared, apply::<Opt>);
        sample
            .recomputed()
            .fold::<H, _, _, _>(layers, params, (), apply);
        Some(loss)
    })
}

/// A step from the beginning, with a clipped gradient or a reason why it is refused.
#[cold]
#[inline(never)]
fn full_step<L: Layer<I, O>, H: Head<O>, Opt: Optimizer, const I: usize, const O: usize>(
    online: &mut OnlineOf<L, H, Opt, I, O>,
    x: &[f32; I],
    target: &[f32; O],
) -> Result<f32, Error> {
    online.guard.check_started()?;
    let factor = weighing::check_sample(&online.network.head, x, target)?;
    let (guard, optimizer, state) = (&online.guard, &online.optimizer, &mut online.state);
    with_sample(&mut online.network, x, target, factor, |layers, sample| {
        check_settings(optimizer, layers)?;
        let loss = guard::check_loss(sample.loss)?;
        let (params, mut shared) = (&mut state.params, state.shared);
        let prepared = optimizer.prepare(&mut shared);
        let clip = guard.clip(|scale| {
            let add = move |sum, _: &mut f32, g, _: &mut Opt::State| sum + square(g, scale);
            sample.fold::<H, _, _, _>(layers, params, 0.0, each::<Opt, _>(prepared, move |_| add))
        })?;
        let proposed = each::<Opt, _>(prepared, move |this| clipped(clip, examine::<Opt>(this)));
        let check = sample.fold::<H, _, _, _>(layers, params, FullCheck::new(), proposed);
        check.finish(guard)?;
        state.shared = shared;
        let change = each::<Opt, _>(prepared, move |this| clipped(clip, apply::<Opt>(this)));
        sample
            .recomputed()
            .fold::<H, _, _, _>(layers, params, (), change);
        Ok(loss)
    })
}

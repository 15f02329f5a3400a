//! Training on batches: the file to read first.
//!
//! A [`Trainer`] owns a network, an optimiser with its state, and a gradient:
//! `size_of_val(&trainer)` is what lives from step to step. A step needs stack beyond it: the
//! activations of a tile of samples, and, for batches, one gradient per lane of partial sums
//! (without SIMD: the activations of four samples, and one gradient from 17 rows on).
//!
//! ```
//! use stackprop::{Relu, Sgd, SigmoidBce, Trainer, net};
//!
//! type Detector = net![3 => 4, Relu => 1, SigmoidBce];
//! let rows = [[1.0, 2.0, 3.0], [2.0, 3.0, 4.0], [3.0, 4.0, 5.0]];
//! let targets = [[1.0], [0.0], [1.0]];
//!
//! let mut trainer = Trainer::new(Detector::new(1), Sgd::new(0.1));
//! let before = trainer.step(&rows, &targets)?;     // one step on a mini-batch: the loss before it
//! let [y_hat] = trainer.network.forward(&rows[0]); // inference with what was learned
//! for _ in 0..100 {
//!     trainer.epoch(&rows, &targets, 2)?;          // mini-batches of 2 in the given order
//! }
//! assert!(trainer.step(&rows, &targets)? < before);
//! # assert!(y_hat > 0.0);
//! # Ok::<(), stackprop::Error>(())
//! ```
//!
//! A network that learns from one sample at a time needs less: see [`Online`](crate::Online), which
//! keeps no gradient.
//!
//! # It cannot silently diverge
//! If anything of what the parameters and the optimiser's state would become is not finite, the
//! step is refused with an [`Error`] that says what was wrong, and nothing has changed: the last
//! good parameters stay. That is so for NaN in a row, for a loss that overflows, and for a learning
//! rate of 1e30.
//!
//! Nearly always the largest parameter, gradient and state tell that the step is fine: each
//! optimiser [knows a bound](Optimizer::bound) on what it makes of them. Where they do not tell,
//! each new parameter is computed twice: once to look at it, once to keep it.

use crate::error::Error;
use crate::kernels::simd::{Native, SumVector, Vector};
use crate::kernels::size::largest;
use crate::kernels::zero::Zero;
use crate::model::init::Scheme;
use crate::model::norm::square;
use crate::model::params::{self, Grad, Tensor, TensorId, Visit};
use crate::model::random::Random;
use crate::training::batch::{Batch, BatchOf, ROWS_PER_BLOCK};
use crate::training::blockwise;
use crate::training::common::common;
use crate::training::guard::{self, FullCheck, Guard, QuickCheck};
use crate::training::optim::{Optimizer, OptimizerState};
use crate::training::stack;
use crate::training::sums::Sums;
use crate::training::trainable::Trainable;
use crate::training::update::{apply, bound, by_bound, check_settings, each, examine, propose};
use crate::training::weighing;
use core::fmt::{Debug, Formatter};
use core::hint::black_box;
use core::ops::Range;

/// A network that learns from batches: network, optimiser, optimiser state, gradient and guard.
///
/// In a struct field it is `Trainer<Detector, Sgd>`. In a `static` it can be built in place, see
/// [`unset`](Self::unset). It is not `Copy`: it may be kilobytes, and a copy that learns is not the
/// trainer.
#[derive(Clone)]
pub struct Trainer<N: Trainable, Opt: Optimizer> {
    /// The network, for inference at any time.
    pub network: N,
    /// The optimiser; its learning rate may be changed between steps.
    pub optimizer: Opt,
    /// What is refused.
    pub guard: Guard,
    /// All that the optimiser remembers.
    pub state: OptimizerState<N, Opt>,
    pub(crate) sums: Sums<N>,
}

/// A step before its check: the mean loss, and what the optimiser would count and has prepared.
type Ready<Opt> = (
    f32,
    <Opt as Optimizer>::Shared,
    <Opt as Optimizer>::Prepared,
);

common!(
    Trainer, of_batch, {
        sums: Sums::UNCLEARED
    } | trainer
        | {
            trainer.forget();
        }
);

impl<N: Trainable, Opt: Optimizer> Trainer<N, Opt> {
    /// Bytes of the gradient.
    pub const GRADIENT_BYTES: usize = size_of::<Grad<N>>();

    /// One step on the mean gradient of a mini-batch. Gives the mean loss before the step. Samples
    /// that were [accumulated](Self::accumulate) before are forgotten.
    ///
    /// # Errors
    /// [`Error::Empty`] for no rows, or for rows that all count 0 (see
    /// [`Head::weight`](crate::Head::weight)); [`Error::Length`]; [`Error::NotFinite`] with what
    /// was not finite, [`Error::Target`] with the row of a target that the head is not made for,
    /// and [`Error::Diverged`] where a parameter would outgrow [`Guard::max_weight`];
    /// [`Error::Setting`] with a setting that PyTorch would refuse, [`Error::NotStarted`]. Nothing
    /// was learned then.
    #[inline]
    pub fn step(&mut self, rows: &[N::Input], targets: &[N::Output]) -> Result<f32, Error> {
        let batch = Batch::new(rows, targets)?;
        self.forget();
        if Native::LANES > 1 && batch.len() > ROWS_PER_BLOCK {
            // Each block is looked at while it is in the caches; the fault is the first of all.
            let added = self.add_after(batch, N::check);
            added.or_else(|error| self.network.check(batch).and(Err(error)))?;
        } else {
            self.add(batch)?;
        }
        self.update()
    }

    /// Adds samples to the gradient of the next [`update`](Self::update): any number of calls, of
    /// one sample or more. Up to 16 samples one by one give the bits of a mini-batch of them.
    ///
    /// # Errors
    /// [`Error::Empty`], [`Error::Length`], [`Error::NotFinite`] for a row or a target that is not
    /// finite, [`Error::Target`], and [`Error::TooLong`] for more than `usize::MAX` samples without
    /// an update. Nothing was added then.
    #[inline]
    pub fn accumulate(&mut self, rows: &[N::Input], targets: &[N::Output]) -> Result<(), Error> {
        self.add(Batch::new(rows, targets)?)
    }

    /// A step on the mean gradient of what was accumulated, which is then forgotten, also if the
    /// step is refused. Gives the mean loss.
    ///
    /// # Errors
    /// As [`step`](Self::step).
    #[inline]
    pub fn update(&mut self) -> Result<f32, Error> {
        let count = self.sums.count;
        if count == 0 {
            return Err(Error::Empty);
        }
        self.forget();
        let (loss, shared, prepared) = self.mean(count)?;
        let check = self.check(0..N::COUNT, prepared, QuickCheck::new());
        self.decide(check, &prepared)?;
        self.state.shared = shared;
        self.change(0..N::COUNT, prepared);
        Ok(loss)
    }

    /// The gradient of the last step, tensor by tensor: the mean over its samples, clipped if it
    /// was too long. All 0 before the first step; while samples are
    /// [accumulated](Self::accumulate), their sums; after a refused step not specified.
    pub fn gradients(&self) -> impl Iterator<Item = Tensor<'_>> {
        (0..N::TENSORS).filter_map(|index| N::tensor_of(&self.sums.grad, index))
    }

    /// Forgets what was accumulated.
    #[inline]
    pub const fn forget(&mut self) {
        self.sums.count = 0;
    }

    /// Adds samples, after looking at all of them.
    #[inline(always)]
    fn add(&mut self, batch: BatchOf<'_, N>) -> Result<(), Error> {
        self.network.check(batch)?;
        self.add_after(batch, |_, _| Ok(()))
    }

    /// Adds samples, after a look at each block of them.
    #[inline(always)]
    fn add_after(
        &mut self,
        batch: BatchOf<'_, N>,
        look: impl Fn(&N, BatchOf<'_, N>) -> Result<(), Error>,
    ) -> Result<(), Error> {
        let (count, first) = self.sums.count_in(batch.len())?;
        let (network, sums) = (&self.network, self.sums.as_mut());
        blockwise::add_checked::<SumVector, N, Error>(network, batch, first, sums, |block| {
            look(network, block)
        })?;
        weighing::add(&self.network, batch.targets, &mut self.sums.weight);
        self.sums.count = count;
        Ok(())
    }

    /// The count with `more` samples; the sums are cleared if these are the first.
    #[inline(always)]
    pub(crate) fn begin(&mut self, more: usize) -> Result<usize, Error> {
        let count = self.sums.count_with(more)?;
        if self.sums.count == 0 {
            self.sums.clear();
        }
        Ok(count)
    }

    /// Checks the optimiser's settings, makes the sums over `count` samples means, clips the
    /// gradient, and gives the mean loss, and what the optimiser prepared and counted.
    #[inline(always)]
    pub(crate) fn mean(&mut self, count: usize) -> Result<Ready<Opt>, Error> {
        let weight = self.sums.weight;
        if N::WEIGHTED {
            weighing::check(weight)?;
        }
        check_settings(&self.optimizer, &mut self.network)?;
        let loss = weighing::scale_to_mean(self.sums.as_mut(), count, weight);
        let loss = guard::check_loss(loss)?;
        let mut shared = self.state.shared;
        let prepared = self.optimizer.prepare(&mut shared);
        let clip = self.guard.clip(|scale| {
            let (network, grad) = (&mut self.network, &self.sums.grad);
            let (state, all) = (&mut self.state.params, 0..N::COUNT);
            let add = move |sum, _: &mut f32, g, _: &mut Opt::State| sum + square(g, scale);
            let add = each::<Opt, _>(prepared, move |_| add);
            params::fold_range(network, grad, state, all, 0.0, add)
        })?;
        if let Some(clip) = clip {
            let grad = &mut self.sums.grad;
            params::zip_with::<N, _, _>(grad, &N::fill(()), |g, ()| *g = clip.apply(*g));
        }
        Ok((loss, shared, prepared))
    }

    /// Checks what the parameters in `range` would become: by a bound, or by computing them.
    #[inline(always)]
    pub(crate) fn check(
        &mut self,
        range: Range<usize>,
        prepared: Opt::Prepared,
        check: QuickCheck,
    ) -> QuickCheck {
        if !by_bound::<Opt, N>() {
            return self.fold(range, check, each::<Opt, _>(prepared, propose::<Opt>));
        }
        let mut check = check;
        let (network, grad) = (&mut self.network, &self.sums.grad);
        let state = &mut self.state.params;
        params::visit_range(network, grad, state, range, |id, w, g, s| {
            check = bound::<Opt>(check, &prepared, id, (w, largest(g), s));
        });
        check
    }

    /// Changes the parameters in `range`.
    #[inline(always)]
    pub(crate) fn change(&mut self, range: Range<usize>, prepared: Opt::Prepared) {
        self.fold(range, (), each::<Opt, _>(prepared, apply::<Opt>));
    }

    /// Whether the step may be taken.
    #[inline(always)]
    pub(crate) fn decide(
        &mut self,
        check: QuickCheck,
        prepared: &Opt::Prepared,
    ) -> Result<(), Error> {
        if check.passes(&self.guard) {
            return Ok(());
        }
        self.full_check(prepared)
    }

    /// The same for a step that has not passed the quick check.
    // The count is opaque: unrolled for each parameter, this rare path would take more stack than
    // the step itself. Guarded by `cargo chip m4f::stack_bound`.
    #[cold]
    #[inline(never)]
    fn full_check(&mut self, prepared: &Opt::Prepared) -> Result<(), Error> {
        self.guard.check_started()?;
        let all = 0..black_box(N::COUNT);
        let check = self.fold(
            all,
            FullCheck::new(),
            each::<Opt, _>(*prepared, examine::<Opt>),
        );
        check.finish(&self.guard)
    }

    /// Folds what `f` gives for a tensor over the parameters in `range`, each with its gradient and
    /// its state.
    #[inline(always)]
    fn fold<A: Copy, F>(
        &mut self,
        range: Range<usize>,
        start: A,
        f: impl Fn(TensorId) -> Visit<F>,
    ) -> A
    where
        F: Fn(A, &mut f32, f32, &mut Opt::State) -> A,
    {
        let (network, grad) = (&mut self.network, &self.sums.grad);
        let state = &mut self.state.params;
        params::fold_range(network, grad, state, range, start, f)
    }
}

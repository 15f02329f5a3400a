//! A step on a mini-batch in slices of bounded time, for a loop that has other things to do.
//!
//! ```
//! use stackprop::{Sgd, Trainer, notebook::{BOOK_NET, X, Y}};
//!
//! let mut trainer = Trainer::new(BOOK_NET, Sgd::new(0.1));
//! let mut step = trainer.begin_step(&X, &Y)?;
//! let loss = loop {
//!     // ... what has to happen every millisecond ...
//!     if let Some(loss) = step.advance(1)? {
//!         break loss;
//!     }
//! };
//! # assert_eq!(Ok(loss), Trainer::new(BOOK_NET, Sgd::new(0.1)).step(&X, &Y));
//! # Ok::<(), stackprop::Error>(())
//! ```

use crate::error::Error;
use crate::kernels::simd::PARTIAL_SUMS;
use crate::training::batch::{Batch, BatchOf, ROWS_PER_BLOCK};
use crate::training::guard::QuickCheck;
use crate::training::optim::Optimizer;
use crate::training::sums::Sums;
use crate::training::sweep;
use crate::training::trainable::Trainable;
use crate::training::trainer::Trainer;
use crate::training::weighing;
use core::array::from_ref;
use core::fmt::{Debug, Formatter};
use core::ops::Range;

/// A step that is under way, from [`Trainer::begin_step`]: the bits of [`Trainer::step`], whatever
/// the slices.
///
/// It holds one more gradient, for the partial sum that it is at, wherever it lies itself:
/// [`Trainer::STACK_BYTES`] does not count it. Dropped before the parameters
/// begin to change, it has changed nothing; dropped between their slices, it changes the others
/// too.
#[must_use = "a step is only taken by advancing to its end"]
pub struct SlicedStep<'a, N: Trainable, Opt: Optimizer> {
    trainer: &'a mut Trainer<N, Opt>,
    batch: BatchOf<'a, N>,
    /// Which of the 16 partial sums is computed, and which row is its next.
    lane: usize,
    row: usize,
    partial: Sums<N>,
    /// The mean loss, once it is known.
    loss: f32,
    phase: Phase<Opt::Shared, Opt::Prepared>,
}

/// What the next call does.
#[derive(Clone, Copy)]
enum Phase<Shared, Prepared> {
    /// Sums over the rows.
    Sum,
    /// Checks what the parameters from `at` on would become.
    Check {
        at: usize,
        check: QuickCheck,
        shared: Shared,
        prepared: Prepared,
    },
    /// Changes the parameters from `at` on.
    Change { at: usize, prepared: Prepared },
    /// Nothing: the step is over.
    Done,
}

/// Cost model: updating 1/16 of the parameters takes about as long as one row. A row costs about
/// ten operations for each parameter, an update of Adam some hundred on a chip, for a division and
/// a square root in software.
const PARAMS_PER_ROW: usize = 16;

impl<N: Trainable, Opt: Optimizer> Trainer<N, Opt> {
    /// Begins a [`step`](Self::step) on a mini-batch that is taken in slices. Samples that were
    /// [accumulated](Self::accumulate) before are forgotten.
    ///
    /// # Errors
    /// [`Error::Empty`], [`Error::Length`], and [`Error::TooLong`] for more than
    /// [`ROWS_PER_BLOCK`] = 4096 rows, whose sum would take yet another gradient.
    pub fn begin_step<'a>(
        &'a mut self,
        rows: &'a [N::Input],
        targets: &'a [N::Output],
    ) -> Result<SlicedStep<'a, N, Opt>, Error> {
        let batch = Batch::new(rows, targets)?;
        if rows.len() > ROWS_PER_BLOCK {
            return Err(Error::TooLong {
                max: ROWS_PER_BLOCK,
                found: rows.len(),
            });
        }
        self.sums.clear();
        Ok(SlicedStep {
            trainer: self,
            batch,
            lane: 0,
            row: 0,
            partial: Sums::UNCLEARED,
            loss: 0.0,
            phase: Phase::Sum,
        })
    }
}

impl<N: Trainable, Opt: Optimizer> SlicedStep<'_, N, Opt> {
    /// Takes up to `rows` more samples (0 counts as 1); when all have been taken, makes their mean
    /// in one slice; then checks `rows` / 16 of the parameters in each of the next, and changes as
    /// many in each of the last. Gives None, and the mean loss before the step from the last slice.
    ///
    /// # Errors
    /// As [`Trainer::step`], but a row or a target is only looked at when its turn comes. Nothing
    /// was learned then, and the step is over: the next call gives [`Error::Empty`], as after the
    /// end.
    #[inline]
    pub fn advance(&mut self, rows: usize) -> Result<Option<f32>, Error> {
        let rows = rows.max(1);
        let share = N::COUNT.div_ceil(PARAMS_PER_ROW).saturating_mul(rows);
        let result = match self.phase {
            Phase::Sum if self.row < self.batch.len() => self.sum(rows),
            Phase::Sum => self.mean(),
            Phase::Check { .. } => self.check(share),
            Phase::Change { at, prepared } => {
                Ok(self.change(at..at.saturating_add(share), prepared))
            }
            Phase::Done => Err(Error::Empty),
        };
        if result.is_err() {
            self.phase = Phase::Done;
        }
        result
    }

    /// The network, as it is before the step until its parameters begin to change.
    #[must_use]
    pub const fn network(&self) -> &N {
        &self.trainer.network
    }

    /// Takes up to `rows` samples.
    #[inline(always)]
    fn sum(&mut self, rows: usize) -> Result<Option<f32>, Error> {
        let Batch {
            rows: inputs,
            targets,
        } = self.batch;
        for _ in 0..rows {
            let (Some(x), Some(y)) = (inputs.get(self.row), targets.get(self.row)) else {
                break;
            };
            let sample = Batch {
                rows: from_ref(x),
                targets: from_ref(y),
            };
            let checked = self.trainer.network.check(sample);
            checked.map_err(|error| error.after(self.row))?;
            self.take(sample);
        }
        Ok(None)
    }

    /// Adds a sample to the partial sum, and the partial sum to the whole if it was its last. In
    /// the order of [`batch`](crate::batch): all rows of the first partial sum, then those of the
    /// second.
    #[inline(always)]
    fn take(&mut self, sample: BatchOf<'_, N>) {
        if self.row == self.lane {
            self.partial.clear();
        }
        let partial = self.partial.as_mut();
        let network = &self.trainer.network;
        sweep::sample_group::<f32, N>(network, sample.rows, sample.targets, partial);
        weighing::add(network, sample.targets, &mut self.partial.weight);
        self.row += PARTIAL_SUMS;
        if self.row < self.batch.len() {
            return;
        }
        self.trainer.sums.merge(&self.partial);
        self.lane += 1;
        let all = self.lane == PARTIAL_SUMS.min(self.batch.len());
        self.row = if all { self.batch.len() } else { self.lane };
    }

    /// Makes the sums means.
    #[inline(always)]
    fn mean(&mut self) -> Result<Option<f32>, Error> {
        let (loss, shared, prepared) = self.trainer.mean(self.batch.len())?;
        self.loss = loss;
        self.phase = Phase::Check {
            at: 0,
            check: QuickCheck::new(),
            shared,
            prepared,
        };
        Ok(None)
    }

    /// Checks `share` parameters.
    #[inline(always)]
    fn check(&mut self, share: usize) -> Result<Option<f32>, Error> {
        let Phase::Check {
            at,
            check,
            shared,
            prepared,
        } = &mut self.phase
        else {
            return Ok(None);
        };
        let to = at.saturating_add(share);
        *check = self.trainer.check(*at..to, *prepared, *check);
        *at = to;
        if to >= N::COUNT {
            self.trainer.decide(*check, prepared)?;
            self.trainer.state.shared = *shared;
            let prepared = *prepared;
            self.phase = Phase::Change { at: 0, prepared };
        }
        Ok(None)
    }

    /// Changes the parameters in this range.
    #[inline(always)]
    fn change(&mut self, range: Range<usize>, prepared: Opt::Prepared) -> Option<f32> {
        let at = range.end;
        self.trainer.change(range, prepared);
        self.phase = Phase::Change { at, prepared };
        if at < N::COUNT {
            return None;
        }
        self.phase = Phase::Done;
        Some(self.loss)
    }
}

impl<N: Trainable, Opt: Optimizer> Drop for SlicedStep<'_, N, Opt> {
    fn drop(&mut self) {
        if let Phase::Change { at, prepared } = self.phase {
            self.trainer.change(at..N::COUNT, prepared);
        }
    }
}

impl<N: Trainable, Opt: Optimizer> Debug for SlicedStep<'_, N, Opt> {
    fn fmt(&self, f: &mut Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("SlicedStep")
            .field("row", &self.row)
            .field("rows", &self.batch.len())
            .finish_non_exhaustive()
    }
}

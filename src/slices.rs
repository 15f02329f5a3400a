//! A step on a mini-batch in slices of bounded time, for a loop that has other things to do.
//!
//! ```
//! use stackprop::{Sgd, Trainer, notebook::{NET_BOOK, X, Y}};
//!
//! let mut trainer = Trainer::new(NET_BOOK, Sgd::new(0.1));
//! let mut slices = trainer.slices(&X, &Y)?;
//! let loss = loop {
//!     // ... what has to happen every millisecond ...
//!     if let Some(loss) = slices.advance(1)? {
//!         break loss;
//!     }
//! };
//! # assert_eq!(Ok(loss), Trainer::new(NET_BOOK, Sgd::new(0.1)).step(&X, &Y));
//! # Ok::<(), stackprop::Error>(())
//! ```

use crate::batch::{self, BLOCK};
use crate::error::Error;
use crate::guard::{self, Glance};
use crate::heads::Head;
use crate::lane::{LANES, NOTHING};
use crate::layers::Layer;
use crate::network::Network;
use crate::optim::Optimizer;
use crate::params::{self, Grad};
use crate::train::Trainer;
use core::array::from_ref;
use core::fmt::{Debug, Formatter};
use core::ops::Range;

/// A step that is under way, from [`Trainer::slices`]: the bits of [`Trainer::step`], whatever the slices.
///
/// It holds one more gradient, for the partial sum that it is at. Dropped before the parameters begin to change, it has
/// changed nothing; dropped between their slices, it changes the others too.
#[must_use = "a step is only taken by advancing to its end"]
pub struct Slices<'a, L, H, Opt, const I: usize, const O: usize>
where
    L: Layer<I, O>,
    H: Head<O>,
    Opt: Optimizer,
{
    trainer: &'a mut Trainer<L, H, Opt, I, O>,
    rows: &'a [[f32; I]],
    targets: &'a [[f32; O]],
    /// Which of the 16 partial sums, and which row is its next.
    lane: usize,
    row: usize,
    /// A partial sum, and in the end the mean loss.
    loss: f32,
    grad: Grad<L>,
    phase: Phase<Opt, Opt::Step>,
}

/// What is done next.
#[derive(Clone, Copy)]
enum Phase<Opt, Step> {
    /// Sums over the rows.
    Sum,
    /// A look at what the parameters from `at` on would become.
    Look {
        at: usize,
        glance: Glance,
        optimizer: Opt,
        step: Step,
    },
    /// The change of the parameters from `at` on.
    Change { at: usize, step: Step },
    /// Nothing.
    Over,
}

/// Parameters that count as much as a row: a sixteenth of them. A row costs about ten operations for each parameter,
/// an update of Adam some hundred on a chip, for two divisions and a square root in software.
const SHARE: usize = 16;

impl<L, H, Opt, const I: usize, const O: usize> Trainer<L, H, Opt, I, O>
where
    L: Layer<I, O>,
    H: Head<O>,
    Opt: Optimizer,
{
    /// Begins a [`step`](Self::step) on a mini-batch that is taken in slices. Samples that were
    /// [accumulated](Self::accumulate) before are forgotten.
    ///
    /// # Errors
    /// [`Error::Empty`], [`Error::Length`], and [`Error::Full`] for more than [`BLOCK`] = 4096 rows, whose sum would
    /// take yet another gradient.
    pub fn slices<'a>(
        &'a mut self,
        rows: &'a [[f32; I]],
        targets: &'a [[f32; O]],
    ) -> Result<Slices<'a, L, H, Opt, I, O>, Error> {
        batch::check(rows.len(), targets.len())?;
        if rows.len() > BLOCK {
            return Err(Error::Full);
        }
        self.forget();
        self.clear();
        Ok(Slices {
            trainer: self,
            rows,
            targets,
            lane: 0,
            row: 0,
            loss: NOTHING,
            grad: L::fill(NOTHING),
            phase: Phase::Sum,
        })
    }
}

impl<L, H, Opt, const I: usize, const O: usize> Slices<'_, L, H, Opt, I, O>
where
    L: Layer<I, O>,
    H: Head<O>,
    Opt: Optimizer,
{
    /// Takes up to `rows` more samples (0 counts as 1); when all have been taken, makes their mean in one slice; then looks at
    /// `rows` / 16 of the parameters in each of the next, and changes as many in each of the last. Gives None, and the
    /// mean loss before the step from the last slice.
    ///
    /// # Errors
    /// As [`Trainer::step`], but a row or a target is only looked at when its turn comes. Nothing was learned then, and the
    /// step is over: the next call gives [`Error::Empty`], as after the end.
    #[inline]
    pub fn advance(&mut self, rows: usize) -> Result<Option<f32>, Error> {
        let rows = rows.max(1);
        let share = L::COUNT.div_ceil(SHARE).saturating_mul(rows);
        let result = match self.phase {
            Phase::Sum if self.row < self.rows.len() => self.sum(rows),
            Phase::Sum => self.mean(),
            Phase::Look { .. } => self.look(share),
            Phase::Change { at, step } => Ok(self.change(at..at.saturating_add(share), step)),
            Phase::Over => Err(Error::Empty),
        };
        if result.is_err() {
            self.phase = Phase::Over;
        }
        result
    }

    /// The network, as it is before the step until its parameters begin to change.
    #[must_use]
    pub fn network(&self) -> &Network<L, H, I, O> {
        &self.trainer.network
    }

    /// Takes up to `rows` samples.
    #[inline(always)]
    fn sum(&mut self, rows: usize) -> Result<Option<f32>, Error> {
        for _ in 0..rows {
            let (Some(x), Some(y)) = (self.rows.get(self.row), self.targets.get(self.row)) else {
                break;
            };
            let (x, y) = (from_ref(x), from_ref(y));
            guard::samples(&self.trainer.network.head, x, y)
                .map_err(|error| error.after(self.row))?;
            self.take(x, y);
        }
        Ok(None)
    }

    /// Adds a sample to the partial sum, and the partial sum to the whole if it was its last. In the order of
    /// [`batch`]: all rows of the first partial sum, then those of the second.
    #[inline(always)]
    fn take(&mut self, x: &[[f32; I]], y: &[[f32; O]]) {
        let network = &self.trainer.network;
        network.add::<f32>(x, y, &mut self.loss, &mut self.grad);
        self.row += LANES;
        if self.row < self.rows.len() {
            return;
        }
        self.trainer.loss += self.loss;
        params::add::<L>(&mut self.trainer.grad, &self.grad);
        (self.loss, self.grad) = (NOTHING, L::fill(NOTHING));
        self.lane += 1;
        let all = self.lane == LANES.min(self.rows.len());
        self.row = if all { self.rows.len() } else { self.lane };
    }

    /// The mean of what was summed.
    #[inline(always)]
    fn mean(&mut self) -> Result<Option<f32>, Error> {
        self.loss = self.trainer.mean(self.rows.len())?;
        let mut optimizer = self.trainer.optimizer;
        let step = optimizer.begin();
        self.phase = Phase::Look {
            at: 0,
            glance: Glance::new(),
            optimizer,
            step,
        };
        Ok(None)
    }

    /// Looks at `share` parameters.
    #[inline(always)]
    fn look(&mut self, share: usize) -> Result<Option<f32>, Error> {
        let Phase::Look {
            at,
            glance,
            optimizer,
            step,
        } = &mut self.phase
        else {
            return Ok(None);
        };
        let to = at.saturating_add(share);
        *glance = self.trainer.look(*at..to, step, *glance);
        *at = to;
        if to >= L::COUNT {
            if !glance.is_fine(&self.trainer.guard) {
                self.trainer.verdict(step)?;
            }
            self.trainer.optimizer = *optimizer;
            let step = *step;
            self.phase = Phase::Change { at: 0, step };
        }
        Ok(None)
    }

    /// Changes the parameters in this range.
    #[inline(always)]
    fn change(&mut self, range: Range<usize>, step: Opt::Step) -> Option<f32> {
        let at = range.end;
        self.trainer.change(range, &step);
        self.phase = Phase::Change { at, step };
        if at < L::COUNT {
            return None;
        }
        self.phase = Phase::Over;
        Some(self.loss)
    }
}

impl<L, H, Opt, const I: usize, const O: usize> Drop for Slices<'_, L, H, Opt, I, O>
where
    L: Layer<I, O>,
    H: Head<O>,
    Opt: Optimizer,
{
    fn drop(&mut self) {
        if let Phase::Change { at, step } = self.phase {
            self.trainer.change(at..L::COUNT, &step);
        }
    }
}

impl<L, H, Opt, const I: usize, const O: usize> Debug for Slices<'_, L, H, Opt, I, O>
where
    L: Layer<I, O>,
    H: Head<O>,
    Opt: Optimizer,
{
    fn fmt(&self, f: &mut Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("Slices")
            .field("row", &self.row)
            .field("rows", &self.rows.len())
            .finish_non_exhaustive()
    }
}

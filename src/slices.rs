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
use crate::guard;
use crate::heads::Head;
use crate::lane::{LANES, NOTHING};
use crate::layers::Layer;
use crate::network::Network;
use crate::optim::Optimizer;
use crate::params::{self, Grad};
use crate::train::Trainer;
use core::array::from_ref;
use core::fmt::{Debug, Formatter};

/// A step that is under way, from [`Trainer::slices`]: the bits of [`Trainer::step`], whatever the slices.
///
/// It holds one more gradient, for the partial sum that it is at. Dropped before its end, it has changed nothing.
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
    loss: f32,
    grad: Grad<L>,
}

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
        Ok(Slices {
            trainer: self,
            rows,
            targets,
            lane: 0,
            row: 0,
            loss: NOTHING,
            grad: L::fill(NOTHING),
        })
    }
}

impl<L, H, Opt, const I: usize, const O: usize> Slices<'_, L, H, Opt, I, O>
where
    L: Layer<I, O>,
    H: Head<O>,
    Opt: Optimizer,
{
    /// Takes up to `rows` more samples (0 counts as 1) and gives None; or, if all have been taken, updates the
    /// parameters and gives the mean loss before the step. The update is a slice by itself; it looks at each
    /// parameter twice, which takes about as long as one sample.
    ///
    /// # Errors
    /// As [`Trainer::step`], but a row or a target that is not finite is only met when its turn comes. Nothing was
    /// learned then, and the step is over: the next call gives [`Error::Empty`], as after the end.
    #[inline]
    pub fn advance(&mut self, rows: usize) -> Result<Option<f32>, Error> {
        for taken in 0..rows.max(1) {
            let (Some(x), Some(y)) = (self.rows.get(self.row), self.targets.get(self.row)) else {
                if taken > 0 {
                    break;
                }
                return self.trainer.update().map(Some);
            };
            if let Err(error) = guard::samples(x, y) {
                self.trainer.forget();
                self.row = self.rows.len();
                return Err(error);
            }
            self.take(x, y);
        }
        Ok(None)
    }

    /// The network as it is before the step.
    #[must_use]
    pub fn network(&self) -> &Network<L, H, I, O> {
        &self.trainer.network
    }

    /// Adds a sample to the partial sum, and the partial sum to the whole if it was its last. In the order of
    /// [`batch`]: all rows of the first partial sum, then those of the second.
    #[inline(always)]
    fn take(&mut self, x: &[f32; I], y: &[f32; O]) {
        let network = &self.trainer.network;
        network.add::<f32>(from_ref(x), from_ref(y), &mut self.loss, &mut self.grad);
        self.trainer.count += 1;
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
}

impl<L, H, Opt, const I: usize, const O: usize> Drop for Slices<'_, L, H, Opt, I, O>
where
    L: Layer<I, O>,
    H: Head<O>,
    Opt: Optimizer,
{
    fn drop(&mut self) {
        self.trainer.forget();
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
            .field("taken", &self.trainer.count)
            .field("rows", &self.rows.len())
            .finish_non_exhaustive()
    }
}

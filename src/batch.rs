//! Batches: rows in, outputs or gradient sums out, in one walk over the data.
//!
//! Rows stay where they are; nothing is allocated. What a pass needs is one tile of samples on
//! the stack. Any number of rows is allowed but 0, which has no mean.
//!
//! # The order of sums
//! A sum over samples, the loss or a gradient, is made of [`LANES`](crate::lane::LANES) = 16 partial sums.
//! Partial sum `l` adds the samples l, l + 16, l + 32, ... in this order; then the partial sums are added in
//! the order of `l`. A batch longer than [`BLOCK`] = 4096 rows is cut into blocks of so many; each is summed like
//! this, and the sums of the blocks are added in order, so that no chain of additions is long. A mean is the
//! total times the float nearest to 1 / n. A sum of nothing is -0, the number that changes no other when added,
//! so missing samples add nothing. This is what every lane width computes, each in its own number of sweeps, so
//! all give the same bits.
//!
//! # Memory
//! On the stack: the activations of one tile and their gradients; the partial sums of one sweep, as many floats for
//! each parameter as a lane type has lanes (1 on a chip without SIMD, and none for up to 16 rows there), and as many again
//! with a copy of 16 rows where the last do not fill a group of lanes (none on such a chip); beyond 4096 rows one more gradient.

use crate::error::Error;
use crate::heads::Head;
use crate::lane::{Lane, NOTHING, Wide};
use crate::layers::Layer;
use crate::network::Network;
use crate::params::{self, Grad, Params};
use core::fmt::{Debug, Formatter};

/// Rows whose 16 partial sums are added up before the next rows begin others.
pub const BLOCK: usize = 4096;

/// Losses and gradients of a network `N` summed over samples.
///
/// What a batch, or several, or samples that arrive one by one have been added to with
/// [`Network::accumulate`]. Up to 16 samples added one by one give the bits of a batch of them.
#[derive(Clone, Copy)]
pub struct Sums<N: Params> {
    /// The sum of the losses.
    pub loss: f32,
    /// The sum of the gradients.
    pub grad: Grad<N>,
    /// How many samples are in both.
    pub count: usize,
}

impl<N: Params> Sums<N> {
    /// Sums over no sample yet.
    #[inline]
    #[must_use]
    pub fn new() -> Self {
        Self {
            loss: NOTHING,
            grad: N::fill(NOTHING),
            count: 0,
        }
    }

    /// Adds the sums over samples that come after these.
    ///
    /// The sum over a batch is that of its blocks of [`BLOCK`] rows, added in order. So blocks may be summed anywhere, on
    /// other threads or other machines, each into sums of its own, and merged in order of the blocks: the result is that
    /// of [`Network::accumulate`] over all rows, bit for bit, however many worked on it.
    #[inline]
    pub fn merge(&mut self, other: &Self) {
        self.loss += other.loss;
        params::add::<N>(&mut self.grad, &other.grad);
        self.count += other.count;
    }

    /// The mean loss; the gradient becomes the mean gradient. Both are the sums times the float nearest
    /// to 1 / `count`; over no sample they are NaN.
    #[inline]
    #[must_use]
    pub fn mean(mut self) -> (f32, Grad<N>) {
        let loss = mean::<N>(self.loss, &mut self.grad, self.count);
        (loss, self.grad)
    }
}

impl<N: Params> Default for Sums<N> {
    fn default() -> Self {
        Self::new()
    }
}

impl<N: Params<Of<f32>: Debug>> Debug for Sums<N> {
    fn fmt(&self, f: &mut Formatter<'_>) -> core::fmt::Result {
        let Self { loss, grad, count } = self;
        f.debug_struct("Sums")
            .field("loss", loss)
            .field("grad", grad)
            .field("count", count)
            .finish()
    }
}

impl<L: Layer<I, O>, H: Head<O>, const I: usize, const O: usize> Network<L, H, I, O> {
    /// y_hat of each row, overwriting `y_hat`.
    ///
    /// # Errors
    /// [`Error::Empty`] for no rows, [`Error::Length`] where `y_hat` has another length than `rows`.
    pub fn forward_batch(&self, rows: &[[f32; I]], y_hat: &mut [[f32; O]]) -> Result<(), Error> {
        self.forward_batch_on::<Wide>(rows, y_hat)
    }

    /// The mean loss of a batch, and the gradient of that mean, overwriting `grad`.
    ///
    /// # Errors
    /// [`Error::Empty`] for no rows, [`Error::Length`] where `targets` has another length than `rows`;
    /// `grad` is unchanged then.
    pub fn gradient_batch(
        &self,
        rows: &[[f32; I]],
        targets: &[[f32; O]],
        grad: &mut Grad<L>,
    ) -> Result<f32, Error> {
        self.gradient_batch_on::<Wide>(rows, targets, grad)
    }

    /// Adds the losses and gradients of a batch to `sums`: its 16 partial sums, or the sums of its blocks if it is longer than
    /// [`BLOCK`], one after the other to what is there. For pieces with the bits of the whole see [`Sums::merge`].
    ///
    /// # Errors
    /// [`Error::Empty`] for no rows, [`Error::Length`] where `targets` has another length than `rows`;
    /// `sums` is unchanged then.
    pub fn accumulate(
        &self,
        rows: &[[f32; I]],
        targets: &[[f32; O]],
        sums: &mut Sums<Self>,
    ) -> Result<(), Error> {
        self.accumulate_on::<Wide>(rows, targets, sums)
    }

    /// [`forward_batch`](Self::forward_batch) on lanes of your choice.
    ///
    /// # Errors
    /// As there.
    #[inline]
    pub fn forward_batch_on<V: Lane>(
        &self,
        rows: &[[f32; I]],
        y_hat: &mut [[f32; O]],
    ) -> Result<(), Error> {
        check(rows.len(), y_hat.len())?;
        let (rows, y_hat) = self.forward_whole::<V>(rows, y_hat);
        let (rows, y_hat) = self.forward_whole::<V::Acc>(rows, y_hat);
        self.forward_whole::<f32>(rows, y_hat);
        Ok(())
    }

    /// [`gradient_batch`](Self::gradient_batch) on lanes of your choice.
    ///
    /// # Errors
    /// As there.
    #[inline]
    pub fn gradient_batch_on<V: Lane>(
        &self,
        rows: &[[f32; I]],
        targets: &[[f32; O]],
        grad: &mut Grad<L>,
    ) -> Result<f32, Error> {
        check(rows.len(), targets.len())?;
        *grad = L::fill(NOTHING);
        let mut loss = NOTHING;
        self.add_blocks::<V>(rows, targets, &mut loss, grad);
        Ok(mean::<L>(loss, grad, rows.len()))
    }

    /// [`accumulate`](Self::accumulate) on lanes of your choice.
    ///
    /// # Errors
    /// As there.
    #[inline]
    pub fn accumulate_on<V: Lane>(
        &self,
        rows: &[[f32; I]],
        targets: &[[f32; O]],
        sums: &mut Sums<Self>,
    ) -> Result<(), Error> {
        check(rows.len(), targets.len())?;
        self.add_blocks::<V>(rows, targets, &mut sums.loss, &mut sums.grad);
        sums.count += rows.len();
        Ok(())
    }
}

/// Sums over `count` samples to means.
#[inline(always)]
pub(crate) fn mean<L: Params>(loss: f32, grad: &mut Grad<L>, count: usize) -> f32 {
    if count == 1 {
        return loss;
    }
    let factor = 1.0 / count as f32;
    params::scale::<L>(grad, factor);
    loss * factor
}

/// Refuses a batch that is empty or whose two parts differ in length.
#[inline(always)]
pub(crate) fn check(rows: usize, other: usize) -> Result<(), Error> {
    if rows != other {
        return Err(Error::Length {
            expected: rows,
            found: other,
        });
    }
    if rows == 0 { Err(Error::Empty) } else { Ok(()) }
}

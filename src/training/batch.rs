//! Batches: rows in, outputs or sums of gradients out, in one pass over the data.
//!
//! Rows stay where they are; nothing is allocated. Any number of rows is allowed but 0, which has
//! no mean.
//!
//! # The order of sums
//! A sum over samples, of losses or gradients, is made of
//! [`PARTIAL_SUMS`](crate::simd::PARTIAL_SUMS) = 16 partial sums. Partial sum `l` adds the samples
//! l, l + 16, l + 32, ... in this order; then the partial sums are added in the order of `l`. A
//! batch longer than [`ROWS_PER_BLOCK`] = 4096 rows is cut into blocks of that length. Each is
//! summed like this, and the sums of the blocks are added in order, which keeps the chains of
//! additions short. A mean is the total times the float nearest to 1 / n; from 2^24 rows on, n is
//! rounded to a float before the division. A sum starts from -0, the number that changes no other
//! when added, so missing samples add nothing. Every vector width computes this, each in its own
//! number of passes, so all give the same bits.
//!
//! Where the head weighs samples ([`Head::WEIGHTED`](crate::Head::WEIGHTED)), the mean is the total
//! times the float nearest to 1 / W. W is the sum of what the samples count, in the same order.
//!
//! # The error of sums
//! Each addition rounds by at most 2^-24 of its result. In a block a number goes through at most
//! 255 additions that round in its partial sum and 15 of partial sums, then one more for each later
//! block. So over B blocks the error of a sum is at most about (269 + B) 2^-24 times the sum of
//! absolute values: 1.6e-5 of it for one block, 3e-4 for 20 million rows, and 6 % for 2^32. That is
//! the worst case, where all round in one direction. Mini-batches keep B small, and
//! [`Trainer::epoch`](crate::Trainer::epoch) takes the exact mean of their losses. Samples that
//! are accumulated one by one, n of them, make one chain: at most about n 2^-24.
//!
//! # Memory
//! On the stack: the activations of one tile of samples and their gradients, and the partial sums
//! of one pass, one gradient per lane. Where the last rows do not fill a group of lanes, as many
//! again and a copy of 16 rows. Up to 64 rows, in place of partial sums a copy of the inputs of the
//! largest layer. Beyond 4096 rows one more gradient. On a chip without SIMD: the
//! activations of four samples; one gradient from 17 rows on, unless there are 32 or 64; and one
//! more beyond 4096. Helium, the vectors of a Cortex-M55, takes one gradient more, for the columns
//! of the weights, or 16 of them where there are fewer than 64 parameters.

use crate::error::Error;
use crate::kernels::simd::{DefaultVector, SUM_START, SumVector, Vector};
use crate::model::heads::Head;
use crate::model::layers::Layer;
use crate::model::network::{Model, Network};
use crate::model::params::Grad;
use crate::training::sums::{Sums, SumsMut};
use crate::training::{blockwise, outputs, sweep, weighing};

pub use crate::training::shares::{blocks, share};

/// Rows in a block: after this many, the 16 partial sums are added up and the next ones begin.
pub const ROWS_PER_BLOCK: usize = 4096;

/// Rows and their targets, as many of one as of the other.
#[derive(Debug)]
pub(crate) struct Batch<'a, X, Y> {
    pub(crate) rows: &'a [X],
    pub(crate) targets: &'a [Y],
}

/// A batch for a network.
pub(crate) type BatchOf<'a, N> = Batch<'a, <N as Model>::Input, <N as Model>::Output>;

impl<X, Y> Clone for Batch<'_, X, Y> {
    #[inline(always)]
    fn clone(&self) -> Self {
        *self
    }
}

impl<X, Y> Copy for Batch<'_, X, Y> {}

impl<'a, X, Y> Batch<'a, X, Y> {
    /// A batch of at least one row.
    #[inline(always)]
    pub(crate) const fn new(rows: &'a [X], targets: &'a [Y]) -> Result<Self, Error> {
        if let Err(error) = Error::check_lengths(rows.len(), targets.len()) {
            return Err(error);
        }
        if rows.is_empty() {
            return Err(Error::Empty);
        }
        Ok(Self { rows, targets })
    }

    #[inline(always)]
    pub(crate) const fn len(&self) -> usize {
        self.rows.len()
    }

    /// The batch without its first `n` rows.
    // `get`, not `chunks`: a chunk size that might be 0 keeps a panic path alive. Guarded by
    // `no_panic_links`.
    #[inline(always)]
    pub(crate) fn skip(self, n: usize) -> Self {
        Self {
            rows: self.rows.get(n..).unwrap_or_default(),
            targets: self.targets.get(n..).unwrap_or_default(),
        }
    }

    /// The batch in pieces of `n` rows, the last one shorter.
    #[inline(always)]
    pub(crate) fn chunks(self, n: usize) -> impl Iterator<Item = Self> {
        let pieces = self.rows.chunks(n).zip(self.targets.chunks(n));
        pieces.map(|(rows, targets)| Self { rows, targets })
    }
}

impl<L: Layer<I, O>, H: Head<O>, const I: usize, const O: usize> Network<L, H, I, O> {
    /// y_hat of each row, overwriting `y_hat`.
    ///
    /// # Errors
    /// [`Error::Empty`] for no rows, [`Error::Length`] where `y_hat` has another length than
    /// `rows`.
    pub fn forward_batch(&self, rows: &[[f32; I]], y_hat: &mut [[f32; O]]) -> Result<(), Error> {
        self.forward_batch_on::<DefaultVector>(rows, y_hat)
    }

    /// The mean loss of a batch, and the gradient of that mean, overwriting `grad`.
    ///
    /// # Errors
    /// [`Error::Empty`] for no rows, or for rows that all count 0 (see [`Head::weight`]);
    /// [`Error::Length`] where `targets` has another length than `rows`; [`Error::NotFinite`] where
    /// the sum of what they count is not finite; `grad` is unchanged then.
    pub fn gradient_batch(
        &self,
        rows: &[[f32; I]],
        targets: &[[f32; O]],
        grad: &mut Grad<L>,
    ) -> Result<f32, Error> {
        self.gradient_batch_on::<SumVector>(rows, targets, grad)
    }

    /// Adds the losses and gradients of a batch to `sums`: its 16 partial sums, or the sums of its
    /// blocks if it is longer than [`ROWS_PER_BLOCK`], one after the other. For pieces with the
    /// bits of the whole see [`Sums::merge`].
    ///
    /// # Errors
    /// [`Error::Empty`] for no rows, [`Error::Length`] where `targets` has another length than
    /// `rows`, [`Error::TooLong`] where the count would exceed `usize::MAX`; `sums` is unchanged
    /// then.
    pub fn accumulate(
        &self,
        rows: &[[f32; I]],
        targets: &[[f32; O]],
        sums: &mut Sums<Self>,
    ) -> Result<(), Error> {
        self.accumulate_on::<SumVector>(rows, targets, sums)
    }

    /// [`forward_batch`](Self::forward_batch) on vectors of your choice.
    ///
    /// ```
    /// use stackprop::{notebook::{NET, X}, simd::F32x8};
    ///
    /// let mut y_hat = [[0.0]; 4];
    /// NET.forward_batch_on::<F32x8>(&X, &mut y_hat)?;
    /// assert_eq!(y_hat, X.map(|x| NET.forward(&x)));
    /// # Ok::<(), stackprop::Error>(())
    /// ```
    ///
    /// # Errors
    /// As there.
    #[inline]
    pub fn forward_batch_on<V: Vector>(
        &self,
        rows: &[[f32; I]],
        y_hat: &mut [[f32; O]],
    ) -> Result<(), Error> {
        Batch::new(rows, y_hat)?;
        outputs::forward::<V, Self>(self, rows, y_hat);
        Ok(())
    }

    /// [`gradient_batch`](Self::gradient_batch) on vectors of your choice.
    ///
    /// # Errors
    /// As there.
    #[inline]
    pub fn gradient_batch_on<V: Vector>(
        &self,
        rows: &[[f32; I]],
        targets: &[[f32; O]],
        grad: &mut Grad<L>,
    ) -> Result<f32, Error> {
        let batch = Batch::new(rows, targets)?;
        let weight = weighing::of(self, targets)?;
        let loss = &mut { SUM_START };
        let mut sums = SumsMut { loss, grad };
        blockwise::add::<V, Self>(self, batch, true, sums.reborrow());
        Ok(weighing::scale_to_mean(sums, batch.len(), weight))
    }

    /// [`accumulate`](Self::accumulate) on vectors of your choice.
    ///
    /// ```
    /// use stackprop::{Sums, notebook::{NET, X, Y}, simd::F32x4};
    ///
    /// let (mut four, mut one) = (Sums::new(), Sums::new());
    /// NET.accumulate_on::<F32x4>(&X, &Y, &mut four)?;
    /// NET.accumulate_on::<f32>(&X, &Y, &mut one)?;
    /// assert_eq!(four.mean(), one.mean());
    /// # Ok::<(), stackprop::Error>(())
    /// ```
    ///
    /// # Errors
    /// As there.
    #[inline]
    pub fn accumulate_on<V: Vector>(
        &self,
        rows: &[[f32; I]],
        targets: &[[f32; O]],
        sums: &mut Sums<Self>,
    ) -> Result<(), Error> {
        sweep::accumulate::<V, Self>(self, Batch::new(rows, targets)?, sums)
    }
}

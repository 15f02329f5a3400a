//! Losses and gradients summed over samples.

use crate::error::Error;
use crate::kernels::simd::{Native, SUM_START, Vector};
use crate::kernels::zero::Zero;
use crate::model::params::{self, Grad, Params};
use core::fmt::{Debug, Formatter};

/// The losses and gradients of a network `N`, summed over samples: of one batch, of several, or of
/// samples that arrive one by one. [`Network::accumulate`](crate::Network::accumulate) adds to it.
///
/// With a vector type for `V` it holds partial sums, one in each lane.
///
/// The sums are `f32` and round; [`batch`](crate::batch) says by how much. Samples added one by one
/// make one long chain of additions: from 2^24 on a sample like the others adds nothing. The count
/// is an integer and right to `usize::MAX`.
///
/// ```
/// use stackprop::{Sums, notebook::{BOOK_NET, NetBook, X, Y}};
///
/// let mut sums = Sums::<NetBook>::new();
/// BOOK_NET.accumulate(&X, &Y, &mut sums)?;
/// let (loss, grad) = sums.mean();
/// assert_eq!(loss, BOOK_NET.gradient_batch(&X, &Y, &mut NetBook::zero_grad())?);
/// # assert!(grad.0.weight[0][0] != 0.0);
/// # Ok::<(), stackprop::Error>(())
/// ```
#[derive(Clone, Copy)]
pub struct Sums<N: Params, V: Zero = f32> {
    /// The sum of the losses.
    pub loss: V,
    /// The sum of the gradients.
    pub grad: N::Of<V>,
    /// How many samples are in both. Samples that would count beyond `usize::MAX` are refused.
    pub count: usize,
    /// The sum of what the samples count, where the head is
    /// [`WEIGHTED`](crate::Head::WEIGHTED); -0 where it is not. The mean is divided by it in place
    /// of `count`.
    pub weight: f32,
}

/// Sums whose loss and gradient may lie apart.
pub(crate) struct SumsMut<'a, N: Params, V: Zero = f32> {
    pub(crate) loss: &'a mut V,
    pub(crate) grad: &'a mut N::Of<V>,
}

impl<N: Params, V: Vector> Sums<N, V> {
    /// Sums over no sample yet.
    #[inline(always)]
    #[must_use]
    pub fn new() -> Self {
        let mut sums = Self::unfinished();
        sums.finish();
        sums
    }

    /// Whether new sums are made as one value. On chips, and where they are large, they are filled
    /// where they lie: a gradient that is returned by value takes stack for each copy. With SIMD
    /// and optimisation that would only write small ones twice. Guarded by
    /// `cargo chip m4f::stack_bound` and by `cargo bench --bench throughput`.
    pub(crate) const AS_A_VALUE: bool =
        Native::LANES > 1 && size_of::<Self>() <= 65_536 && !cfg!(debug_assertions);

    /// New sums, after [`finish`](Self::finish) where they lie.
    #[inline(always)]
    pub(crate) fn unfinished() -> Self {
        if !Self::AS_A_VALUE {
            return Self::UNCLEARED;
        }
        Self {
            loss: V::splat(SUM_START),
            grad: N::fill(V::splat(SUM_START)),
            count: 0,
            weight: SUM_START,
        }
    }

    #[inline(always)]
    pub(crate) fn finish(&mut self) {
        if !Self::AS_A_VALUE {
            self.clear();
        }
    }

    /// Back to no sample.
    #[inline(always)]
    pub fn clear(&mut self) {
        self.as_mut().clear();
        self.count = 0;
        self.weight = SUM_START;
    }

    /// Adds the lanes to `sums`, in order.
    #[inline(always)]
    pub(crate) fn add_lanes_to(&self, sums: SumsMut<'_, N>) {
        (0..V::LANES).for_each(|l| *sums.loss += self.loss.extract(l));
        params::add_lanes::<N, V>(sums.grad, &self.grad);
    }

    /// The count with `more` samples.
    #[inline(always)]
    pub(crate) const fn count_with(&self, more: usize) -> Result<usize, Error> {
        match self.count.checked_add(more) {
            Some(count) => Ok(count),
            None => Err(Error::TooLong {
                max: usize::MAX - self.count,
                found: more,
            }),
        }
    }

    /// The same, and whether they are the first: then the weights are summed anew.
    #[inline(always)]
    pub(crate) fn count_in(&mut self, more: usize) -> Result<(usize, bool), Error> {
        let first = self.count == 0;
        let count = self.count_with(more)?;
        if first {
            self.weight = SUM_START;
        }
        Ok((count, first))
    }

    #[inline(always)]
    pub(crate) const fn as_mut(&mut self) -> SumsMut<'_, N, V> {
        SumsMut {
            loss: &mut self.loss,
            grad: &mut self.grad,
        }
    }
}

impl<N: Params, V: Zero> Sums<N, V> {
    /// Sums that [`clear`](Self::clear) has to clear before anything is added. All bytes are 0.
    pub(crate) const UNCLEARED: Self = Self {
        loss: V::ZERO,
        grad: <N::Of<V> as Zero>::ZERO,
        count: 0,
        weight: 0.0,
    };
}

impl<N: Params> Sums<N> {
    /// Adds the sums over samples that come after these.
    ///
    /// The sum over a batch is that of its blocks of
    /// [`ROWS_PER_BLOCK`](crate::batch::ROWS_PER_BLOCK) rows, added in order. So blocks may be
    /// summed anywhere, on other threads or other machines, each into sums of its own, and merged
    /// in order of the blocks, into sums over no sample: the result is that of
    /// [`Network::accumulate`](crate::Network::accumulate) over all rows, bit for bit, however many
    /// worked on it. [`batch::blocks`](crate::batch::blocks) has the rows of each block,
    /// [`copy_to_slice`](Self::copy_to_slice) what travels, and
    /// [`Trainer::accumulate_sums`](crate::Trainer::accumulate_sums) takes it. The page
    /// [`guide::beyond`](crate::guide::beyond) shows all of it over MPI.
    ///
    /// The count stops at `usize::MAX`: beyond, [`mean`](Self::mean) divides by too little.
    #[inline]
    pub fn merge(&mut self, other: &Self) {
        self.loss += other.loss;
        params::add::<N>(&mut self.grad, &other.grad);
        self.count = self.count.saturating_add(other.count);
        self.weight += other.weight;
    }

    /// The mean loss and the mean gradient: the sums times the float nearest to 1 / `count`. From
    /// 2^24 samples on, `count` is rounded to a float before the division: two roundings. Over no
    /// sample they are NaN.
    ///
    /// Where the head is [`WEIGHTED`](crate::Head::WEIGHTED), the sums times the float nearest to
    /// 1 / `weight`: infinities and NaN where `weight` is 0.
    #[inline]
    #[must_use]
    pub fn mean(mut self) -> (f32, Grad<N>) {
        let (count, weight) = (self.count, self.weight);
        let sums = self.as_mut();
        let loss = if weight.to_bits() == SUM_START.to_bits() {
            sums.scale_to_mean(count)
        } else {
            sums.scale(1.0 / weight)
        };
        (loss, self.grad)
    }
}

impl<N: Params, V: Zero> SumsMut<'_, N, V> {
    /// The same, for a call.
    #[inline(always)]
    pub(crate) const fn reborrow(&mut self) -> SumsMut<'_, N, V> {
        SumsMut {
            loss: self.loss,
            grad: self.grad,
        }
    }
}

impl<N: Params, V: Vector> SumsMut<'_, N, V> {
    /// Back to no sample.
    #[inline(always)]
    pub(crate) fn clear(&mut self) {
        *self.loss = V::splat(SUM_START);
        params::set_all::<N, _>(self.grad, V::splat(SUM_START));
    }
}

impl<N: Params> SumsMut<'_, N> {
    /// Makes the gradient the mean over `count` samples, and gives the mean loss.
    #[inline(always)]
    pub(crate) fn scale_to_mean(self, count: usize) -> f32 {
        if count == 1 {
            return *self.loss;
        }
        self.scale(1.0 / count as f32)
    }

    /// Multiplies the gradient, and gives the loss times the factor.
    #[inline(always)]
    pub(crate) fn scale(self, factor: f32) -> f32 {
        params::scale::<N>(self.grad, factor);
        *self.loss * factor
    }
}

impl<N: Params, V: Vector> Default for Sums<N, V> {
    fn default() -> Self {
        Self::new()
    }
}

impl<N: Params<Of<V>: PartialEq>, V: Zero + PartialEq> PartialEq for Sums<N, V> {
    fn eq(&self, other: &Self) -> bool {
        let numbers = |this: &Self| (this.loss, this.count, this.weight);
        self.grad == other.grad && numbers(self) == numbers(other)
    }
}

impl<N: Params<Of<V>: Debug>, V: Zero + Debug> Debug for Sums<N, V> {
    fn fmt(&self, f: &mut Formatter<'_>) -> core::fmt::Result {
        let Self {
            loss,
            grad,
            count,
            weight,
        } = self;
        f.debug_struct("Sums")
            .field("loss", loss)
            .field("grad", grad)
            .field("count", count)
            .field("weight", weight)
            .finish()
    }
}

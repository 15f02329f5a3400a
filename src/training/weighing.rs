//! What samples count in the mean of a batch, for heads that are
//! [`WEIGHTED`](crate::Head::WEIGHTED). All of it is left out where the head is not.

use crate::error::Error;
use crate::kernels::simd::{PARTIAL_SUMS, SUM_START};
use crate::model::heads::Head;
use crate::training::batch::{Batch, ROWS_PER_BLOCK};
use crate::training::guard;
use crate::training::sums::SumsMut;
use crate::training::walk::Walk;
use core::array::from_ref;
use core::ops::Range;

/// Adds what the samples of a batch count to `sum`, in the order of [`batch`](crate::batch).
#[inline(always)]
pub(crate) fn add<N: Walk>(net: &N, targets: &[N::Output], sum: &mut f32) {
    if N::WEIGHTED {
        let weight = |at| targets.get(at).map_or(0.0, |target| net.weight(target));
        add_each(targets.len(), weight, sum);
    }
}

/// The same for `count` samples, each with the number that `weight` gives.
pub(crate) fn add_each(count: usize, weight: impl Fn(usize) -> f32, sum: &mut f32) {
    if count <= ROWS_PER_BLOCK {
        add_block(0..count, weight, sum);
        return;
    }
    for first in (0..count).step_by(ROWS_PER_BLOCK) {
        let mut part = SUM_START;
        add_block(first..count.min(first + ROWS_PER_BLOCK), &weight, &mut part);
        *sum += part;
    }
}

/// Adds the partial sums of a block: sum l takes rows l, l + 16, l + 32, ...
fn add_block(rows: Range<usize>, weight: impl Fn(usize) -> f32, sum: &mut f32) {
    for first in rows.clone().take(PARTIAL_SUMS) {
        let partial = (first..rows.end).step_by(PARTIAL_SUMS);
        // 0.0 makes 0 of -0, which says that nothing was weighed.
        *sum += partial.fold(SUM_START, |sum, at| sum + (weight(at) + 0.0));
    }
}

/// The sum of what the samples of a batch count; -0 where the head does not weigh them.
///
/// # Errors
/// Those of [`check`].
#[inline(always)]
pub(crate) fn of<N: Walk>(net: &N, targets: &[N::Output]) -> Result<f32, Error> {
    let mut sum = SUM_START;
    add(net, targets, &mut sum);
    if N::WEIGHTED {
        check(sum)?;
    }
    Ok(sum)
}

/// Makes the sums means, and gives the mean loss: over `count` samples, or over the sum of what
/// they count.
#[inline(always)]
pub(crate) fn scale_to_mean<N: Walk>(sums: SumsMut<'_, N>, count: usize, weight: f32) -> f32 {
    if N::WEIGHTED {
        sums.scale(1.0 / weight)
    } else {
        sums.scale_to_mean(count)
    }
}

/// The factor that makes a mean of the loss and the gradient of one sample: what
/// [`scale_to_mean`] multiplies with.
///
/// # Errors
/// Those of [`check`].
#[inline(always)]
pub(crate) fn factor<H: Head<O>, const O: usize>(
    head: &H,
    target: &[f32; O],
) -> Result<f32, Error> {
    if H::WEIGHTED {
        let weight = head.weight(target);
        check(weight)?;
        return Ok(1.0 / weight);
    }
    Ok(1.0)
}

/// Refuses what no step on one sample can be taken with, and gives its [`factor`].
#[inline(always)]
pub(crate) fn check_sample<H: Head<O>, const I: usize, const O: usize>(
    head: &H,
    x: &[f32; I],
    target: &[f32; O],
) -> Result<f32, Error> {
    let (rows, targets) = (from_ref(x), from_ref(target));
    guard::check_samples(head, Batch { rows, targets })?;
    factor(head, target)
}

/// Refuses a sum of weights that no mean can be divided by: [`Error::Empty`] if it is 0, and the
/// loss as not finite if the sum is not.
#[inline(always)]
pub(crate) const fn check(sum: f32) -> Result<(), Error> {
    match guard::check_loss(sum) {
        Ok(sum) if sum > 0.0 => Ok(()),
        Ok(_) => Err(Error::Empty),
        Err(error) => Err(error),
    }
}

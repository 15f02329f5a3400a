//! A batch for several workers: its blocks, and the share of each worker.

use crate::training::batch::ROWS_PER_BLOCK;
use core::ops::Range;

/// The rows of each block of a batch of `rows` rows: [`ROWS_PER_BLOCK`] at a time, the last ones
/// fewer. No block for no rows.
///
/// Each block may be summed anywhere, into [`Sums`](crate::Sums) of its own. Merged in the order of
/// this iterator they have the bits of the whole batch.
///
/// ```
/// use stackprop::{Sums, batch, notebook::{BOOK_NET, NetBook}};
///
/// let rows: Vec<[f32; 3]> = (0..10_000).map(|k| [k as f32 / 1e4, 0.5, -0.5]).collect();
/// let targets = vec![[1.0]; rows.len()];
///
/// let mut total = Sums::<NetBook>::new();
/// for block in batch::blocks(rows.len()) {
///     let mut sums = Sums::new(); // on any thread or machine
///     BOOK_NET.accumulate(&rows[block.clone()], &targets[block], &mut sums)?;
///     total.merge(&sums); // here, in order
/// }
/// let mut grad = NetBook::zero_grad();
/// let loss = BOOK_NET.gradient_batch(&rows, &targets, &mut grad)?;
/// assert_eq!(total.mean(), (loss, grad));
/// # Ok::<(), stackprop::Error>(())
/// ```
#[must_use]
pub fn blocks(
    rows: usize,
) -> impl DoubleEndedIterator<Item = Range<usize>> + ExactSizeIterator + Clone {
    (0..rows.div_ceil(ROWS_PER_BLOCK)).map(move |block| {
        let start = block * ROWS_PER_BLOCK;
        start..start + (rows - start).min(ROWS_PER_BLOCK)
    })
}

/// Which of `count` things worker `worker` of `workers` takes: the shares are in order, without a
/// gap, and differ by one thing at most, the first workers having more. Nothing for a worker that
/// there is not.
///
/// Of blocks, for a batch in which each worker holds its own rows; of the numbers of
/// [`Sums`](crate::Sums), where each adds some of them over all blocks.
///
/// ```
/// use stackprop::batch;
///
/// let blocks = batch::blocks(30_000); // 8 of them
/// let of_rank_1 = batch::share(blocks.len(), 1, 3);
/// assert_eq!(of_rank_1, 3..6);
/// let mut rows = blocks.skip(of_rank_1.start).take(of_rank_1.len());
/// assert_eq!(rows.next(), Some(12_288..16_384));
/// assert_eq!(rows.last(), Some(20_480..24_576));
/// ```
#[must_use]
pub const fn share(count: usize, worker: usize, workers: usize) -> Range<usize> {
    if worker >= workers {
        return count..count;
    }
    let (each, more) = (count / workers, count % workers);
    let with_more = if worker < more { worker } else { more };
    let start = worker * each + with_more;
    start..start + each + (worker < more) as usize
}

//! Traversal of a batch for its sums. Rows are taken a tile at a time, then a group at a time. An
//! incomplete last group is padded, and the surplus lanes are discarded.
//!
//! A group is as many rows as the vector of partial sums, `V::Partial`, has lanes; a tile is as
//! many groups as `V` has. A block of up to 4096 rows, with tiles of 4 groups of 8 lanes
//! (`Tile<F32x8, 4>`):
//! ```text
//!              partial sum   0  1 ..  7 |  8  9 .. 15
//!  rows  0..16               0  1 ..  7 |  8  9 .. 15     one group of a sweep: 8 rows
//!  rows 16..32              16 17 .. 23 | 24 25 .. 31     one tile: 4 groups, 16 rows apart
//!  ...                       ^ sweep 0     ^ sweep 1      16 / 8 = 2 sweeps over the block
//!  last rows                 a padded group
//!
//!  blockwise::add -> add_block -> add_sweeps -> sweep -> full_groups -> add_groups
//!     per block     |                                |                 -> Walk::add_group
//!                   |                                '-> padded_group -^
//!                   '-> whole::add, for short batches with SIMD       -^
//! ```
//! See [`batch`](crate::batch) for the order of sums that this computes. What is out of line takes
//! rows and targets apart: a `Batch` would go through memory, and hide a constant length from the
//! optimiser.

use crate::error::Error;
use crate::kernels::simd::{Native, PARTIAL_SUMS, SUM_START, Tile, Vector};
use crate::kernels::zero::Zero;
use crate::model::layers::Activations;
use crate::model::params;
use crate::training::batch::{Batch, BatchOf};
use crate::training::sums::{Sums, SumsMut};
use crate::training::{blockwise, together, walk::Walk, weighing, whole};

/// The most bytes of partial sums in lanes, 640 KiB. An incomplete last group doubles them, and
/// both fit the 2 MiB that a thread of a host has by default.
const MOST_IN_LANES: usize = 640 * 1024;

/// A tile of four rows that share one gradient, for larger networks. For 784-128-10 it is as fast
/// as one gradient per lane, and twice as fast where there are 16.
pub(crate) type Shared = Tile<f32, 4>;

/// Whether the partial sums of `N` are too large for a gradient in each lane of `V`.
pub(crate) const fn is_large<V: Vector, N: Walk>() -> bool {
    V::Partial::LANES > 1 && size_of::<N::Of<V::Partial>>() > MOST_IN_LANES
}

/// The samples that are computed together on `V`, and the bytes of their partial sums.
pub(crate) const fn room<V: Vector, N: Walk>() -> (usize, usize) {
    if is_large::<V, N>() {
        (Shared::LANES, size_of::<Sums<N>>())
    } else if V::Partial::LANES > 1 {
        // Twice, for an incomplete last group; twice more where they are values that opt-level s
        // copies.
        let copies = if Sums::<N, V::Partial>::AS_A_VALUE {
            4
        } else {
            2
        };
        (V::LANES, copies * size_of::<Sums<N, V::Partial>>())
    } else {
        (V::LANES, size_of::<Sums<N>>())
    }
}

/// Adds a batch to `sums`, with its count; nothing if that would be too large.
#[inline(always)]
pub(crate) fn accumulate<V: Vector, N: Walk>(
    net: &N,
    batch: BatchOf<'_, N>,
    sums: &mut Sums<N>,
) -> Result<(), Error> {
    let count = sums.count_with(batch.len())?;
    blockwise::add::<V, N>(net, batch, false, sums.as_mut());
    weighing::add(net, batch.targets, &mut sums.weight);
    sums.count = count;
    Ok(())
}

/// Adds the partial sums of a block.
#[inline(always)]
pub(crate) fn add_block<V: Vector, N: Walk>(net: &N, batch: BatchOf<'_, N>, sums: SumsMut<'_, N>) {
    if const { together::applies::<V, N>() } {
        together::add_block::<N>(net, batch, sums);
        return;
    }
    let lanes = V::Partial::LANES;
    let few = if lanes == 1 { PARTIAL_SUMS } else { lanes - 1 };
    if batch.len() <= few {
        add_singles::<N>(net, batch.rows, batch.targets, batch.len(), sums);
    } else if const { whole::applies::<V, N>() } && batch.len() <= whole::MOST_ROWS {
        whole::add::<V, N>(net, batch.rows, batch.targets, sums);
    } else {
        add_sweeps::<V, N>(net, batch.rows, batch.targets, sums);
    }
}

/// As many sweeps over a block as it takes for the lanes of `V::Partial` to cover all 16 sums.
// Out of line: its partial sums are `V::Partial::LANES` gradients, which shorter batches do not
// need. Guarded by `cargo chip m4f::stack_bound`.
#[inline(never)]
fn add_sweeps<V: Vector, N: Walk>(
    net: &N,
    rows: &[N::Input],
    targets: &[N::Output],
    mut sums: SumsMut<'_, N>,
) {
    let mut partial = Sums::<N, V::Partial>::unfinished();
    partial.finish();
    for first in (0..PARTIAL_SUMS).step_by(V::Partial::LANES) {
        let (Some(rows), Some(targets)) = (rows.get(first..), targets.get(first..)) else {
            break;
        };
        sweep::<V, N>(net, rows, targets, &mut partial, sums.reborrow());
    }
}

/// One pass over the block, for `V::Partial::LANES` of its 16 partial sums: sum l takes rows l, l +
/// 16, l + 32, ...
// Out of line: one copy for all sweeps. Guarded by the flash column of
// `cargo bench --bench cortex_m`.
#[inline(never)]
pub(crate) fn sweep<V: Vector, N: Walk>(
    net: &N,
    rows: &[N::Input],
    targets: &[N::Output],
    partial: &mut Sums<N, V::Partial>,
    sums: SumsMut<'_, N>,
) {
    let batch = Batch { rows, targets };
    let lanes = V::Partial::LANES;
    // Groups that have a sample in each lane; after them, fewer than `lanes` samples remain.
    let full = (batch.len() + PARTIAL_SUMS - lanes) / PARTIAL_SUMS;
    if full == 0 || (lanes == 1 && full == 1) {
        add_singles::<N>(net, rows, targets, batch.len().min(lanes), sums);
        return;
    }
    // The count tells whether another sweep has used the sums.
    if partial.count > 0 {
        partial.clear();
    }
    partial.count = batch.len();
    full_groups::<V, N>(net, batch, full, partial);
    partial.add_lanes_to(sums);
}

/// Adds the first `count` samples, each of which is a whole partial sum: as it is computed.
// Out of line: one copy for both callers, and its own registers. Guarded by
// `cargo bench --bench instructions`.
#[inline(never)]
pub(crate) fn add_singles<N: Walk>(
    net: &N,
    rows: &[N::Input],
    targets: &[N::Output],
    count: usize,
    sums: SumsMut<'_, N>,
) {
    add_groups::<f32, N>(net, Batch { rows, targets }, count, 1, sums);
}

/// Adds the first `full` groups and the samples after them.
#[inline(always)]
fn full_groups<V: Vector, N: Walk>(
    net: &N,
    batch: BatchOf<'_, N>,
    full: usize,
    partial: &mut Sums<N, V::Partial>,
) {
    let tile = V::LANES / V::Partial::LANES;
    let stride = tile * PARTIAL_SUMS;
    add_groups::<V, N>(net, batch, full / tile, stride, partial.as_mut());
    let rest = batch.skip((full - full % tile) * PARTIAL_SUMS);
    add_groups::<V::Partial, N>(net, rest, full % tile, PARTIAL_SUMS, partial.as_mut());
    let last = batch.skip(full * PARTIAL_SUMS);
    // With one lane there is no such group: neither code nor stack for it.
    if V::Partial::LANES > 1 && last.len() > 0 {
        padded_group::<V::Partial, N>(net, last, partial);
    }
}

/// Adds a group in which only the first lanes have a sample; the others are discarded.
// Out of line: a second set of partial sums (LANES * COUNT floats) that only an incomplete last
// group needs. Guarded by `cargo chip m4f::stack_bound`.
#[inline(never)]
pub(crate) fn padded_group<P: Vector<Partial = P>, N: Walk>(
    net: &N,
    batch: BatchOf<'_, N>,
    sums: &mut Sums<N, P>,
) {
    let mut last = Sums::<N, P>::unfinished();
    last.finish();
    let (rows, targets) = (padded(batch.rows), padded(batch.targets));
    sample_group::<P, N>(net, &rows, &targets, last.as_mut());
    let present = P::from_fn(|l| if l < batch.len() { 1.0 } else { 0.0 });
    let samples = |part| P::select_lt(P::ZERO, present, part, P::splat(SUM_START));
    sums.loss = sums.loss + samples(last.loss);
    params::zip_with::<N, _, _>(&mut sums.grad, &last.grad, |sum, part| {
        *sum = *sum + samples(part);
    });
}

/// `rows`, and after them rows of 0.
#[inline(always)]
fn padded<X: Zero>(rows: &[X]) -> [X; PARTIAL_SUMS] {
    let mut all = [X::ZERO; PARTIAL_SUMS];
    for (place, row) in all.iter_mut().zip(rows) {
        *place = *row;
    }
    all
}

/// Adds `count` `V`s of samples, whose first rows are `stride` apart.
// A call where nothing is optimised: each of its three uses has a frame of its own then.
#[cfg_attr(not(debug_assertions), inline(always))]
pub(crate) fn add_groups<V: Vector, N: Walk>(
    net: &N,
    mut batch: BatchOf<'_, N>,
    count: usize,
    stride: usize,
    mut sums: SumsMut<'_, N, V::Partial>,
) {
    let (mut activations, mut delta) = (Activations::zero(), Activations::zero());
    for _ in 0..count {
        if Native::LANES > 1 {
            // Reuse the activation buffers; `forward` overwrites them.
            net.add_group::<V>(batch, &mut activations, &mut delta, sums.reborrow());
        } else {
            sample_group::<V, N>(net, batch.rows, batch.targets, sums.reborrow());
        }
        batch = batch.skip(stride);
    }
}

/// Adds one `V` of samples.
// Out of line: one copy for all callers; inlined into each, a network of a thousand parameters
// fills a chip's flash. Guarded by the flash column of `cargo bench --bench cortex_m`.
#[inline(never)]
pub(crate) fn sample_group<V: Vector, N: Walk>(
    net: &N,
    rows: &[N::Input],
    targets: &[N::Output],
    sums: SumsMut<'_, N, V::Partial>,
) {
    let (mut activations, mut delta) = (Activations::zero(), Activations::zero());
    let batch = Batch { rows, targets };
    net.add_group::<V>(batch, &mut activations, &mut delta, sums);
}

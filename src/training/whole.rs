//! Mini-batches of up to 64 rows, with SIMD.
//!
//! A sweep computes a partial sum in each lane. If each has as many samples as the others, one tile
//! can hold them all: then a [`Whole`] tile adds the products straight to the total, and no
//! gradient of each lane is cleared, added to and added up. That took half of the time of 16 rows,
//! and a quarter of that of 64. It is done for one, two and four samples in each partial sum.

use crate::kernels::simd::{Narrow, PARTIAL_SUMS, Vector, Whole};
use crate::model::layers::Activations;
use crate::training::batch::Batch;
use crate::training::sums::{Sums, SumsMut};
use crate::training::sweep::{add_singles, sweep};
use crate::training::walk::Walk;

/// The most rows that whole sweeps take: four samples in each partial sum.
pub(crate) const MOST_ROWS: usize = 4 * PARTIAL_SUMS;

/// Networks of fewer parameters have hardly a layer whose inputs fill a vector: there a whole sweep
/// of one sample a lane takes as long as another, of networks with more half as long. Measured with
/// AVX, on networks of 25 to 1140 parameters.
const WIDE: usize = 64;

/// From so many parameters on, whole sweeps of two and of four samples a lane are faster, too. In a
/// smaller network the sums are few, and turning activations back to rows takes longer.
const LARGE: usize = 1000;

/// Whether the sweeps of `N` on `V` may be whole.
pub(crate) const fn applies<V: Vector, N: Walk>() -> bool {
    V::Partial::LANES > 1 && V::Partial::LANES == Narrow::LANES && N::COUNT >= WIDE
}

/// Adds up to [`MOST_ROWS`] rows.
#[inline(always)]
pub(crate) fn add<V: Vector, N: Walk>(
    net: &N,
    rows: &[N::Input],
    targets: &[N::Output],
    mut sums: SumsMut<'_, N>,
) {
    for first in (0..PARTIAL_SUMS).step_by(Narrow::LANES) {
        let (Some(rows), Some(targets)) = (rows.get(first..), targets.get(first..)) else {
            break;
        };
        let sums = sums.reborrow();
        // The samples of the first partial sum, and those of the last.
        let most = rows.len().div_ceil(PARTIAL_SUMS);
        let least = (rows.len() + PARTIAL_SUMS - Narrow::LANES) / PARTIAL_SUMS;
        if least == 0 {
            // Fewer than lanes, so no further sweep.
            add_singles::<N>(net, rows, targets, rows.len(), sums);
            break;
        }
        match (least == most, most) {
            (true, 1) => add_whole::<1, N>(net, rows, targets, sums),
            (true, 2) if const { N::COUNT >= LARGE } => {
                add_whole::<2, N>(net, rows, targets, sums);
            }
            (true, 4) if const { N::COUNT >= LARGE } => {
                add_whole::<4, N>(net, rows, targets, sums);
            }
            _ => add_sweep::<V, N>(net, rows, targets, sums),
        }
    }
}

/// Adds the samples of a sweep, `C` of each partial sum.
// Out of line: its activations are in no other frame. Guarded by `host_stack`.
#[inline(never)]
fn add_whole<const C: usize, N: Walk>(
    net: &N,
    rows: &[N::Input],
    targets: &[N::Output],
    sums: SumsMut<'_, N>,
) {
    let (mut activations, mut delta) = (Activations::zero(), Activations::zero());
    let batch = Batch { rows, targets };
    net.add_group::<Whole<C>>(batch, &mut activations, &mut delta, sums);
}

/// Adds the samples of any other sweep, by partial sums in memory.
// Out of line: whole sweeps need no room for them. Guarded by `host_stack`.
#[inline(never)]
fn add_sweep<V: Vector, N: Walk>(
    net: &N,
    rows: &[N::Input],
    targets: &[N::Output],
    sums: SumsMut<'_, N>,
) {
    let mut partial = Sums::<N, V::Partial>::unfinished();
    partial.finish();
    sweep::<V, N>(net, rows, targets, &mut partial, sums);
}

//! Several samples together, where lanes are scalar: the walk of a batch on chips.
//!
//! [`SAMPLES`] samples go through the network side by side, so a weight and a number of its
//! gradient are loaded once for all of them. With up to 64 rows no partial sum lies in memory: the
//! samples of a partial sum, at most four, are added up before they are added to the total.
//!
//! | rows in a block | partial sums of | computed as |
//! | --- | --- | --- |
//! | to 16 | 1 row | four rows, added one after the other |
//! | 17 to 32 | 2, then 1 | two partial sums of two rows, or four of one |
//! | 33 to 48 | 3, then 2 | three rows one by one |
//! | 49 to 64 | 4, then 3 | four rows, added up first |
//! | more | 4 or more | four rows at a time, into a partial sum in memory |
//!
//! What is left over is computed one by one, as in [`sweep`](super::sweep).

use super::side_by_side::add_side_by_side;
use crate::kernels::matmul::together::SAMPLES;
use crate::kernels::outline::HELIUM;
use crate::kernels::simd::{PARTIAL_SUMS, SUM_START, Vector};
use crate::kernels::soft::SOFT;
use crate::kernels::zero::Zero;
use crate::model::layers::Activations;
use crate::model::params::Grad;
use crate::training::batch::{Batch, BatchOf};
use crate::training::sums::{Sums, SumsMut};
use crate::training::sweep::{add_groups, add_singles};
use crate::training::walk::Walk;
use core::ops::Range;

/// From this many parameters on samples are computed together. Smaller networks fit registers, one
/// sample at a time.
pub(crate) const LARGE: usize = 64;

/// Whether [`add_block`] computes batches on `V`. Not where floats are functions of the compiler:
/// loads and stores cost little beside them.
pub(crate) const fn applies<V: Vector, N: Walk>() -> bool {
    V::LANES == 1 && !SOFT && (N::COUNT >= LARGE || HELIUM)
}

/// Bytes of stack that it takes beyond the partial sums: the frame of a group, and on Helium the
/// columns of the weights or the gradients side by side.
pub(crate) const fn stack<V: Vector, N: Walk>() -> usize {
    if !applies::<V, N>() {
        return 0;
    }
    if N::COUNT < LARGE {
        return PARTIAL_SUMS * size_of::<Sums<N>>();
    }
    let columns = if HELIUM { size_of::<Grad<N>>() } else { 0 };
    SAMPLES * N::ACTIVATION_BYTES + columns
}

/// What the samples of a group keep.
// References: as one value it would be copied at opt-level s. Guarded by
// `cargo chip m4f::stack_bound`.
pub(crate) struct Frame<'a, N: Walk> {
    pub(crate) activations: &'a mut [N::Between<f32>; SAMPLES],
    pub(crate) delta: &'a mut [N::Between<f32>; SAMPLES],
    pub(crate) y: &'a mut [N::Output; SAMPLES],
    pub(crate) dy: &'a mut [N::Output; SAMPLES],
}

/// Activations of +0: with vectors by stores, else by a call of memset, which saves the flash of
/// the stores. Guarded by the flash column of `cargo bench --bench cortex_m`.
#[inline(always)]
fn cleared<A: Activations>() -> [A; SAMPLES] {
    if HELIUM {
        [A::zero(); SAMPLES]
    } else {
        [A::fill(0.0); SAMPLES]
    }
}

/// Adds the partial sums of a block.
#[inline(always)]
pub(crate) fn add_block<N: Walk>(net: &N, batch: BatchOf<'_, N>, mut sums: SumsMut<'_, N>) {
    let n = batch.len();
    if N::COUNT < LARGE && n >= PARTIAL_SUMS {
        add_side_by_side::<N>(net, batch.rows, batch.targets, sums);
    } else if N::COUNT < LARGE || n < SAMPLES {
        add_singles::<N>(net, batch.rows, batch.targets, n, sums);
    } else if HELIUM {
        add_by_columns::<N>(net, batch.rows, batch.targets, sums);
    } else {
        add_with::<N>(net, None, batch, sums.reborrow());
    }
}

/// [`add_with`] the columns of the weights, which take as much as a gradient.
#[inline(never)]
fn add_by_columns<N: Walk>(
    net: &N,
    rows: &[N::Input],
    targets: &[N::Output],
    sums: SumsMut<'_, N>,
) {
    // Not +0, of which LLVM would make a call of memset.
    let mut columns = N::fill(SUM_START);
    net.columns(&mut columns);
    add_with::<N>(net, Some(&columns), Batch { rows, targets }, sums);
}

/// Adds the partial sums of a block of at least [`SAMPLES`] rows.
#[inline(always)]
fn add_with<N: Walk>(
    net: &N,
    columns: Option<&Grad<N>>,
    batch: BatchOf<'_, N>,
    mut sums: SumsMut<'_, N>,
) {
    let n = batch.len();
    if n > SAMPLES * PARTIAL_SUMS {
        add_partials::<N>(net, columns, batch.rows, batch.targets, sums);
        return;
    }
    let longer = n % PARTIAL_SUMS;
    let each = n / PARTIAL_SUMS;
    add_alike::<N>(net, columns, batch, (0..longer, each + 1), sums.reborrow());
    add_alike::<N>(net, columns, batch, (longer..PARTIAL_SUMS, each), sums);
}

/// Adds partial sums of so many samples each.
#[inline(always)]
fn add_alike<N: Walk>(
    net: &N,
    columns: Option<&Grad<N>>,
    batch: BatchOf<'_, N>,
    (range, samples): (Range<usize>, usize),
    mut sums: SumsMut<'_, N>,
) {
    let Batch { rows, targets } = batch;
    let sums_in_group = match samples {
        1 => SAMPLES,
        2 => SAMPLES / 2,
        4 => 1,
        _ => 0,
    };
    let groups = range.len().checked_div(sums_in_group).unwrap_or(0);
    if groups > 0 {
        let groups = Groups {
            first: range.start,
            step: 1,
            count: groups,
        };
        let sums = sums.reborrow();
        match samples {
            1 => add_groups_together::<1, N>(net, columns, rows, targets, groups, sums),
            2 => add_groups_together::<2, N>(net, columns, rows, targets, groups, sums),
            _ => add_groups_together::<4, N>(net, columns, rows, targets, groups, sums),
        }
    }
    let rest = range.start + groups * sums_in_group..range.end;
    if samples > 0 && !rest.is_empty() {
        add_rest::<N>(net, rows, targets, rest, sums);
    }
}

/// Groups of samples.
#[derive(Clone, Copy)]
struct Groups {
    /// The first partial sum.
    first: usize,
    /// From one sample to the next within a partial sum, or from one partial sum to the next.
    step: usize,
    count: usize,
}

/// Adds groups of samples, `PER_SUM` of each partial sum.
// Out of line: the frame of a group. Guarded by `cargo chip m4f::stack_bound`.
#[inline(never)]
fn add_groups_together<const PER_SUM: usize, N: Walk>(
    net: &N,
    columns: Option<&Grad<N>>,
    rows: &[N::Input],
    targets: &[N::Output],
    groups: Groups,
    mut sums: SumsMut<'_, N>,
) {
    let mut frame = Frame::<N> {
        activations: &mut cleared(),
        delta: &mut cleared(),
        y: &mut [Zero::ZERO; SAMPLES],
        dy: &mut [Zero::ZERO; SAMPLES],
    };
    for group in 0..groups.count {
        let first = groups.first + group * (SAMPLES / PER_SUM) * groups.step;
        let at = |c: usize| first + (c / PER_SUM) * groups.step + (c % PER_SUM) * PARTIAL_SUMS;
        let x = [
            rows.get(at(0)),
            rows.get(at(1)),
            rows.get(at(2)),
            rows.get(at(3)),
        ];
        let y = [
            targets.get(at(0)),
            targets.get(at(1)),
            targets.get(at(2)),
            targets.get(at(3)),
        ];
        let ([Some(x0), Some(x1), Some(x2), Some(x3)], [Some(y0), Some(y1), Some(y2), Some(y3)]) =
            (x, y)
        else {
            break;
        };
        let (x, y) = ([x0, x1, x2, x3], [y0, y1, y2, y3]);
        net.add_together::<PER_SUM>(columns, x, y, &mut frame, sums.reborrow());
    }
}

/// Adds these partial sums one by one.
// Out of line: a gradient on the stack, which a batch of whole groups does not need.
#[inline(never)]
fn add_rest<N: Walk>(
    net: &N,
    rows: &[N::Input],
    targets: &[N::Output],
    range: Range<usize>,
    mut sums: SumsMut<'_, N>,
) {
    let batch = Batch { rows, targets };
    if batch.len() <= PARTIAL_SUMS {
        let Batch { rows, targets } = batch.skip(range.start);
        add_singles::<N>(net, rows, targets, range.len(), sums);
        return;
    }
    let mut partial = Sums::<N>::unfinished();
    for l in range {
        let rest = batch.skip(l);
        partial.clear();
        add_groups::<f32, N>(
            net,
            rest,
            rest.len().div_ceil(PARTIAL_SUMS),
            PARTIAL_SUMS,
            partial.as_mut(),
        );
        partial.add_lanes_to(sums.reborrow());
    }
}

/// Adds partial sums of four samples or more, one after the other.
// Out of line: a gradient on the stack, which shorter batches do not need.
#[inline(never)]
fn add_partials<N: Walk>(
    net: &N,
    columns: Option<&Grad<N>>,
    rows: &[N::Input],
    targets: &[N::Output],
    mut sums: SumsMut<'_, N>,
) {
    let mut partial = Sums::<N>::unfinished();
    let batch = Batch { rows, targets };
    for l in 0..PARTIAL_SUMS {
        let rest = batch.skip(l);
        let samples = rest.len().div_ceil(PARTIAL_SUMS);
        let groups = Groups {
            first: 0,
            step: PARTIAL_SUMS,
            count: samples / SAMPLES,
        };
        partial.clear();
        let Batch { rows, targets } = rest;
        add_groups_together::<1, N>(net, columns, rows, targets, groups, partial.as_mut());
        let rest = rest.skip(groups.count * SAMPLES * PARTIAL_SUMS);
        let left = samples % SAMPLES;
        add_groups::<f32, N>(net, rest, left, PARTIAL_SUMS, partial.as_mut());
        partial.add_lanes_to(sums.reborrow());
    }
}

/// Fills `y_hat` as far as whole groups go, and returns the rest.
// Out of line: the columns of the weights, and the frame of a group.
#[inline(never)]
pub(crate) fn forward<'a, N: Walk>(
    net: &N,
    rows: &'a [N::Input],
    y_hat: &'a mut [N::Output],
) -> (&'a [N::Input], &'a mut [N::Output]) {
    // Not +0, of which LLVM would make a call of memset.
    let mut columns = N::fill(SUM_START);
    net.columns(&mut columns);
    let (groups, rest) = rows.as_chunks::<SAMPLES>();
    let (y_groups, y_rest) = y_hat.as_chunks_mut::<SAMPLES>();
    let mut activations = [Activations::zero(); SAMPLES];
    for (x, y_hat) in groups.iter().zip(y_groups) {
        net.forward_together(&columns, x.each_ref(), &mut activations, y_hat);
    }
    (rest, y_rest)
}

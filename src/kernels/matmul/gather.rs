//! `forward` of one sample on Helium, with outputs as lanes: LLVM makes gathers of loads that lie a
//! row of weights apart.

use crate::kernels::outline::HELIUM;
use crate::kernels::simd::{SUM_START, Vector};
use core::hint::black_box;

/// Inputs taken in together: one load and one store of a sum serves all of them.
const TERMS: usize = 4;

/// A layer of fewer weights is written out where it is used.
const LARGE: usize = 64;

/// Whether [`forward`] computes a sample on `V`: there are outputs for the four lanes, and inputs
/// to take in together.
#[inline(always)]
pub(super) const fn applies<V: Vector>(inputs: usize, outputs: usize) -> bool {
    HELIUM && V::LANES == 1 && inputs * outputs >= LARGE && inputs >= TERMS && outputs >= 4
}

/// z = w x + b, overwriting `z`.
// Out of line: one copy for each shape. Guarded by the flash column of
// `cargo bench --bench cortex_m`.
#[inline(never)]
pub(super) fn forward<V: Vector, const I: usize, const O: usize>(
    weight: &[[f32; I]; O],
    bias: &[f32],
    x: &[V; I],
    z: &mut [V; O],
) {
    for (o, z) in z.iter_mut().enumerate() {
        *z = V::splat(bias.get(o).copied().unwrap_or(SUM_START));
    }
    let (parts, rest) = x.as_chunks::<TERMS>();
    // The compiler is not told how many there are: it would write the loops out.
    let rows = black_box(&weight[..]);
    for (part, x) in black_box(parts).iter().enumerate() {
        // The minimum changes nothing: it shows LLVM that no index leaves its array.
        let first = (TERMS * part).min(I.saturating_sub(TERMS));
        take_in(z, rows, |row, k| row[first + k], x);
    }
    for (i, x) in rest.as_chunks::<1>().0.iter().enumerate() {
        let first = (I - I % TERMS + i).min(I - 1);
        take_in(z, rows, |row, _| row[first], x);
    }
}

/// Adds a few terms to each sum.
#[inline(always)]
fn take_in<V: Vector, R, const K: usize>(
    sums: &mut [V],
    rows: &[R],
    w: impl Fn(&R, usize) -> f32,
    x: &[V; K],
) {
    let x = *x;
    for (sum, row) in sums.iter_mut().zip(rows) {
        let terms = x.into_iter().enumerate();
        *sum = terms.fold(*sum, |sum, (k, x)| sum + V::splat(w(row, k)) * x);
    }
}

//! The gradient of a weight from [`SAMPLES`] samples together: the third product of
//! [`together`](super::together).

use super::together::{SAMPLES, bracket};
use crate::kernels::each::each;
use crate::kernels::outline::HELIUM;

/// Rows of the gradient computed together: as many as there are registers for their factors.
const ROWS: usize = if HELIUM { 2 } else { 4 };

/// Columns computed together: as far as the numbers of the samples lie within the reach of one
/// address on Helium. Chips with scalar floats take whole rows.
const COLUMNS: usize = 16;

/// Adds dz x^T of all samples to dw, in the order of [`bracket`].
// Out of line: one copy for each shape. The samples are arguments of their own, which LLVM knows to
// be apart from the sums.
#[inline(never)]
pub(super) fn weight_grad_rows<const PER_SUM: usize, const I: usize, const O: usize>(
    dz: [&[f32; O]; SAMPLES],
    x0: &[f32; I],
    x1: &[f32; I],
    x2: &[f32; I],
    x3: &[f32; I],
    dweight: &mut [[f32; I]; O],
) {
    let x = [x0, x1, x2, x3];
    if !HELIUM {
        columns_from::<PER_SUM, I, I, O>(dz, x, dweight, 0);
        return;
    }
    if I >= COLUMNS {
        columns_from::<PER_SUM, COLUMNS, I, O>(dz, x, dweight, 0);
    }
    match I % COLUMNS {
        0 => {}
        4 => columns_from::<PER_SUM, 4, I, O>(dz, x, dweight, I - 4),
        8 => columns_from::<PER_SUM, 8, I, O>(dz, x, dweight, I - 8),
        rest => columns_from::<PER_SUM, 1, I, O>(dz, x, dweight, I - rest),
    }
}

/// The columns from `first` on, `N` at a time.
#[inline(always)]
fn columns_from<const PER_SUM: usize, const N: usize, const I: usize, const O: usize>(
    dz: [&[f32; O]; SAMPLES],
    x: [&[f32; I]; SAMPLES],
    dweight: &mut [[f32; I]; O],
    first: usize,
) {
    for n in 0..(I - first) / N {
        // The minimum changes nothing: it shows LLVM that no index leaves its array.
        let at = (first + n * N).min(I.saturating_sub(N));
        let (groups, rest) = dweight.as_chunks_mut::<ROWS>();
        for (g, rows) in groups.iter_mut().enumerate() {
            let dz = dz.map(|dz| dz.as_chunks::<ROWS>().0[g]);
            add_rows::<PER_SUM, N, I, ROWS>(dz, x, rows, at);
        }
        for (r, row) in rest.as_chunks_mut::<1>().0.iter_mut().enumerate() {
            let dz = dz.map(|dz| [dz.as_chunks::<ROWS>().1[r]]);
            add_rows::<PER_SUM, N, I, 1>(dz, x, row, at);
        }
    }
}

/// Some rows of the gradient, in the `N` columns from `at` on.
#[inline(always)]
fn add_rows<const PER_SUM: usize, const N: usize, const I: usize, const R: usize>(
    dz: [[f32; R]; SAMPLES],
    x: [&[f32; I]; SAMPLES],
    rows: &mut [[f32; I]; R],
    at: usize,
) {
    for i in at..at + N {
        let [x0, x1, x2, x3] = [x[0][i], x[1][i], x[2][i], x[3][i]];
        let mut sums = [0.0; R];
        each!(r < R, {
            let parts = [dz[0][r] * x0, dz[1][r] * x1, dz[2][r] * x2, dz[3][r] * x3];
            sums[r] = bracket::<PER_SUM>(rows[r][i], parts);
        });
        each!(r < R, rows[r][i] = sums[r]);
    }
}

//! Rows to columns: several samples, as they lie in memory, become one vector per input.
//!
//! Squares are transposed in registers, which takes half as many instructions as one load per
//! number. The last square of a row overlaps the one before it. If rows are narrower than a square,
//! it also reads the following rows; those columns are discarded.

use super::{F32x4, F32x8, F32x16, Vector};
use crate::kernels::zero::Zero;
use core::array::from_fn;
use wide::bytemuck::cast;
use wide::{f32x4, f32x8, f32x16};

/// The columns of 4 rows.
#[inline(always)]
pub(super) fn columns_of_4<const N: usize>(rows: &[[f32; N]; 4]) -> [F32x4; N] {
    if N == 1 {
        return [F32x4(f32x4::new(from_fn(|l| rows[l][0]))); N];
    }
    let flat = rows.as_flattened();
    from_squares(|first| {
        let row = |r: usize| f32x4::new(four(flat, r * N + first));
        f32x4::transpose([row(0), row(1), row(2), row(3)]).map(F32x4)
    })
}

/// The columns of 8 rows.
#[inline(always)]
pub(super) fn columns_of_8<const N: usize>(rows: &[[f32; N]; 8]) -> [F32x8; N] {
    if N == 1 {
        return [F32x8(f32x8::new(from_fn(|l| rows[l][0]))); N];
    }
    let flat = rows.as_flattened();
    if N < 8 {
        return from_squares(|first| narrow::<N>(flat, first).map(F32x8));
    }
    from_squares(|first| {
        let rows = from_fn(|r| {
            let row = flat.get(r * N + first..).and_then(<[f32]>::first_chunk);
            f32x8::new(row.copied().unwrap_or([0.0; 8]))
        });
        // The squares of a single sample's weights lie in the L1 cache, rows of batches may not.
        let columns = if N == 8 {
            transpose_8(rows)
        } else {
            f32x8::transpose(rows)
        };
        columns.map(F32x8)
    })
}

/// The columns of 16 rows: those of the first 8 beside those of the last 8.
#[inline(always)]
pub(super) fn columns_of_16<const N: usize>(rows: &[[f32; N]; 16]) -> [F32x16; N] {
    let [top, bottom] = rows.as_chunks().0 else {
        return [F32x16::ZERO; N];
    };
    let (top, bottom) = (columns_of_8(top), columns_of_8(bottom));
    from_fn(|c| F32x16(cast([top[c].0, bottom[c].0])))
}

/// Transposes 4 vectors of 4.
#[inline(always)]
pub(super) fn square_of_4(rows: &[F32x4; 4]) -> [f32x4; 4] {
    f32x4::transpose(from_fn(|r| rows[r].0))
}

/// Transposes 8 vectors of 8, which lie in memory.
#[inline(always)]
pub(super) fn square_of_8(rows: &[F32x8; 8]) -> [f32x8; 8] {
    transpose_8([
        rows[0].0, rows[1].0, rows[2].0, rows[3].0, rows[4].0, rows[5].0, rows[6].0, rows[7].0,
    ])
}

/// From halves of rows r and r + 4 side by side, which takes a third fewer shuffles than from whole
/// rows: the processor loads a half into its place without one.
#[inline(always)]
fn transpose_8(rows: [f32x8; 8]) -> [f32x8; 8] {
    let [a, b, c, d, e, f, g, h]: [[f32x4; 2]; 8] = cast(rows);
    let [c0, c1, c2, c3] = two_squares([[a[0], e[0]], [b[0], f[0]], [c[0], g[0]], [d[0], h[0]]]);
    let [c4, c5, c6, c7] = two_squares([[a[1], e[1]], [b[1], f[1]], [c[1], g[1]], [d[1], h[1]]]);
    [c0, c1, c2, c3, c4, c5, c6, c7]
}

/// Two squares of 4 transposed side by side.
#[inline(always)]
fn two_squares(rows: [[f32x4; 2]; 4]) -> [f32x8; 4] {
    let [a, b, c, d] = rows.map(|halves| -> f32x8 { cast(halves) });
    let none = f32x8::ZERO;
    let [a, b, c, d, e, f, g, h] = f32x8::transpose([a, b, c, d, none, none, none, none]);
    [lower(a, e), lower(b, f), lower(c, g), lower(d, h)]
}

/// Transposes 16 vectors of 16, as four squares of 8.
#[inline(always)]
pub(super) fn square_of_16(rows: &[F32x16; 16]) -> [f32x16; 16] {
    let halves: [[f32x8; 2]; 16] = from_fn(|r| cast(rows[r].0));
    let square = |row: usize, half: usize| f32x8::transpose(from_fn(|r| halves[row + r][half]));
    let (top, bottom) = ([square(0, 0), square(0, 1)], [square(8, 0), square(8, 1)]);
    from_fn(|c| cast([top[c / 8][c % 8], bottom[c / 8][c % 8]]))
}

/// 4 columns of 8 rows of fewer than 8 numbers, from `first` on.
#[inline(always)]
fn narrow<const N: usize>(flat: &[f32], first: usize) -> [f32x8; 4] {
    // The rows of the second half are read `back` numbers early, so that the last one does not
    // reach beyond the end.
    let back = 4_usize.saturating_sub(N);
    let row = |r: usize| four(flat, r * N + first);
    let late = |r: usize| four(flat, r * N + first - back);
    // Row r and row r + 4 side by side: LLVM transposes them as two squares of 4 at once.
    let (a, b) = (pair(row(0), late(4)), pair(row(1), late(5)));
    let (c, d) = (pair(row(2), late(6)), pair(row(3), late(7)));
    let none = f32x8::ZERO;
    let [a, b, c, d, rest @ ..] = f32x8::transpose([a, b, c, d, none, none, none, none]);
    [
        lower(a, rest[back.min(3)]),
        lower(b, rest[(back + 1).min(3)]),
        lower(c, rest[(back + 2).min(3)]),
        lower(d, rest[3]),
    ]
}

/// Two halves as one.
#[inline(always)]
fn pair(lower: [f32; 4], upper: [f32; 4]) -> f32x8 {
    cast([f32x4::new(lower), f32x4::new(upper)])
}

/// The lower halves of two.
#[inline(always)]
fn lower(a: f32x8, b: f32x8) -> f32x8 {
    let ([a, _], [b, _]): ([f32x4; 2], [f32x4; 2]) = (cast(a), cast(b));
    cast([a, b])
}

/// Columns from squares of `L` of them: `square(first)` gives those from `first` on.
#[inline(always)]
fn from_squares<V: Vector, const L: usize, const N: usize>(
    square: impl Fn(usize) -> [V; L],
) -> [V; N] {
    let mut columns = [V::ZERO; N];
    for first in (0..N).step_by(L) {
        let first = first.min(N.saturating_sub(L));
        for (column, value) in columns.iter_mut().skip(first).zip(square(first)) {
            *column = value;
        }
    }
    columns
}

/// The 4 numbers from `at` on; beyond the end, 0.
#[inline(always)]
fn four(all: &[f32], at: usize) -> [f32; 4] {
    match all.get(at..).and_then(<[f32]>::first_chunk) {
        Some(four) => *four,
        None => from_fn(|k| all.get(at + k).copied().unwrap_or(0.0)),
    }
}

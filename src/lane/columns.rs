//! Rows to columns: the numbers of several samples, as they lie in memory, to one lane type for each input.
//!
//! By transposing squares, which takes half as many instructions as a load for each number. Where the last square would
//! reach beyond the row it overlaps the one before it; where rows are narrower than a square it runs on into the next ones,
//! and what it finds there is dropped.

use super::Lane;
use core::array::from_fn;
use wide::bytemuck::cast;
use wide::{f32x4, f32x8, f32x16};

/// The columns of 4 rows.
#[inline(always)]
pub(super) fn of_4<const N: usize>(rows: &[[f32; N]; 4]) -> [f32x4; N] {
    if N == 1 {
        return [f32x4::new(from_fn(|l| rows[l][0])); N];
    }
    let flat = rows.as_flattened();
    squares(|first| {
        let row = |r: usize| f32x4::new(four(flat, r * N + first));
        f32x4::transpose([row(0), row(1), row(2), row(3)])
    })
}

/// The columns of 8 rows.
#[inline(always)]
pub(super) fn of_8<const N: usize>(rows: &[[f32; N]; 8]) -> [f32x8; N] {
    if N == 1 {
        return [f32x8::new(from_fn(|l| rows[l][0])); N];
    }
    let flat = rows.as_flattened();
    if N < 8 {
        return squares(|first| narrow::<N>(flat, first));
    }
    squares(|first| {
        f32x8::transpose(from_fn(|r| {
            let row = flat.get(r * N + first..).and_then(<[f32]>::first_chunk);
            f32x8::new(row.copied().unwrap_or([0.0; 8]))
        }))
    })
}

/// 4 columns of 8 rows of fewer than 8 numbers, from `first` on.
#[inline(always)]
fn narrow<const N: usize>(flat: &[f32], first: usize) -> [f32x8; 4] {
    // The rows of the second half are read as much earlier as the last would reach beyond the end.
    let back = 4_usize.saturating_sub(N);
    let row = |r: usize| four(flat, r * N + first);
    let late = |r: usize| four(flat, r * N + first - back);
    // Row r and row r + 4 side by side, which the compiler transposes as two squares of 4 at once.
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

/// The columns of 16 rows, as those of twice 8.
#[inline(always)]
pub(super) fn of_16<const N: usize>(rows: &[[f32; N]; 16]) -> [f32x16; N] {
    let [top, bottom] = rows.as_chunks().0 else {
        return [f32x16::ZERO; N];
    };
    let (top, bottom) = (of_8(top), of_8(bottom));
    from_fn(|c| cast([top[c], bottom[c]]))
}

/// The 16 columns of 16 rows, as four times those of 8 rows and 8 columns.
#[inline(always)]
pub(super) fn transpose_16(rows: [f32x16; 16]) -> [f32x16; 16] {
    let halves = rows.map(cast::<f32x16, [f32x8; 2]>);
    let square = |row: usize, half: usize| f32x8::transpose(from_fn(|r| halves[row + r][half]));
    let (top, bottom) = ([square(0, 0), square(0, 1)], [square(8, 0), square(8, 1)]);
    from_fn(|c| cast([top[c / 8][c % 8], bottom[c / 8][c % 8]]))
}

/// Columns from squares of `L`: `square(first)` gives those from `first` on.
#[inline(always)]
fn squares<V: Lane, const L: usize, const N: usize>(square: impl Fn(usize) -> [V; L]) -> [V; N] {
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

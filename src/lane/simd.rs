//! The lane types of `wide`, each behind [`Lane`].

use super::{LANES, Lane, ROUND, SQRT_HALF};
use core::ops::{Add, BitAnd, BitOr, Not};
use wide::bytemuck::cast;
use wide::{i32x4, i32x8, i32x16};

pub use wide::{f32x4, f32x8, f32x16};

/// `yes` where `mask` has all bits, `no` where it has none. By single operations on bits, of which the compiler drops
/// those that a constant 0 makes superfluous; it knows blends too.
#[inline(always)]
fn bits<V: Copy + Not<Output = V> + BitAnd<Output = V> + BitOr<Output = V>>(
    mask: V,
    yes: V,
    no: V,
) -> V {
    (mask & yes) | (!mask & no)
}

/// The columns of `L` rows of at least `L` numbers, by transposing squares. The last square overlaps the one before
/// it where `N` is no multiple of `L`.
#[inline(always)]
fn columns<V: Lane, const L: usize, const N: usize>(
    rows: &[[f32; N]; L],
    new: impl Fn([f32; L]) -> V,
    transpose: impl Fn([V; L]) -> [V; L],
) -> [V; N] {
    let mut columns = [V::ZERO; N];
    for first in (0..N).step_by(L) {
        let square = first.min(N - L)..;
        let part = |row: &[f32; N]| {
            new(row[square.clone()]
                .first_chunk()
                .copied()
                .unwrap_or([0.0; L]))
        };
        if let Some(columns) = columns[square.clone()].first_chunk_mut() {
            *columns = transpose(rows.each_ref().map(part));
        }
    }
    columns
}

/// Implements [`Lane`] for one float vector of `wide` and the integer vector of the same size.
macro_rules! lane {
    ($float:ident, $int:ident, $lanes:literal, $transpose:expr) => {
        const _: () = assert!(LANES.is_multiple_of($lanes));

        impl Lane for $float {
            const LANES: usize = $lanes;
            const ZERO: Self = $float::new([0.0; $lanes]);
            type Acc = Self;

            #[inline(always)]
            fn splat(value: f32) -> Self {
                Self::splat(value)
            }

            #[inline(always)]
            fn from_fn(f: impl FnMut(usize) -> f32) -> Self {
                Self::new(core::array::from_fn(f))
            }

            #[inline(always)]
            fn lane(self, l: usize) -> f32 {
                self.to_array()[l % $lanes]
            }

            #[inline(always)]
            fn abs(self) -> Self {
                self.abs()
            }

            #[inline(always)]
            fn select_lt(a: Self, b: Self, yes: Self, no: Self) -> Self {
                bits(a.simd_lt(b), yes, no)
            }

            #[inline(always)]
            fn select_le(a: Self, b: Self, yes: Self, no: Self) -> Self {
                bits(a.simd_le(b), yes, no)
            }

            #[inline(always)]
            fn pow2(self) -> Self {
                let bits: $int = cast(self);
                let one: $int = cast(Self::splat(1.0));
                cast((bits << 23) + one)
            }

            #[inline(always)]
            fn split(self) -> (Self, Self) {
                let bits: $int = cast(self);
                let k = (bits - $int::splat(SQRT_HALF)) >> 23;
                let round = Self::splat(ROUND);
                let round_bits: $int = cast(round);
                let biased: Self = cast(k + round_bits);
                (cast(bits - (k << 23)), biased - round)
            }

            #[inline(always)]
            fn sum_into(acc: Self, a: Self, b: Self) -> Self {
                acc + a * b
            }

            #[inline(always)]
            fn add_into(acc: Self, a: Self) -> Self {
                acc + a
            }

            #[inline(always)]
            fn add_lanes(values: &[Self], totals: &mut [f32]) {
                let (squares, rest) = values.as_chunks();
                let (rows, totals) = totals.as_chunks_mut();
                for (square, row) in squares.iter().zip(rows) {
                    let sum = $transpose(*square)
                        .into_iter()
                        .fold(Self::new(*row), Self::add);
                    *row = sum.to_array();
                }
                for (value, total) in rest.iter().zip(totals) {
                    *total = value.to_array().into_iter().fold(*total, f32::add);
                }
            }

            #[inline(always)]
            fn load<const N: usize>(rows: &[[f32; N]], _: usize) -> [Self; N] {
                match rows.first_chunk::<$lanes>() {
                    Some(rows) if N < $lanes => {
                        core::array::from_fn(|i| Self::new(rows.map(|row| row[i])))
                    }
                    Some(rows) => columns(rows, Self::new, $transpose),
                    None => [Self::ZERO; N],
                }
            }

            #[inline(always)]
            fn store<const N: usize>(values: &[Self; N], rows: &mut [[f32; N]], _: usize) {
                if let Some(rows) = rows.first_chunk_mut::<$lanes>() {
                    for (i, value) in values.iter().enumerate() {
                        for (row, v) in rows.iter_mut().zip(value.to_array()) {
                            row[i] = v;
                        }
                    }
                }
            }
        }
    };
}

lane!(f32x4, i32x4, 4, f32x4::transpose);
lane!(f32x8, i32x8, 8, f32x8::transpose);
lane!(f32x16, i32x16, 16, transpose_16);

/// The 16 columns of 16 rows, as four times those of 8 rows and 8 columns.
#[inline(always)]
fn transpose_16(rows: [f32x16; 16]) -> [f32x16; 16] {
    let halves = rows.map(cast::<f32x16, [f32x8; 2]>);
    let quarter =
        |row: usize, half: usize| f32x8::transpose(core::array::from_fn(|r| halves[row + r][half]));
    let [top_left, top_right, left, right] =
        [quarter(0, 0), quarter(0, 1), quarter(8, 0), quarter(8, 1)];
    core::array::from_fn(|c| {
        let (top, bottom) = if c < 8 {
            (top_left, left)
        } else {
            (top_right, right)
        };
        cast([top[c % 8], bottom[c % 8]])
    })
}

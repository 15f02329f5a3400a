//! The lane types of `wide`, each behind [`Lane`].

use super::{LANES, Lane, ROUND, SQRT_HALF, columns};
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

/// Implements [`Lane`] for one float vector of `wide` and the integer vector of the same size.
macro_rules! lane {
    ($float:ident, $int:ident, $lanes:literal, $columns:path, $transpose:path) => {
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
                    Some(rows) => $columns(rows),
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

lane!(f32x4, i32x4, 4, columns::of_4, f32x4::transpose);
lane!(f32x8, i32x8, 8, columns::of_8, f32x8::transpose);
lane!(f32x16, i32x16, 16, columns::of_16, columns::transpose_16);

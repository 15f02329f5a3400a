//! The vectors of this crate. They wrap those of `wide`, which stay private: another SIMD crate
//! would not change the public interface.

use super::sealed::Sealed;
use super::{PARTIAL_SUMS, ROUND_TO_INT, SQRT_HALF, Vector, transpose};
use crate::kernels::zero::Zero;
use core::ops::{Add, BitAnd, BitOr, Div, Mul, Not, Sub};
use wide::bytemuck::cast;
use wide::{f32x4, f32x8, f32x16, i32x4, i32x8, i32x16};

/// `yes` where `mask` is all ones, `no` where it is 0.
// Separate bit operations, not `wide`'s blend: LLVM drops those that a constant 0 makes superfluous
// and still finds the blend instruction. Guarded by `cargo bench --bench instructions`.
#[inline(always)]
fn select<V: Copy + Not<Output = V> + BitAnd<Output = V> + BitOr<Output = V>>(
    mask: V,
    yes: V,
    no: V,
) -> V {
    (mask & yes) | (!mask & no)
}

/// One operator of a vector.
macro_rules! operator {
    ($vector:ident, $trait:ident, $method:ident) => {
        impl $trait for $vector {
            type Output = Self;

            #[inline(always)]
            fn $method(self, rhs: Self) -> Self {
                Self($trait::$method(self.0, rhs.0))
            }
        }
    };
}

/// A vector over a float vector of `wide`, and the integer vector of the same size for its bits.
macro_rules! vector {
    ($vector:ident, $float:ident, $int:ident, $lanes:literal, $columns:path, $transpose:path) => {
        #[doc = concat!(stringify!($lanes), " samples. [`Vector`] has its operations.")]
        ///
        /// ```
        #[doc = concat!("use stackprop::simd::{", stringify!($vector), ", Vector};")]
        ///
        #[doc = concat!("let x = ", stringify!($vector), "::from_fn(|l| l as f32);")]
        #[doc = concat!("let y = x * x + ", stringify!($vector), "::splat(0.5);")]
        #[doc = concat!("assert_eq!(", stringify!($vector), "::LANES, ", stringify!($lanes), ");")]
        /// assert_eq!((y.extract(0), y.extract(3)), (0.5, 9.5));
        /// ```
        #[derive(Clone, Copy, Debug, PartialEq)]
        #[repr(transparent)]
        pub struct $vector(pub(super) $float);

        const _: () = assert!(PARTIAL_SUMS.is_multiple_of($lanes));

        operator!($vector, Add, add);
        operator!($vector, Sub, sub);
        operator!($vector, Mul, mul);
        operator!($vector, Div, div);

        impl Sealed for $vector {}

        impl Zero for $vector {
            const ZERO: Self = Self($float::new([0.0; $lanes]));
        }

        impl Vector for $vector {
            const LANES: usize = $lanes;
            type Partial = Self;
            type Group = Self;

            #[inline(always)]
            fn splat(value: f32) -> Self {
                Self($float::splat(value))
            }

            #[inline(always)]
            fn from_fn(f: impl FnMut(usize) -> f32) -> Self {
                Self($float::new(core::array::from_fn(f)))
            }

            #[inline(always)]
            fn extract(self, l: usize) -> f32 {
                self.0.to_array()[l % $lanes]
            }

            #[inline(always)]
            fn abs(self) -> Self {
                Self(self.0.abs())
            }

            #[inline(always)]
            fn select_lt(a: Self, b: Self, yes: Self, no: Self) -> Self {
                Self(select(a.0.simd_lt(b.0), yes.0, no.0))
            }

            #[inline(always)]
            fn select_le(a: Self, b: Self, yes: Self, no: Self) -> Self {
                Self(select(a.0.simd_le(b.0), yes.0, no.0))
            }

            #[inline(always)]
            fn power_of_two(self) -> Self {
                let bits: $int = cast(self.0);
                Self(cast(bits << 23))
            }

            #[inline(always)]
            fn times_power_of_two(self, rounded: Self) -> Self {
                let (bits, n): ($int, $int) = (cast(self.0), cast(rounded.0));
                Self(cast(bits + (n << 23)))
            }

            #[inline(always)]
            fn frexp(self) -> (Self, Self) {
                let bits: $int = cast(self.0);
                let k = (bits - $int::splat(SQRT_HALF)) >> 23;
                let round = $float::splat(ROUND_TO_INT);
                let round_bits: $int = cast(round);
                let biased: $float = cast(k + round_bits);
                (Self(cast(bits - (k << 23))), Self(biased - round))
            }

            #[inline(always)]
            fn accumulate_product(acc: Self, a: Self, b: Self) -> Self {
                acc + a * b
            }

            #[inline(always)]
            fn accumulate(acc: Self, a: Self) -> Self {
                acc + a
            }

            #[inline(always)]
            fn map_groups<const A: usize, const R: usize>(
                arguments: [Self; A],
                f: impl Fn([Self; A]) -> [Self; R],
            ) -> [Self; R] {
                f(arguments)
            }

            #[inline(always)]
            fn add_lanes(values: &[Self], totals: &mut [f32]) {
                let (squares, rest) = values.as_chunks();
                let (rows, totals) = totals.as_chunks_mut();
                for (square, row) in squares.iter().zip(rows) {
                    let sum = $transpose(square)
                        .into_iter()
                        .fold($float::new(*row), $float::add);
                    *row = sum.to_array();
                }
                for (value, total) in rest.iter().zip(totals) {
                    *total = value.0.to_array().into_iter().fold(*total, f32::add);
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
                let Some(rows) = rows.first_chunk_mut::<$lanes>() else {
                    return;
                };
                let (squares, rest) = values.as_chunks();
                for (block, square) in squares.iter().enumerate() {
                    for (row, part) in rows.iter_mut().zip($transpose(square)) {
                        if let Some(place) = row.as_chunks_mut().0.get_mut(block) {
                            *place = part.to_array();
                        }
                    }
                }
                for (i, value) in rest.iter().enumerate() {
                    for (row, v) in rows.iter_mut().zip(value.0.to_array()) {
                        row[N - rest.len() + i] = v;
                    }
                }
            }
        }
    };
}

vector!(
    F32x4,
    f32x4,
    i32x4,
    4,
    transpose::columns_of_4,
    transpose::square_of_4
);
vector!(
    F32x8,
    f32x8,
    i32x8,
    8,
    transpose::columns_of_8,
    transpose::square_of_8
);
vector!(
    F32x16,
    f32x16,
    i32x16,
    16,
    transpose::columns_of_16,
    transpose::square_of_16
);

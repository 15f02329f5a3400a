//! Lanes: the numbers a kernel computes with. A lane type carries one `f32` for each of several
//! samples, and every operation acts on all of them alike, so a lane computes exactly what the scalar
//! code computes for that sample. This is the only module that names `wide`.
//!
//! | type | samples | where it is one instruction |
//! | --- | --- | --- |
//! | `f32` | 1 | everywhere; Cortex-M runs on this |
//! | [`f32x4`] | 4 | SSE2, NEON, WebAssembly SIMD, Helium |
//! | [`f32x8`] | 8 | AVX |
//! | [`f32x16`] | 16 | AVX-512 |
//! | [`Tile<V, C>`](Tile) | C times those of V | nowhere: several groups in flight hide latency |
//!
//! # Operations
//! Only `+ - * /`, comparison with selection, and operations on the bits. There is no fused
//! multiply-add, no approximate reciprocal and no horizontal sum, because their results differ
//! between targets.

mod columns;
mod simd;
mod tile;

use core::ops::{Add, Div, Mul, Sub};

pub use simd::{f32x4, f32x8, f32x16};
pub use tile::Tile;

/// How many partial sums a sum over samples is made of; sample `l` goes to partial sum `l % LANES`.
///
/// 16 is the widest lane type: a sum defined this way can be computed by every width with the same bits.
pub const LANES: usize = 16;

/// The widest lane type that is one instruction on the target this is compiled for.
#[cfg(target_feature = "avx512f")]
pub type Native = f32x16;
/// The widest lane type that is one instruction on the target this is compiled for.
#[cfg(all(target_feature = "avx", not(target_feature = "avx512f")))]
pub type Native = f32x8;
/// The widest lane type that is one instruction on the target this is compiled for.
#[cfg(all(
    any(
        target_feature = "sse2",
        target_feature = "neon",
        target_feature = "simd128"
    ),
    not(target_feature = "avx")
))]
pub type Native = f32x4;
/// The widest lane type that is one instruction on the target this is compiled for.
#[cfg(not(any(
    target_feature = "sse2",
    target_feature = "neon",
    target_feature = "simd128"
)))]
pub type Native = f32;

/// What a batch is computed with unless you say otherwise: several groups of [`Native`], so that an operation need not
/// wait for the one before it and a load of a weight serves all; of 16 lanes two, of fewer four.
#[cfg(any(
    target_feature = "sse2",
    target_feature = "neon",
    target_feature = "simd128"
))]
pub type Wide = Tile<Native, { if Native::LANES < LANES { 4 } else { 2 } }>;
/// What a batch is computed with unless you say otherwise: one sample after another.
#[cfg(not(any(
    target_feature = "sse2",
    target_feature = "neon",
    target_feature = "simd128"
)))]
pub type Wide = f32;

/// The sum of nothing, where every sum over samples starts: -0, because -0 + x is x for every x, and +0 is
/// not when x is -0. So a first term costs no addition, and a missing sample changes no bit.
pub const NOTHING: f32 = -0.0;

/// One `f32` for each of [`Lane::LANES`] samples.
///
/// The trait is implemented here for all the types it is meant for. Code that is generic over it (a
/// layer, a head) is written once and runs at every width.
pub trait Lane:
    Copy + Add<Output = Self> + Sub<Output = Self> + Mul<Output = Self> + Div<Output = Self> + 'static
{
    /// Samples that one value carries.
    const LANES: usize;
    /// +0 for every sample.
    const ZERO: Self;

    /// The type that sums over samples: the partial sums, or the share of them that one sweep owns.
    type Acc: Lane<Acc = Self::Acc>;

    /// The same number for every sample.
    #[must_use]
    fn splat(value: f32) -> Self;

    /// `f(l)` for sample `l`.
    #[must_use]
    fn from_fn(f: impl FnMut(usize) -> f32) -> Self;

    /// The number of sample `l`, counted modulo [`LANES`](Self::LANES).
    #[must_use]
    fn lane(self, l: usize) -> f32;

    /// |self|, NaN included (the sign bit is cleared).
    #[must_use]
    fn abs(self) -> Self;

    /// Where `a < b`, `yes`; else `no`, also where either is NaN.
    #[must_use]
    fn select_lt(a: Self, b: Self, yes: Self, no: Self) -> Self;

    /// Where `a <= b`, `yes`; else `no`, also where either is NaN.
    #[must_use]
    fn select_le(a: Self, b: Self, yes: Self, no: Self) -> Self;

    /// 2^n for `self` = [`ROUND`] + n, that is, for a float whose lowest bits hold the integer n.
    /// Right for -126 <= n <= 127; some other float beyond.
    #[must_use]
    fn pow2(self) -> Self;

    /// (m, k) with `self` = m * 2^k and sqrt(1/2) <= m < sqrt(2), for a positive normal `self`.
    #[must_use]
    fn split(self) -> (Self, Self);

    /// `acc + a * b`, product and sum rounded separately; a tile adds its groups in order of samples.
    #[must_use]
    fn sum_into(acc: Self::Acc, a: Self, b: Self) -> Self::Acc;

    /// `acc + a`; a tile adds its groups in order of samples.
    #[must_use]
    fn add_into(acc: Self::Acc, a: Self) -> Self::Acc;

    /// Adds the lanes of each value, in order, to its total.
    #[inline(always)]
    fn add_lanes(values: &[Self], totals: &mut [f32]) {
        for (value, total) in values.iter().zip(totals) {
            (0..Self::LANES).for_each(|l| *total += value.lane(l));
        }
    }

    /// Rows to lanes: the sample in lane `l` of group `c` is `rows[c * stride + l]`.
    /// A group that `rows` does not hold whole is read as +0.
    #[must_use]
    fn load<const N: usize>(rows: &[[f32; N]], stride: usize) -> [Self; N];

    /// Lanes to rows, the reverse of [`load`](Self::load). A group that `rows` does not hold whole is not written.
    fn store<const N: usize>(values: &[Self; N], rows: &mut [[f32; N]], stride: usize);
}

/// 1.5 * 2^23. Adding it to |x| < 2^22 rounds x to the nearest integer, ties to even, and leaves that
/// integer in the lowest bits of the sum; subtracting it again gives the integer as a float.
pub const ROUND: f32 = 12_582_912.0;

/// The bits of the float nearest to sqrt(1/2): where [`Lane::split`] cuts the mantissas.
const SQRT_HALF: i32 = 0x3f35_04f3;

impl Lane for f32 {
    const LANES: usize = 1;
    const ZERO: Self = 0.0;
    type Acc = Self;

    #[inline(always)]
    fn splat(value: f32) -> Self {
        value
    }

    #[inline(always)]
    fn from_fn(mut f: impl FnMut(usize) -> f32) -> Self {
        f(0)
    }

    #[inline(always)]
    fn lane(self, _: usize) -> f32 {
        self
    }

    #[inline(always)]
    fn abs(self) -> Self {
        self.abs()
    }

    #[inline(always)]
    fn select_lt(a: Self, b: Self, yes: Self, no: Self) -> Self {
        if a < b { yes } else { no }
    }

    #[inline(always)]
    fn select_le(a: Self, b: Self, yes: Self, no: Self) -> Self {
        if a <= b { yes } else { no }
    }

    #[inline(always)]
    fn pow2(self) -> Self {
        Self::from_bits((self.to_bits() << 23).wrapping_add(1f32.to_bits()))
    }

    #[inline(always)]
    fn split(self) -> (Self, Self) {
        let bits = self.to_bits().cast_signed();
        let k = bits.wrapping_sub(SQRT_HALF) >> 23;
        let m = Self::from_bits(bits.wrapping_sub(k << 23).cast_unsigned());
        let k = Self::from_bits(k.cast_unsigned().wrapping_add(ROUND.to_bits())) - ROUND;
        (m, k)
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
    fn load<const N: usize>(rows: &[[f32; N]], _: usize) -> [Self; N] {
        rows.first().copied().unwrap_or([0.0; N])
    }

    #[inline(always)]
    fn store<const N: usize>(values: &[Self; N], rows: &mut [[f32; N]], _: usize) {
        if let Some(row) = rows.first_mut() {
            *row = *values;
        }
    }
}

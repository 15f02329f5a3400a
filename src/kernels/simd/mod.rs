//! Vectors of lanes, on which all kernels compute. A vector holds one `f32` for each of several
//! samples, and every operation acts on all lanes alike, so a lane computes exactly what scalar
//! code computes for its sample. No module outside this one names `wide`.
//!
//! | type | samples | one instruction on |
//! | --- | --- | --- |
//! | `f32` | 1 | every target; Cortex-M runs on this |
//! | [`F32x4`] | 4 | SSE2, NEON, WebAssembly SIMD |
//! | [`F32x8`] | 8 | AVX |
//! | [`F32x16`] | 16 | AVX-512 |
//! | [`Tile<V, C>`](Tile) | C times those of V | none: several groups in flight hide latency |
//!
//! # Operations
//! There are only `+ - * /`, comparison with selection, and operations on bits. There is no fused
//! multiply-add, no approximate reciprocal and no horizontal sum, because their results differ
//! between targets.

mod native;
mod scalar;
mod sqrt;
mod tile;
mod transpose;
mod vectors;
mod whole;

use super::zero::Zero;
use core::ops::{Add, Div, Mul, Sub};

pub(crate) use native::Narrow;
pub(crate) use scalar::frexp_biased;
pub(crate) use sqrt::sqrt;
pub(crate) use whole::Whole;

#[doc(hidden)]
pub use super::soft::Soft;
pub use native::{DefaultVector, Native, SumVector};
pub use tile::Tile;
pub use vectors::{F32x4, F32x8, F32x16};

/// A sum over samples is made of this many partial sums; sample `l` goes to partial sum
/// `l % PARTIAL_SUMS`.
///
/// 16 is the number of lanes of the widest vector, so every vector can compute the sum with the
/// same bits.
pub const PARTIAL_SUMS: usize = 16;

/// -0.0, from which every sum over samples starts: -0.0 + x is x for every x, while +0.0 + -0.0 is
/// +0.0. So a first term costs no addition, and a missing sample changes no bit.
pub const SUM_START: f32 = -0.0;

/// One `f32` for each of [`Vector::LANES`] samples.
///
/// Code that is generic over it (a layer, a head) is written once and runs at every width:
///
/// ```
/// use stackprop::simd::{F32x4, Tile, Vector};
///
/// fn relu<V: Vector>(x: V) -> V {
///     V::select_lt(x, V::ZERO, V::ZERO, x)
/// }
/// assert_eq!(relu(-1.5), 0.0);
/// assert_eq!(relu(F32x4::splat(2.0)).extract(3), 2.0);
/// assert_eq!(relu(Tile::<F32x4, 4>::splat(2.0)).extract(15), 2.0);
/// ```
///
/// The trait is sealed: it is implemented for the types above and for no others.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a vector of `f32` numbers",
    label = "not a vector",
    note = "the vectors are f32, F32x4, F32x8, F32x16, and a Tile of one of them"
)]
pub trait Vector:
    Zero
    + Add<Output = Self>
    + Sub<Output = Self>
    + Mul<Output = Self>
    + Div<Output = Self>
    + sealed::Sealed
    + 'static
{
    /// Samples that one value carries.
    const LANES: usize;

    /// The type of one of the groups that a [`Tile`] is made of; of others the type itself. On
    /// chips without a float unit a number in integers instead of `f32`, which has the same bits.
    type Group: Vector<Group = Self::Group>;

    /// The type that sums over samples. It has one partial sum for each lane of a group; `f32`,
    /// where the lanes are added up, too.
    type Partial: Vector<Partial = Self::Partial>;

    /// The same number in every lane.
    #[must_use]
    fn splat(value: f32) -> Self;

    /// `f(l)` in lane `l`.
    #[must_use]
    fn from_fn(f: impl FnMut(usize) -> f32) -> Self;

    /// The number in lane `l`, counted modulo [`LANES`](Self::LANES).
    #[must_use]
    fn extract(self, l: usize) -> f32;

    /// |self|, also of NaN: clears the sign bit.
    #[must_use]
    fn abs(self) -> Self;

    /// `yes` where `a < b`, else `no`, which is also the result where either is NaN.
    #[must_use]
    fn select_lt(a: Self, b: Self, yes: Self, no: Self) -> Self;

    /// `yes` where `a <= b`, else `no`, which is also the result where either is NaN.
    ///
    /// ```
    /// use stackprop::simd::Vector;
    ///
    /// let zero_or_less = |x: f32| Vector::select_le(x, 0.0, 1.0, 2.0);
    /// assert_eq!([-1.0, 0.0, 3.0, f32::NAN].map(zero_or_less), [1.0, 1.0, 2.0, 2.0]);
    /// ```
    #[must_use]
    fn select_le(a: Self, b: Self, yes: Self, no: Self) -> Self;

    /// 2^n for `self` = [`ROUND_TO_EXPONENT`] + n: a float whose lowest bits hold the exponent of
    /// 2^n. Correct for -126 <= n <= 127, 0 for -127 and inf for 128; beyond, some other float.
    ///
    /// ```
    /// use stackprop::simd::{ROUND_TO_EXPONENT, Vector};
    ///
    /// assert_eq!((ROUND_TO_EXPONENT + 2.7).power_of_two(), 8.0);
    /// ```
    #[must_use]
    fn power_of_two(self) -> Self;

    /// `self` * 2^n for `rounded` = [`ROUND_TO_INT`] + n, by adding n to the exponent. Correct
    /// where `self` and the result are normal; elsewhere some float, also for NaN.
    ///
    /// ```
    /// use stackprop::simd::{ROUND_TO_INT, Vector};
    ///
    /// assert_eq!(0.75f32.times_power_of_two(ROUND_TO_INT + 128.0), 0.75 * 2f32.powi(127) * 2.0);
    /// ```
    #[must_use]
    fn times_power_of_two(self, rounded: Self) -> Self;

    /// (m, k) with `self` = m * 2^k and sqrt(1/2) <= m < sqrt(2), for a positive normal `self`; for
    /// other numbers unspecified.
    ///
    /// ```
    /// use stackprop::simd::Vector;
    ///
    /// assert_eq!(12f32.frexp(), (0.75, 4.0));
    /// ```
    #[must_use]
    fn frexp(self) -> (Self, Self);

    /// `acc + a * b`, with product and sum rounded separately. A tile adds its groups in order of
    /// samples, and its lanes where the sum has none.
    ///
    /// ```
    /// use stackprop::simd::{F32x4, Vector};
    ///
    /// let (a, b) = (F32x4::from_fn(|l| l as f32), F32x4::splat(2.0));
    /// let sum = F32x4::accumulate_product(F32x4::splat(1.0), a, b);
    /// assert_eq!(sum, F32x4::from_fn(|l| 1.0 + l as f32 * 2.0));
    /// ```
    #[must_use]
    fn accumulate_product(acc: Self::Partial, a: Self, b: Self) -> Self::Partial;

    /// `acc + a`. A tile adds its groups in order of samples, and its lanes where the sum has none.
    #[must_use]
    fn accumulate(acc: Self::Partial, a: Self) -> Self::Partial;

    /// What `f` gives for each group of lanes, a [`Group`](Self::Group) of each argument. So a
    /// function of many operations keeps its numbers in registers; on all groups of a tile at once
    /// they would go through memory.
    ///
    /// ```
    /// use stackprop::simd::{F32x4, Tile, Vector};
    ///
    /// let x = Tile::<F32x4, 2>::splat(3.0);
    /// let [square, double] = Tile::map_groups([x], |[x]| [x * x, x + x]);
    /// assert_eq!((square.extract(7), double.extract(7)), (9.0, 6.0));
    /// ```
    #[must_use]
    fn map_groups<const A: usize, const R: usize>(
        arguments: [Self; A],
        f: impl Fn([Self::Group; A]) -> [Self::Group; R],
    ) -> [Self; R];

    /// [`accumulate`](Self::accumulate) for each of several sums.
    #[doc(hidden)]
    #[inline(always)]
    fn accumulate_each(sums: &mut [Self::Partial], values: &[Self]) {
        for (sum, value) in sums.iter_mut().zip(values) {
            *sum = Self::accumulate(*sum, *value);
        }
    }

    /// [`accumulate_product`](Self::accumulate_product) of each `a[o]` with each `b[i]`, where the
    /// type has its own way; false where it has none.
    #[doc(hidden)]
    #[inline(always)]
    fn accumulate_products<const I: usize, const O: usize>(
        _sums: &mut [[Self::Partial; I]; O],
        _a: &[Self; O],
        _b: &[Self; I],
    ) -> bool {
        false
    }

    /// `self + a`, as the layers and heads add.
    #[doc(hidden)]
    #[must_use]
    #[inline(always)]
    fn plus(self, a: Self) -> Self {
        self + a
    }

    /// `self + a * b`, with product and sum rounded separately.
    #[doc(hidden)]
    #[must_use]
    #[inline(always)]
    fn plus_product(self, a: Self, b: Self) -> Self {
        self + a * b
    }

    /// 0 where `self` < 0, else `self`, also for -0 and NaN.
    #[doc(hidden)]
    #[must_use]
    #[inline(always)]
    fn relu(self) -> Self {
        Self::select_lt(self, Self::ZERO, Self::ZERO, self)
    }

    /// 0 where `y`, of [`relu`](Self::relu), is 0 or -0, else `dy`, also for NaN.
    #[doc(hidden)]
    #[must_use]
    #[inline(always)]
    fn relu_grad(y: Self, dy: Self) -> Self {
        Self::select_le(y, Self::ZERO, Self::ZERO, dy)
    }

    /// Adds the lanes of each value, in order, to its total.
    #[doc(hidden)]
    #[inline(always)]
    fn add_lanes(values: &[Self], totals: &mut [f32]) {
        for (value, total) in values.iter().zip(totals) {
            (0..Self::LANES).for_each(|l| *total = f32::accumulate(*total, value.extract(l)));
        }
    }

    /// Rows to lanes: the sample in lane `l` of group `c` is `rows[c * stride + l]`. A group that
    /// is incomplete in `rows` is read as +0.
    #[doc(hidden)]
    #[must_use]
    fn load<const N: usize>(rows: &[[f32; N]], stride: usize) -> [Self; N];

    /// Lanes to rows, the reverse of [`load`](Self::load). A group that is incomplete in `rows` is
    /// not written.
    #[doc(hidden)]
    fn store<const N: usize>(values: &[Self; N], rows: &mut [[f32; N]], stride: usize);
}

/// Keeps [`Vector`] closed.
#[doc(hidden)]
pub mod sealed {
    /// Implemented for the vectors of this crate, and for a counting one in its benches.
    #[diagnostic::on_unimplemented(
        message = "`{Self}` cannot be a `Vector`: only those of this crate are",
        label = "not a vector of this crate",
        note = "the vectors are f32, F32x4, F32x8, F32x16, and a Tile of one of them"
    )]
    pub trait Sealed {}

    impl Sealed for f32 {}
}

/// 1.5 * 2^23. Adding it to |x| < 2^22 rounds x to the nearest integer, ties to even, and leaves
/// that integer in the lowest bits of the sum; subtracting it again gives the integer as a float.
pub const ROUND_TO_INT: f32 = 12_582_912.0;

/// [`ROUND_TO_INT`] + 127, the bias of the exponent. Adding it to |x| < 2^22 - 127 rounds x to the
/// nearest integer n and leaves n + 127, the exponent of 2^n, in the lowest bits of the sum.
pub const ROUND_TO_EXPONENT: f32 = ROUND_TO_INT + 127.0;

/// The bits of the float nearest to sqrt(1/2), where [`Vector::frexp`] cuts the mantissas.
const SQRT_HALF: i32 = 0x3f35_04f3;

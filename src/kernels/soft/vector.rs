//! A number whose operators are those of [`ops`](super::ops).

use super::dot::{Sum, Term};
use super::ops;
use crate::kernels::simd::{ROUND_TO_INT, Vector, frexp_biased, sealed::Sealed};
use crate::kernels::zero::Zero;
use core::ops::{Add, Div, Mul, Sub};

/// One sample in integers, with the bits of `f32`. With `NARROW` products are made of 12 bits times
/// 12, else of words.
#[derive(Clone, Copy, Debug)]
pub struct Soft<const NARROW: bool>(f32);

impl<const NARROW: bool> Soft<NARROW> {
    /// `start` + the sum over n of w\[n\] x\[n\], as the layers compute it.
    #[doc(hidden)]
    #[must_use]
    pub fn dot(start: f32, w: &[f32], x: &[f32]) -> f32 {
        let sum = w.iter().zip(x).fold(Sum::new(start), |sum, (w, x)| {
            sum.plus_inlined::<NARROW>(w.to_bits(), &Term::by::<NARROW>(*x))
        });
        sum.value()
    }
}

macro_rules! operator {
    ($trait:ident, $method:ident, |$a:ident, $b:ident| $result:expr) => {
        impl<const NARROW: bool> $trait for Soft<NARROW> {
            type Output = Self;

            #[inline(always)]
            fn $method(self, rhs: Self) -> Self {
                let ($a, $b) = (self.0, rhs.0);
                Self($result)
            }
        }
    };
}

operator!(Add, add, |a, b| ops::add(a, b));
operator!(Sub, sub, |a, b| ops::add(a, -b));
operator!(Mul, mul, |a, b| ops::mul::<NARROW>(a, b));
// A layer divides once a sample or not at all: not worth its flash.
operator!(Div, div, |a, b| a / b);

impl<const NARROW: bool> Sealed for Soft<NARROW> {}

impl<const NARROW: bool> Zero for Soft<NARROW> {
    const ZERO: Self = Self(0.0);
}

impl<const NARROW: bool> Vector for Soft<NARROW> {
    const LANES: usize = 1;
    type Partial = Self;
    type Group = Self;

    #[inline(always)]
    fn splat(value: f32) -> Self {
        Self(value)
    }

    #[inline(always)]
    fn from_fn(mut f: impl FnMut(usize) -> f32) -> Self {
        Self(f(0))
    }

    #[inline(always)]
    fn extract(self, _: usize) -> f32 {
        self.0
    }

    #[inline(always)]
    fn abs(self) -> Self {
        Self(self.0.abs())
    }

    #[inline(always)]
    fn select_lt(a: Self, b: Self, yes: Self, no: Self) -> Self {
        if ops::less(a.0, b.0) { yes } else { no }
    }

    #[inline(always)]
    fn select_le(a: Self, b: Self, yes: Self, no: Self) -> Self {
        if ops::less_or_equal(a.0, b.0) {
            yes
        } else {
            no
        }
    }

    #[inline(always)]
    fn power_of_two(self) -> Self {
        Self(self.0.power_of_two())
    }

    #[inline(always)]
    fn times_power_of_two(self, rounded: Self) -> Self {
        Self(self.0.times_power_of_two(rounded.0))
    }

    #[inline(always)]
    fn frexp(self) -> (Self, Self) {
        let (m, k) = frexp_biased(self.0);
        (Self(m), Self(k) - Self(ROUND_TO_INT))
    }

    #[inline(always)]
    fn accumulate_product(acc: Self, a: Self, b: Self) -> Self {
        Self(ops::add_product::<NARROW>(acc.0, a.0, b.0))
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
    fn plus_product(self, a: Self, b: Self) -> Self {
        Self(ops::add_product::<NARROW>(self.0, a.0, b.0))
    }

    #[inline(always)]
    fn load<const N: usize>(rows: &[[f32; N]], stride: usize) -> [Self; N] {
        f32::load(rows, stride).map(Self)
    }

    #[inline(always)]
    fn store<const N: usize>(values: &[Self; N], rows: &mut [[f32; N]], stride: usize) {
        f32::store(&values.map(|value| value.0), rows, stride);
    }
}

//! How many additions, subtractions, multiplications and divisions a function takes: it is run on a
//! number that counts.

use stackprop::Zero;
use stackprop::simd::Vector;
use stackprop::simd::sealed::Sealed;
use std::cell::Cell;
use std::ops::{Add, Div, Mul, Sub};

thread_local! {
    static OPERATIONS: Cell<u32> = const { Cell::new(0) };
}

/// The operations of `f`.
pub(crate) fn operations<T>(f: impl FnOnce() -> T) -> f64 {
    let before = OPERATIONS.get();
    f();
    f64::from(OPERATIONS.get() - before)
}

fn count() {
    OPERATIONS.set(OPERATIONS.get() + 1);
}

/// A number whose operations are counted; comparisons, selections and operations on bits are not.
#[derive(Clone, Copy)]
pub(crate) struct Counted(f32);

macro_rules! operator {
    ($trait:ident, $method:ident) => {
        impl $trait for Counted {
            type Output = Self;

            fn $method(self, rhs: Self) -> Self {
                count();
                Self(self.0.$method(rhs.0))
            }
        }
    };
}

operator!(Add, add);
operator!(Sub, sub);
operator!(Mul, mul);
operator!(Div, div);

impl Sealed for Counted {}

impl Zero for Counted {
    const ZERO: Self = Self(0.0);
}

impl Vector for Counted {
    const LANES: usize = 1;
    type Partial = Self;
    type Group = Self;

    fn splat(value: f32) -> Self {
        Self(value)
    }

    fn from_fn(f: impl FnMut(usize) -> f32) -> Self {
        Self(f32::from_fn(f))
    }

    fn extract(self, _: usize) -> f32 {
        self.0
    }

    fn abs(self) -> Self {
        Self(self.0.abs())
    }

    fn select_lt(a: Self, b: Self, yes: Self, no: Self) -> Self {
        Self(f32::select_lt(a.0, b.0, yes.0, no.0))
    }

    fn select_le(a: Self, b: Self, yes: Self, no: Self) -> Self {
        Self(f32::select_le(a.0, b.0, yes.0, no.0))
    }

    fn power_of_two(self) -> Self {
        Self(self.0.power_of_two())
    }

    fn times_power_of_two(self, rounded: Self) -> Self {
        Self(self.0.times_power_of_two(rounded.0))
    }

    fn frexp(self) -> (Self, Self) {
        let (m, k) = self.0.frexp();
        (Self(m), Self(k))
    }

    fn accumulate_product(acc: Self, a: Self, b: Self) -> Self {
        acc + a * b
    }

    fn accumulate(acc: Self, a: Self) -> Self {
        acc + a
    }

    fn map_groups<const A: usize, const R: usize>(
        arguments: [Self; A],
        f: impl Fn([Self; A]) -> [Self; R],
    ) -> [Self; R] {
        f(arguments)
    }

    fn load<const N: usize>(rows: &[[f32; N]], stride: usize) -> [Self; N] {
        f32::load(rows, stride).map(Self)
    }

    fn store<const N: usize>(values: &[Self; N], rows: &mut [[f32; N]], stride: usize) {
        f32::store(&values.map(|value| value.0), rows, stride);
    }
}

//! A vector of one's own.
// E0277: `Mine` cannot be a `Vector`: only those of this crate are

use core::ops::{Add, Div, Mul, Sub};
use stackprop::{Zero, simd::Vector};

#[derive(Clone, Copy)]
struct Mine(f32);

impl Zero for Mine {
    const ZERO: Self = Self(0.0);
}

macro_rules! operator {
    ($trait:ident, $f:ident) => {
        impl $trait for Mine {
            type Output = Self;
            fn $f(self, other: Self) -> Self {
                Self(f32::$f(self.0, other.0))
            }
        }
    };
}
operator!(Add, add);
operator!(Sub, sub);
operator!(Mul, mul);
operator!(Div, div);

#[rustfmt::skip]
impl Vector for Mine {
    const LANES: usize = 1;
    type Partial = f32;
    type Group = f32;
    fn splat(_: f32) -> Self { todo!() }
    fn from_fn(_: impl FnMut(usize) -> f32) -> Self { todo!() }
    fn extract(self, _: usize) -> f32 { todo!() }
    fn abs(self) -> Self { todo!() }
    fn select_lt(_: Self, _: Self, _: Self, _: Self) -> Self { todo!() }
    fn select_le(_: Self, _: Self, _: Self, _: Self) -> Self { todo!() }
    fn power_of_two(self) -> Self { todo!() }
    fn times_power_of_two(self, _: Self) -> Self { todo!() }
    fn frexp(self) -> (Self, Self) { todo!() }
    fn accumulate_product(_: f32, _: Self, _: Self) -> f32 { todo!() }
    fn accumulate(_: f32, _: Self) -> f32 { todo!() }
    fn map_groups<const A: usize, const R: usize>(
        _: [Self; A], _: impl Fn([f32; A]) -> [f32; R],
    ) -> [Self; R] { todo!() }
    fn load<const N: usize>(_: &[[f32; N]], _: usize) -> [Self; N] { todo!() }
    fn store<const N: usize>(_: &[Self; N], _: &mut [[f32; N]], _: usize) { todo!() }
}

fn main() {}

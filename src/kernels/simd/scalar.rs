//! One sample: the vector of targets without SIMD. Each lane of the other vectors computes the
//! same.

use super::{ROUND_TO_INT, SQRT_HALF, Vector};

impl Vector for f32 {
    const LANES: usize = 1;
    type Partial = Self;
    type Group = Self;

    #[inline(always)]
    fn splat(value: f32) -> Self {
        value
    }

    #[inline(always)]
    fn from_fn(mut f: impl FnMut(usize) -> f32) -> Self {
        f(0)
    }

    #[inline(always)]
    fn extract(self, _: usize) -> f32 {
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
    fn power_of_two(self) -> Self {
        Self::from_bits(self.to_bits() << 23)
    }

    #[inline(always)]
    fn times_power_of_two(self, rounded: Self) -> Self {
        Self::from_bits(self.to_bits().wrapping_add(rounded.to_bits() << 23))
    }

    #[inline(always)]
    fn frexp(self) -> (Self, Self) {
        let bits = self.to_bits().cast_signed();
        let k = bits.wrapping_sub(SQRT_HALF) >> 23;
        let m = Self::from_bits(bits.wrapping_sub(k << 23).cast_unsigned());
        let k =
            Self::from_bits(k.cast_unsigned().wrapping_add(ROUND_TO_INT.to_bits())) - ROUND_TO_INT;
        (m, k)
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

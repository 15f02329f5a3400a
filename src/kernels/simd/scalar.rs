//! One sample: the vector of targets without SIMD. Each lane of the other vectors computes the
//! same.

use super::{ROUND_TO_INT, SQRT_HALF, Vector};
use crate::kernels::outline::HAS_HELIUM;
use crate::kernels::soft;

impl Vector for f32 {
    const LANES: usize = 1;
    type Partial = Self;
    type Group = soft::Single;

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
        if less(a, b) { yes } else { no }
    }

    #[inline(always)]
    fn select_le(a: Self, b: Self, yes: Self, no: Self) -> Self {
        if less_or_equal(a, b) { yes } else { no }
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
        let (m, k) = frexp_biased(self);
        (m, k - ROUND_TO_INT)
    }

    #[inline(always)]
    fn accumulate_product(acc: Self, a: Self, b: Self) -> Self {
        soft::add_product(acc, a, b)
    }

    #[inline(always)]
    fn accumulate(acc: Self, a: Self) -> Self {
        soft::add(acc, a)
    }

    #[inline(always)]
    fn map_groups<const A: usize, const R: usize>(
        arguments: [Self; A],
        f: impl Fn([Self::Group; A]) -> [Self::Group; R],
    ) -> [Self; R] {
        f(arguments.map(Self::Group::splat)).map(|result| result.extract(0))
    }

    #[inline(always)]
    fn plus(self, a: Self) -> Self {
        (Self::Group::splat(self) + Self::Group::splat(a)).extract(0)
    }

    #[inline(always)]
    fn plus_product(self, a: Self, b: Self) -> Self {
        soft::add_product(self, a, b)
    }

    #[inline(always)]
    fn relu(self) -> Self {
        if !HAS_HELIUM {
            return Self::select_lt(self, 0.0, 0.0, self);
        }
        // By integers, see `less`: -0 comes before these, and after -inf come the NaN.
        let below_zero = SIGN + 1..=Self::NEG_INFINITY.to_bits();
        if below_zero.contains(&self.to_bits()) {
            0.0
        } else {
            self
        }
    }

    #[inline(always)]
    fn relu_grad(y: Self, dy: Self) -> Self {
        // By integers: `y` was stored, and is compared without a float register.
        if y.to_bits() << 1 == 0 { 0.0 } else { dy }
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

/// The sign bit.
const SIGN: u32 = 1 << 31;

/// Whether `a < b`
// On Helium LLVM makes `vcmp.f32 lt` of `<` where `b` is one number for all lanes, and that holds
// for NaN, too; so NaN is looked for, by integers, or LLVM would take that out again. Guarded by
// `cargo chip m55::digests`, the case `losses`.
#[inline(always)]
fn less(a: f32, b: f32) -> bool {
    soft::less(a, b) & (!HAS_HELIUM || neither_is_nan(a, b))
}

/// Whether `a <= b`
#[inline(always)]
fn less_or_equal(a: f32, b: f32) -> bool {
    soft::less_or_equal(a, b) & (!HAS_HELIUM || neither_is_nan(a, b))
}

#[inline(always)]
const fn neither_is_nan(a: f32, b: f32) -> bool {
    let infinity = f32::INFINITY.to_bits() << 1;
    (a.to_bits() << 1 <= infinity) & (b.to_bits() << 1 <= infinity)
}

/// [`Vector::frexp`], with [`ROUND_TO_INT`] more in the exponent.
#[inline(always)]
pub(crate) const fn frexp_biased(x: f32) -> (f32, f32) {
    let bits = x.to_bits().cast_signed();
    let k = bits.wrapping_sub(SQRT_HALF) >> 23;
    let m = f32::from_bits(bits.wrapping_sub(k << 23).cast_unsigned());
    let biased = k.cast_unsigned().wrapping_add(ROUND_TO_INT.to_bits());
    (m, f32::from_bits(biased))
}

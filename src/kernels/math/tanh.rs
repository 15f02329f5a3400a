//! The hyperbolic tangent.

use super::exp::exp_neg_parts;
use crate::kernels::simd::Vector;

/// From here on tanh rounds to 1: 1 - tanh(9.02) is less than half an ulp of 1, and 10 is the next
/// round number.
const SATURATED: f32 = 10.0;

/// 2^-12. Below, x and tanh x = x (1 - x^2 / 3 + ...) differ by at most 2^-25.5 of x, less than an
/// ulp.
const LINEAR: f32 = 2.441_406_2e-4;

/// tanh(x) = (e^x - e^-x) / (e^x + e^-x).
///
/// Domain: any x. Range: -1 to 1. tanh(-inf) = -1, tanh(inf) = 1, and NaN gives NaN; -0 stays -0,
/// and subnormal numbers come back unchanged. From |x| = 9.02 on the result rounds to +-1. Error:
/// at most 2.1 ulp.
///
/// The plain formula is (1 - e) / (1 + e) with e = e^-2|x|, and the sign of x. It cancels for small
/// x. So e stays the product s (1 + t) that it is made of, where s is a power of two and t is
/// accurate even if it is tiny:
/// ```text
/// tanh |x| = ((1 - s) - s t) / ((1 + s) + s t)
/// ```
/// 1 - s is exact unless x is saturated, and 0 for |x| < 0.1733. One path serves all x, without a
/// second polynomial.
///
/// ```
/// use stackprop::math::tanh;
///
/// assert_eq!((tanh(-10.0), tanh(0.0), tanh(1e-5)), (-1.0, 0.0, 1e-5));
/// assert!((tanh(3f32.ln()) - 0.8).abs() < 1e-7); // (3 - 1/3) / (3 + 1/3)
/// ```
#[inline(always)]
#[must_use]
pub fn tanh<V: Vector>(x: V) -> V {
    let [y] = V::map_groups([x], tanh_of);
    y
}

/// [`tanh`] of one group.
#[inline(always)]
fn tanh_of<V: Vector>([x]: [V; 1]) -> [V; 1] {
    let one = V::splat(1.0);
    let a = x.abs();
    let (t, s) = exp_neg_parts(a + a);
    let (less, more, st) = (one - s, one + s, s * t);
    let size = (less - st) / (more + st);
    let size = V::select_lt(V::splat(SATURATED), a, one, size);
    let signed = V::select_lt(x, V::ZERO, V::ZERO - size, size);
    [V::select_lt(a, V::splat(LINEAR), x, signed)]
}

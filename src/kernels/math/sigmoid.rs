//! Sigmoid and softplus.

use super::exp::{MIN, exp_neg, exp_neg_parts};
use super::log::ln_1p_lack;
use crate::kernels::simd::Vector;

/// Above, sigmoid is 1: it rounds to 1 from 16.64 on, and 24 is a round number.
const ONE: f32 = 24.0;

/// sigmoid(x) = 1 / (1 + e^-x).
///
/// Domain: any x. Range: 0 to 1. sigmoid(-inf) = 0, sigmoid(inf) = 1, and NaN gives NaN. From 16.64
/// on the result rounds to 1; below -87.33654, where the exact value is subnormal, it is +0. Error:
/// at most 1.8 ulp.
///
/// e^-x stays the product s (1 + t) that it is made of, where s is a power of two. So the sum is
/// rounded once:
/// ```text
/// 1 + e^-x = (1 + s) + s t
/// ```
/// From s = 2^24 on 1 + s is no float. What its rounding loses is added to s t.
///
/// ```
/// use stackprop::math::sigmoid;
///
/// assert_eq!((sigmoid(-88.0), sigmoid(0.0), sigmoid(17.0)), (0.0, 0.5, 1.0));
/// assert!((sigmoid(3f32.ln()) - 0.75).abs() < 1e-7);
/// ```
#[inline(always)]
#[must_use]
pub fn sigmoid<V: Vector>(x: V) -> V {
    let [y] = V::map_groups([x], sigmoid_of);
    y
}

/// [`sigmoid`] of one group.
#[inline(always)]
fn sigmoid_of<V: Vector>([x]: [V; 1]) -> [V; 1] {
    let one = V::splat(1.0);
    let (t, s) = exp_neg_parts(x);
    let sum = one + s;
    let lost = one - (sum - s);
    let value = one / (sum + (lost + s * t));
    let value = V::select_lt(x, V::splat(MIN), V::ZERO, value);
    [V::select_lt(V::splat(ONE), x, one, value)]
}

/// softplus(x) = ln(1 + e^x), computed as max(x, 0) + ln(1 + e^-|x|). The logarithm is e^-|x| less
/// something, and that is taken from max(x, 0) first: e^-|x| comes last.
///
/// Domain: any x. Range: 0 to inf. softplus(-inf) = 0, softplus(inf) = inf, and NaN gives NaN.
/// Below -87.33654, where the exact value is subnormal, the result is +0. Error: at most 2.1 ulp.
///
/// ```
/// use stackprop::math::softplus;
///
/// assert_eq!(softplus(0.0), core::f32::consts::LN_2);
/// assert_eq!((softplus(-88.0), softplus(100.0)), (0.0, 100.0));
/// ```
#[inline(always)]
#[must_use]
pub fn softplus<V: Vector>(x: V) -> V {
    let [y] = V::map_groups([x], softplus_of);
    y
}

/// [`softplus`] of one group.
#[inline(always)]
fn softplus_of<V: Vector>([x]: [V; 1]) -> [V; 1] {
    let (e, large) = exp_neg(x.abs());
    let max = V::select_lt(x, V::ZERO, V::ZERO, x);
    [e + (max - ln_1p_lack(large))]
}

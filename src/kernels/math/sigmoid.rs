//! Sigmoid and softplus.

use super::exp::exp_neg;
use super::log::ln_1p_unit;
use crate::kernels::simd::Vector;

/// sigmoid(x) = 1 / (1 + e^-x), computed from e^-|x|, which cannot overflow.
///
/// Domain: any x. Range: 0 to 1. sigmoid(-inf) = 0, sigmoid(inf) = 1, and NaN gives NaN. From 16.64
/// on the result rounds to 1; below -87.33654, where the exact value is subnormal, it is +0. Error:
/// at most 2.5 ulp.
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
    let one = V::splat(1.0);
    let e = exp_neg(x.abs());
    V::select_lt(x, V::ZERO, e, one) / (one + e)
}

/// softplus(x) = ln(1 + e^x), computed as max(x, 0) + ln(1 + e^-|x|).
///
/// Domain: any x. Range: 0 to inf. softplus(-inf) = 0, softplus(inf) = inf, and NaN gives NaN.
/// Below -87.33654, where the exact value is subnormal, the result is +0. Error: at most 2.2 ulp.
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
    V::select_lt(x, V::ZERO, V::ZERO, x) + ln_1p_unit(exp_neg(x.abs()))
}

//! Sigmoid and softplus.

use super::exp::exp_neg;
use super::log::ln_1p_unit;
use crate::lane::Lane;

/// sigmoid(x) = 1 / (1 + e^-x), computed from e^-|x|, which cannot overflow.
///
/// Domain: any x. sigmoid(-inf) = 0, sigmoid(inf) = 1, NaN gives NaN. From 16.64 on the result rounds
/// to 1; below -87.33654, where the exact value is subnormal, it is +0. Error: at most 2.5 ulp.
#[inline(always)]
#[must_use]
pub fn sigmoid<V: Lane>(x: V) -> V {
    let one = V::splat(1.0);
    let e = exp_neg(x.abs());
    V::select_lt(x, V::ZERO, e, one) / (one + e)
}

/// softplus(x) = ln(1 + e^x) = max(x, 0) + ln(1 + e^-|x|).
///
/// Domain: any x. softplus(-inf) = 0, softplus(inf) = inf, NaN gives NaN; below -87.33654, where the
/// exact value is subnormal, the result is +0. Error: at most 2.0 ulp.
#[inline(always)]
#[must_use]
pub fn softplus<V: Lane>(x: V) -> V {
    V::select_lt(x, V::ZERO, V::ZERO, x) + ln_1p_unit(exp_neg(x.abs()))
}

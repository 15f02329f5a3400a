//! The natural logarithm.

use super::exp::{LN2_HIGH, LN2_LOW};
use super::polynomial;
use crate::lane::Lane;

/// ln((1 + s) / (1 - s)) = s (2 + w p(w)), w = s^2, for s <= 1/3 with a relative error of 2^-27.7.
/// Source: `examples/minimax.rs`.
const P: [f32; 4] = [0.666_664_2, 0.400_214_37, 0.280_030_25, 0.280_067_8];

/// ln x.
///
/// Domain: any x, subnormals included (but see the crate's notes on Helium). ln 0 = -inf, ln inf = inf,
/// NaN for x < 0 and for NaN. Error: at most 1.0 ulp.
#[inline(always)]
#[must_use]
pub fn ln<V: Lane>(x: V) -> V {
    let tiny = V::splat(f32::MIN_POSITIVE);
    // A subnormal is made normal by 2^23.
    let normal = V::select_lt(x, tiny, x * V::splat(8_388_608.0), x);
    let shift = V::select_lt(x, tiny, V::splat(23.0), V::ZERO);
    let (m, k) = normal.split();
    specials(x, from_parts(m - V::splat(1.0), k - shift, V::ZERO))
}

/// ln(1 + x), exact also where 1 + x would round x away.
///
/// Domain: any x. -inf at x = -1, inf at inf, NaN for x < -1 and for NaN. Error: at most 1.0 ulp.
#[inline(always)]
#[must_use]
pub fn ln_1p<V: Lane>(x: V) -> V {
    let one = V::splat(1.0);
    let u = one + x;
    let (m, k) = u.split();
    // What rounding took from 1 + x, relative to u.
    let lost = V::select_lt(x, one, x - (u - one), one - (u - x)) / u;
    let same = |yes, no| V::select_le(k.abs(), V::ZERO, yes, no);
    specials(u, from_parts(same(x, m - one), k, same(V::ZERO, lost)))
}

/// ln(1 + e) for 0 <= e <= 1, and NaN for NaN: the part of softplus, which has no special cases.
#[inline(always)]
pub(super) fn ln_1p_unit<V: Lane>(e: V) -> V {
    // Where e is below 2^-40, ln(1 + e) is e, and s^2 would become subnormal.
    let f = V::select_lt(e, V::splat(9.094_947e-13), V::ZERO, e);
    let s = f / (V::splat(2.0) + f);
    e - s * (f - series(s))
}

/// ln(1 + f) + k ln 2 + rest, for -0.3 <= f <= 0.42. With s = f / (2 + f), ln(1 + f) = s (2 + R) is
/// f - s (f - R), which keeps the exact f as the leading term.
#[inline(always)]
fn from_parts<V: Lane>(f: V, k: V, rest: V) -> V {
    let s = f / (V::splat(2.0) + f);
    let correction = s * (f - series(s)) + (k * V::splat(LN2_LOW) - rest);
    k * V::splat(LN2_HIGH) + (f - correction)
}

/// w p(w) for w = s^2.
#[inline(always)]
fn series<V: Lane>(s: V) -> V {
    let w = s * s;
    w * polynomial(w, P)
}

/// `value`, the logarithm of a positive finite `x`, or what the logarithm is elsewhere.
#[inline(always)]
fn specials<V: Lane>(x: V, value: V) -> V {
    let value = V::select_lt(x, V::splat(f32::INFINITY), value, x);
    let not_positive = V::select_le(V::ZERO, x, V::splat(f32::NEG_INFINITY), V::splat(f32::NAN));
    V::select_lt(V::ZERO, x, value, not_positive)
}

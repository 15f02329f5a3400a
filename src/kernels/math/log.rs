//! The natural logarithm.

use super::exp::{LN2_HIGH, LN2_LOW};
use crate::kernels::simd::Vector;

/// ln((1 + s) / (1 - s)) = s (2 + w p(w)) with w = s^2, for s <= 1/3 and with a relative error of
/// 2^-27.7. Source: `examples/minimax.rs`.
const P: [f32; 4] = [0.666_664_2, 0.400_214_37, 0.280_030_25, 0.280_067_8];

/// ln x.
///
/// Domain: any x; subnormals too, except where the target flushes them to zero (see the README on
/// Helium). Range: -inf to inf. ln 0 = -inf, ln inf = inf; x < 0 and NaN give NaN. Error: at most
/// 0.96 ulp.
///
/// ```
/// use stackprop::math::ln;
///
/// assert_eq!((ln(0.0), ln(1.0)), (f32::NEG_INFINITY, 0.0));
/// assert_eq!(ln(2.0), core::f32::consts::LN_2);
/// assert!(ln(-1.0).is_nan());
/// ```
#[inline(always)]
#[must_use]
pub fn ln<V: Vector>(x: V) -> V {
    let [y] = V::map_groups([x], ln_of);
    y
}

/// [`ln`] of one group.
#[inline(always)]
fn ln_of<V: Vector>([x]: [V; 1]) -> [V; 1] {
    let tiny = V::splat(f32::MIN_POSITIVE);
    // 2^23 makes a subnormal normal.
    let normal = V::select_lt(x, tiny, x * V::splat(8_388_608.0), x);
    let shift = V::select_lt(x, tiny, V::splat(23.0), V::ZERO);
    let (m, k) = normal.frexp();
    [specials(
        x,
        from_parts(m - V::splat(1.0), k - shift, V::ZERO),
    )]
}

/// ln(1 + x), accurate also for small x, where 1 + x rounds x away.
///
/// Domain: any x. Range: -inf to inf. -inf at x = -1, inf at inf; x < -1 and NaN give NaN. Error:
/// at most 0.96 ulp.
///
/// ```
/// use stackprop::math::ln_1p;
///
/// assert_eq!((ln_1p(-1.0), ln_1p(1.0)), (f32::NEG_INFINITY, core::f32::consts::LN_2));
/// assert_eq!(ln_1p(1e-8), 1e-8); // ln(1.0 + 1e-8) is 0
/// ```
#[inline(always)]
#[must_use]
pub fn ln_1p<V: Vector>(x: V) -> V {
    let [y] = V::map_groups([x], ln_1p_of);
    y
}

/// [`ln_1p`] of one group.
#[inline(always)]
fn ln_1p_of<V: Vector>([x]: [V; 1]) -> [V; 1] {
    let one = V::splat(1.0);
    let u = one + x;
    let (m, k) = u.frexp();
    // The rounding error of 1 + x, relative to u.
    let lost = V::select_lt(x, one, x - (u - one), one - (u - x)) / u;
    let same = |yes, no| V::select_le(k.abs(), V::ZERO, yes, no);
    [specials(
        u,
        from_parts(same(x, m - one), k, same(V::ZERO, lost)),
    )]
}

/// e - ln(1 + e) for 0 <= e <= 1, where e is 0 or so large that e^2 is not subnormal. NaN for NaN.
/// With s = e / (2 + e), ln(1 + e) = s (2 + R) is e - s (e - R), whose leading term is the exact e.
#[inline(always)]
pub(super) fn ln_1p_lack<V: Vector>(e: V) -> V {
    // Estrin's scheme, for its latency.
    let [c0, c1, c2, c3] = P;
    let (c0, c1, c2, c3) = (V::splat(c0), V::splat(c1), V::splat(c2), V::splat(c3));
    let s = e / (V::splat(2.0) + e);
    let w = s * s;
    s * (e - w * ((c0 + w * c1) + w * w * (c2 + w * c3)))
}

/// ln(1 + f) + k ln 2 + rest, for -0.3 <= f <= 0.42.
#[inline(always)]
fn from_parts<V: Vector>(f: V, k: V, rest: V) -> V {
    let s = f / (V::splat(2.0) + f);
    let correction = s * (f - series(s)) + (k * V::splat(LN2_LOW) - rest);
    k * V::splat(LN2_HIGH) + (f - correction)
}

/// w p(w) for w = s^2.
#[inline(always)]
fn series<V: Vector>(s: V) -> V {
    let [c0, c1, c2, c3] = P;
    let (c0, c1, c2, c3) = (V::splat(c0), V::splat(c1), V::splat(c2), V::splat(c3));
    let w = s * s;
    w * (c0 + w * (c1 + w * (c2 + w * c3)))
}

/// `value` where x is positive and finite. Elsewhere the logarithm's special values: inf at inf,
/// -inf at 0, NaN below and for NaN.
#[inline(always)]
fn specials<V: Vector>(x: V, value: V) -> V {
    let value = V::select_lt(x, V::splat(f32::INFINITY), value, x);
    let not_positive = V::select_le(V::ZERO, x, V::splat(f32::NEG_INFINITY), V::splat(f32::NAN));
    V::select_lt(V::ZERO, x, value, not_positive)
}

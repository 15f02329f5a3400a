//! The exponential, and the exponential less 1.

use crate::kernels::simd::{ROUND_TO_EXPONENT, ROUND_TO_INT, Vector};

/// 1 / ln 2, rounded to f32.
const LOG2_E: f32 = core::f32::consts::LOG2_E;

/// ln 2 = `LN2_HIGH` - `LN2_LOW`. The high part, 355 / 512, has 9 significant bits, so its product
/// with an integer of up to 15 bits is exact. The low part is the rest, rounded to f32.
pub(super) const LN2_HIGH: f32 = 0.693_359_4;
pub(super) const LN2_LOW: f32 = 2.121_944_4e-4;

/// e^r = 1 + r + r^2 q(r) for |r| <= 0.3466, with a relative error of 2^-28.2. Source:
/// `examples/minimax.rs`.
const Q: [f32; 5] = [
    0.499_999_94,
    0.166_665_17,
    0.041_668_102,
    0.008_369_192_5,
    0.001_383_890_3,
];

/// The least x whose e^x is a normal float: -126 ln 2 = -87.336545, rounded towards zero.
pub(super) const MIN: f32 = -87.336_54;

/// The greatest x whose e^x is a finite float: 128 ln 2 = 88.722839, rounded towards zero.
const MAX: f32 = 88.722_83;

/// 2^-25. Below, e^x - 1 = x (1 + x / 2 + ...) rounds to x.
const LINEAR: f32 = 2.980_232_2e-8;

/// e^x.
///
/// Domain: any x. Range: 0 to inf. Below -87.33654, where the exact value is subnormal, the result
/// is +0; above 88.72283 it is inf. e^-inf = 0, e^inf = inf, and NaN gives NaN. Error: at most
/// 1.0 ulp.
///
/// ```
/// use stackprop::math::exp;
///
/// assert_eq!(exp(1.0), core::f32::consts::E);
/// assert_eq!((exp(-88.0), exp(0.0), exp(89.0)), (0.0, 1.0, f32::INFINITY));
/// ```
#[inline(always)]
#[must_use]
pub fn exp<V: Vector>(x: V) -> V {
    let [y] = V::map_groups([x], exp_of);
    y
}

/// [`exp`] of one group.
#[inline(always)]
fn exp_of<V: Vector>([x]: [V; 1]) -> [V; 1] {
    let (t, rounded) = exp_parts(x, ROUND_TO_INT);
    let value = (V::splat(1.0) + t).times_power_of_two(rounded);
    let value = V::select_lt(x, V::splat(MIN), V::ZERO, value);
    // The bits of a NaN are no longer those of a NaN, but x is.
    let infinite = x + V::splat(f32::INFINITY);
    [V::select_le(x, V::splat(MAX), value, infinite)]
}

/// e^x - 1, accurate also for small x, where e^x rounds x away.
///
/// Domain: any x. Range: -1 to inf. expm1(-inf) = -1, expm1(inf) = inf, and NaN gives NaN; -0 stays
/// -0, and subnormal numbers come back unchanged. From -16.99 down the result is -1; above 88.72283
/// it is inf. Error: at most 1.7 ulp, 1.0 for x <= 0.
///
/// Write e^x = s (1 + t), where s is a power of two and t is accurate even if it is tiny. Then
/// ```text
/// e^x - 1 = (s - 1) + s t
/// ```
/// For |x| < 0.3465, s is 1: the result is t, and nothing cancels. s - 1 is exact for s from 2^-24
/// to 2^24; beyond, it is rounded as the result is. 2^128 is not a float, so all this is computed
/// with s / 2 and doubled.
///
/// ```
/// use stackprop::math::{exp, expm1};
///
/// assert_eq!((expm1(-17.0), expm1(1e-10)), (-1.0, 1e-10));
/// let off = |y: f32| f64::from(y) / f64::from(1e-4_f32).exp_m1() - 1.0;
/// assert!(off(expm1(1e-4)).abs() < 3e-7);
/// assert!(off(exp(1e-4) - 1.0).abs() > 1e-4); // the subtraction loses three digits more
/// ```
#[inline(always)]
#[must_use]
pub fn expm1<V: Vector>(x: V) -> V {
    let [y] = V::map_groups([x], expm1_of);
    y
}

/// [`expm1`] of one group.
#[inline(always)]
fn expm1_of<V: Vector>([x]: [V; 1]) -> [V; 1] {
    let (t, rounded) = exp_parts(x, ROUND_TO_EXPONENT - 1.0);
    let half = rounded.power_of_two();
    let halved = (half - V::splat(0.5)) + half * t;
    let value = V::select_lt(x, V::splat(MIN), V::splat(-1.0), halved + halved);
    let value = V::select_lt(V::splat(MAX), x, V::splat(f32::INFINITY), value);
    [V::select_lt(x.abs(), V::splat(LINEAR), x, value)]
}

/// (t, rounded) with e^x = 2^n (1 + t), for `MIN` <= x <= `MAX` and `rounded` = `bias` + n. |t| <
/// 0.42 has a relative error of about an ulp. NaN gives a t of NaN.
#[inline(always)]
fn exp_parts<V: Vector>(x: V, bias: f32) -> (V, V) {
    let rounded = x * V::splat(LOG2_E) + V::splat(bias);
    let n = rounded - V::splat(bias);
    let r = x - n * V::splat(LN2_HIGH) + n * V::splat(LN2_LOW);
    (tail(r), rounded)
}

/// e^-x for x >= 0, all that softplus needs: it cannot overflow. +0 above 87.33654, NaN for NaN,
/// unspecified for x < 0. It has the error of [`exp`]. Beside it the same, but 0 from 20 on: all
/// that 1 + e^-x still sees. Products of it are never subnormal, which would be slow.
#[inline(always)]
pub(super) fn exp_neg<V: Vector>(x: V) -> (V, V) {
    let (t, s) = exp_neg_parts(x);
    let e = (V::splat(1.0) + t) * s;
    let large = V::select_lt(V::splat(20.0), x, V::ZERO, e);
    (V::select_lt(V::splat(-MIN), x, V::ZERO, e), large)
}

/// (t, s) with e^-x = s (1 + t), for |x| <= 87.33. s is a power of two, and |t| < 0.42 has a
/// relative error of about an ulp. NaN gives a t of NaN.
#[inline(always)]
pub(super) fn exp_neg_parts<V: Vector>(x: V) -> (V, V) {
    let rounded = x * V::splat(-LOG2_E) + V::splat(ROUND_TO_EXPONENT);
    let n = V::splat(ROUND_TO_EXPONENT) - rounded;
    let r = n * V::splat(LN2_HIGH) - x - n * V::splat(LN2_LOW);
    (tail(r), rounded.power_of_two())
}

/// e^r - 1 for |r| <= 0.3466. Estrin's scheme: fewer operations wait for another. Where r^2 is
/// subnormal, r is the result whether or not the target flushes r^2 to zero.
#[inline(always)]
fn tail<V: Vector>(r: V) -> V {
    let [c0, c1, c2, c3, c4] = Q;
    let (c0, c1, c2) = (V::splat(c0), V::splat(c1), V::splat(c2));
    let (c3, c4) = (V::splat(c3), V::splat(c4));
    let square = r * r;
    let high = (c2 + r * c3) + square * c4;
    r + square * ((c0 + r * c1) + square * high)
}

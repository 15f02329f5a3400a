//! The exponential.

use super::polynomial;
use crate::lane::{Lane, ROUND};

/// 1 / ln 2, rounded to f32.
const LOG2_E: f32 = core::f32::consts::LOG2_E;

/// ln 2 = `LN2_HIGH` - `LN2_LOW`. The high part, 355 / 512, has 9 significant bits, so that its product
/// with an integer of up to 15 bits is exact; the low part is the rest, rounded to f32.
pub(super) const LN2_HIGH: f32 = 0.693_359_4;
pub(super) const LN2_LOW: f32 = 2.121_944_4e-4;

/// e^r = 1 + r + r^2 q(r) for |r| <= 0.3466 with a relative error of 2^-28.2. Source: `examples/minimax.rs`.
const Q: [f32; 5] = [
    0.499_999_94,
    0.166_665_17,
    0.041_668_102,
    0.008_369_192_5,
    0.001_383_890_3,
];

/// The least x whose e^x is a normal float: -126 ln 2 = -87.336545, rounded towards zero.
const MIN: f32 = -87.336_54;

/// The greatest x whose e^x is a finite float: 128 ln 2 = 88.722839, rounded towards zero.
const MAX: f32 = 88.722_83;

/// e^x.
///
/// Domain: any x. Below -87.33654, where the exact value is subnormal, the result is +0; above 88.72283
/// it is +inf; e^-inf = 0, e^inf = inf, NaN gives NaN. Error: at most 1.2 ulp.
#[inline(always)]
#[must_use]
pub fn exp<V: Lane>(x: V) -> V {
    let rounded = x * V::splat(LOG2_E) + V::splat(ROUND);
    let n = rounded - V::splat(ROUND);
    let r = x - n * V::splat(LN2_HIGH) + n * V::splat(LN2_LOW);
    // 2^128 is no float: near the top, 2^n is 2^(n-1) times 2.
    let top = V::splat(88.0);
    let scale = V::select_lt(top, x, rounded - V::splat(1.0), rounded).pow2();
    let rest = V::select_lt(top, x, V::splat(2.0), V::splat(1.0));
    let value = reduced(r) * scale * rest;
    let value = V::select_lt(x, V::splat(MIN), V::ZERO, value);
    V::select_lt(V::splat(MAX), x, V::splat(f32::INFINITY), value)
}

/// e^-x for x >= 0, all that sigmoid and softplus need: no overflow to guard against.
/// +0 above 87.33654, NaN for NaN; for x < 0 unspecified. Error as of [`exp`].
#[inline(always)]
pub(super) fn exp_neg<V: Lane>(x: V) -> V {
    let (t, s) = exp_neg_parts(x);
    V::select_lt(V::splat(-MIN), x, V::ZERO, (V::splat(1.0) + t) * s)
}

/// (t, s) with e^-x = s (1 + t), s a power of two and |t| < 0.42 with a relative error of about an ulp, for
/// 0 <= x <= 87.33. t is NaN for NaN.
#[inline(always)]
pub(super) fn exp_neg_parts<V: Lane>(x: V) -> (V, V) {
    let rounded = x * V::splat(-LOG2_E) + V::splat(ROUND);
    let n = V::splat(ROUND) - rounded;
    let r = n * V::splat(LN2_HIGH) - x - n * V::splat(LN2_LOW);
    (tail(r), rounded.pow2())
}

/// e^r for |r| <= 0.3466.
#[inline(always)]
fn reduced<V: Lane>(r: V) -> V {
    V::splat(1.0) + tail(r)
}

/// e^r - 1 for |r| <= 0.3466. Without r^2, which would be subnormal for |r| < 1e-19.
#[inline(always)]
fn tail<V: Lane>(r: V) -> V {
    r * (V::splat(1.0) + r * polynomial(r, Q))
}

//! Bounds on the steps of the optimisers that divide by the root of a mean square.
//!
//! Sizes alone say too little here: a mean square of 0 may stand beside a large mean. But each
//! gradient is in both, so their quotient is bounded. Below, u is 2^-24, half a unit in the last
//! place of 1, and v' is the mean square after the step, with rounding.

use super::moments::{Moments, Settings};
use crate::kernels::size::{SIZE, combine, largest_of, largest_within};
use crate::kernels::soft;

/// 2^-60. Covers what is lost where a quotient or a product is subnormal, and the least eps that a
/// bound is known for: beside a smaller one, errors of subnormal squares would count.
pub(super) const TINY: f32 = f32::from_bits((127 - 60) << 23);

/// 2^-53: see [`slope`].
const REST: f32 = f32::from_bits((127 - 53) << 23);

/// 2^72, above every |m| that [`largest_v`] accepts: 136 sqrt(v), and v is below 2^128.
const LARGEST_M: f32 = f32::from_bits((127 + 72) << 23);

/// 2^14, as a difference of exponents: the square of what |m| / sqrt(v) may be. With the default
/// betas it stays below 53, by the inequality of Cauchy and Schwarz; with betas of 0 and 0.999 or
/// of 0.9 and 0.99999 below 6000.
const RATIO: u32 = (127 + 14) << 23;

/// The largest v: inf or NaN if one is not finite, or negative.
#[inline(always)]
pub(super) fn largest_square<S: Copy>(states: &[S], v: impl Fn(S) -> f32) -> f32 {
    largest_of(states, u32::MAX, v)
}

/// The same of the v of moments with |m| <= 136 sqrt(v) + 2^-55; NaN if there are others.
///
/// The bits of a positive float are 2^23 (L + 127), where L is its logarithm to base 2, less up to
/// 0.0861, for a float that is not subnormal. So 2 bits(|m|) <= bits(v) + RATIO means
/// 2 log2 |m| <= log2 v + 14 + 2 x 0.0861, and 2^(14.1722 / 2) is below 136. A v that is subnormal
/// or 0 has bits below 2^23: then bits(|m|) <= 71 x 2^23, and |m| is below 2^-55. NaN and inf have
/// larger bits than any finite v allows. Both sides are halved, so that differences fit 31 bits.
#[inline(always)]
pub(super) fn largest_v<S: Copy>(states: &[S], of: impl Fn(S) -> Moments) -> f32 {
    let (signs, all) = combine(states, |state| {
        let Moments { m, v } = of(state);
        let most = v.to_bits().wrapping_add(RATIO) >> 1;
        (most.wrapping_sub(m.to_bits() & SIZE), v.to_bits())
    });
    if signs > SIZE {
        return f32::NAN;
    }
    largest_within(all, states, u32::MAX, |state| of(state).v)
}

/// A number R with |m'| <= R sqrt(v') + 2^-53, for moments of which [`largest_v`] is known, and any
/// gradient g.
///
/// With c = 1 - beta1 and d = 1 - beta2, |m'| <= (1 + 4u) (|m| + c |g|) + 2^-149, and
/// v' >= (1 - 3u) (beta2 v + d g^2) - 2^-147. So sqrt(beta2 v) and sqrt(d) |g| are each at most
/// (1 + 3u) sqrt(v') + 2^-73, and
/// ```text
/// |m'| <= (1 + 8u) ((136 / sqrt(beta2) + c / sqrt(d)) (sqrt(v') + 2^-73) + 2^-55) + 2^-149
/// ```
/// The mean of two squares is no less than the product of their roots: 1 / sqrt(beta2) is at most
/// (1 + 1 / beta2) / 2, and c / sqrt(d) at most (1 + c^2 / d) / 2. 69 in place of 68 and 0.51 in
/// place of 0.5 are for all rounding, here and in the quotient that R is for. With beta2 from 2^-20
/// on and d from 2^-24 on, what stands before 2^-73 is below 2^18.
#[inline(always)]
fn slope(settings: &Settings) -> f32 {
    let Settings { beta1, beta2, .. } = *settings;
    let (c, d) = (1.0 - beta1, 1.0 - beta2);
    69.0 * (1.0 + 1.0 / beta2) + 0.51 * (1.0 + c * c / d)
}

/// Whether the settings are those that [`slope`] is derived for, and all numbers on the way are
/// finite: for the eps that stands beside the root, gradients up to `g`, v up to `v`, and the rates
/// that m' and g are multiplied with.
#[inline(always)]
fn fits(settings: &Settings, eps: f32, (g, v): (f32, f32), rates: f32) -> bool {
    let Settings { beta1, beta2, .. } = *settings;
    // As v' is computed. Rounding is monotone, so no v' is larger.
    let v = soft::add_product(soft::mul(beta2, v), soft::mul(1.0 - beta2, g), g);
    // More than twice |m'|, |g - m| and |g|.
    let most = 2.0 * (g + LARGEST_M);
    (0.0..1.0).contains(&beta1)
        && (TWO_TO_MINUS_20..1.0).contains(&beta2)
        && (TINY..f32::INFINITY).contains(&eps)
        && v < f32::INFINITY
        && most * rates < f32::INFINITY
}

/// The least beta2 that [`slope`] is derived for.
const TWO_TO_MINUS_20: f32 = f32::from_bits((127 - 20) << 23);

/// A bound on size m' / (sqrt(v') + eps), for moments whose [`largest_v`] is `v`, and gradients up
/// to `g`; inf or NaN if it is not known.
///
/// With |m'| <= R sqrt(v') + 2^-53 it is size (R + 2^-53 / eps), and [`TINY`] for products and
/// quotients that are subnormal.
#[inline(always)]
pub(super) fn of_adam(settings: &Settings, (size, eps): (f32, f32), g: f32, v: f32) -> f32 {
    let size = size.abs();
    if !fits(settings, eps, (g, v), size) {
        return f32::INFINITY;
    }
    size * (slope(settings) + REST / eps) + TINY
}

/// The same of (a g + b m') / (sqrt(v') + eps), where a and b are the rates.
///
/// |g| is at most (1 + 3u) sqrt(v' / d) + 2^-61, and 1 / sqrt(d) at most (1 + 1 / d) / 2.
#[inline(always)]
pub(super) fn of_nadam(settings: &Settings, rates: [f32; 2], eps: f32, g: f32, v: f32) -> f32 {
    let [of_g, of_m] = rates.map(f32::abs);
    if !fits(settings, eps, (g, v), of_g + of_m) {
        return f32::INFINITY;
    }
    let of_root = of_g * 0.51 * (1.0 + 1.0 / (1.0 - settings.beta2)) + of_m * slope(settings);
    of_root + (of_g + of_m) * REST / eps + TINY
}

/// A bound on |g| / (sqrt(v') + eps), where v' >= share g^2, rounded: for a mean square that is not
/// negative, and for all gradients. Inf if eps is too small.
///
/// |g| sqrt(share) <= (1 + 3u) sqrt(v') + 2^-73, and 1 / sqrt(share) is at most (1 + 1 / share) /
/// 2. With share from 2^-24 on, 2^-73 / sqrt(share) is nothing beside eps / sqrt(share). 0.51 in
/// place of 0.5 is for rounding, here and in a product with a rate.
#[inline(always)]
pub(super) fn of_square(share: f32, eps: f32) -> f32 {
    if !(TINY..f32::INFINITY).contains(&eps) {
        return f32::INFINITY;
    }
    0.51 * (1.0 + 1.0 / share) + TINY
}

//! Every tolerance of the tests, in one place. Each bound is less than ten times what was seen, so
//! that a kernel that loses a few bits fails.

/// A kernel's largest error over all floats, in ulp of the exact value where that is normal. Where
/// it is subnormal the result is within [`TINY`]. The same bounds stand in the documentation.
/// `tests/every_float` holds both to its record in `tests/data`: a bound is at most 5 % looser than
/// what was seen.
pub const EXP: f64 = 1.0;
pub const EXPM1: f64 = 1.7;
pub const EXPM1_NOT_POSITIVE: f64 = 1.0;
pub const LN: f64 = 0.96;
pub const LN_1P: f64 = 0.96;
pub const SIGMOID: f64 = 1.8;
pub const TANH: f64 = 2.1;
pub const SOFTPLUS: f64 = 2.1;
/// Rounded correctly.
pub const SQRT: f64 = 0.5;
/// Over targets in 0..=1.
pub const BCE: f64 = 2.23;

/// dL/dz of BCE, in ulp of the larger of the two shares it is the difference of.
pub const BCE_GRAD: f64 = 2.85;

/// Each element of BCE on probabilities, value and gradient, in ulp. The gradient's denominator
/// p (1 - p) has 1.5 ulp, the difference and the quotient 0.5 each.
pub const BCE_LOSS: f64 = 3.0;
pub const BCE_LOSS_GRAD: f64 = 3.0;

/// The least normal float: what may be lost where the exact value is subnormal.
pub const TINY: f64 = 1.175_494_350_822_287_5e-38;

/// One ulp of `exact` in f32, or of the least normal float.
#[expect(clippy::cast_possible_truncation, reason = "an exponent")]
pub fn ulp(exact: f64) -> f64 {
    2f64.powi(exact.abs().max(TINY).log2().floor() as i32 - 23)
}

/// Outputs, losses and gradients of whole networks against f64, relative to the larger of the value
/// and a quarter of its tensor's largest. A sum of n products in f32 is off by up to n 2^-24 of the
/// sum of their sizes; the longest sums here have 32 products (two such layers deep) and 63
/// samples.
pub const NETWORK: f64 = 4e-6;

/// Central differences in f64 with a step of 1e-6: 1e-12 from the third derivative and 1e-16 / 1e-6
/// from rounding, relative to losses and slopes of about 1.
pub const DIFFERENCES: f64 = 3e-9;

/// Activations and their gradients, relative: 2.1 ulp of y and a product or two, and for the
/// gradients, made from y, as much of dy where y saturates.
pub const LAYERS: f64 = 5e-7; // seen 8.3e-8

/// Losses and their gradients by the logits, of the gradients relative to the larger of the value
/// and a quarter of the largest target.
pub const HEADS: f64 = 5e-7; // seen 2.4e-7

/// Losses and gradients of a saturated head, relative to themselves, for logits whose differences
/// are floats.
pub const SATURATED: f64 = 5e-7; // seen 1.2e-7

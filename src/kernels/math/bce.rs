//! Binary cross-entropy on the logit.

use super::exp::exp_neg;
use super::log::ln_1p_lack;
use crate::kernels::simd::Vector;

/// Binary cross-entropy of one output from its logit z and its target y: `nn.BCEWithLogitsLoss`.
///
/// ```text
/// loss = -y ln(sigmoid(z)) - (1 - y) ln(1 - sigmoid(z))
/// ```
/// Domain: any z, and y in \[0, 1\]; beyond, the formula holds without an error bound. Range: 0 to
/// inf. At z = +-inf the result is the limit, 0 or inf; NaN gives NaN. Error: at most 2.23 ulp;
/// where the exact value is subnormal the result may be +0.
///
/// ```
/// use stackprop::math::bce_with_logits;
///
/// assert_eq!(bce_with_logits(0.0, 1.0), core::f32::consts::LN_2);
/// assert_eq!(bce_with_logits(100.0, 0.0), 100.0);
/// assert_eq!(bce_with_logits(f32::INFINITY, 1.0), 0.0);
/// ```
#[inline(always)]
#[must_use]
pub fn bce_with_logits<V: Vector>(z: V, y: V) -> V {
    bce_with_logits_grad(z, y).0
}

/// The value of [`bce_with_logits`] and its derivative by z, which is sigmoid(z) - y.
///
/// The plain formulas are
/// ```text
/// loss = max(z, 0) - z y + ln(1 + e^-|z|)
/// dz   = 1 / (1 + e^-z) - y
/// ```
/// They cancel where the output saturates: at z = 20 and y = 1 both subtract equal floats. So the
/// kernel measures everything from the side of z. With e = e^-|z|, the probability of the other
/// side q = e / (1 + e), and the target's share of the other side u (1 - y if z >= 0, else y):
/// ```text
/// loss = |z| u + ln(1 + e)
/// dz   = u - q if z >= 0, else q - u
/// ```
/// Both keep their relative accuracy at any z. Range of dz: -y to 1 - y, which it reaches at
/// z = -inf and inf; NaN gives NaN. Error of dz: at most 2.85 ulp of the larger of q and u.
///
/// ```
/// use stackprop::math::bce_with_logits_grad;
///
/// let (loss, dz) = bce_with_logits_grad(0.0, 1.0);
/// assert_eq!((loss, dz), (core::f32::consts::LN_2, -0.5));
///
/// let (_, dz) = bce_with_logits_grad(20.0, 1.0);
/// let exact = -1.0 / (1.0 + 20f64.exp()); // -2.06e-9, where sigmoid(20.0) - 1.0 is 0
/// assert!((f64::from(dz) / exact - 1.0).abs() < 3e-7);
/// ```
#[inline(always)]
#[must_use]
pub fn bce_with_logits_grad<V: Vector>(z: V, y: V) -> (V, V) {
    let [loss, dz] = V::map_groups([z, y], bce_of);
    (loss, dz)
}

/// Value and derivative of `positive` softplus(-z) + `negative` softplus(z), where `sum` is
/// `positive` + `negative`. With the q of [`bce_with_logits_grad`] and the share u of the other
/// side:
/// ```text
/// loss = |z| u + sum ln(1 + e)
/// dz   = u - sum q if z >= 0, else sum q - u
/// ```
#[inline(always)]
pub(crate) fn bce_from_shares<V: Vector>(z: V, positive: V, negative: V, sum: V) -> (V, V) {
    let [loss, dz] = V::map_groups([z, positive, negative, sum], shares_of);
    (loss, dz)
}

/// [`bce_from_shares`] of one group.
#[inline(always)]
fn shares_of<V: Vector>([z, positive, negative, sum]: [V; 4]) -> [V; 2] {
    let a = z.abs();
    let (e, large) = exp_neg(a);
    let q = sum * (e / (V::splat(1.0) + e));
    let u = V::select_lt(z, V::ZERO, positive, negative);
    let dz = V::select_lt(z, V::ZERO, q - u, u - q);
    // Gives 0, not inf * 0, for an infinite logit on the right side.
    let wrong = V::select_le(u.abs(), V::ZERO, V::ZERO, a * u);
    [sum * e + (wrong - sum * ln_1p_lack(large)), dz]
}

/// [`bce_with_logits_grad`] of one group.
#[inline(always)]
fn bce_of<V: Vector>([z, y]: [V; 2]) -> [V; 2] {
    let one = V::splat(1.0);
    shares_of([z, y, one - y, one])
}

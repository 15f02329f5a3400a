//! Binary cross-entropy on the logit.

use super::exp::exp_neg;
use super::log::ln_1p_unit;
use crate::lane::Lane;

/// BCE of one output from its logit: -y ln(sigmoid(z)) - (1 - y) ln(1 - sigmoid(z)).
///
/// Domain: any z, and a target y in \[0, 1\] (the formula goes on beyond, without an error bound). At
/// z = +-inf the limit, 0 or inf; NaN gives NaN. Error: at most 2.5 ulp; where the exact value is
/// subnormal the result may be +0.
#[inline(always)]
#[must_use]
pub fn bce_with_logits<V: Lane>(z: V, y: V) -> V {
    bce_with_logits_grad(z, y).0
}

/// The value of [`bce_with_logits`] and its derivative by z, which is sigmoid(z) - y.
///
/// Plainly:
/// ```text
/// loss = max(z, 0) - z y + ln(1 + e^-|z|)
/// dz   = 1 / (1 + e^-z) - y
/// ```
/// which cancels where the output saturates: for z = 20 and y = 1 both are a difference of equal floats.
/// So everything is measured from the side that z lies on. With e = e^-|z|, q = e / (1 + e) the
/// probability of the other side and u the target's share of it (1 - y for z >= 0, y for z < 0):
/// ```text
/// loss = |z| u + ln(1 + e)
/// dz   = u - q for z >= 0, q - u for z < 0
/// ```
/// Both keep their relative accuracy however far z saturates. Error of dz: at most 3 ulp of the larger
/// of q and u.
#[inline(always)]
#[must_use]
pub fn bce_with_logits_grad<V: Lane>(z: V, y: V) -> (V, V) {
    let one = V::splat(1.0);
    bce_from_shares(z, y, one - y, one)
}

/// Value and derivative of `positive` softplus(-z) + `negative` softplus(z), where `sum` is `positive` + `negative`.
///
/// In the terms of [`bce_with_logits_grad`], with u the share of the other side:
/// ```text
/// loss = |z| u + sum ln(1 + e)
/// dz   = u - sum q for z >= 0, sum q - u for z < 0
/// ```
#[inline(always)]
pub(crate) fn bce_from_shares<V: Lane>(z: V, positive: V, negative: V, sum: V) -> (V, V) {
    let a = z.abs();
    let e = exp_neg(a);
    let q = sum * (e / (V::splat(1.0) + e));
    let u = V::select_lt(z, V::ZERO, positive, negative);
    let dz = V::select_lt(z, V::ZERO, q - u, u - q);
    // 0, not inf * 0, for an infinite logit on the right side.
    let wrong = V::select_le(u.abs(), V::ZERO, V::ZERO, a * u);
    (wrong + sum * ln_1p_unit(e), dz)
}

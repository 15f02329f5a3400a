//! The head of the networks that are written by hand.

/// 1 / (1 + e^-z).
#[inline(always)]
pub(crate) fn sigmoid(z: f32) -> f32 {
    1.0 / (1.0 + (-z).exp())
}

/// y_hat of a logit and its binary cross-entropy, with one exponential that cannot overflow.
#[inline(always)]
pub(crate) fn sigmoid_bce(z: f32, y: f32) -> (f32, f32) {
    let e = (-z.abs()).exp();
    let larger = 1.0 / (1.0 + e);
    let y_hat = if z >= 0.0 { larger } else { e * larger };
    (y_hat, z.max(0.0) - z * y + (1.0 + e).ln())
}

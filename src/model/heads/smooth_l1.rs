//! Plain outputs with the absolute error, smooth at 0.

use super::{Head, with_sign};
use crate::error::Setting;
use crate::kernels::simd::Vector;
use crate::model::architecture::Kind;

/// Plain outputs with the absolute error, which is a parabola near 0: `nn.SmoothL1Loss(beta=)`.
///
/// ```text
/// y_hat = z
/// loss  = mean over the O outputs of (z - y)^2 / (2 beta)     where |z - y| < beta
///                                    |z - y| - beta / 2       elsewhere
/// dL/dz = (z - y) / (beta O), not beyond +-1 / O
/// ```
/// With beta = 0 it is [`L1`](super::L1). With another beta it is [`Huber`](super::Huber) of
/// delta = beta, divided by beta. Each term is divided by O before it is added, in index order. Any
/// target is accepted. Training refuses a beta that is negative or not finite with
/// [`Setting::Beta`].
///
/// Range of the loss: 0 to inf; it is inf only where the sum, or a difference z - y, is beyond the
/// largest float. At an infinite distance the loss is inf and the gradient +-1 / O. NaN, and a
/// difference of equal infinities, give NaN. Error, relative to the rounded z - y: at most
/// O / 2 + 3 ulp of the loss and 2.5 ulp of the gradient.
///
/// Source: R. Girshick, "Fast R-CNN", 2015.
///
/// ```
/// use stackprop::{Head, SmoothL1};
///
/// let mut dz = [0.0; 2];
/// let loss = SmoothL1 { beta: 2.0 }.loss_grad(&[1.0_f32, -4.0], &[0.0, 0.0], &mut dz);
/// assert_eq!((loss, dz), ((0.25 + 3.0) / 2.0, [0.25, -0.5]));
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct SmoothL1 {
    /// The distance from which the loss is a straight line; 1 by default, as in PyTorch.
    pub beta: f32,
}

impl Default for SmoothL1 {
    fn default() -> Self {
        Self { beta: 1.0 }
    }
}

impl<const O: usize> Head<O> for SmoothL1 {
    const DEFAULT: Self = Self { beta: 1.0 };
    const KIND: Kind = Kind::new("SmoothL1");

    #[inline(always)]
    fn predict<V: Vector>(&self, logits: &[V; O], y_hat: &mut [V; O]) {
        *y_hat = *logits;
    }

    #[inline(always)]
    fn loss_grad<V: Vector>(&self, logits: &[V; O], target: &[V; O], dlogits: &mut [V; O]) -> V {
        let (beta, mean) = (V::splat(self.beta), V::splat(1.0 / O as f32));
        let (mut loss, half) = (V::ZERO, V::splat(0.5));
        for ((z, y), dz) in logits.iter().zip(target).zip(dlogits) {
            let off = *z - *y;
            let size = off.abs();
            let near = V::select_le(beta, size, beta, size);
            // Also with a beta of 0, where 0 / 0 would be NaN.
            let slope = V::select_le(beta, size, mean, (size / beta) * mean);
            loss = loss + slope * (size - near * half);
            *dz = with_sign(off, slope);
        }
        loss
    }

    #[inline(always)]
    fn check(&self) -> Result<(), Setting> {
        Setting::Beta.not_negative(self.beta)
    }
}

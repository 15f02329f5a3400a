//! Plain outputs with the absolute error.

use super::{Head, with_sign};
use crate::kernels::simd::Vector;
use crate::model::architecture::Kind;

/// Plain outputs with the absolute error: `nn.L1Loss`.
///
/// ```text
/// y_hat = z
/// loss  = mean over the O outputs of |z - y|
/// dL/dz = +-1 / O, and 0 where z = y
/// ```
/// Each term is divided by O before it is added, in index order. Any target is accepted.
///
/// Range of the loss: 0 to inf; it is inf only where the sum, or a difference z - y, is beyond the
/// largest float. At an infinite distance the loss is inf and the gradient +-1 / O. NaN, and a
/// difference of equal infinities, give NaN; PyTorch's gradient is 0 there. Error, relative to the
/// rounded z - y: at most O / 2 + 1.5 ulp of the loss and 0.5 ulp of the gradient.
///
/// ```
/// use stackprop::{Head, L1};
///
/// let mut dz = [0.0; 4];
/// let loss = L1.loss_grad(&[1.0_f32, -2.0, 3.0, 0.0], &[0.0, 0.0, 3.0, 0.0], &mut dz);
/// assert_eq!((loss, dz), (3.0 / 4.0, [0.25, -0.25, 0.0, 0.0]));
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct L1;

impl<const O: usize> Head<O> for L1 {
    const DEFAULT: Self = Self;
    const KIND: Kind = Kind::new("L1");

    #[inline(always)]
    fn predict<V: Vector>(&self, logits: &[V; O], y_hat: &mut [V; O]) {
        *y_hat = *logits;
    }

    #[inline(always)]
    fn loss_grad<V: Vector>(&self, logits: &[V; O], target: &[V; O], dlogits: &mut [V; O]) -> V {
        let mean = V::splat(1.0 / O as f32);
        let mut loss = V::ZERO;
        for ((z, y), dz) in logits.iter().zip(target).zip(dlogits) {
            let off = *z - *y;
            loss = loss + off.abs() * mean;
            *dz = with_sign(off, mean);
        }
        loss
    }
}

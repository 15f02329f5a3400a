//! Plain outputs with a loss that an outlier pulls only so far.

use super::{Head, with_sign};
use crate::error::Setting;
use crate::kernels::simd::Vector;
use crate::model::architecture::Kind;

/// Plain outputs with the squared error up to a distance, and a straight line beyond:
/// `nn.HuberLoss(delta=)`.
///
/// ```text
/// y_hat = z
/// loss  = mean over the O outputs of (z - y)^2 / 2              where |z - y| <= delta
///                                    delta (|z - y| - delta / 2)      elsewhere
/// dL/dz = (z - y) / O, not beyond +-delta / O
/// ```
/// Each term is divided by O before it is added, in index order. Any target is accepted. Training
/// refuses a delta that is not above 0, or not finite, with [`Setting::Delta`].
///
/// Range of the loss: 0 to inf; it is inf only where the sum, or a difference z - y, is beyond the
/// largest float. At an infinite distance the loss is inf and the gradient +-delta / O. NaN, and a
/// difference of equal infinities, give NaN. Error, relative to the rounded z - y: at most
/// O / 2 + 3 ulp of the loss and 1.5 ulp of the gradient.
///
/// Source: P. Huber, "Robust estimation of a location parameter", 1964.
///
/// ```
/// use stackprop::{Head, Huber};
///
/// let mut dz = [0.0; 2];
/// let loss = Huber { delta: 1.0 }.loss_grad(&[0.5_f32, 4.0], &[0.0, 0.0], &mut dz);
/// assert_eq!((loss, dz), ((0.125 + 3.5) / 2.0, [0.25, 0.5]));
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Huber {
    /// The distance from which the loss is a straight line; 1 by default, as in PyTorch.
    pub delta: f32,
}

impl Default for Huber {
    fn default() -> Self {
        Self { delta: 1.0 }
    }
}

impl<const O: usize> Head<O> for Huber {
    const DEFAULT: Self = Self { delta: 1.0 };
    const KIND: Kind = Kind::new("Huber");

    #[inline(always)]
    fn predict<V: Vector>(&self, logits: &[V; O], y_hat: &mut [V; O]) {
        *y_hat = *logits;
    }

    #[inline(always)]
    fn loss_grad<V: Vector>(&self, logits: &[V; O], target: &[V; O], dlogits: &mut [V; O]) -> V {
        let (delta, mean) = (V::splat(self.delta), V::splat(1.0 / O as f32));
        let (mut loss, half) = (V::ZERO, V::splat(0.5));
        for ((z, y), dz) in logits.iter().zip(target).zip(dlogits) {
            let off = *z - *y;
            let size = off.abs();
            let near = V::select_lt(delta, size, delta, size);
            let slope = near * mean;
            loss = loss + slope * (size - near * half);
            *dz = with_sign(off, slope);
        }
        loss
    }

    #[inline(always)]
    fn check(&self) -> Result<(), Setting> {
        Setting::Delta.above_0(self.delta)
    }
}

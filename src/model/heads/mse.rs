//! Plain outputs with the squared error.

use super::Head;
use crate::kernels::simd::Vector;
use crate::model::architecture::Kind;

/// Plain outputs with the squared error: `nn.MSELoss`.
///
/// ```text
/// y_hat = z
/// loss  = mean over the O outputs of (z - y)^2
/// dL/dz = 2 (z - y) / O
/// ```
/// The sum runs in index order and is multiplied by the float nearest to 1 / O. Any target is
/// accepted.
///
/// Range of the loss: 0 to inf; above |z - y| = 1.8e19 the loss is inf. NaN, and a difference of
/// equal infinities, give NaN. Error, relative to the rounded z - y: at most (O + 3) / 2 ulp of the
/// loss and 1.5 ulp of the gradient.
///
/// ```
/// use stackprop::{Head, Mse};
///
/// let (mut y_hat, mut dz) = ([0.0; 2], [0.0; 2]);
/// Mse.predict(&[1.0_f32, 2.0], &mut y_hat);
/// let loss = Mse.loss_grad(&[1.0_f32, 2.0], &[0.0, 4.0], &mut dz);
/// assert_eq!((y_hat, loss, dz), ([1.0, 2.0], 2.5, [1.0, -2.0])); // (1 + 4) / 2
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Mse;

impl<const O: usize> Head<O> for Mse {
    const DEFAULT: Self = Self;
    const KIND: Kind = Kind::new("Mse");

    #[inline(always)]
    fn predict<V: Vector>(&self, logits: &[V; O], y_hat: &mut [V; O]) {
        *y_hat = *logits;
    }

    #[inline(always)]
    fn loss_grad<V: Vector>(&self, logits: &[V; O], target: &[V; O], dlogits: &mut [V; O]) -> V {
        let (mean, twice) = (V::splat(1.0 / O as f32), V::splat(2.0 / O as f32));
        let mut sum = V::ZERO;
        for ((z, y), dz) in logits.iter().zip(target).zip(dlogits.iter_mut()) {
            let off = *z - *y;
            sum = sum + off * off;
            *dz = off * twice;
        }
        sum * mean
    }
}

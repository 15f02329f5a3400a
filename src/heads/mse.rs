//! Plain outputs with the squared error.

use super::Head;
use crate::lane::Lane;

/// y_hat = z, loss = mean over the outputs of (z - y)^2: `nn.MSELoss`.
///
/// dL/dz = 2 (z - y) / O, the factor 2 included, as PyTorch has it. Any target. The sum runs in index order and is
/// multiplied by the float nearest to 1 / O. Error, relative to what z - y rounds to: at most (O + 3) / 2 ulp of the
/// loss and 1.5 ulp of the gradient. Where |z - y| exceeds 1.8e19 the loss is inf. A difference of equal
/// infinities, and NaN, give NaN.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Mse;

impl<const O: usize> Head<O> for Mse {
    #[inline(always)]
    fn predict<V: Lane>(&self, logits: &[V; O], y_hat: &mut [V; O]) {
        *y_hat = *logits;
    }

    #[inline(always)]
    fn loss_grad<V: Lane>(&self, logits: &[V; O], target: &[V; O], dlogits: &mut [V; O]) -> V {
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

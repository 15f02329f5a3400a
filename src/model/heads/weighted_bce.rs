//! Sigmoid outputs with binary cross-entropy, positive samples counting more.

use super::{Head, SigmoidBce, mean_over_outputs, probabilities};
use crate::error::Setting;
use crate::kernels::math::bce_from_shares;
use crate::kernels::simd::Vector;
use crate::model::architecture::Kind;

/// [`SigmoidBce`](super::SigmoidBce) with a weight on the positive class, for rare events:
/// `nn.BCEWithLogitsLoss(pos_weight=torch.tensor(p))`.
///
/// With the weight p, for each output:
/// ```text
/// loss  = -p y ln(sigmoid(z)) - (1 - y) ln(1 - sigmoid(z))
/// dL/dz = (1 - y) sigmoid(z) - p y sigmoid(-z)
/// ```
/// The loss of a sample is the mean over its outputs, as in `SigmoidBce`. Targets are
/// probabilities, 0 to 1; training refuses others. It refuses a p that is negative or not finite
/// with [`Setting::PosWeight`].
///
/// No term cancels where z saturates. At z = +-inf the result is the limit; NaN gives NaN; the loss
/// overflows where p |z| does. For targets 0 and 1 and |z| < 87.3, the error is at most 3.5 ulp of
/// the loss and of the gradient; beyond, numbers below p 1.2e-38 may be +0. For targets between,
/// the bound is relative to the larger of the two numbers whose difference the gradient is. With
/// p = 1 and targets 0 and 1 the bits are those of `SigmoidBce`.
///
/// ```
/// use stackprop::{Head, WeightedBce};
///
/// let head = WeightedBce { pos_weight: 3.0 };
/// let mut dz = [0.0];
/// let loss = head.loss_grad(&[0.0_f32], &[1.0], &mut dz);
/// assert_eq!((loss, dz), (3.0 * core::f32::consts::LN_2, [-1.5]));
/// let loss = head.loss_grad(&[0.0_f32], &[0.0], &mut dz);
/// assert_eq!((loss, dz), (core::f32::consts::LN_2, [0.5]));
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct WeightedBce {
    /// p: how many times more a positive sample counts than a negative one; 1 by default. With the
    /// number of negatives over the number of positives both classes count the same.
    pub pos_weight: f32,
}

impl Default for WeightedBce {
    fn default() -> Self {
        Self { pos_weight: 1.0 }
    }
}

impl<const O: usize> Head<O> for WeightedBce {
    const DEFAULT: Self = Self { pos_weight: 1.0 };
    const KIND: Kind = Kind::new("WeightedBce");

    #[inline(always)]
    fn predict<V: Vector>(&self, logits: &[V; O], y_hat: &mut [V; O]) {
        SigmoidBce.predict(logits, y_hat);
    }

    #[inline(always)]
    fn loss_grad<V: Vector>(&self, logits: &[V; O], target: &[V; O], dlogits: &mut [V; O]) -> V {
        let p = V::splat(self.pos_weight);
        mean_over_outputs(logits, target, dlogits, |z, y| {
            let (positive, negative) = (p * y, V::splat(1.0) - y);
            bce_from_shares(z, positive, negative, positive + negative)
        })
    }

    #[inline(always)]
    fn check(&self) -> Result<(), Setting> {
        Setting::PosWeight.not_negative(self.pos_weight)
    }

    #[inline(always)]
    fn accepts(&self, target: &[f32; O]) -> bool {
        probabilities(target)
    }
}

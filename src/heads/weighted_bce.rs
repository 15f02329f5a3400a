//! Sigmoid outputs with binary cross-entropy, positive samples counting more.

use super::{Head, SigmoidBce, mean_over_outputs, probabilities};
use crate::lane::Lane;
use crate::math::bce_from_shares;

/// [`SigmoidBce`](super::SigmoidBce) with a weight on the positive class:
/// `nn.BCEWithLogitsLoss(pos_weight=torch.tensor(p))`, for events that are rare.
///
/// Of each output, with p the weight: loss = -p y ln(sigmoid(z)) - (1 - y) ln(1 - sigmoid(z)) and dL/dz =
/// (1 - y) sigmoid(z) - p y sigmoid(-z); of a sample, the mean over the outputs, as of `SigmoidBce`. Targets are
/// probabilities, 0 to 1; p is not negative.
///
/// No term cancels where z saturates. Error for targets 0 and 1 and |z| < 87.3: at most 3.5 ulp of the loss and of the
/// gradient (beyond, what is smaller than p 1.2e-38 may be +0);
/// for targets between, of the larger of the two numbers whose difference the gradient is. At z = +-inf the limit;
/// NaN gives NaN. Where p |z| overflows so does the loss. With p = 1 and targets 0 and 1 the bits of `SigmoidBce`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct WeightedBce {
    /// p: how much more a positive sample counts than a negative one, 1 by default. Negatives over positives
    /// makes both classes count the same.
    pub pos_weight: f32,
}

impl Default for WeightedBce {
    fn default() -> Self {
        Self { pos_weight: 1.0 }
    }
}

impl<const O: usize> Head<O> for WeightedBce {
    #[inline(always)]
    fn predict<V: Lane>(&self, logits: &[V; O], y_hat: &mut [V; O]) {
        SigmoidBce.predict(logits, y_hat);
    }

    #[inline(always)]
    fn loss_grad<V: Lane>(&self, logits: &[V; O], target: &[V; O], dlogits: &mut [V; O]) -> V {
        let p = V::splat(self.pos_weight);
        mean_over_outputs(logits, target, dlogits, |z, y| {
            let (positive, negative) = (p * y, V::splat(1.0) - y);
            bce_from_shares(z, positive, negative, positive + negative)
        })
    }

    #[inline(always)]
    fn accepts(&self, target: &[f32; O]) -> bool {
        self.pos_weight >= 0.0 && probabilities(target)
    }
}

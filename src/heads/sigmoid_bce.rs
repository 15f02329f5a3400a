//! Sigmoid outputs with binary cross-entropy.

use super::{Head, mean_over_outputs, probabilities};
use crate::lane::Lane;
use crate::math::{bce_with_logits_grad, sigmoid};

/// y_hat = sigmoid(z), loss = mean over the outputs of BCE: `nn.BCEWithLogitsLoss`.
///
/// dL/dz = (y_hat - y) / O, as the notebook derives for O = 1. Value and gradient keep their relative
/// accuracy at any z: see [`bce_with_logits_grad`]. With several outputs the sum runs in index order
/// and is multiplied by the float nearest to 1 / O. Targets are probabilities, 0 to 1.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct SigmoidBce;

impl<const O: usize> Head<O> for SigmoidBce {
    #[inline(always)]
    fn predict<V: Lane>(&self, logits: &[V; O], y_hat: &mut [V; O]) {
        for (z, y_hat) in logits.iter().zip(y_hat) {
            *y_hat = sigmoid(*z);
        }
    }

    #[inline(always)]
    fn loss_grad<V: Lane>(&self, logits: &[V; O], target: &[V; O], dlogits: &mut [V; O]) -> V {
        mean_over_outputs(logits, target, dlogits, bce_with_logits_grad)
    }

    #[inline(always)]
    fn accepts(&self, target: &[f32; O]) -> bool {
        probabilities(target)
    }
}

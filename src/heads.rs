//! Heads: the output activation of a network together with its loss.

mod mse;
mod sigmoid_bce;
mod softmax_ce;
mod weighted;
mod weighted_bce;

pub use mse::Mse;
pub use sigmoid_bce::SigmoidBce;
pub use softmax_ce::SoftmaxCe;
pub use weighted::Weighted;
pub use weighted_bce::WeightedBce;

use crate::lane::Lane;

/// What stands on the last layer: y_hat from the logits, and the loss of a sample with its gradient,
/// fused, so that neither loses accuracy where the output saturates.
///
/// The loss of a sample with several outputs is one number; a batch's loss is the mean over its samples.
pub trait Head<const O: usize>: Copy {
    /// y_hat, overwritten, from the logits.
    fn predict<V: Lane>(&self, logits: &[V; O], y_hat: &mut [V; O]);

    /// The loss of each sample, and its gradient with respect to the logits, overwriting `dlogits`.
    fn loss_grad<V: Lane>(&self, logits: &[V; O], target: &[V; O], dlogits: &mut [V; O]) -> V;

    /// The loss of each sample.
    #[inline(always)]
    fn loss<V: Lane>(&self, logits: &[V; O], target: &[V; O]) -> V {
        self.loss_grad(logits, target, &mut [V::ZERO; O])
    }

    /// Whether the loss is made for this target. Training refuses others: a loss that has no minimum there would
    /// fall for ever. By default every target is.
    #[inline(always)]
    fn accepts(&self, _target: &[f32; O]) -> bool {
        true
    }
}

/// Whether all targets are probabilities, 0 to 1.
#[inline(always)]
fn probabilities<const O: usize>(target: &[f32; O]) -> bool {
    target.iter().all(|y| (0.0..=1.0).contains(y))
}

/// The mean over the outputs of `element`'s losses, and its gradient, overwriting `dlogits`. `element` gives the
/// loss of one logit and target, and its derivative.
#[inline(always)]
fn mean_over_outputs<V: Lane, const O: usize>(
    logits: &[V; O],
    target: &[V; O],
    dlogits: &mut [V; O],
    element: impl Fn(V, V) -> (V, V),
) -> V {
    let mut sum = V::ZERO;
    for ((z, y), dz) in logits.iter().zip(target).zip(dlogits.iter_mut()) {
        let (loss, d) = element(*z, *y);
        sum = sum + loss;
        *dz = d;
    }
    if O > 1 {
        let mean = V::splat(1.0 / O as f32);
        sum = sum * mean;
        dlogits.iter_mut().for_each(|dz| *dz = *dz * mean);
    }
    sum
}

//! Sigmoid outputs with binary cross-entropy.

use super::{Head, mean_over_outputs, probabilities};
use crate::kernels::math::{bce_with_logits_grad, sigmoid};
use crate::kernels::outline::{HELIUM, call_if};
use crate::kernels::simd::Vector;
use crate::model::architecture::Kind;

/// Sigmoid outputs with binary cross-entropy: `nn.BCEWithLogitsLoss`.
///
/// ```text
/// y_hat = sigmoid(z)
/// loss  = mean over the O outputs of -y ln(y_hat) - (1 - y) ln(1 - y_hat)
/// dL/dz = (y_hat - y) / O
/// ```
/// The sum runs in index order and is multiplied by the float nearest to 1 / O. Targets are
/// probabilities, 0 to 1; training refuses others.
///
/// Range: outputs 0 to 1, loss 0 to inf. The outputs have the error of
/// [`sigmoid`](crate::math::sigmoid). With one output, loss and gradient have the errors and limits
/// of [`bce_with_logits_grad`]: both keep their relative accuracy at any z.
///
/// ```
/// use stackprop::{Head, SigmoidBce};
///
/// let (mut y_hat, mut dz) = ([0.0; 2], [0.0; 2]);
/// SigmoidBce.predict(&[0.0_f32, 30.0], &mut y_hat);
/// let loss = SigmoidBce.loss_grad(&[0.0_f32, 30.0], &[1.0, 0.0], &mut dz);
/// assert_eq!((y_hat, dz), ([0.5, 1.0], [-0.25, 0.5]));
/// assert_eq!(loss, (core::f32::consts::LN_2 + 30.0) / 2.0); // ln(1 - y_hat) would be -inf
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct SigmoidBce;

impl<const O: usize> Head<O> for SigmoidBce {
    const DEFAULT: Self = Self;
    const KIND: Kind = Kind::new("SigmoidBce");

    #[inline(always)]
    fn predict<V: Vector>(&self, logits: &[V; O], y_hat: &mut [V; O]) {
        // A call on Helium, whose vectors LLVM makes of a loop that it does not unroll.
        let apart = HELIUM && V::LANES == 1 && O > 2;
        call_if(apart, sigmoids, &logits[..], &mut y_hat[..], (), ());
    }

    #[inline(always)]
    fn loss_grad<V: Vector>(&self, logits: &[V; O], target: &[V; O], dlogits: &mut [V; O]) -> V {
        mean_over_outputs(logits, target, dlogits, bce_with_logits_grad)
    }

    #[inline(always)]
    fn accepts(&self, target: &[f32; O]) -> bool {
        probabilities(target)
    }
}

/// The sigmoid of each logit.
#[inline(always)]
fn sigmoids<V: Vector>(logits: &[V], y_hat: &mut [V], (): (), (): ()) {
    for (z, y_hat) in logits.iter().zip(y_hat) {
        *y_hat = sigmoid(*z);
    }
}

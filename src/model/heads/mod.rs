//! Heads: the output activation of a network together with its loss.
//!
//! | head | y_hat | loss | PyTorch |
//! | --- | --- | --- | --- |
//! | [`SigmoidBce`] | sigmoid(z) | binary cross-entropy | `nn.BCEWithLogitsLoss` |
//! | [`WeightedBce`] | sigmoid(z) | the same, positives weighted | `pos_weight=` |
//! | [`SoftmaxCe`] | softmax(z) | cross-entropy | `nn.CrossEntropyLoss` |
//! | [`Mse`] | z | squared error | `nn.MSELoss` |
//! | [`Weighted<H>`](Weighted) | that of H | that of H, times a weight | `weight=` |

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

use crate::error::Setting;
use crate::kernels::simd::Vector;
use crate::model::architecture::Kind;

/// Output activation and loss in one, so that loss and gradient stay accurate where the output
/// saturates.
///
/// The loss of a sample is one number, however many outputs it has; the loss of a batch is the mean
/// over its samples. A head of your own needs a default, `predict` and `loss_grad`;
/// [`check::head`](crate::check::head) compares the two.
///
/// ```
/// use stackprop::{Head, SigmoidBce, check, net, simd::Vector};
///
/// /// y_hat = z, loss = mean over the outputs of |z - y|: `nn.L1Loss`.
/// #[derive(Clone, Copy)]
/// struct L1;
///
/// impl<const O: usize> Head<O> for L1 {
///     const DEFAULT: Self = Self;
///
///     fn predict<V: Vector>(&self, logits: &[V; O], y_hat: &mut [V; O]) {
///         *y_hat = *logits;
///     }
///
///     fn loss_grad<V: Vector>(&self, logits: &[V; O], target: &[V; O], dz: &mut [V; O]) -> V {
///         let mean = V::splat(1.0 / O as f32);
///         let mut loss = V::ZERO;
///         for ((z, y), dz) in logits.iter().zip(target).zip(dz) {
///             loss = loss + (*z - *y).abs() * mean;
///             *dz = V::select_lt(*z, *y, V::ZERO - mean, mean);
///         }
///         loss
///     }
/// }
///
/// check::head(&L1, &[0.5, -1.0], &[1.0, -2.0])?;
/// let net = <net![2 => 2, L1]>::zeros();
/// assert_eq!(net.loss(&[1.0, 2.0], &[1.0, -2.0]), 1.5);
/// # Ok::<(), check::Wrong>(())
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a head of width {O}",
    label = "the head does not fit",
    note = "a network ends in a head, which has the output activation and the loss: \
            SigmoidBce, SoftmaxCe, Mse, or one of your own"
)]
pub trait Head<const O: usize>: Copy {
    /// The head as [`net!`](crate::net) writes it, with default settings.
    const DEFAULT: Self;

    /// Its name, by which a stored network tells that it has this head.
    const KIND: Kind = Kind::OWN;

    /// y_hat from the logits, overwriting `y_hat`.
    fn predict<V: Vector>(&self, logits: &[V; O], y_hat: &mut [V; O]);

    /// The loss of each sample; its gradient with respect to the logits overwrites `dlogits`.
    fn loss_grad<V: Vector>(&self, logits: &[V; O], target: &[V; O], dlogits: &mut [V; O]) -> V;

    /// The loss of each sample.
    #[inline(always)]
    fn loss<V: Vector>(&self, logits: &[V; O], target: &[V; O]) -> V {
        self.loss_grad(logits, target, &mut [V::ZERO; O])
    }

    /// Which setting of the head nothing can be learned with, if there is one. By default all
    /// settings are good.
    ///
    /// # Errors
    /// The setting. Training gives it as [`Error::Setting`](crate::Error::Setting).
    #[inline(always)]
    fn check(&self) -> Result<(), Setting> {
        Ok(())
    }

    /// The target of a sample of class `class`, None if there is no such class: one-hot; with one
    /// output 0 for class 0 and 1 for class 1.
    #[inline(always)]
    fn class_target(&self, class: usize) -> Option<[f32; O]> {
        let mut target = [0.0; O];
        if O == 1 && class < 2 {
            target.fill(class as f32);
        } else {
            *target.get_mut(class)? = 1.0;
        }
        Some(target)
    }

    /// Whether the loss has a minimum for this target. Training refuses other targets, because
    /// their loss would fall forever. By default every target is accepted.
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

/// The mean over the outputs of the losses of `element`; their gradient overwrites `dlogits`.
/// `element` gives the loss of one logit and target, and its derivative by the logit.
#[inline(always)]
fn mean_over_outputs<V: Vector, const O: usize>(
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

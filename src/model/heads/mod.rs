//! Heads: the output activation of a network together with its loss.
//!
//! | head | y_hat | loss | PyTorch |
//! | --- | --- | --- | --- |
//! | [`SigmoidBce`] | sigmoid(z) | binary cross-entropy | `nn.BCEWithLogitsLoss` |
//! | [`WeightedBce`] | sigmoid(z) | positives, outputs weighted | its `pos_weight=`, `weight=` |
//! | [`SoftmaxCe`] | softmax(z) | cross-entropy | `nn.CrossEntropyLoss` |
//! | [`WeightedCe`] | softmax(z) | weighted classes | its `weight=`, `label_smoothing=` |
//! | [`Mse`] | z | squared error | `nn.MSELoss` |
//! | [`Huber`] | z | squared error, then a straight line | `nn.HuberLoss` |
//! | [`SmoothL1`] | z | absolute error, a parabola near 0 | `nn.SmoothL1Loss` |
//! | [`L1`] | z | absolute error | `nn.L1Loss` |
//! | [`Weighted<H>`](Weighted) | that of H | that of H, times a weight | `weight=` |

mod huber;
mod l1;
mod mse;
mod sigmoid_bce;
mod smooth_l1;
mod softmax_ce;
mod weighted;
mod weighted_bce;
mod weighted_ce;

pub use huber::Huber;
pub use l1::L1;
pub use mse::Mse;
pub use sigmoid_bce::SigmoidBce;
pub use smooth_l1::SmoothL1;
pub use softmax_ce::SoftmaxCe;
pub use weighted::Weighted;
pub use weighted_bce::WeightedBce;
pub use weighted_ce::{MeanOver, WeightedCe};

use crate::error::Setting;
use crate::kernels::outline::{HELIUM, call_if};
use crate::kernels::simd::Vector;
use crate::model::architecture::Kind;
use crate::model::classes::class_target;

/// Output activation and loss in one, so that loss and gradient stay accurate where the output
/// saturates.
///
/// The loss of a sample is one number, however many outputs it has; the loss of a batch is the mean
/// over its samples, which may be [weighted](Self::weight). A head of your own needs a default,
/// `predict` and `loss_grad`; [`check::head`](crate::check::head) compares gradient and loss.
///
/// ```
/// use stackprop::math::{bce_with_logits_grad, sigmoid};
/// use stackprop::{Head, SigmoidBce, check, net, simd::Vector};
///
/// /// The focal loss of RetinaNet (Lin et al., 2017) for targets 0 and 1, alpha 1/4 and gamma 2:
/// /// torchvision's `sigmoid_focal_loss`. With q, the probability of the wrong answer, it is the
/// /// cross-entropy times alpha q^2 for positives, (1 - alpha) q^2 for negatives.
/// #[derive(Clone, Copy)]
/// struct Focal;
///
/// impl<const O: usize> Head<O> for Focal {
///     const DEFAULT: Self = Self;
///
///     fn predict<V: Vector>(&self, logits: &[V; O], y_hat: &mut [V; O]) {
///         *y_hat = logits.map(sigmoid);
///     }
///
///     fn loss_grad<V: Vector>(&self, logits: &[V; O], target: &[V; O], dz: &mut [V; O]) -> V {
///         let [one, two] = [1.0, 2.0].map(V::splat);
///         let (mean, mut loss) = (1.0 / O as f32, V::ZERO);
///         for ((z, y), dz) in logits.iter().zip(target).zip(dz) {
///             let (bce, d_bce) = bce_with_logits_grad(*z, *y);
///             let away = one - two * *y; // the direction of z that is wrong
///             let q = sigmoid(away * *z);
///             let alpha = V::splat(0.75 * mean) - V::splat(0.5 * mean) * *y;
///             loss = loss + alpha * q * q * bce;
///             *dz = alpha * q * (q * d_bce + two * away * q * (one - q) * bce);
///         }
///         loss
///     }
/// }
///
/// check::head(&Focal, &[0.5, -1.0], &[1.0, 0.0])?;
/// let mut net = <net![1 => 2, Focal]>::zeros();
/// net.layers.bias = [2.0, -1.0];
/// let loss = net.loss(&[0.0], &[0.0, 1.0]);
/// assert!((loss - 0.7065).abs() < 1e-4); // torchvision: the mean of 1.2376 and 0.1755
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

    /// Whether the mean of a batch is divided by the sum of what [`weight`](Self::weight) gives,
    /// and not by the number of samples.
    const WEIGHTED: bool = false;

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

    /// Whether the loss has a minimum for this target. Training refuses other targets, because
    /// their loss would fall forever. By default every target is accepted.
    ///
    /// ```
    /// use stackprop::{Head, SigmoidBce};
    ///
    /// assert!(SigmoidBce.accepts(&[0.25]));
    /// assert!(!SigmoidBce.accepts(&[1.5]));
    /// ```
    #[inline(always)]
    fn accepts(&self, _target: &[f32; O]) -> bool {
        true
    }

    /// What a sample with this target counts in the mean of a batch, if the head is
    /// [`WEIGHTED`](Self::WEIGHTED): the mean is the sum of the losses divided by the sum of these
    /// numbers. It is not a factor of the sample's loss. It has to be finite, 0 or more. Where the
    /// sum is 0 there is no mean, and training gives [`Error::Empty`](crate::Error::Empty); where
    /// it is not finite, or its reciprocal, [`Error::NotFinite`](crate::Error::NotFinite).
    #[inline(always)]
    fn weight(&self, _target: &[f32; O]) -> f32 {
        1.0
    }

    /// The target of a sample of this class: one-hot, or with a single output 0 for the class 0 and
    /// 1 for the class 1. None if there is no such class.
    ///
    /// ```
    /// use stackprop::{Head, SigmoidBce, SoftmaxCe};
    ///
    /// assert_eq!(SoftmaxCe.class_target(2), Some([0.0, 0.0, 1.0]));
    /// assert_eq!(SigmoidBce.class_target(1), Some([1.0]));
    /// assert_eq!(Head::<1>::class_target(&SigmoidBce, 2), None);
    /// ```
    fn class_target(&self, class: usize) -> Option<[f32; O]> {
        class_target(class)
    }
}

/// `size`, which is 0 or more, with the sign of `off`; where `off` is 0 or NaN, its size.
#[inline(always)]
fn with_sign<V: Vector>(off: V, size: V) -> V {
    let not_below = V::select_lt(V::ZERO, off, size, off.abs());
    V::select_lt(off, V::ZERO, V::ZERO - size, not_below)
}

/// Whether all targets are probabilities, 0 to 1.
#[inline(always)]
fn probabilities<const O: usize>(target: &[f32; O]) -> bool {
    let inside = |y: &f32| (0.0..=1.0).contains(y);
    if HELIUM {
        // Without a branch, so that several are looked at together.
        return target
            .iter()
            .fold(true, |all, y| all & (0.0 <= *y) & (*y <= 1.0));
    }
    target.iter().all(inside)
}

/// The mean over the outputs of the losses of `element`; their gradient overwrites `dlogits`.
/// `element` gives the loss of one logit and target, and its derivative by the logit.
#[inline(always)]
fn mean_over_outputs<V: Vector, const O: usize>(
    logits: &[V; O],
    target: &[V; O],
    dlogits: &mut [V; O],
    mut element: impl FnMut(V, V) -> (V, V),
) -> V {
    if HELIUM && V::LANES == 1 && O > 2 {
        return elements::<V, O>(logits, target, dlogits, element);
    }
    let mut sum = V::ZERO;
    for ((z, y), dz) in logits.iter().zip(target).zip(dlogits.iter_mut()) {
        let (loss, d) = element(*z, *y);
        sum = sum.plus(loss);
        *dz = d;
    }
    if O > 1 {
        let mean = V::splat(1.0 / O as f32);
        sum = sum * mean;
        dlogits.iter_mut().for_each(|dz| *dz = *dz * mean);
    }
    sum
}

/// [`mean_over_outputs`] as a loop over outputs that do not wait for each other, out of line and on
/// slices, of which LLVM makes Helium's vectors.
#[inline(always)]
fn elements<V: Vector, const O: usize>(
    logits: &[V; O],
    target: &[V; O],
    dlogits: &mut [V; O],
    element: impl FnMut(V, V) -> (V, V),
) -> V {
    let (mut losses, mean) = ([V::ZERO; O], V::splat(1.0 / O as f32));
    *dlogits = *logits;
    call_if(
        true,
        each_element,
        &target[..],
        &mut dlogits[..],
        &mut losses[..],
        (element, mean),
    );
    losses.into_iter().fold(V::ZERO, V::add) * mean
}

/// What `element` gives for each target and each logit, which its derivative times `mean`
/// overwrites.
#[inline(always)]
fn each_element<V: Vector>(
    targets: &[V],
    logits: &mut [V],
    losses: &mut [V],
    (mut element, mean): (impl FnMut(V, V) -> (V, V), V),
) {
    for ((y, z), loss) in targets.iter().zip(logits).zip(losses) {
        let (value, slope) = element(*z, *y);
        *loss = value;
        *z = slope * mean;
    }
}

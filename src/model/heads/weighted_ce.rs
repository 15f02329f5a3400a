//! Softmax outputs with cross-entropy: weighted classes, smoothed labels, ignored samples.

use super::softmax_ce::{cross_entropy, distribution};
use super::{Head, SoftmaxCe};
use crate::error::Setting;
use crate::kernels::simd::Vector;
use crate::model::architecture::Kind;
use crate::model::classes::class_target;

/// [`SoftmaxCe`](super::SoftmaxCe) with a weight on each class, smoothed labels and samples that
/// are ignored: `nn.CrossEntropyLoss(weight=, ignore_index=, label_smoothing=)`.
///
/// With the weight w of each class, the label smoothing e and a target y of O numbers:
/// ```text
/// t      = (1 - e) y + e / O
/// loss   = -sum over the classes of w t ln(y_hat)
/// dL/dz  = T y_hat - w t, with T the sum of w t
/// weight = sum over the classes of w y: the w of its class for a one-hot target
/// ```
/// This is the loss of one sample, PyTorch's with `reduction="none"`;
/// [`Network::loss`](crate::Network::loss) gives it. In the mean of a batch a sample counts
/// `weight` or 1, as [`mean_over`](Self::mean_over) says.
///
/// A target that is all zeros is a sample that is ignored: its loss, its gradient and its weight
/// are 0, also with label smoothing. [`class_target`](Head::class_target) makes it of
/// [`ignore_index`](Self::ignore_index). A batch of which every sample is ignored has no mean:
/// training gives [`Error::Empty`](crate::Error::Empty), where PyTorch's loss is NaN.
///
/// Training takes the targets that `SoftmaxCe` takes, and all zeros. It refuses weights that are
/// negative or not finite with [`Setting::OutputWeight`], and label smoothing outside \[0, 1\] with
/// [`Setting::LabelSmoothing`]. A single output does not compile.
///
/// Numerics are those of `SoftmaxCe` on the target w t, which rounds four times; w = 1 and e = 0
/// give its bits. Range of the loss: 0 to inf. An infinite logit gives the limit: the loss is
/// inf if a class that w t asks for has probability 0. NaN gives a loss of NaN.
///
/// ```
/// use stackprop::{Sgd, Trainer, WeightedCe, net};
///
/// let mut net = <net![1 => 3, WeightedCe<3>]>::zeros();
/// net.head = WeightedCe::new([1.0, 1.0, 6.0]); // the third class is rare
/// net.layers.bias = [2.0, 0.0, 0.0];
/// let targets = [[1.0, 0.0, 0.0], [0.0, 0.0, 1.0], [0.0; 3]]; // the last one is ignored
/// let [a, b] = [targets[0], targets[1]].map(|y| net.loss(&[0.0], &y));
/// let loss = Trainer::new(net, Sgd::new(0.1)).step(&[[0.0]; 3], &targets)?;
/// assert!((loss - (a + b) / 7.0).abs() < 1e-6); // b is 6 times the loss of its class
/// # Ok::<(), stackprop::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct WeightedCe<const O: usize> {
    /// w: what each class counts; 1 by default.
    pub weight: [f32; O],
    /// e: how much of the target is spread evenly over all classes; 0 by default.
    pub label_smoothing: f32,
    /// The class whose samples are ignored, by which [`class_target`](Head::class_target) makes a
    /// target of zeros; None by default. It may be beyond the O classes, as PyTorch's -100 is.
    pub ignore_index: Option<usize>,
    /// What the losses of a batch are divided by.
    pub mean_over: MeanOver,
}

/// What the sum of the losses of a batch is divided by.
///
/// ```
/// use stackprop::{Head, WeightedCe, heads::MeanOver};
///
/// let head = WeightedCe::new([1.0, 3.0]);
/// assert_eq!(head.weight(&[0.0, 1.0]), 3.0);
/// let head = head.mean_over(MeanOver::Samples);
/// assert_eq!(head.weight(&[0.0, 1.0]), 1.0);
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum MeanOver {
    /// The sum of the weights of the samples, as PyTorch does for targets that are class indices.
    /// In a batch of one sample its weight cancels.
    #[default]
    Weights,
    /// The number of samples that are not ignored, as PyTorch does for targets that are
    /// probabilities (where it counts a row of zeros too). For a learner that takes one sample at a
    /// time, such as [`Online`](crate::Online), so that rare classes count more there too.
    Samples,
}

impl<const O: usize> WeightedCe<O> {
    /// Classes of these weights, no label smoothing, no class that is ignored.
    #[must_use]
    pub const fn new(weight: [f32; O]) -> Self {
        Self {
            weight,
            label_smoothing: 0.0,
            ignore_index: None,
            mean_over: MeanOver::Weights,
        }
    }

    /// This much of the target spread evenly over all classes.
    ///
    /// ```
    /// use stackprop::{Head, WeightedCe};
    ///
    /// let mut dz = [0.0; 2];
    /// let head = WeightedCe::new([1.0; 2]).label_smoothing(0.5);
    /// head.loss_grad(&[0.0_f32; 2], &[1.0, 0.0], &mut dz);
    /// assert_eq!(dz, [-0.25, 0.25]); // softmax - t = (0.5, 0.5) - (0.75, 0.25)
    /// ```
    #[must_use]
    pub const fn label_smoothing(mut self, label_smoothing: f32) -> Self {
        self.label_smoothing = label_smoothing;
        self
    }

    /// Ignores the samples of this class.
    ///
    /// ```
    /// use stackprop::{Head, WeightedCe};
    ///
    /// let head = WeightedCe::new([1.0; 2]).ignore_index(255);
    /// assert_eq!(head.class_target(1), Some([0.0, 1.0]));
    /// assert_eq!(head.class_target(255), Some([0.0, 0.0]));
    /// assert_eq!(head.class_target(2), None);
    /// ```
    #[must_use]
    pub const fn ignore_index(mut self, class: usize) -> Self {
        self.ignore_index = Some(class);
        self
    }

    /// What the losses of a batch are divided by.
    #[must_use]
    pub const fn mean_over(mut self, mean_over: MeanOver) -> Self {
        self.mean_over = mean_over;
        self
    }
}

impl<const O: usize> Default for WeightedCe<O> {
    fn default() -> Self {
        Self::new([1.0; O])
    }
}

impl<const O: usize> Head<O> for WeightedCe<O> {
    const DEFAULT: Self = Self::new([1.0; O]);
    const KIND: Kind = Kind::new("WeightedCe");
    const WEIGHTED: bool = true;

    #[inline(always)]
    fn predict<V: Vector>(&self, logits: &[V; O], y_hat: &mut [V; O]) {
        SoftmaxCe.predict(logits, y_hat);
    }

    #[inline(always)]
    fn loss_grad<V: Vector>(&self, logits: &[V; O], target: &[V; O], dlogits: &mut [V; O]) -> V {
        let (zero, eps) = (V::ZERO, self.label_smoothing);
        let size = target.iter().fold(zero, |sum, y| sum + y.abs());
        // Nothing is smoothed where all are 0.
        let even = V::select_le(size, zero, zero, V::splat(eps / O as f32));
        let rest = V::splat(1.0 - eps);
        let mut weighted = *target;
        for (t, w) in weighted.iter_mut().zip(&self.weight) {
            *t = V::splat(*w) * (rest * *t + even);
        }
        cross_entropy(logits, &weighted, dlogits)
    }

    #[inline(always)]
    fn check(&self) -> Result<(), Setting> {
        Setting::OutputWeight.none_negative(&self.weight)?;
        Setting::LabelSmoothing.up_to_1(self.label_smoothing)
    }

    #[inline(always)]
    fn accepts(&self, target: &[f32; O]) -> bool {
        distribution(target) | is_ignored(target)
    }

    /// w of its class, of a mixed target the mean of w; with [`MeanOver::Samples`] 1; of a target
    /// that is all zeros 0.
    #[inline(always)]
    fn weight(&self, target: &[f32; O]) -> f32 {
        let weigh = |sum, (w, y): (&f32, &f32)| sum + w * y;
        match self.mean_over {
            MeanOver::Weights => self.weight.iter().zip(target).fold(0.0, weigh),
            MeanOver::Samples if is_ignored(target) => 0.0,
            MeanOver::Samples => 1.0,
        }
    }

    fn class_target(&self, class: usize) -> Option<[f32; O]> {
        if self.ignore_index == Some(class) {
            return Some([0.0; O]);
        }
        class_target(class)
    }
}

/// Whether the target is that of an ignored sample.
#[inline(always)]
fn is_ignored<const O: usize>(target: &[f32; O]) -> bool {
    target.iter().all(|y| *y == 0.0)
}

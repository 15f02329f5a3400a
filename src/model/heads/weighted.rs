//! A weight on the loss of any head.

use super::Head;
use crate::error::Setting;
use crate::kernels::simd::Vector;
use crate::model::architecture::Kind;

/// A head whose loss and gradient are multiplied by `weight`, for samples that count more or less
/// than others. A network whose samples all count 1 does not use
/// this type and pays nothing for it.
///
/// The weight belongs to the head, so set it before you accumulate the samples that it applies to:
/// ```
/// use stackprop::{Sgd, SigmoidBce, Trainer, Weighted, net};
///
/// type Net = net![2 => 1, Weighted<SigmoidBce>];
/// let mut trainer = Trainer::new(Net::zeros(), Sgd::new(0.1));
/// for (x, y, weight) in [([1.0, 2.0], [0.0], 1.0), ([3.0, 4.0], [1.0], 5.0)] {
///     trainer.network.head.weight = weight;
///     trainer.accumulate(&[x], &[y])?;
/// }
/// let loss = trainer.update()?; // (1 ln 2 + 5 ln 2) / 2 samples
/// assert!((loss - 3.0 * core::f32::consts::LN_2).abs() < 1e-6);
/// # Ok::<(), stackprop::Error>(())
/// ```
/// The mean of a batch is over the number of samples, not over the sum of the weights. So is
/// PyTorch's with the `weight=` of `nn.BCEWithLogitsLoss`, and with that of `nn.CrossEntropyLoss`
/// if targets are probabilities, such as one-hot. If its targets are class indices, PyTorch's mean
/// is over the sum of the weights: [`WeightedCe`](super::WeightedCe) has it.
///
/// The product rounds once. NaN and infinities follow IEEE arithmetic: a weight of 0 makes NaN of
/// an infinite loss. Training refuses a weight that is negative or not finite with
/// [`Setting::Weight`]. A policy gradient has negative weights, its advantages: set
/// `allow_negative` for them. Their loss has no minimum; that the policy does not run away is for
/// the caller to see to.
/// ```
/// use stackprop::{Sgd, SoftmaxCe, Trainer, Weighted, net};
///
/// let mut trainer = Trainer::new(<net![1 => 2, Weighted<SoftmaxCe>]>::zeros(), Sgd::new(0.1));
/// trainer.network.head.allow_negative = true;
/// trainer.network.head.weight = -1.0; // the action 0 was worse than usual
/// trainer.step(&[[1.0]], &[[1.0, 0.0]])?;
/// let [p0, p1] = trainer.network.forward(&[1.0]);
/// assert!(p0 < 0.5 && p1 > 0.5);
/// # Ok::<(), stackprop::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Weighted<H> {
    /// The head whose loss is weighted.
    pub head: H,
    /// The factor of loss and gradient, 1 by default.
    pub weight: f32,
    /// Whether training takes a negative weight; it does not by default.
    pub allow_negative: bool,
}

impl<H> Weighted<H> {
    /// `head`, its loss times `weight`.
    ///
    /// ```
    /// use stackprop::{Head, SigmoidBce, Weighted};
    ///
    /// let head = Weighted::new(SigmoidBce, 3.0);
    /// assert_eq!(head.loss(&[0.0_f32], &[1.0]), 3.0 * core::f32::consts::LN_2);
    /// ```
    #[must_use]
    pub const fn new(head: H, weight: f32) -> Self {
        Self {
            head,
            weight,
            allow_negative: false,
        }
    }
}

impl<H: Default> Default for Weighted<H> {
    fn default() -> Self {
        Self::new(H::default(), 1.0)
    }
}

impl<H: Head<O>, const O: usize> Head<O> for Weighted<H> {
    const DEFAULT: Self = Self::new(H::DEFAULT, 1.0);
    const KIND: Kind = H::KIND;
    const WEIGHTED: bool = H::WEIGHTED;

    #[inline(always)]
    fn predict<V: Vector>(&self, logits: &[V; O], y_hat: &mut [V; O]) {
        self.head.predict(logits, y_hat);
    }

    #[inline(always)]
    fn loss_grad<V: Vector>(&self, logits: &[V; O], target: &[V; O], dlogits: &mut [V; O]) -> V {
        let weight = V::splat(self.weight);
        let loss = self.head.loss_grad(logits, target, dlogits);
        dlogits.iter_mut().for_each(|dz| *dz = *dz * weight);
        loss * weight
    }

    #[inline(always)]
    fn check(&self) -> Result<(), Setting> {
        let weight = if self.allow_negative {
            self.weight.abs()
        } else {
            self.weight
        };
        Setting::Weight.not_negative(weight)?;
        self.head.check()
    }

    #[inline(always)]
    fn accepts(&self, target: &[f32; O]) -> bool {
        self.head.accepts(target)
    }

    /// That of the head: the mean does not count the field `weight`.
    #[inline(always)]
    fn weight(&self, target: &[f32; O]) -> f32 {
        self.head.weight(target)
    }

    fn class_target(&self, class: usize) -> Option<[f32; O]> {
        self.head.class_target(class)
    }
}

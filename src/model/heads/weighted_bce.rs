//! Sigmoid outputs with binary cross-entropy, positive samples and outputs weighted.

use super::{Head, SigmoidBce, mean_over_outputs, probabilities};
use crate::error::Setting;
use crate::kernels::math::bce_from_shares;
use crate::kernels::simd::Vector;
use crate::model::architecture::Kind;

/// [`SigmoidBce`](super::SigmoidBce) with a weight on the positive class of each output, for rare
/// events, and a weight on each output: `nn.BCEWithLogitsLoss(weight=, pos_weight=)` with tensors
/// of O numbers. `net![3 => 1, WeightedBce]` has one output, `net![3 => 4, WeightedBce<4>]` four.
///
/// With the weights p and w of an output:
/// ```text
/// loss  = w (-p y ln(sigmoid(z)) - (1 - y) ln(1 - sigmoid(z)))
/// dL/dz = w ((1 - y) sigmoid(z) - p y sigmoid(-z))
/// ```
/// The loss of a sample is the mean over its O outputs, as in `SigmoidBce`: PyTorch divides by the
/// number of outputs, not by the sum of their weights. Targets are probabilities, 0 to 1; training
/// refuses others. It refuses weights that are negative or not finite with [`Setting::PosWeight`]
/// and [`Setting::OutputWeight`].
///
/// No term cancels where z saturates. At z = +-inf the result is the limit; NaN gives NaN; the loss
/// overflows where the sum of w p |z| does. For targets 0 and 1 and |z| < 87.3, the error is at
/// most 3.5 ulp of the loss and of the gradient, and half an ulp more with a w that is not 1;
/// beyond, numbers below w p 1.2e-38 may be +0. For targets between, the bound is relative to the
/// larger of the two numbers whose difference the gradient is. With p = w = 1 and targets 0 and 1
/// the bits are those of `SigmoidBce`.
///
/// ```
/// use stackprop::{Head, WeightedBce};
///
/// let head = WeightedBce::new([3.0]);
/// let mut dz = [0.0];
/// let loss = head.loss_grad(&[0.0_f32], &[1.0], &mut dz);
/// assert_eq!((loss, dz), (3.0 * core::f32::consts::LN_2, [-1.5]));
/// let loss = head.loss_grad(&[0.0_f32], &[0.0], &mut dz);
/// assert_eq!((loss, dz), (core::f32::consts::LN_2, [0.5]));
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct WeightedBce<const O: usize = 1> {
    /// p: how many times more a positive sample counts than a negative one, for each output; 1 by
    /// default. With the number of negatives over the number of positives both classes count the
    /// same.
    pub pos_weight: [f32; O],
    /// w: the factor of an output's loss; 1 by default.
    pub weight: [f32; O],
}

impl<const O: usize> WeightedBce<O> {
    /// Positives that count `pos_weight` times; outputs that all count 1.
    #[must_use]
    pub const fn new(pos_weight: [f32; O]) -> Self {
        Self {
            pos_weight,
            weight: [1.0; O],
        }
    }

    /// The factor of each output's loss.
    ///
    /// ```
    /// use stackprop::{Head, WeightedBce};
    ///
    /// let head = WeightedBce::new([1.0; 2]).weight([1.0, 5.0]);
    /// let loss = head.loss(&[0.0_f32; 2], &[1.0, 0.0]);
    /// assert_eq!(loss, 3.0 * core::f32::consts::LN_2); // (1 ln 2 + 5 ln 2) / 2 outputs
    /// ```
    #[must_use]
    pub const fn weight(mut self, weight: [f32; O]) -> Self {
        self.weight = weight;
        self
    }
}

impl<const O: usize> Default for WeightedBce<O> {
    fn default() -> Self {
        Self::new([1.0; O])
    }
}

impl<const O: usize> Head<O> for WeightedBce<O> {
    const DEFAULT: Self = Self::new([1.0; O]);
    const KIND: Kind = Kind::new("WeightedBce");

    #[inline(always)]
    fn predict<V: Vector>(&self, logits: &[V; O], y_hat: &mut [V; O]) {
        SigmoidBce.predict(logits, y_hat);
    }

    #[inline(always)]
    fn loss_grad<V: Vector>(&self, logits: &[V; O], target: &[V; O], dlogits: &mut [V; O]) -> V {
        let mut weights = self.pos_weight.iter().zip(&self.weight);
        mean_over_outputs(logits, target, dlogits, |z, y| {
            // There are as many weights as outputs.
            let (p, w) = weights.next().unwrap_or((&1.0, &1.0));
            let (p, w) = (V::splat(*p), V::splat(*w));
            let (positive, negative) = (w * (p * y), w * (V::splat(1.0) - y));
            bce_from_shares(z, positive, negative, positive + negative)
        })
    }

    #[inline(always)]
    fn check(&self) -> Result<(), Setting> {
        Setting::PosWeight.none_negative(&self.pos_weight)?;
        Setting::OutputWeight.none_negative(&self.weight)
    }

    #[inline(always)]
    fn accepts(&self, target: &[f32; O]) -> bool {
        probabilities(target)
    }
}

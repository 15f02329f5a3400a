//! A weight on the loss of any head.

use super::Head;
use crate::kernels::simd::Vector;

/// A head whose loss and gradient are multiplied by `weight`, for samples that count more or less
/// than others: PyTorch's `weight=` of a loss. A network whose samples all count 1 does not use
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
/// The mean is over the number of samples, not over the sum of the weights, as in PyTorch. The
/// product rounds once. NaN and infinities follow IEEE arithmetic: a weight of 0 makes NaN of an
/// infinite loss. Training refuses a weight that is negative or NaN.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Weighted<H> {
    /// The head whose loss is weighted.
    pub head: H,
    /// The factor of loss and gradient, 1 by default.
    pub weight: f32,
}

impl<H: Default> Default for Weighted<H> {
    fn default() -> Self {
        Self {
            head: H::default(),
            weight: 1.0,
        }
    }
}

impl<H: Head<O>, const O: usize> Head<O> for Weighted<H> {
    const DEFAULT: Self = Self {
        head: H::DEFAULT,
        weight: 1.0,
    };

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
    fn accepts(&self, target: &[f32; O]) -> bool {
        self.weight >= 0.0 && self.head.accepts(target)
    }
}

//! Any head, counting more or less.

use super::Head;
use crate::lane::Lane;

/// A head whose loss and gradient are multiplied by `weight`: PyTorch's `weight=` of a loss, for samples that count
/// more or less than others. A network whose samples all count 1 does not use this, and pays nothing.
///
/// The weight is the head's, so it is set before the samples that it is for are accumulated:
/// ```
/// use stackprop::{Sgd, SigmoidBce, Trainer, Weighted, net};
///
/// type Net = net![2 => 1, Weighted<SigmoidBce>];
/// let mut trainer = Trainer::new(Net::zeros(), Sgd::new(0.1));
/// for (x, y, weight) in [([1.0, 2.0], [0.0], 1.0), ([3.0, 4.0], [1.0], 5.0)] {
///     trainer.network.head.weight = weight;
///     trainer.accumulate(&[x], &[y])?;
/// }
/// let loss = trainer.update()?;  // (1 l0 + 5 l1) / 2
/// # assert!((loss - 3.0 * core::f32::consts::LN_2).abs() < 1e-6);
/// # Ok::<(), stackprop::Error>(())
/// ```
/// As in PyTorch the mean is over the number of samples, not over the sum of the weights. The product rounds once.
/// NaN and infinities go through as IEEE arithmetic has them: a weight of 0 makes NaN of an infinite loss.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Weighted<H> {
    /// The head.
    pub head: H,
    /// What loss and gradient are multiplied by, 1 by default.
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
    #[inline(always)]
    fn predict<V: Lane>(&self, logits: &[V; O], y_hat: &mut [V; O]) {
        self.head.predict(logits, y_hat);
    }

    #[inline(always)]
    fn loss_grad<V: Lane>(&self, logits: &[V; O], target: &[V; O], dlogits: &mut [V; O]) -> V {
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

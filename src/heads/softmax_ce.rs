//! Softmax outputs with cross-entropy.

use super::{Head, probabilities};
use crate::lane::Lane;
use crate::math::{exp, ln_1p};

/// y_hat = softmax(z), loss = -sum of y_o ln(y_hat_o): `nn.CrossEntropyLoss` on a target of class probabilities,
/// one-hot for a sample of one class.
///
/// dL/dz = Y y_hat - y with Y the sum of the target, which is 1 for probabilities; any other sum is taken as it
/// is, as in PyTorch.
///
/// Plainly:
/// ```text
/// loss = Y ln(sum of e^z_o) - sum of y_o z_o
/// dz_o = Y e^z_o / sum of e^z - y_o
/// ```
/// which overflows for large logits and cancels where one class is nearly certain. So everything is measured from
/// the largest logit m: with d_o = m - z_o >= 0 and rest = sum of e^-d_o without one of the largest,
/// ```text
/// loss = Y ln(1 + rest) + sum of y_o d_o
/// dz_o = Y e^-d_o / (1 + rest) - y_o              where d_o > 0
/// dz_o = (Y - y_o) - Y rest / (1 + rest)          where d_o = 0
/// ```
/// and nothing cancels for a one-hot target, however far the right class is ahead. The loss is finite if the d_o are,
/// as they are for all logits within +-1.7e38. An infinite logit gives the limit, where PyTorch gives NaN: z_o = -inf
/// is a class of probability 0, z_o = inf one of probability 1, several share it; the loss is inf if the target says
/// otherwise. NaN in a logit or a target gives a loss of NaN.
///
/// Error: the difference d_o rounds, so e^-d_o is off by up to d_o 2^-24 of itself and 1 ulp; beyond that, loss and
/// gradients of a one-hot target are within O + 4 ulp. A class of d_o > 87.3 has probability +0.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct SoftmaxCe;

/// The logits measured from the largest.
struct Shifted<V, const O: usize> {
    /// d_o, how far each is below the largest.
    below: [V; O],
    /// e^-d_o.
    e: [V; O],
    /// Sum of e^-d_o without one of the largest.
    rest: V,
}

impl<V: Lane, const O: usize> Shifted<V, O> {
    #[inline(always)]
    fn new(logits: &[V; O]) -> Self {
        let (zero, one) = (V::ZERO, V::splat(1.0));
        let lowest = V::splat(f32::NEG_INFINITY);
        let m = logits
            .iter()
            .fold(lowest, |m, z| V::select_lt(m, *z, *z, m));
        // 0, not inf - inf, for an infinite logit.
        let below = logits.map(|z| V::select_le(m, z, zero, m - z));
        let e = below.map(|d| exp(zero - d));
        // The largest are counted apart, so that taking one of them away is exact.
        let (mut others, mut equals) = (zero, zero);
        for (d, e) in below.iter().zip(&e) {
            others = others + V::select_le(*d, zero, zero, *e);
            equals = equals + V::select_le(*d, zero, one, zero);
        }
        let rest = others + (equals - one);
        Self { below, e, rest }
    }
}

impl<const O: usize> Head<O> for SoftmaxCe {
    #[inline(always)]
    fn predict<V: Lane>(&self, logits: &[V; O], y_hat: &mut [V; O]) {
        let Shifted { e, rest, .. } = Shifted::new(logits);
        let total = V::splat(1.0) + rest;
        for (y_hat, e) in y_hat.iter_mut().zip(e) {
            *y_hat = e / total;
        }
    }

    #[inline(always)]
    fn loss_grad<V: Lane>(&self, logits: &[V; O], target: &[V; O], dlogits: &mut [V; O]) -> V {
        let Shifted { below, e, rest } = Shifted::new(logits);
        let zero = V::ZERO;
        let total = V::splat(1.0) + rest;
        let y_sum = target.iter().fold(zero, |sum, y| sum + *y);
        let mut loss = y_sum * ln_1p(rest);
        for (((y, d), e), dz) in target.iter().zip(below).zip(e).zip(dlogits) {
            // 0, not inf * 0, for a class that is ruled out.
            loss = loss + V::select_le(y.abs(), zero, zero, *y * d);
            let certain = (y_sum - *y) - y_sum * (rest / total);
            *dz = V::select_le(d, zero, certain, y_sum * (e / total) - *y);
        }
        loss
    }

    #[inline(always)]
    fn accepts(&self, target: &[f32; O]) -> bool {
        probabilities(target)
    }
}

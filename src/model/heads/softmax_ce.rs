//! Softmax outputs with cross-entropy.

use super::{Head, probabilities};
use crate::kernels::math::{exp, ln_1p};
use crate::kernels::simd::Vector;
use crate::model::architecture::Kind;

/// Softmax outputs with cross-entropy: `nn.CrossEntropyLoss` on class probabilities. For a sample
/// of one class the target is one-hot.
///
/// ```text
/// y_hat = softmax(z)
/// loss  = -sum over the outputs of y ln(y_hat)
/// dL/dz = Y y_hat - y, with Y the sum of the target
/// ```
/// Y is 1 for probabilities. `loss_grad` uses other sums as they are, as PyTorch does. Training
/// refuses targets outside \[0, 1\] and those whose sum is more than 1/64 from 1, such as all zeros
/// or two classes at once: nothing says which class is meant. A single output does not compile,
/// because its softmax is always 1.
///
/// ```
/// use stackprop::{Head, SoftmaxCe};
///
/// let (mut y_hat, mut dz) = ([0.0; 4], [0.0; 4]);
/// SoftmaxCe.predict(&[7.0_f32; 4], &mut y_hat);
/// let loss = SoftmaxCe.loss_grad(&[7.0_f32; 4], &[1.0, 0.0, 0.0, 0.0], &mut dz);
/// assert_eq!((y_hat, dz), ([0.25; 4], [-0.75, 0.25, 0.25, 0.25]));
/// assert!((loss - 4f32.ln()).abs() < 1e-6);
/// ```
///
/// # Numerics
/// The plain formulas are
/// ```text
/// loss = Y ln(sum of e^z_o) - sum of y_o z_o
/// dz_o = Y e^z_o / sum of e^z - y_o
/// ```
/// They overflow for large logits and cancel where one class is nearly certain. So the head
/// measures everything from the largest logit m. With d_o = m - z_o >= 0, and rest = the sum of
/// e^-d_o without one of the largest:
/// ```text
/// loss = Y ln(1 + rest) + sum of y_o d_o
/// dz_o = Y e^-d_o / (1 + rest) - y_o              where d_o > 0
/// dz_o = (Y - y_o) - Y rest / (1 + rest)          where d_o = 0
/// ```
/// Nothing cancels for a one-hot target, however far the right class is ahead. The loss is finite
/// if the d_o are finite, which they are for all logits within +-1.7e38.
///
/// An infinite logit gives the limit, where PyTorch gives NaN. A class with z_o = -inf has
/// probability 0. A class with z_o = inf has probability 1; several such classes share it. If the
/// target says otherwise, the loss is inf. NaN in a logit or a target gives a loss of NaN.
///
/// Error: d_o rounds, so e^-d_o is off by up to d_o 2^-24 of itself and 1 ulp. Apart from that,
/// loss and gradients of a one-hot target are within O + 4 ulp. A class with d_o > 87.3 has
/// probability +0.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct SoftmaxCe;

/// How far the sum of a target may be from 1. Wide enough for three thirds with two digits, 0.99.
const NEARLY_1: f32 = 1.0 / 64.0;

/// The logits measured from the largest.
struct Shifted<V, const O: usize> {
    /// d_o: how far each logit is below the largest.
    below: [V; O],
    /// e^-d_o.
    e: [V; O],
    /// The sum of e^-d_o without one of the largest.
    rest: V,
}

impl<V: Vector, const O: usize> Shifted<V, O> {
    #[inline(always)]
    fn new(logits: &[V; O]) -> Self {
        let (zero, one) = (V::ZERO, V::splat(1.0));
        let lowest = V::splat(f32::NEG_INFINITY);
        let m = logits
            .iter()
            .fold(lowest, |m, z| V::select_lt(m, *z, *z, m));
        // Gives 0, not inf - inf, for an infinite logit.
        let below = logits.map(|z| V::select_le(m, z, zero, m - z));
        let e = below.map(|d| exp(zero - d));
        // Counts the largest separately, so that taking one of them away is exact.
        let (mut others, mut equals) = (zero, zero);
        for (d, e) in below.iter().zip(&e) {
            others = others + V::select_le(*d, zero, zero, *e);
            equals = equals + V::select_le(*d, zero, one, zero);
        }
        let rest = others + (equals - one);
        Self { below, e, rest }
    }
}

/// The loss of each sample, and its gradient; the sum Y of a target may be any.
#[inline(always)]
pub(super) fn cross_entropy<V: Vector, const O: usize>(
    logits: &[V; O],
    target: &[V; O],
    dlogits: &mut [V; O],
) -> V {
    const { assert!(O > 1, "softmax over one output is always 1: use SigmoidBce") }
    let Shifted { below, e, rest } = Shifted::new(logits);
    let zero = V::ZERO;
    let total = V::splat(1.0) + rest;
    let y_sum = target.iter().fold(zero, |sum, y| sum + *y);
    let mut loss = y_sum * ln_1p(rest);
    for (((y, d), e), dz) in target.iter().zip(below).zip(e).zip(dlogits) {
        // Gives 0, not inf * 0, for a class that the target rules out.
        loss = loss + V::select_le(y.abs(), zero, zero, *y * d);
        let certain = (y_sum - *y) - y_sum * (rest / total);
        *dz = V::select_le(d, zero, certain, y_sum * (e / total) - *y);
    }
    loss
}

/// Whether the target is a distribution of probabilities over the classes.
#[inline(always)]
pub(super) fn distribution<const O: usize>(target: &[f32; O]) -> bool {
    let sum = target.iter().fold(0.0, |sum, y| sum + y);
    probabilities(target) && (sum - 1.0).abs() <= NEARLY_1
}

impl<const O: usize> Head<O> for SoftmaxCe {
    const DEFAULT: Self = Self;
    const KIND: Kind = Kind::new("SoftmaxCe");

    #[inline(always)]
    fn predict<V: Vector>(&self, logits: &[V; O], y_hat: &mut [V; O]) {
        const { assert!(O > 1, "softmax over one output is always 1: use SigmoidBce") }
        let Shifted { e, rest, .. } = Shifted::new(logits);
        let total = V::splat(1.0) + rest;
        for (y_hat, e) in y_hat.iter_mut().zip(e) {
            *y_hat = e / total;
        }
    }

    #[inline(always)]
    fn loss_grad<V: Vector>(&self, logits: &[V; O], target: &[V; O], dlogits: &mut [V; O]) -> V {
        cross_entropy(logits, target, dlogits)
    }

    #[inline(always)]
    fn accepts(&self, target: &[f32; O]) -> bool {
        distribution(target)
    }
}

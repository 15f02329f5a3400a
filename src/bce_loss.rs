//! Binary cross-entropy on probabilities: `nn.BCELoss`.
//!
//! For training use [`SigmoidBce`](crate::SigmoidBce), which works on the logit and keeps its accuracy where the
//! sigmoid saturates. This module is the loss as the notebook uses it, with PyTorch's behaviour at the edges
//! (`aten/src/ATen/native/Loss.cpp`):
//!
//! ```text
//! loss    = -(y max(ln p, -100) + (1 - y) max(ln(1 - p), -100))
//! dloss/dp = (p - y) / max(p (1 - p), 1e-12)
//! ```
//! so the loss is at most 100, and the gradient, which does not know of the clamp, at most 1e12. ln(1 - p)
//! is computed without rounding 1 - p.

use crate::error::Error;
use crate::lane::{LANES, Lane, NOTHING};
use crate::math::{ln, ln_1p};

/// The least logarithm, PyTorch's clamp.
const LEAST_LN: f32 = -100.0;

/// PyTorch's guard of the gradient's denominator.
const EPSILON: f32 = 1e-12;

/// What becomes of the losses of the elements.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub enum Reduction {
    /// Their mean, the default as in PyTorch.
    #[default]
    Mean,
    /// Their sum.
    Sum,
}

/// The mean or the sum of the losses of the probabilities `p` for the targets `y`. The sum runs in the
/// order described at [`batch`](crate::batch).
///
/// Error: at most 3 ulp for each element, and what the sum rounds.
///
/// # Errors
/// [`Error::Probability`] or [`Error::Target`] where a number is outside \[0, 1\] or NaN,
/// [`Error::Length`] where the lengths differ, [`Error::Empty`] where both are 0.
pub fn forward(p: &[f32], y: &[f32], reduction: Reduction) -> Result<f32, Error> {
    check(p, y)?;
    let mut sums = [NOTHING; LANES];
    for (p, y) in p.chunks(LANES).zip(y.chunks(LANES)) {
        for ((sum, p), y) in sums.iter_mut().zip(p).zip(y) {
            *sum += element(*p, *y);
        }
    }
    let total = sums.into_iter().fold(NOTHING, |total, sum| total + sum);
    Ok(total * factor(reduction, p.len()))
}

/// The loss of each element, overwriting `loss`: `reduction='none'`. Accuracy of [`forward`].
///
/// # Errors
/// As [`forward`]; `loss` is unchanged then.
pub fn forward_each(p: &[f32], y: &[f32], loss: &mut [f32]) -> Result<(), Error> {
    check(p, y)?;
    check_length(p.len(), loss.len())?;
    for ((p, y), loss) in p.iter().zip(y).zip(loss) {
        *loss = element(*p, *y);
    }
    Ok(())
}

/// The gradient of the reduced loss with respect to each probability, overwriting `dp`. With
/// [`Reduction::Sum`] it is that of each element's own loss. Error: at most 3 ulp.
///
/// # Errors
/// As [`forward`]; `dp` is unchanged then.
pub fn backward(p: &[f32], y: &[f32], reduction: Reduction, dp: &mut [f32]) -> Result<(), Error> {
    check(p, y)?;
    check_length(p.len(), dp.len())?;
    let factor = factor(reduction, p.len());
    for ((p, y), dp) in p.iter().zip(y).zip(dp) {
        *dp = (p - y) / f32::max(p * (1.0 - p), EPSILON) * factor;
    }
    Ok(())
}

/// The loss of one element, on lanes: for p and y in \[0, 1\].
#[inline(always)]
#[must_use]
pub fn element<V: Lane>(p: V, y: V) -> V {
    let one = V::splat(1.0);
    let least = V::splat(LEAST_LN);
    let clamped = |x: V| V::select_lt(x, least, least, x);
    V::ZERO - (y * clamped(ln(p)) + (one - y) * clamped(ln_1p(V::ZERO - p)))
}

/// What the sum is multiplied by.
fn factor(reduction: Reduction, count: usize) -> f32 {
    match reduction {
        Reduction::Mean => 1.0 / count as f32,
        Reduction::Sum => 1.0,
    }
}

/// Refuses what PyTorch refuses.
fn check(p: &[f32], y: &[f32]) -> Result<(), Error> {
    check_length(p.len(), y.len())?;
    let outside = |all: &[f32]| all.iter().position(|v| !(0.0..=1.0).contains(v));
    match (outside(p), outside(y)) {
        (Some(index), _) => Err(Error::Probability { index }),
        (_, Some(index)) => Err(Error::Target { index }),
        _ if p.is_empty() => Err(Error::Empty),
        _ => Ok(()),
    }
}

fn check_length(expected: usize, found: usize) -> Result<(), Error> {
    if expected == found {
        Ok(())
    } else {
        Err(Error::Length { expected, found })
    }
}

//! Binary cross-entropy on probabilities: `nn.BCELoss`.
//!
//! For training use [`SigmoidBce`](crate::SigmoidBce), which works on the logit and stays accurate
//! where the sigmoid saturates. This module is the loss as the notebook uses it, with PyTorch's
//! behaviour at the edges (`aten/src/ATen/native/Loss.cpp`):
//!
//! ```text
//! loss     = -(y max(ln p, -100) + (1 - y) max(ln(1 - p), -100))
//! dloss/dp = (p - y) / max(p (1 - p), 1e-12)
//! ```
//! The clamp limits the loss to 100. The gradient ignores the clamp and is at most 1e12. ln(1 - p)
//! is computed without rounding 1 - p.
//!
//! ```
//! use stackprop::bce_loss::{self, Reduction};
//!
//! let (p, y) = ([0.5, 0.75], [1.0, 0.0]);
//! let loss = bce_loss::forward(&p, &y, Reduction::Mean)?;
//! assert!((loss - 1.5 * core::f32::consts::LN_2).abs() < 1e-6); // (ln 2 + ln 4) / 2
//! let mut dp = [0.0; 2];
//! bce_loss::backward(&p, &y, Reduction::Mean, &mut dp)?;
//! assert_eq!(dp, [-1.0, 2.0]);
//! # Ok::<(), bce_loss::Error>(())
//! ```

use crate::kernels::exact_sum::ExactSum;
use crate::kernels::math::{ln, ln_1p};
use crate::kernels::simd::Vector;
use core::fmt::{Display, Formatter};

/// PyTorch's lower limit of a logarithm.
const LEAST_LN: f32 = -100.0;

/// PyTorch's lower limit of the gradient's denominator.
const EPSILON: f32 = 1e-12;

/// Why a call was refused. Its results are unchanged then.
///
/// ```
/// use stackprop::bce_loss::{Error, Reduction, forward};
///
/// let error = forward(&[0.5, 1.5], &[1.0, 0.0], Reduction::Mean).unwrap_err();
/// assert_eq!(error, Error::Probability { index: 1 });
/// assert_eq!(error.to_string(), "probability 1 is not between 0 and 1");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub enum Error {
    /// The slices are empty: no elements, no mean.
    Empty,
    /// A slice differs in length from the probabilities.
    Length {
        /// How many probabilities there are.
        probabilities: usize,
        /// How many targets, or places for results.
        found: usize,
    },
    /// A probability is outside \[0, 1\], or NaN.
    Probability {
        /// Its index.
        index: usize,
    },
    /// A target is outside \[0, 1\], or NaN.
    Target {
        /// Its index.
        index: usize,
    },
}

impl Display for Error {
    fn fmt(&self, f: &mut Formatter<'_>) -> core::fmt::Result {
        match self {
            Self::Empty => write!(f, "there are no probabilities"),
            Self::Length {
                probabilities,
                found,
            } => write!(
                f,
                "{probabilities} probabilities, but {found} targets or results"
            ),
            Self::Probability { index } => write!(f, "probability {index} is not between 0 and 1"),
            Self::Target { index } => write!(f, "target {index} is not between 0 and 1"),
        }
    }
}

impl core::error::Error for Error {}

/// How the losses of the elements become one number: `reduction=`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub enum Reduction {
    /// Their mean, the default as in PyTorch.
    #[default]
    Mean,
    /// Their sum.
    Sum,
}

/// The mean or the sum of the losses of the probabilities `p` for the targets `y`. The sum does not
/// round: the result is the float nearest to the sum or mean of what [`element`] gives, of however
/// many.
///
/// Range: 0 to 100 for each element. Error: at most 3 ulp for each element, and one rounding.
///
/// # Errors
/// [`Error::Probability`] or [`Error::Target`] if a number is outside \[0, 1\] or NaN,
/// [`Error::Length`] if the lengths differ, [`Error::Empty`] if both are 0.
///
/// ```
/// use stackprop::bce_loss::{Reduction, forward};
///
/// assert_eq!(forward(&[0.0, 1.0], &[1.0, 1.0], Reduction::Sum), Ok(100.0));
/// assert_eq!(forward(&[0.0, 1.0], &[1.0, 1.0], Reduction::Mean), Ok(50.0));
/// ```
pub fn forward(p: &[f32], y: &[f32], reduction: Reduction) -> Result<f32, Error> {
    check(p, y)?;
    let mut sum = ExactSum::new();
    for (p, y) in p.iter().zip(y) {
        sum.add(element(*p, *y), 1);
    }
    Ok(sum.mean(match reduction {
        Reduction::Mean => p.len() as u64,
        Reduction::Sum => 1,
    }))
}

/// The loss of each element, overwriting `loss`: `reduction='none'`. The accuracy is that of
/// [`forward`].
///
/// # Errors
/// As [`forward`]; `loss` is unchanged then.
///
/// ```
/// use stackprop::bce_loss::forward_each;
///
/// let mut loss = [0.0; 3];
/// forward_each(&[0.0, 1.0, 0.5], &[1.0, 1.0, 0.0], &mut loss)?;
/// assert_eq!(loss, [100.0, 0.0, core::f32::consts::LN_2]);
/// # Ok::<(), stackprop::bce_loss::Error>(())
/// ```
pub fn forward_each(p: &[f32], y: &[f32], loss: &mut [f32]) -> Result<(), Error> {
    check(p, y)?;
    check_length(p.len(), loss.len())?;
    for ((p, y), loss) in p.iter().zip(y).zip(loss) {
        *loss = element(*p, *y);
    }
    Ok(())
}

/// The gradient of the reduced loss with respect to each probability, overwriting `dp`. With
/// [`Reduction::Sum`] this is the gradient of each element's own loss.
///
/// Range: +-1e12. Error: at most 3 ulp.
///
/// # Errors
/// As [`forward`]; `dp` is unchanged then.
///
/// ```
/// use stackprop::bce_loss::{Reduction, backward};
///
/// let mut dp = [0.0; 2];
/// backward(&[0.5, 0.75], &[1.0, 0.0], Reduction::Sum, &mut dp)?;
/// assert_eq!(dp, [-2.0, 4.0]); // -1 / p and 1 / (1 - p)
/// # Ok::<(), stackprop::bce_loss::Error>(())
/// ```
pub fn backward(p: &[f32], y: &[f32], reduction: Reduction, dp: &mut [f32]) -> Result<(), Error> {
    check(p, y)?;
    check_length(p.len(), dp.len())?;
    let factor = factor(reduction, p.len());
    for ((p, y), dp) in p.iter().zip(y).zip(dp) {
        *dp = (p - y) / f32::max(p * (1.0 - p), EPSILON) * factor;
    }
    Ok(())
}

/// The loss of one element, for p and y in \[0, 1\]; NaN gives NaN. It takes any vector of samples.
///
/// ```
/// use stackprop::bce_loss::element;
///
/// assert_eq!((element(1.0, 1.0), element(1.0, 0.0)), (0.0, 100.0));
/// ```
#[inline(always)]
#[must_use]
pub fn element<V: Vector>(p: V, y: V) -> V {
    let one = V::splat(1.0);
    let least = V::splat(LEAST_LN);
    let clamped = |x: V| V::select_lt(x, least, least, x);
    V::ZERO - (y * clamped(ln(p)) + (one - y) * clamped(ln_1p(V::ZERO - p)))
}

/// The number that the sum is multiplied by.
fn factor(reduction: Reduction, count: usize) -> f32 {
    match reduction {
        Reduction::Mean => 1.0 / count as f32,
        Reduction::Sum => 1.0,
    }
}

/// Refuses the inputs that PyTorch refuses.
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

const fn check_length(probabilities: usize, found: usize) -> Result<(), Error> {
    if probabilities == found {
        return Ok(());
    }
    Err(Error::Length {
        probabilities,
        found,
    })
}

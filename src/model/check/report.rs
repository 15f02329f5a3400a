//! The findings of a check.

use super::steps::{Slopes, Verdict};
use core::fmt::{Display, Formatter};

/// A slope counts as compared if it is more than this many times its error.
pub const CLEAR: f64 = 16.0;

/// The result of a check that found nothing wrong.
///
/// ```
/// use stackprop::{Relu, check};
///
/// let report = check::layer(&Relu, &[2.0, -1.0])?;
/// assert_eq!(report.input.compared, 1); // the slope 0 at -1 proves nothing
/// assert_eq!(report.input.inconclusive, 1);
/// # Ok::<(), check::Wrong>(())
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub struct Report {
    /// The gradients with respect to the input: x of a layer, the logits of a head.
    pub input: Tally,
    /// The gradients with respect to the parameters.
    pub parameters: Tally,
}

/// How many gradients were compared.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub struct Tally {
    /// How many were clear enough to be compared, and are right.
    pub compared: usize,
    /// How many were not clear enough: they prove nothing.
    pub inconclusive: usize,
    /// The largest difference among the compared, relative to the slope.
    pub worst: f32,
}

/// The kind of number that a gradient is with respect to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub enum Part {
    /// A number of the input: x of a layer, the logits of a head.
    Input,
    /// A parameter, counted as [`Params::zip_tensors`](crate::Params::zip_tensors) does.
    Parameter,
}

/// The first difference that a check found.
///
/// ```
/// use stackprop::{Elementwise, check, check::{Part, Wrong}, simd::Vector};
///
/// /// A cube with a wrong derivative: the factor 3 is missing.
/// #[derive(Clone, Copy)]
/// struct Cube;
///
/// impl Elementwise for Cube {
///     const DEFAULT: Self = Self;
///
///     fn y<V: Vector>(self, x: V) -> V {
///         x * x * x
///     }
///
///     fn dx<V: Vector>(self, x: V, _y: V, dy: V) -> V {
///         dy * x * x
///     }
/// }
///
/// let wrong = check::layer(&Cube, &[0.5]).unwrap_err();
/// assert!(matches!(wrong, Wrong::Slope { part: Part::Input, index: 0, .. }));
/// let text = wrong.to_string(); // the output has the weight 0.5
/// assert!(text.starts_with("the gradient of input 0 is 0.125, but the slope is 0.37"));
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub enum Wrong {
    /// A gradient is not the slope of forward.
    Slope {
        /// The kind of number that it is with respect to.
        part: Part,
        /// The number of the input or of the parameter.
        index: usize,
        /// The result of backward.
        backward: f32,
        /// The slope of forward.
        slope: f32,
        /// The largest difference allowed between the two.
        allowed: f32,
    },
    /// No gradient was clear enough to be compared.
    NothingCompared(Part),
    /// `backward`, with or without dx, does not add its gradient of this parameter to `grad`.
    NotAdded {
        /// The parameter.
        index: usize,
    },
    /// `backward` without a gradient gives another dx than with one.
    InputGrad {
        /// The number of the input.
        index: usize,
    },
    /// `fold_gradient` does not meet this parameter with the gradient of `backward`, or in a tensor
    /// of another name than `zip_params` gives it, or also if it has to pass over the tensor.
    FoldGradient {
        /// The parameter, or the number of parameters if it meets fewer or more.
        index: usize,
    },
    /// `loss` and `loss_grad` give different losses.
    Loss {
        /// The result of `loss`.
        loss: f32,
        /// The result of `loss_grad`.
        loss_grad: f32,
    },
}

impl Tally {
    #[expect(clippy::cast_possible_truncation, reason = "for the report")]
    pub(super) fn compare(
        &mut self,
        part: Part,
        index: usize,
        backward: f32,
        slopes: &Slopes,
    ) -> Result<(), Wrong> {
        let (gradient, best) = (f64::from(backward), slopes.best);
        match slopes.verdict(gradient) {
            Verdict::Right => {
                let off = (gradient - best.value) / best.value;
                self.compared += 1;
                self.worst = self.worst.max(off.abs() as f32);
            }
            Verdict::Inconclusive => self.inconclusive += 1,
            Verdict::Wrong => {
                return Err(Wrong::Slope {
                    part,
                    index,
                    backward,
                    slope: best.value as f32,
                    allowed: best.allowed() as f32,
                });
            }
        }
        Ok(())
    }

    pub(super) const fn finish(self, part: Part, count: usize) -> Result<Self, Wrong> {
        if self.compared == 0 && count > 0 {
            return Err(Wrong::NothingCompared(part));
        }
        Ok(self)
    }
}

impl Display for Part {
    fn fmt(&self, f: &mut Formatter<'_>) -> core::fmt::Result {
        f.write_str(match self {
            Self::Input => "input",
            Self::Parameter => "parameter",
        })
    }
}

impl Display for Wrong {
    fn fmt(&self, f: &mut Formatter<'_>) -> core::fmt::Result {
        match self {
            Self::Slope {
                part,
                index,
                backward,
                slope,
                allowed,
            } => write!(
                f,
                "the gradient of {part} {index} is {backward}, but the slope is {slope} \
                 (within {allowed:.1e})"
            ),
            Self::NothingCompared(part) => {
                write!(f, "no gradient of any {part} is large enough to compare")
            }
            Self::NotAdded { index } => {
                write!(
                    f,
                    "the gradient of parameter {index} is not added to what is there"
                )
            }
            Self::InputGrad { index } => {
                write!(
                    f,
                    "`backward` with and without a gradient differ in dx {index}"
                )
            }
            Self::FoldGradient { index } => {
                write!(
                    f,
                    "`fold_gradient` and `backward` differ in parameter {index}"
                )
            }
            Self::Loss { loss, loss_grad } => {
                write!(f, "`loss` is {loss}, but `loss_grad` gives {loss_grad}")
            }
        }
    }
}

impl core::error::Error for Wrong {}

//! What a check found.

use super::slope::Slope;
use core::fmt::{Display, Formatter};

/// What backward may be off by, relative to the slope: well above the rounding of a layer's backward, well below
/// what a forgotten term does.
const RELATIVE: f64 = 1e-3;

/// How many times its error a slope has to be to count as compared.
pub const CLEAR: f64 = 16.0;

/// What was checked and found right.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Report {
    /// The gradients with respect to the input: x of a layer, the logits of a head.
    pub input: Tally,
    /// The gradients with respect to the parameters.
    pub parameters: Tally,
}

/// How many gradients were compared.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Tally {
    /// How many were clear enough to be compared, and are right.
    pub compared: usize,
    /// How many were not, and prove nothing.
    pub excused: usize,
    /// The largest distance of one that was compared, relative to the slope.
    pub worst: f32,
}

/// What a gradient is with respect to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// A number of the input: x of a layer, the logits of a head.
    Input,
    /// A parameter, counted as [`Params::zip`](crate::Params::zip) does.
    Parameter,
}

/// What is wrong.
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub enum Wrong {
    /// A gradient is not the slope. Of several, the first.
    Slope {
        /// What it is with respect to.
        part: Part,
        /// The number of the input or of the parameter.
        index: usize,
        /// What backward gives.
        backward: f32,
        /// The slope of forward.
        slope: f32,
        /// How far apart the two may be.
        allowed: f32,
    },
    /// No gradient was clear enough to be compared.
    NothingCompared(Part),
    /// `backward` or `backward_params` does not add its gradient of this parameter to what `grad` holds.
    NotAdded {
        /// The parameter.
        index: usize,
    },
    /// `backward_input` does not give the dx of `backward`.
    BackwardInput {
        /// The number of the input.
        index: usize,
    },
    /// `descend`, after `backward_hidden`, does not meet this parameter with the gradient of `backward`.
    Descend {
        /// The parameter; the number of them all if it does not meet as many.
        index: usize,
    },
    /// `loss` does not give what `loss_grad` gives.
    Loss {
        /// The one.
        loss: f32,
        /// The other.
        loss_grad: f32,
    },
}

impl Tally {
    pub(super) fn compare(
        &mut self,
        part: Part,
        index: usize,
        backward: f32,
        slope: Slope,
    ) -> Result<(), Wrong> {
        let off = (f64::from(backward) - slope.value).abs();
        let allowed = slope.error + RELATIVE * slope.value.abs();
        // Not so for NaN, and nothing is within an infinite error.
        if !(off <= allowed && allowed < f64::INFINITY) {
            return Err(Wrong::Slope {
                part,
                index,
                backward,
                slope: slope.value as f32,
                allowed: allowed as f32,
            });
        }
        // Not <: a slope of 0 with an error of 0 proves nothing either.
        if slope.value.abs() <= CLEAR * slope.error {
            self.excused += 1;
        } else {
            self.compared += 1;
            self.worst = self.worst.max((off / slope.value.abs()) as f32);
        }
        Ok(())
    }

    pub(super) fn finish(self, part: Part, count: usize) -> Result<Self, Wrong> {
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
                "the gradient of {part} {index} is {backward}, but the slope is {slope} (within {allowed:.1e})"
            ),
            Self::NothingCompared(part) => {
                write!(
                    f,
                    "no gradient of any {part} is large enough to be compared"
                )
            }
            Self::NotAdded { index } => {
                write!(
                    f,
                    "the gradient of parameter {index} is not added to what is there"
                )
            }
            Self::BackwardInput { index } => {
                write!(f, "`backward_input` and `backward` differ in input {index}")
            }
            Self::Descend { index } => {
                write!(f, "`descend` and `backward` differ in parameter {index}")
            }
            Self::Loss { loss, loss_grad } => {
                write!(f, "`loss` is {loss}, but `loss_grad` gives {loss_grad}")
            }
        }
    }
}

impl core::error::Error for Wrong {}

//! What can go wrong at run time. Wrong shapes cannot: they do not compile.

use core::fmt::{Display, Formatter};

/// Why a call was refused. Nothing was changed then, but what [`Trainer::epoch`](crate::Trainer::epoch) learned from the
/// mini-batches before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub enum Error {
    /// A batch without samples: it has no mean.
    Empty,
    /// Two slices that go together differ in length.
    Length {
        /// Length of the first.
        expected: usize,
        /// Length of the second.
        found: usize,
    },
    /// A probability outside \[0, 1\], or NaN.
    Probability {
        /// Where it stands.
        index: usize,
    },
    /// A target that the loss is not made for: for one on probabilities, outside \[0, 1\] or NaN.
    Target {
        /// Where it stands.
        index: usize,
    },
    /// A buffer of fixed capacity has no room.
    Full,
    /// A step met a number that is not finite.
    NotFinite(NotFinite),
    /// A step would make a parameter larger than [`Guard::max_weight`](crate::guard::Guard::max_weight).
    Diverged,
}

/// What was not finite.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub enum NotFinite {
    /// A number of a row.
    Input,
    /// A number of a target.
    Target,
    /// The loss.
    Loss,
    /// A number of the gradient.
    Gradient,
    /// What a parameter or the optimiser's state would become.
    Step,
}

impl Error {
    /// The same with the index of a target counted from `first` samples earlier.
    pub(crate) fn after(self, first: usize) -> Self {
        match self {
            Self::Target { index } => Self::Target {
                index: first + index,
            },
            other => other,
        }
    }
}

impl Display for Error {
    fn fmt(&self, f: &mut Formatter<'_>) -> core::fmt::Result {
        match self {
            Self::Empty => write!(f, "the batch is empty"),
            Self::Length { expected, found } => {
                write!(
                    f,
                    "{expected} and {found} elements, where both lengths have to agree"
                )
            }
            Self::Probability { index } => write!(f, "probability {index} is not between 0 and 1"),
            Self::Target { index } => {
                write!(f, "target {index} is not one that the loss is made for")
            }
            Self::Full => write!(f, "the buffer is full"),
            Self::NotFinite(what) => write!(f, "{what} is not finite"),
            Self::Diverged => write!(f, "a parameter would become too large"),
        }
    }
}

impl core::error::Error for Error {}

impl Display for NotFinite {
    fn fmt(&self, f: &mut Formatter<'_>) -> core::fmt::Result {
        f.write_str(match self {
            Self::Input => "an input",
            Self::Target => "a target",
            Self::Loss => "the loss",
            Self::Gradient => "a gradient",
            Self::Step => "a parameter or its optimiser state after the step",
        })
    }
}

//! What can go wrong at run time. Wrong shapes cannot: they do not compile.

use core::fmt::{Display, Formatter};

/// Why a call was refused. Nothing was changed then.
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
    /// A target outside \[0, 1\], or NaN.
    Target {
        /// Where it stands.
        index: usize,
    },
    /// A buffer of fixed capacity has no room.
    Full,
}

impl Display for Error {
    fn fmt(&self, f: &mut Formatter<'_>) -> core::fmt::Result {
        match self {
            Self::Empty => write!(f, "the batch is empty"),
            Self::Length { expected, found } => {
                write!(f, "{expected} rows, but {found} that belong to them")
            }
            Self::Probability { index } => write!(f, "probability {index} is not between 0 and 1"),
            Self::Target { index } => write!(f, "target {index} is not between 0 and 1"),
            Self::Full => write!(f, "the buffer is full"),
        }
    }
}

impl core::error::Error for Error {}

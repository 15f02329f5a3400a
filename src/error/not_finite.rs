//! Numbers that are not finite.

use core::fmt::{Display, Formatter};

/// What was not finite.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub enum NotFinite {
    /// A number of a row.
    Input {
        /// The row of the batch.
        row: usize,
        /// The number of the row.
        column: usize,
    },
    /// A number of a target.
    Target {
        /// The row of the batch.
        row: usize,
        /// The number of the target.
        column: usize,
    },
    /// The loss.
    Loss,
    /// A number of the gradient.
    Gradient,
    /// What a parameter or the optimiser's state would become.
    Step,
}

impl NotFinite {
    /// What to do about it.
    pub(super) const fn advice(self) -> &'static str {
        match self {
            Self::Input { .. } | Self::Target { .. } => "",
            Self::Loss | Self::Gradient => ": scale the inputs and the targets",
            Self::Step => ": scale the inputs, clip the gradient with max_norm, or lower lr",
        }
    }
}

impl Display for NotFinite {
    fn fmt(&self, f: &mut Formatter<'_>) -> core::fmt::Result {
        match self {
            Self::Input { row, column } => write!(f, "the input in row {row}, column {column}"),
            Self::Target { row, column } => write!(f, "the target in row {row}, column {column}"),
            Self::Loss => write!(f, "the loss"),
            Self::Gradient => write!(f, "a gradient"),
            Self::Step => write!(f, "a parameter or its optimiser state after the step"),
        }
    }
}

//! Why a record was not saved or loaded.

use core::fmt::{Debug, Display, Formatter};

/// Why a [`Store`](super::Store) refused a call. `E` is the error of the driver.
///
/// No load or save that fails touches the record that was saved last.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub enum Error<E> {
    /// The driver said so. If it was while saving, the half of the range that was written to had
    /// been erased and written once more.
    Flash(E),
    /// The flash, or the record: see [`Geometry::pages`](super::Geometry::pages).
    Unsupported,
    /// The range does not start and end with a page, or ends beyond the flash.
    Range,
    /// The range is too small for two records.
    TooSmall {
        /// How many pages it needs.
        needed: u32,
        /// How many it has.
        given: u32,
    },
    /// A record of another length is stored, or was handed to a call.
    Length {
        /// How many bytes the store was made for.
        expected: usize,
        /// How many bytes there are.
        found: usize,
    },
    /// What was written could not be read, also after an erase: the flash is worn out.
    NotKept,
    /// The driver is not a blocking one: it has to wait. Use the `async` call.
    Pending,
}

impl<E: Debug> Display for Error<E> {
    fn fmt(&self, f: &mut Formatter<'_>) -> core::fmt::Result {
        match self {
            Self::Flash(error) => write!(f, "the flash says {error:?}"),
            Self::Unsupported => write!(
                f,
                "no range of this flash keeps the record: see `Geometry::pages`"
            ),
            Self::Range => write!(f, "the range is not one of whole pages of the flash"),
            Self::TooSmall { needed, given } => {
                write!(f, "the record needs {needed} pages, the range has {given}")
            }
            Self::Length { expected, found } => {
                write!(
                    f,
                    "a record of {found} bytes, where {expected} are expected"
                )
            }
            Self::NotKept => write!(f, "the flash does not keep what is written: it is worn out"),
            Self::Pending => write!(f, "the driver has to wait: use the async call"),
        }
    }
}

impl<E: Debug> core::error::Error for Error<E> {}

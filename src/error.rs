//! What can go wrong at run time. Wrong shapes cannot: they do not compile.

mod not_finite;
mod setting;

pub use not_finite::NotFinite;
pub use setting::Setting;

use core::fmt::{Display, Formatter};

/// Why a call was refused. Nothing has been learned, except in
/// [`Trainer::epoch`](crate::Trainer::epoch) and [`epoch_of`](crate::Trainer::epoch_of), which keep
/// what earlier mini-batches taught. Samples that were accumulated are forgotten by a step or an
/// update, also by one that is refused.
///
/// ```
/// use stackprop::{Error, NotFinite, Sgd, Trainer, notebook::BOOK_NET};
///
/// let mut trainer = Trainer::new(BOOK_NET, Sgd::new(0.1));
/// let rows = [[1.0, 2.0, 3.0], [4.0, f32::NAN, 6.0]];
/// let error = trainer.step(&rows, &[[1.0], [0.0]]).unwrap_err();
/// assert_eq!(error, Error::NotFinite(NotFinite::Input { row: 1, column: 1 }));
/// assert_eq!(error.to_string(), "the input in row 1, column 1 is not finite");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub enum Error {
    /// A batch without samples, or one whose samples all count 0, as those that are ignored do (see
    /// [`Head::weight`](crate::Head::weight)): it has no mean.
    Empty,
    /// There are not as many targets, or places for outputs, as rows.
    Length {
        /// How many rows there are.
        rows: usize,
        /// How many targets, or places for outputs.
        targets: usize,
    },
    /// A slice has not one number for each parameter.
    Parameters {
        /// How many parameters there are.
        expected: usize,
        /// How many numbers the slice has.
        found: usize,
    },
    /// A slice has not one number for each of some [`Sums`](crate::Sums).
    Numbers {
        /// How many numbers there are: [`Sums::NUMBERS`](crate::Sums::NUMBERS).
        expected: usize,
        /// How many the slice has.
        found: usize,
    },
    /// A target that the head is not made for: for a loss on probabilities, outside \[0, 1\]; or
    /// the index of a class that there is not.
    Target {
        /// The row of the batch; of a [`Dataset`](crate::Dataset) the row among all of its rows.
        row: usize,
    },
    /// A place in an order of rows, beyond the last row.
    NoSuchRow {
        /// The place.
        row: usize,
        /// How many rows there are.
        rows: usize,
    },
    /// An order for samples that have one already: see
    /// [`Dataset::select`](crate::Dataset::select).
    HasOrder,
    /// The index of a class, beyond the last class.
    NoSuchClass {
        /// The class.
        class: usize,
        /// How many classes there are.
        classes: usize,
    },
    /// A buffer of fixed capacity has no room.
    Full,
    /// More rows than the call takes.
    TooLong {
        /// How many it takes.
        max: usize,
        /// How many there are.
        found: usize,
    },
    /// A setting that no step can be taken with.
    Setting(Setting),
    /// A step met a number that is not finite.
    NotFinite(NotFinite),
    /// A trainer that is [`unset`](crate::Trainer::unset) was not
    /// [started](crate::Trainer::start).
    NotStarted,
    /// A step would make a parameter larger than
    /// [`Guard::max_weight`](crate::guard::Guard::max_weight). The usual cause is inputs that are
    /// not scaled, such as ADC counts: a few huge steps pass, all others are refused. Scale the
    /// inputs ([`Normalizer`](crate::Normalizer)) and begin with new weights. Clipping the gradient
    /// ([`Guard::max_norm`](crate::guard::Guard::max_norm)) or a lower learning rate makes steps
    /// short enough again, but does not revive what huge ones have broken, such as a ReLU that is 0
    /// for every row. A velocity that is too long stays so until
    /// [`reset_state`](crate::Trainer::reset_state).
    Diverged,
}

impl From<Setting> for Error {
    fn from(setting: Setting) -> Self {
        Self::Setting(setting)
    }
}

impl Error {
    /// Refuses more rows than targets, and the other way round.
    #[inline(always)]
    pub(crate) const fn check_lengths(rows: usize, targets: usize) -> Result<(), Self> {
        if rows == targets {
            return Ok(());
        }
        Err(Self::Length { rows, targets })
    }

    /// The same with rows counted from `first` rows earlier.
    pub(crate) const fn after(self, first: usize) -> Self {
        match self {
            Self::Target { row } => Self::Target { row: first + row },
            Self::NotFinite(NotFinite::Input { row, column }) => {
                let row = first + row;
                Self::NotFinite(NotFinite::Input { row, column })
            }
            Self::NotFinite(NotFinite::Target { row, column }) => {
                let row = first + row;
                Self::NotFinite(NotFinite::Target { row, column })
            }
            other => other,
        }
    }
}

impl Display for Error {
    fn fmt(&self, f: &mut Formatter<'_>) -> core::fmt::Result {
        match self {
            Self::Empty => write!(f, "the batch is empty"),
            Self::Length { rows, targets } => {
                write!(
                    f,
                    "{rows} rows, but {targets} targets or places for outputs"
                )
            }
            Self::Parameters { expected, found } => {
                write!(f, "{found} numbers for {expected} parameters")
            }
            Self::Numbers { expected, found } => {
                write!(f, "{found} numbers, but the sums have {expected}")
            }
            Self::Target { row } => {
                write!(
                    f,
                    "the target in row {row} is not one that the loss is made for, or is no class"
                )
            }
            Self::NoSuchRow { row, rows } => beyond(f, row, rows, ["row", "rows"]),
            Self::HasOrder => write!(
                f,
                "the samples have an order already: shuffle and split that one"
            ),
            Self::NoSuchClass { class, classes } => beyond(f, class, classes, ["class", "classes"]),
            Self::Full => write!(f, "the buffer is full"),
            Self::TooLong { max, found } => write!(f, "{found} rows, where {max} are the most"),
            Self::Setting(setting) => write!(f, "the setting {setting}"),
            Self::NotFinite(what) => write!(f, "{what} is not finite{}", what.advice()),
            Self::NotStarted => write!(f, "the trainer is unset: call `start` first"),
            Self::Diverged => write!(
                f,
                "a parameter would outgrow max_weight: scale the inputs and begin anew, clip the \
                 gradient with max_norm, lower lr, or reset_state"
            ),
        }
    }
}

impl core::error::Error for Error {}

/// A place beyond the last of `count`.
fn beyond(
    f: &mut Formatter<'_>,
    at: &usize,
    count: &usize,
    [one, many]: [&str; 2],
) -> core::fmt::Result {
    write!(
        f,
        "{one} {at}, counted from 0, where there are {count} {many}"
    )
}

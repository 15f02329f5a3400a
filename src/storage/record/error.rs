//! Why a record was not written or not read.

use crate::error::Setting;
use crate::model::params::Name;
use core::fmt::{Display, Formatter};

/// Why a record was not written or not read. The value that was to be read is as it was before.
///
/// ```
/// use stackprop::{Record, record, Relu, SigmoidBce, net};
///
/// type Detector = net![3 => 4, Relu => 1, SigmoidBce];
/// let mut detector = Detector::new(1);
/// detector.layers.0.weight[0][2] = f32::NAN;
/// let error = detector.to_bytes(0, &mut [0; Detector::RECORD_BYTES]).unwrap_err();
/// assert_eq!(error.to_string(), "a number of the tensor 0.weight is not finite");
///
/// let other = detector.from_bytes(&[0; Detector::RECORD_BYTES]);
/// assert_eq!(other, Err(record::Error::Magic));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub enum Error {
    /// There are more or fewer bytes than the record has.
    Length {
        /// How many the record has. For bytes that are too few for a [`Header`](super::Header), the
        /// bytes of a header.
        expected: usize,
        /// How many there are.
        found: usize,
    },
    /// The bytes do not begin as a record does.
    Magic,
    /// A version of the format that this version of the crate does not read.
    Version(u32),
    /// The checksum is not that of the bytes: some have changed.
    Checksum,
    /// A record of another network: another fingerprint.
    OtherNetwork {
        /// The fingerprint of the network that was to be read.
        expected: u32,
        /// That in the record.
        found: u32,
    },
    /// A record of something else, such as another optimiser: another fingerprint of the
    /// [`Contents`](super::Contents).
    OtherContents {
        /// The fingerprint of what was to be read.
        expected: u32,
        /// That in the record.
        found: u32,
    },
    /// A number of this tensor is not finite.
    Tensor(Name),
    /// What the optimiser remembers of this tensor cannot be: it is not finite, or a mean of
    /// squares is negative.
    State(Name),
    /// A setting that no step can be taken with.
    Setting(Setting),
    /// A value that cannot be: it is not finite, negative where it never is, or a flag that is
    /// neither 0 nor 1. With the name of its field, which is empty if the value is the whole
    /// record.
    Value(&'static str),
    /// A trainer that is [`unset`](crate::Trainer::unset) has nothing to store.
    NotStarted,
    /// Samples were [accumulated](crate::Trainer::accumulate) and no step was taken with them: a
    /// record would lose them. Call [`update`](crate::Trainer::update) or
    /// [`forget`](crate::Trainer::forget) first.
    Unfinished,
}

impl Error {
    /// The same, of the field `name` if it has no name yet.
    #[doc(hidden)]
    #[must_use]
    pub fn of_field(self, name: &'static str) -> Self {
        match self {
            Self::Value("") => Self::Value(name),
            other => other,
        }
    }
}

impl From<Setting> for Error {
    fn from(setting: Setting) -> Self {
        Self::Setting(setting)
    }
}

impl Display for Error {
    fn fmt(&self, f: &mut Formatter<'_>) -> core::fmt::Result {
        match self {
            Self::Length { expected, found } => write!(f, "{found} bytes, not {expected}"),
            Self::Magic => write!(f, "the bytes do not begin as a record does"),
            Self::Version(version) => {
                write!(f, "a record of version {version}, which cannot be read")
            }
            Self::Checksum => write!(f, "the checksum is wrong: bytes have changed"),
            Self::OtherNetwork { expected, found } => {
                write!(
                    f,
                    "a record of the network {found:#010x}, not of {expected:#010x}"
                )
            }
            Self::OtherContents { expected, found } => {
                write!(
                    f,
                    "a record with the contents {found:#010x}, not {expected:#010x}"
                )
            }
            Self::Tensor(name) => write!(f, "a number of the tensor {name} is not finite"),
            Self::State(name) => write!(f, "the optimiser's state of the tensor {name} cannot be"),
            Self::Setting(setting) => write!(f, "the setting {setting}"),
            Self::Value("") => write!(f, "the value cannot be"),
            Self::Value(name) => write!(f, "the value {name} cannot be"),
            Self::NotStarted => write!(f, "the trainer is unset: call `start` first"),
            Self::Unfinished => {
                write!(
                    f,
                    "samples were accumulated: call `update` or `forget` first"
                )
            }
        }
    }
}

impl core::error::Error for Error {}

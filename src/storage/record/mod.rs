//! Records: what a device stores so that learning goes on after a reset.
//!
//! A record holds the weights, and if wanted what the optimiser remembers, a normalizer, a random
//! generator, counters. Training from a record has the bits of training without a break.
//!
//! ```
//! use stackprop::{Normalizer, Online, Random, Record, Relu, Sgd, SigmoidBce, net, record};
//!
//! type Detector = net![3 => 4, Relu => 1, SigmoidBce];
//!
//! /// All that has to outlive a reset.
//! struct Learner {
//!     online: Online<Detector, Sgd>,
//!     normalizer: Normalizer<3>,
//!     random: Random,
//!     position: u32,
//! }
//! record!(Learner { online, normalizer, random, position });
//!
//! fn new(seed: u64) -> Learner {
//!     Learner {
//!         online: Online::new(Detector::new(seed), Sgd::new(0.1)),
//!         normalizer: Normalizer::new(),
//!         random: Random::new(seed),
//!         position: 0,
//!     }
//! }
//!
//! let mut learner = new(1);
//! learner.normalizer.observe(&[20.0, 1013.0, 3.3])?;
//! learner.online.step(&[0.5, -1.0, 2.0], &[1.0])?;
//! learner.position = 1;
//!
//! let mut bytes = [0; Learner::RECORD_BYTES]; // goes to flash
//! learner.to_bytes(1, &mut bytes)?;
//!
//! let mut later = new(2); // after the reset
//! let steps = later.from_bytes(&bytes)?;
//! assert_eq!((steps, later.position), (1, 1));
//! assert_eq!(later.online.network, learner.online.network);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! The page [`guide::record`](crate::guide::record) has the format byte by byte.

mod bytes;
mod contents;
mod error;
mod header;
mod macros;
mod network;
mod number;
mod optimizers;
mod part;
#[cfg(feature = "serde")]
mod serde;
mod stream;
mod training;

#[cfg(feature = "serde")]
#[cfg_attr(docsrs, doc(cfg(feature = "serde")))]
pub use self::serde::{Restore, Stored};
pub use contents::Contents;
pub use error::Error;
pub use header::{Header, VERSION};
pub use number::{AnyF32, Number};
#[doc(hidden)]
pub use part::contents_of;
pub use part::{Part, Sink, Source};

use bytes::{Bytes, BytesMut};
use header::CHECKSUM_BYTES;

/// A value as a record: a number of bytes that is known when it is compiled, and these bytes. Every
/// [`Part`] is one.
///
/// ```
/// use stackprop::{Adam, Record, Relu, SigmoidBce, Trainer, net};
///
/// type Detector = net![3 => 4, Relu => 1, SigmoidBce];
/// type Learner = Trainer<Detector, Adam>;
///
/// let mut bytes = [0; Learner::RECORD_BYTES]; // 32, 21 weights, settings, guard, state
/// assert_eq!(bytes.len(), 32 + 21 * 4 + 5 * 4 + 2 * 4 + (4 + 2 * 21) * 4);
///
/// let mut trainer = Learner::new(Detector::new(1), Adam::new(0.01));
/// trainer.step(&[[0.5, -1.0, 2.0]], &[[1.0]])?;
/// trainer.to_bytes(1, &mut bytes)?;
///
/// let mut later = Learner::unset(); // in a `static`, after a reset
/// assert_eq!(later.from_bytes(&bytes)?, 1);
/// let (row, target) = ([[0.0, 1.0, 1.0]], [[0.0]]);
/// assert_eq!(later.step(&row, &target), trainer.step(&row, &target));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub trait Record: Part {
    /// How many bytes the record has.
    const RECORD_BYTES: usize = Header::BYTES + Self::CONTENTS.bytes() + CHECKSUM_BYTES;

    /// Writes the record to `bytes`, with the number of `steps` so far, which is the caller's to
    /// count.
    ///
    /// # Errors
    /// [`Error::Length`] if there are not [`RECORD_BYTES`](Self::RECORD_BYTES). What could not be
    /// read again is refused: [`Error::Tensor`], [`Error::State`], [`Error::Setting`],
    /// [`Error::Value`], [`Error::NotStarted`], [`Error::Unfinished`]; all `bytes` are 0 then.
    fn to_bytes(&self, steps: u64, bytes: &mut [u8]) -> Result<(), Error> {
        let (expected, found) = (Self::RECORD_BYTES, bytes.len());
        if found != expected {
            return Err(Error::Length { expected, found });
        }
        let written = write(self, steps, bytes);
        if written.is_ok() {
            header::seal(bytes);
        } else {
            bytes.fill(0);
        }
        written
    }

    /// Reads the record into this value, where it lies, and gives the number of steps. First all is
    /// checked, so after an error the value is as it was before.
    ///
    /// # Errors
    /// [`Error::Length`], [`Error::Magic`], [`Error::Version`], [`Error::Checksum`];
    /// [`Error::OtherNetwork`] and [`Error::OtherContents`] for a record of something else; for
    /// numbers that cannot be [`Error::Tensor`], [`Error::State`], [`Error::Setting`] and
    /// [`Error::Value`].
    #[expect(
        clippy::wrong_self_convention,
        reason = "in place: nothing large passes through the stack"
    )]
    fn from_bytes(&mut self, bytes: &[u8]) -> Result<u64, Error> {
        let (header, rest) = Header::split(bytes)?;
        header.check(&expected::<Self>())?;
        for keeps in [false, true] {
            let mut source = Bytes { rest, keeps };
            self.read(&mut source)?;
            all_used(bytes.len(), source.rest.len())?;
        }
        Ok(header.steps)
    }
}

impl<T: Part> Record for T {}

/// The header of a record of `R`, before the first step.
const fn expected<R: Record + ?Sized>() -> Header {
    const {
        assert!(
            R::RECORD_BYTES <= u32::MAX as usize,
            "a record is below 4 GiB"
        );
        #[expect(clippy::cast_possible_truncation, reason = "the line above")]
        let length = R::RECORD_BYTES as u32;
        Header {
            length,
            network: R::CONTENTS.network(),
            contents: R::CONTENTS.fingerprint(),
            steps: 0,
        }
    }
}

/// Puts the header and all numbers, up to where the checksum comes.
fn write<R: Record + ?Sized>(record: &R, steps: u64, bytes: &mut [u8]) -> Result<(), Error> {
    let expected = bytes.len();
    let (before, _) = bytes.split_at_mut(expected.saturating_sub(CHECKSUM_BYTES));
    let mut sink = BytesMut(before);
    let header = Header {
        steps,
        ..self::expected::<R>()
    };
    header.write(&mut sink)?;
    record.write(&mut sink)?;
    all_used(expected, sink.0.len())
}

/// Whether a part of your own has as many numbers as its contents say.
const fn all_used(expected: usize, left: usize) -> Result<(), Error> {
    if left == 0 {
        return Ok(());
    }
    let found = expected.saturating_sub(left);
    Err(Error::Length { expected, found })
}

//! The first bytes of a record, and its last four.

use super::bytes::BytesMut;
use super::error::Error;
use super::part::Sink;
use crate::kernels::checksum::Checksum;

/// What a record begins with.
const MAGIC: [u8; 4] = *b"STKP";

/// The version of the format that this version of the crate writes and reads.
pub const VERSION: u32 = 1;

/// Bytes of the checksum at the end.
pub(super) const CHECKSUM_BYTES: usize = 4;

/// What stands before the numbers of a record. It is read without knowing what the record holds: by
/// a tool, or by code that looks for the latest of several records in flash.
///
/// ```
/// use stackprop::{Record, Relu, SigmoidBce, net, record::Header};
///
/// type Detector = net![3 => 4, Relu => 1, SigmoidBce];
/// let mut bytes = [0; Detector::RECORD_BYTES];
/// Detector::new(1).to_bytes(1000, &mut bytes)?;
///
/// let header = Header::verify(&bytes)?;
/// assert_eq!((header.steps, header.network), (1000, Detector::FINGERPRINT));
/// assert_eq!(header.length as usize, bytes.len());
/// # Ok::<(), stackprop::record::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub struct Header {
    /// The bytes of the whole record, with header and checksum.
    pub length: u32,
    /// The fingerprint of the network: [`Contents::network`](super::Contents::network).
    pub network: u32,
    /// The fingerprint of what the record holds:
    /// [`Contents::fingerprint`](super::Contents::fingerprint).
    pub contents: u32,
    /// How many steps there were, as the caller has counted them.
    pub steps: u64,
}

impl Header {
    /// Bytes of a header.
    pub const BYTES: usize = 28;

    /// The header of bytes that begin with a record. The checksum is not looked at, so what it says
    /// may be wrong: see [`verify`](Self::verify). More bytes may follow than those of the record,
    /// as in a sector of flash.
    ///
    /// # Errors
    /// [`Error::Length`] if there are fewer bytes than a header has, [`Error::Magic`],
    /// [`Error::Version`].
    pub const fn read(bytes: &[u8]) -> Result<Self, Error> {
        let Some((header, _)) = bytes.split_first_chunk::<{ Self::BYTES }>() else {
            return Err(Error::Length {
                expected: Self::BYTES,
                found: bytes.len(),
            });
        };
        let (words, rest) = header.as_chunks::<4>();
        let ([magic, version, length, network, contents, low, high], []) = (words, rest) else {
            return Err(Error::Magic);
        };
        if u32::from_le_bytes(*magic) != u32::from_le_bytes(MAGIC) {
            return Err(Error::Magic);
        }
        let version = u32::from_le_bytes(*version);
        if version != VERSION {
            return Err(Error::Version(version));
        }
        Ok(Self {
            length: u32::from_le_bytes(*length),
            network: u32::from_le_bytes(*network),
            contents: u32::from_le_bytes(*contents),
            steps: (u32::from_le_bytes(*high) as u64) << 32 | u32::from_le_bytes(*low) as u64,
        })
    }

    /// The header of a whole record, after a look at its length and its checksum. Whose record it
    /// is and whether its numbers can be, only [`from_bytes`](super::Record::from_bytes) knows.
    ///
    /// # Errors
    /// Those of [`read`](Self::read); [`Error::Length`] if there are more or fewer bytes than the
    /// header says, [`Error::Checksum`].
    pub const fn verify(bytes: &[u8]) -> Result<Self, Error> {
        match Self::split(bytes) {
            Ok((header, _)) => Ok(header),
            Err(error) => Err(error),
        }
    }

    /// The same, with the bytes between the header and the checksum.
    pub(super) const fn split(bytes: &[u8]) -> Result<(Self, &[u8]), Error> {
        let header = match Self::read(bytes) {
            Ok(header) => header,
            Err(error) => return Err(error),
        };
        let (expected, found) = (header.length as usize, bytes.len());
        let Some((before, checksum)) = bytes.split_last_chunk::<CHECKSUM_BYTES>() else {
            return Err(Error::Length { expected, found });
        };
        let Some((_, numbers)) = before.split_first_chunk::<{ Self::BYTES }>() else {
            return Err(Error::Length { expected, found });
        };
        if expected != found {
            return Err(Error::Length { expected, found });
        }
        if Checksum::new().update(before).value() != u32::from_le_bytes(*checksum) {
            return Err(Error::Checksum);
        }
        Ok((header, numbers))
    }

    /// Puts the header to the front.
    pub(super) fn write(&self, sink: &mut BytesMut<'_>) -> Result<(), Error> {
        sink.put(u32::from_le_bytes(MAGIC))?;
        sink.put(VERSION)?;
        sink.put(self.length)?;
        sink.put(self.network)?;
        sink.put(self.contents)?;
        sink.put(self.steps)
    }

    /// Whether the record is of what is to be read.
    pub(super) const fn check(&self, expected: &Self) -> Result<(), Error> {
        if self.network != expected.network {
            return Err(Error::OtherNetwork {
                expected: expected.network,
                found: self.network,
            });
        }
        if self.contents != expected.contents {
            return Err(Error::OtherContents {
                expected: expected.contents,
                found: self.contents,
            });
        }
        if self.length != expected.length {
            return Err(Error::Length {
                expected: expected.length as usize,
                found: self.length as usize,
            });
        }
        Ok(())
    }
}

/// Puts the checksum of all bytes before it to the end.
pub(super) const fn seal(bytes: &mut [u8]) {
    if let Some((before, checksum)) = bytes.split_last_chunk_mut::<CHECKSUM_BYTES>() {
        *checksum = Checksum::new().update(before).value().to_le_bytes();
    }
}

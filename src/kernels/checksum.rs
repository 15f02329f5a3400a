//! CRC-32, over bytes that come in pieces.

use crc::{CRC_32_ISO_HDLC, Crc, Digest, NoTable};

/// CRC-32/ISO-HDLC, which zlib, PNG and Ethernet use. Without a table: one of 1 KiB would be
/// faster, but a record is written seldom, and flash is scarce.
static CRC: Crc<u32, NoTable> = Crc::<u32, NoTable>::new(&CRC_32_ISO_HDLC);

/// The checksum of the bytes so far.
#[derive(Clone)]
pub(crate) struct Checksum(Digest<'static, u32, NoTable>);

impl Checksum {
    pub(crate) const fn new() -> Self {
        Self(CRC.digest())
    }

    /// Takes more bytes.
    pub(crate) const fn update(mut self, bytes: &[u8]) -> Self {
        self.0.update(bytes);
        self
    }

    pub(crate) const fn value(self) -> u32 {
        self.0.finalize()
    }
}

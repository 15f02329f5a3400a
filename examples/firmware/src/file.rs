//! Files of weights, made when the program is compiled.

/// A file with this header, whose numbers are all 0. `BYTES` is its size.
///
/// # Panics
/// Stops the compiler if the header does not fit.
#[must_use]
pub const fn file<const BYTES: usize>(header: &str) -> [u8; BYTES] {
    let (mut bytes, header) = ([0; BYTES], header.as_bytes());
    [bytes[0], bytes[1], ..] = (header.len() as u64).to_le_bytes();
    let mut n = 0;
    while n < header.len() {
        bytes[8 + n] = header[n];
        n += 1;
    }
    bytes
}

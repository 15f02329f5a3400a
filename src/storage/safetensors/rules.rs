//! The rules of the format, which hold for every file.

use super::MAX_TENSORS;
use super::error::Error;
use super::header::{Entries, Entry};

/// The most bytes of a header, a limit of the format.
const MAX_HEADER: u64 = 100_000_000;

/// The header and the bytes after it.
pub(super) const fn split(file: &[u8]) -> Result<(&[u8], &[u8]), Error> {
    let Some((length, rest)) = file.split_first_chunk::<8>() else {
        return Err(Error::Header);
    };
    let length = u64::from_le_bytes(*length);
    if length > MAX_HEADER {
        return Err(Error::Header);
    }
    // 100,000,000 fits 32 bits.
    match rest.split_at_checked((length & 0xffff_ffff) as usize) {
        Some((header @ [b'{', ..], data)) => Ok((header, data)),
        _ => Err(Error::Header),
    }
}

/// Refuses a header that breaks a rule, given the length of the data. Gives the tensors, from
/// behind the metadata.
pub(super) const fn check(header: &[u8], data: usize) -> Result<Entries<'_>, Error> {
    if core::str::from_utf8(header).is_err() {
        return Err(Error::Utf8);
    }
    let start = match Entries::new(header).behind_metadata() {
        Ok(start) => start,
        Err(error) => return Err(error),
    };
    let (mut entries, mut count, mut total) = (start, 0, 0_usize);
    loop {
        let entry = match entries.next() {
            Ok(Some(entry)) => entry,
            Ok(None) => break,
            Err(error) => return Err(error),
        };
        count += 1;
        if count > MAX_TENSORS {
            return Err(Error::TooManyTensors);
        }
        match check_size(&entry, data) {
            Ok(size) => total = total.saturating_add(size),
            Err(error) => return Err(error),
        }
    }
    match check_pairs(start) {
        // If no two overlap, and all are inside, they leave a hole unless their sizes add up.
        Ok(()) if total == data => Ok(start),
        Ok(()) => Err(Error::Holes),
        Err(error) => Err(error),
    }
}

/// The size of the tensor in bytes, which has to be that of its shape and within the data.
const fn check_size(entry: &Entry<'_>, data: usize) -> Result<usize, Error> {
    let Some(bits) = entry.bits() else {
        return entry.wrong_dtype();
    };
    let wrong = Err(Error::Offsets(entry.name()));
    if entry.begin > entry.end || entry.end > data {
        return wrong;
    }
    let size = entry.end - entry.begin;
    let bits = match entry.count {
        Some(count) => count.checked_mul(bits),
        None => None,
    };
    match bits {
        Some(bits) if bits.is_multiple_of(8) && bits / 8 == size => Ok(size),
        _ => wrong,
    }
}

/// Tensors that are compared with all behind them in one pass over the header.
const BLOCK: usize = 16;

/// Compares each tensor with those behind it: no name twice, no byte twice.
const fn check_pairs(mut entries: Entries<'_>) -> Result<(), Error> {
    let mut block = [None; BLOCK];
    loop {
        let mut filled = 0;
        while filled < BLOCK {
            let Ok(Some(entry)) = entries.next() else {
                return Ok(());
            };
            if let Err(error) = check_pair(&block, filled, &entry) {
                return Err(error);
            }
            block[filled] = Some(entry);
            filled += 1;
        }
        let mut others = entries;
        while let Ok(Some(entry)) = others.next() {
            if let Err(error) = check_pair(&block, filled, &entry) {
                return Err(error);
            }
        }
    }
}

/// Compares a tensor with the first `count` of a block.
const fn check_pair(
    block: &[Option<Entry<'_>>; BLOCK],
    count: usize,
    b: &Entry<'_>,
) -> Result<(), Error> {
    let mut n = 0;
    while n < count && n < BLOCK {
        if let Some(a) = &block[n] {
            if a.chars().same(b.chars()) {
                return Err(Error::Duplicate(a.name()));
            }
            if !(a.end <= b.begin || b.end <= a.begin) {
                return Err(Error::Holes);
            }
        }
        n += 1;
    }
    Ok(())
}

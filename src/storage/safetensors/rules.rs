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

/// Refuses a header that breaks a rule, given the length of the data.
pub(super) const fn check(header: &[u8], data: usize) -> Result<(), Error> {
    if core::str::from_utf8(header).is_err() {
        return Err(Error::Utf8);
    }
    let mut entries = Entries::new(header);
    let (mut count, mut total) = (0, 0_usize);
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
        if let Err(error) = check_pairs(&entry, entries) {
            return Err(error);
        }
    }
    // If no two overlap, and all are inside, they leave a hole unless their sizes add up.
    if total == data {
        Ok(())
    } else {
        Err(Error::Holes)
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

/// Compares a tensor with those behind it: no name twice, no byte twice.
const fn check_pairs(a: &Entry<'_>, mut others: Entries<'_>) -> Result<(), Error> {
    loop {
        let b = match others.next() {
            Ok(Some(entry)) => entry,
            Ok(None) => return Ok(()),
            Err(error) => return Err(error),
        };
        if a.chars().same(b.chars()) {
            return Err(Error::Duplicate(a.name()));
        }
        let apart = a.end <= b.begin || b.end <= a.begin;
        if !apart {
            return Err(Error::Holes);
        }
    }
}

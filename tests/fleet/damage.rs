//! Records that must be refused.

use crate::command::Result;
use crate::learner::{Update, round};
use stackprop::Record;
use std::fs;

/// Where the header has the fingerprint of the network, and the steps; the first weight.
const FINGERPRINT: usize = 12;
const STEPS: usize = 20;
const WEIGHT: usize = 28;

/// How a record may be damaged, and what the library says of it.
pub(crate) const KINDS: [(&str, &str); 6] = [
    ("bit", "the checksum is wrong: bytes have changed"),
    ("nan", "a number of the tensor 0.weight is not finite"),
    ("infinity", "a number of the tensor 0.weight is not finite"),
    ("network", "a record of the network"),
    ("short", "bytes, not"),
    ("magic", "the bytes do not begin as a record does"),
];

/// The command of a device whose update comes damaged: `damaged KIND RECORD UPDATE DEVICE`. The
/// kinds `round`, `device` and `other` are good updates: of another round, of a device that there
/// is not, with another weight.
pub(crate) fn run(words: &[&str]) -> Option<Result<()>> {
    let ["damaged", kind, record, update, device] = words else {
        return None;
    };
    Some(write(kind, record, update, device))
}

fn write(kind: &str, record: &str, update: &str, device: &str) -> Result<()> {
    let mut bytes = vec![0; Update::RECORD_BYTES];
    round(&fs::read(record)?, device.parse()?, &mut bytes)?;
    damage(kind, &mut bytes);
    Ok(fs::write(update, bytes)?)
}

/// Damages a record; all but `bit` and `short` have the checksum that belongs to the bytes.
pub(crate) fn damage(kind: &str, bytes: &mut Vec<u8>) {
    let device = bytes.len() - 12;
    let mut put = |at: usize, new: &[u8]| bytes[at..at + new.len()].copy_from_slice(new);
    match kind {
        "bit" => bytes[WEIGHT + 6] ^= 1,
        "nan" => put(WEIGHT, &f32::NAN.to_le_bytes()),
        "infinity" => put(WEIGHT, &f32::INFINITY.to_le_bytes()),
        "network" => put(FINGERPRINT, &[1, 2, 3, 4]),
        "round" => put(STEPS, &[77]),
        "device" => put(device, &[4]),
        "other" => put(WEIGHT, &[0; 4]),
        "magic" => put(0, b"JUNK"),
        _ => drop(bytes.pop()),
    }
    if !["bit", "short"].contains(&kind) {
        let end = bytes.len() - 4;
        let sum = crc32(&bytes[..end]).to_le_bytes();
        bytes[end..].copy_from_slice(&sum);
    }
}

/// CRC-32 as zlib has it, bit by bit.
fn crc32(bytes: &[u8]) -> u32 {
    let mut crc = u32::MAX;
    for byte in bytes {
        crc ^= u32::from(*byte);
        for _ in 0..8 {
            crc = (crc >> 1) ^ (0xedb8_8320 * (crc & 1));
        }
    }
    !crc
}

//! Any bytes as rows, targets, settings and slices: a step in one piece, in slices, of an epoch,
//! row by row, online, or after a record gives the same bits or the same error, and nothing panics.

#![no_main]

#[path = "../../hostile/drive.rs"]
mod drive;
#[path = "../../hostile/extremes.rs"]
mod extremes;
#[path = "../../hostile/stream.rs"]
mod stream;
#[path = "../../hostile/ways.rs"]
mod ways;

use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    drive::drive(data);
});

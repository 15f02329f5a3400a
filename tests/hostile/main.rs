//! Streams with NaN, infinities and extreme numbers, and settings of the same kind: whichever way a
//! step is taken, it gives the same bits or the same error, and what is refused changes nothing.
//! The fuzzer drives the same code: `tests/fuzz/fuzz_targets/training.rs`.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::cast_possible_truncation,
    reason = "a test fails by panicking"
)]

mod drive;
mod stream;
mod ways;

use fastrand::Rng;

/// Random streams for each kind of trainer.
#[test]
fn every_way_gives_the_same_bits_or_the_same_error() {
    let mut rng = Rng::with_seed(17);
    for kind in 0..drive::KINDS {
        for _ in 0..20 {
            let mut bytes = vec![kind];
            bytes.extend(std::iter::repeat_with(|| rng.u8(..)).take(400));
            drive::drive(&bytes);
        }
    }
}

//! Records: their bytes, what is refused, and that training goes on with the bits of training that
//! was never interrupted.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test fails by panicking"
)]

mod changes;
#[path = "../common/mod.rs"]
mod common;
mod contents;
mod golden;
mod groups;
mod others;
mod refused;
mod resumed;
mod stream;
mod sums;
#[cfg(feature = "serde")]
mod through_serde;

use stackprop::{
    Linear, Normalizer, Online, Random, Record, Relu, Sgd, SigmoidBce, net, optim::Momentum, record,
};

pub(crate) type Small = net![2 => 2, Relu => 1, SigmoidBce];

/// All that has to outlive a reset.
#[derive(Clone)]
pub(crate) struct Learner {
    pub(crate) online: Online<Small, Sgd<Momentum>>,
    pub(crate) normalizer: Normalizer<2>,
    pub(crate) random: Random,
    pub(crate) position: u32,
}
record!(Learner {
    online,
    normalizer,
    random,
    position
});

/// A learner with known numbers.
pub(crate) fn learner() -> Learner {
    let first = Linear::new([[0.5, -0.25], [1.5, 2.0]], [0.125, -1.0]);
    let second = Linear::new([[-0.75, 0.0625]], [3.0]);
    let mut network = Small::zeros();
    (network.layers.0, network.layers.1.1) = (first, second);
    let optimizer = Sgd::new(0.1).momentum(0.9).dampening(0.5);
    let mut learner = Learner {
        online: Online::new(network, optimizer),
        normalizer: Normalizer::new().half_life(1.0),
        random: Random::new(7),
        position: 0x0102_0304,
    };
    learner.online.state.shared = true;
    learner.online.state.params.0.weight = [[0.25, 0.5], [0.75, 1.0]];
    learner.online.state.params.0.bias = [-2.0, 4.0];
    learner.online.state.params.1.1.weight = [[8.0, -16.0]];
    learner.online.state.params.1.1.bias = [32.0];
    for row in [[0.1, 0.5], [0.7, 20.0], [0.3, -1e-7]] {
        learner.normalizer.observe(&row).unwrap();
    }
    learner
}

/// Another one, with other numbers everywhere.
pub(crate) fn other() -> Learner {
    Learner {
        online: Online::new(Small::new(5), Sgd::new(0.7).momentum(0.3)),
        normalizer: Normalizer::new(),
        random: Random::new(9),
        position: 1,
    }
}

/// The record of anything.
pub(crate) fn bytes_of<R: Record>(record: &R, steps: u64) -> Vec<u8> {
    let mut bytes = vec![0xaa; R::RECORD_BYTES];
    record.to_bytes(steps, &mut bytes).unwrap();
    bytes
}

/// CRC-32 as zlib has it, bit by bit.
pub(crate) fn crc32(bytes: &[u8]) -> u32 {
    let mut crc = u32::MAX;
    for byte in bytes {
        crc ^= u32::from(*byte);
        for _ in 0..8 {
            crc = (crc >> 1) ^ (0xedb8_8320 * (crc & 1));
        }
    }
    !crc
}

/// Writes the checksum that belongs to the bytes.
pub(crate) fn reseal(bytes: &mut [u8]) {
    let end = bytes.len() - 4;
    let crc = crc32(&bytes[..end]);
    bytes[end..].copy_from_slice(&crc.to_le_bytes());
}

/// Reads `bytes` into `record`, which has to refuse them and to stay as it is.
pub(crate) fn refuses<R: Record>(record: &mut R, bytes: &[u8]) -> record::Error {
    let before = bytes_of(record, 0);
    let error = record.from_bytes(bytes).unwrap_err();
    assert!(bytes_of(record, 0) == before, "changed after {error:?}");
    error
}

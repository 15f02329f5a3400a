//! Any bytes as a record, as they are and with a header and a checksum that fit: what is read is
//! written again with the same bytes, and learns on; what is refused leaves the learner as it was;
//! and nothing panics.

#![no_main]

use crc::{CRC_32_ISO_HDLC, Crc};
use libfuzzer_sys::fuzz_target;
use stackprop::{
    Adam, ConfusionMatrix, EarlyStopping, Losses, Mean, Normalizer, Online, Random, Record, Relu,
    Replay, SigmoidBce, net, record,
};

type Detector = net![3, Standardize => 4, Relu => 1, SigmoidBce];

struct Learner {
    online: Online<Detector, Adam>,
    normalizer: Normalizer<3>,
    replay: Replay<3, 1, 4>,
    losses: Losses<4>,
    best: EarlyStopping<Detector>,
    decisions: ConfusionMatrix,
    mean: Mean,
    random: Random,
    position: u32,
}

record!(Learner {
    online,
    normalizer,
    replay,
    losses,
    best,
    decisions,
    mean,
    random,
    position
});

type Bytes = [u8; Learner::RECORD_BYTES];

fn learner() -> Learner {
    Learner {
        online: Online::new(Detector::new(1), Adam::new(0.01)),
        normalizer: Normalizer::new(),
        replay: Replay::new(),
        losses: Losses::new(),
        best: EarlyStopping::new(&Detector::new(1), 3),
        decisions: ConfusionMatrix::new(),
        mean: Mean::new(),
        random: Random::new(1),
        position: 0,
    }
}

/// The record of a new learner.
fn start(steps: u64) -> Bytes {
    let mut bytes = [0; Learner::RECORD_BYTES];
    learner().to_bytes(steps, &mut bytes).unwrap();
    bytes
}

fn look(bytes: &[u8]) {
    let mut learner = learner();
    let mut again = start(0);
    match learner.from_bytes(bytes) {
        Ok(steps) => {
            learner.to_bytes(steps, &mut again).unwrap();
            assert!(bytes[..] == again[..]);
            let _ = learner.online.step(&[0.5, -1.0, 2.0], &[1.0]);
            let _ = learner.normalizer.observe(&[0.5, -1.0, 2.0]);
            let _ = learner.replay.observe([0.5; 3], [1.0], &mut learner.random);
            let _ = learner.replay.sample(&mut learner.random);
            learner.losses.push(0.5);
            learner.mean.push(0.5);
            learner.decisions.observe(true, false);
            let _ = (
                learner.mean.mean(),
                learner.losses.mean(),
                learner.decisions.f1(),
            );
        }
        Err(_) => {
            learner.to_bytes(0, &mut again).unwrap();
            assert!(start(0) == again);
        }
    }
}

fuzz_target!(|data: &[u8]| {
    look(data);
    // The numbers behind the header, from a place that the first two bytes say.
    let [low, high, numbers @ ..] = data else {
        return;
    };
    let mut bytes = start(1);
    let end = bytes.len() - 4;
    let at = 28 + usize::from(u16::from_le_bytes([*low, *high])) % (end - 28);
    for (place, byte) in bytes[at..end].iter_mut().zip(numbers) {
        *place = *byte;
    }
    let checksum = Crc::<u32>::new(&CRC_32_ISO_HDLC).checksum(&bytes[..end]);
    bytes[end..].copy_from_slice(&checksum.to_le_bytes());
    look(&bytes);
});

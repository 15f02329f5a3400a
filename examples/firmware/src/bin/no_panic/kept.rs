//! What is read from files and from flash, and what is written there.

use super::Mlp;
use core::hint::black_box;
use stackprop::notebook::{BOOK_NET, NetBook};
use stackprop::optim::{Amsgrad, Momentum};
use stackprop::safetensors::{self, Names, SafeTensors};
use stackprop::{
    Adam, BinaryConfusionMatrix, EarlyStopping, Mean, Normalizer, Online, Random, Record, Relu,
    Replay, RmsProp, Sgd, SigmoidBce, Sums, Trainer, net, record,
};

/// A file of weights that nobody knows, read in every way.
pub(crate) fn from_a_file(bytes: &[u8]) -> Result<(), safetensors::Error> {
    let file = SafeTensors::new(black_box(bytes))?;
    let mut net = black_box(<net![16, Standardize => 4, Relu => 1, SigmoidBce]>::zeros());
    let names = black_box(Names::Listed(&["scaling", "fc1", "fc2"]));
    let file = file.prefix(black_box("net.")).names(names);
    file.allow_unused(black_box(true)).load(&mut net)?;
    black_box(net);
    Ok(())
}

/// All that has to outlive a reset, of every kind.
struct Learner {
    network: net![3, Standardize => 1, SigmoidBce],
    trainer: Trainer<Mlp, Adam<Amsgrad>>,
    online: Online<NetBook, Sgd<Momentum>>,
    other: Online<NetBook, RmsProp>,
    normalizer: Normalizer<16>,
    replay: Replay<3, 1, 4>,
    decisions: BinaryConfusionMatrix,
    best: EarlyStopping<NetBook>,
    sums: Sums<NetBook>,
    random: Random,
    mean: Mean,
    position: u32,
}

record!(Learner {
    network,
    trainer,
    online,
    other,
    normalizer,
    replay,
    decisions,
    best,
    sums,
    random,
    mean,
    position
});

/// A record of all of it, written and read.
pub(crate) fn record() -> Result<u64, record::Error> {
    let mut learner = black_box(Learner {
        network: <net![3, Standardize => 1, SigmoidBce]>::zeros(),
        trainer: Trainer::new(Mlp::zeros(), Adam::new(0.01).amsgrad()),
        online: Online::new(BOOK_NET, Sgd::new(0.1).momentum(0.9)),
        other: Online::new(BOOK_NET, RmsProp::new(0.01)),
        normalizer: Normalizer::new(),
        replay: Replay::new(),
        decisions: BinaryConfusionMatrix::new(),
        best: EarlyStopping::new(&BOOK_NET, 3),
        sums: Sums::new(),
        random: Random::new(1),
        mean: Mean::new(),
        position: 0,
    });
    let mut bytes = [0; Learner::RECORD_BYTES];
    let bytes = black_box(&mut bytes[..]);
    learner.to_bytes(black_box(1), bytes)?;
    let steps = learner.from_bytes(bytes);
    black_box(learner);
    steps
}

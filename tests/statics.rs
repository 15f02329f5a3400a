//! Everything can stand in a constant or a `static`, and training that begins there is training.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod common;

use common::nets::{self, Mlp16};
use common::weight_bits;
use fastrand::Rng;
use stackprop::optim::{Amsgrad, Centered, Momentum, NoDecay, RmsMomentum, WeightDecay};
use stackprop::{
    Adagrad, Adam, AdamW, BinaryConfusionMatrix, Error, Guard, Losses, NAdam, Normalizer, Online,
    Optimizer, Random, Replay, RmsProp, Samples, Sgd, Trainer, Zero,
};
use std::sync::Mutex;

/// Training that begins in `unset` learns the bits of a trainer that is made as a value.
fn same_training<Opt: Optimizer>(optimizer: Opt) {
    let mut rng = Rng::with_seed(3);
    let (rows, targets) = (nets::rows(&mut rng, 40), nets::targets(&mut rng, 40));
    let made = Trainer::new(Mlp16::new(7), optimizer);
    let mut started = Trainer::<Mlp16, Opt>::unset();
    let online_made = Online::new(Mlp16::new(7), optimizer);
    let mut online_started = Online::<Mlp16, Opt>::unset();
    assert_eq!(started.network, Mlp16::zeros());
    // The second time after another training, of which nothing is left.
    for _ in 0..2 {
        started.start(7, optimizer);
        online_started.start(7, optimizer);
        let (mut made, mut online_made) = (made.clone(), online_made.clone());
        assert_eq!(weight_bits(&started.network), weight_bits(&made.network));
        assert_eq!(started.guard, Guard::new());
        assert_eq!(online_started.guard, Guard::new());
        for _ in 0..5 {
            let loss = made.epoch(&rows, &targets, 7);
            assert_eq!(started.epoch(&rows, &targets, 7), loss);
        }
        for (x, y) in rows.iter().zip(&targets) {
            assert_eq!(online_started.step(x, y), online_made.step(x, y));
        }
        assert_eq!(weight_bits(&started.network), weight_bits(&made.network));
        let weights = weight_bits(&online_made.network);
        assert_eq!(weight_bits(&online_started.network), weights);
        started.guard = Guard::new().max_norm(0.1);
        online_started.guard = Guard::new().max_weight(3.0);
    }
    // Something was learned.
    let before = weight_bits(&Mlp16::new(7));
    assert_ne!(weight_bits(&started.network), before);
    assert_ne!(weight_bits(&online_started.network), before);
}

#[test]
fn training_that_begins_in_place() {
    same_training(Sgd::new(0.05));
    same_training(Sgd::new(0.05).weight_decay(0.01));
    same_training(Sgd::new(0.05).momentum(0.9).nesterov());
    same_training(Adam::new(0.01));
    same_training(Adam::new(0.01).amsgrad());
    same_training(AdamW::new(0.01));
    same_training(AdamW::new(0.01).amsgrad());
    same_training(NAdam::new(0.01));
    same_training(RmsProp::new(0.01));
    same_training(RmsProp::new(0.001).centered().momentum(0.9));
    same_training(Adagrad::new(0.01));
}

/// Until it is started, every step is refused, and the error says so.
fn refused_before_the_start<Opt: Optimizer>(optimizer: Opt) {
    let mut rng = Rng::with_seed(3);
    let (rows, targets) = (nets::rows(&mut rng, 20), nets::targets(&mut rng, 20));
    let mut trainer = Trainer::<Mlp16, Opt>::unset();
    let mut online = Online::<Mlp16, Opt>::unset();
    assert_eq!(trainer.step(&rows, &targets), Err(Error::NotStarted));
    assert_eq!(online.step(&rows[0], &targets[0]), Err(Error::NotStarted));
    trainer.accumulate(&rows, &targets).unwrap();
    assert_eq!(trainer.update(), Err(Error::NotStarted));
    let mut step = trainer.begin_step(&rows, &targets).unwrap();
    let end = loop {
        match step.advance(8) {
            Ok(None) => {}
            end => break end,
        }
    };
    assert_eq!(end, Err(Error::NotStarted));
    drop(step);
    assert_eq!(trainer.network, Mlp16::zeros());
    assert_eq!(online.network, Mlp16::zeros());
    trainer.start(1, optimizer);
    assert!(trainer.step(&rows, &targets).is_ok());
}

#[test]
fn an_unset_trainer_refuses_steps() {
    refused_before_the_start(Sgd::new(0.1));
    refused_before_the_start(Sgd::new(0.1).momentum(0.9));
    refused_before_the_start(Adam::new(0.01));
    refused_before_the_start(AdamW::new(0.01).amsgrad());
    refused_before_the_start(NAdam::new(0.01));
    refused_before_the_start(RmsProp::new(0.01));
    refused_before_the_start(RmsProp::new(0.01).centered());
    refused_before_the_start(RmsProp::new(0.01).momentum(0.9));
    refused_before_the_start(Adagrad::new(0.01));
}

// That these compile is what is tested.
const SGD: Sgd = Sgd::new(0.1);
const DECAYING: Sgd<Momentum, WeightDecay> = Sgd::new(0.1).weight_decay(0.01).momentum(0.9);
const MOMENTUM: Sgd<Momentum, NoDecay> = Sgd::new(0.1).momentum(0.9).dampening(0.1).nesterov();
const ADAM: Adam = Adam::new(0.01).betas(0.8, 0.99).eps(1e-6).weight_decay(0.1);
const AMSGRAD: Adam<Amsgrad> = Adam::new(0.01).amsgrad();
const ADAMW: AdamW = AdamW::new(0.01).weight_decay(0.1);
const RMSPROP: RmsProp = RmsProp::new(0.01).alpha(0.9).eps(1e-4).weight_decay(0.1);
const CENTERED: RmsProp<Centered, RmsMomentum> = RMSPROP.centered().momentum(0.9).alpha(0.8);
const AMSGRADW: AdamW<Amsgrad> = ADAMW.amsgrad();
const NADAM: NAdam = NAdam::new(0.01)
    .momentum_decay(0.1)
    .decoupled_weight_decay();
const ADAGRAD: Adagrad = Adagrad::new(0.01)
    .lr_decay(0.1)
    .initial_accumulator_value(0.1);
const GUARD: Guard = Guard::new().max_norm(1.0).max_weight(100.0);
const ZEROS: Mlp16 = Mlp16::zeros();
const TRAINER: Trainer<Mlp16, Adam> = Trainer::new(ZEROS, ADAM);
const ONLINE: Online<Mlp16, Sgd<Momentum, WeightDecay>> = Online::new(ZEROS, DECAYING);

static NETWORK: Mlp16 = <Mlp16 as Zero>::ZERO;
static LEARNER: Mutex<Trainer<Mlp16, Adam<Amsgrad>>> = Mutex::new(Trainer::unset());
static ON_LINE: Mutex<Online<Mlp16, AdamW>> = Mutex::new(Online::unset());
static RMS_LEARNER: Mutex<Trainer<Mlp16, RmsProp>> = Mutex::new(Trainer::new(ZEROS, RMSPROP));
static AMSGRAD_LEARNER: Mutex<Online<Mlp16, Adam<Amsgrad>>> =
    Mutex::new(Online::new(ZEROS, AMSGRAD));
static RANDOM: Mutex<Random> = Mutex::new(Random::new(5));
static NORMALIZER: Mutex<Normalizer<3>> = Mutex::new(Normalizer::new());
static SAMPLES: Mutex<Samples<16, 4, 8>> = Mutex::new(Samples::new());
static REPLAY: Mutex<Replay<16, 4, 8>> = Mutex::new(Replay::new());
static LOSSES: Mutex<Losses<8>> = Mutex::new(Losses::new());
static COUNTS: Mutex<BinaryConfusionMatrix> = Mutex::new(BinaryConfusionMatrix::new());

/// What is made at compile time is what is made at run time.
#[test]
fn constants() {
    assert_eq!(SGD, Sgd::new(0.1));
    assert_eq!(MOMENTUM.lr(), 0.1);
    assert_eq!(ADAMW.lr(), 0.01);
    assert_eq!((AMSGRADW.lr(), NADAM.lr()), (0.01, 0.01));
    assert_eq!((CENTERED.lr(), ADAGRAD.lr()), (0.01, 0.01));
    assert_eq!(NETWORK, Mlp16::zeros());
    assert_eq!((TRAINER.network, TRAINER.guard), (ZEROS, Guard::new()));
    assert_eq!(ONLINE.network, ZEROS);
    assert_eq!(GUARD, Guard::default().max_norm(1.0).max_weight(100.0));
    assert_ne!(GUARD, Guard::new());
}

/// A program whose state is all in statics.
#[test]
fn statics() {
    let (x, y) = ([0.5; 16], [1.0; 4]);
    let mut learner = LEARNER.lock().unwrap();
    learner.start(3, AMSGRAD);
    learner.step(&[x], &[y]).unwrap();
    let mut online = ON_LINE.lock().unwrap();
    online.start(3, ADAMW);
    online.step(&x, &y).unwrap();
    RMS_LEARNER.lock().unwrap().step(&[x], &[y]).unwrap();
    AMSGRAD_LEARNER.lock().unwrap().step(&x, &y).unwrap();
    let mut random = RANDOM.lock().unwrap();
    assert_eq!(random.bits(), Random::new(5).bits());
    NORMALIZER
        .lock()
        .unwrap()
        .observe(&[1.0, 2.0, 3.0])
        .unwrap();
    assert_eq!(NORMALIZER.lock().unwrap().mean(), [1.0, 2.0, 3.0]);
    SAMPLES.lock().unwrap().push(x, y).unwrap();
    REPLAY.lock().unwrap().observe(x, y, &mut random).unwrap();
    LOSSES.lock().unwrap().push(0.5);
    COUNTS.lock().unwrap().observe(true, true);
    assert_eq!(COUNTS.lock().unwrap().true_positives, 1);
}

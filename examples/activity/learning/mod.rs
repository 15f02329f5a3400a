//! Learns from a smart watch what its wearer does: raw windows in, a trained classifier out. The same program on the
//! host and on a chip, hence `no_std`.

mod features;
mod windows;

pub(crate) use windows::{CLASSES, HALF};

use super::hash::hash;
use features::{FEATURES, features};
use stackprop::init::Scheme;
use stackprop::stream::Normalizer;
use stackprop::{Adam, Error, Init, Random, Relu, SoftmaxCe, Trainer, net};
use windows::{Window, channels, class};

/// The seed of the run whose weights are [`GOLDEN`].
pub(crate) const SEED: u64 = 1;

/// Epochs of a run. The training loss is below 0.01 by then.
pub(crate) const EPOCHS: u32 = 60;

/// The hash of the weights after the run of [`SEED`], on every target.
pub(crate) const GOLDEN: u64 = 0xb897_9d32_3bc5_3de1;

/// Share of the test windows that has to be right.
pub(crate) const GOAL: f32 = 0.95;

/// Samples of a step: five steps an epoch.
const BATCH: usize = 8;

/// Three times Adam's usual rate, for a run is only 300 steps.
const LEARNING_RATE: f32 = 3e-3;

type Classifier = net![16 => 32, Relu => 16, Relu => 4, SoftmaxCe];

/// Features with a one-hot target each.
struct Set {
    rows: [[f32; FEATURES]; HALF],
    targets: [[f32; CLASSES.len()]; HALF],
}

/// What stands after an epoch.
#[derive(Clone)]
pub(crate) struct Epoch {
    /// Its number, from 1.
    pub(crate) number: u32,
    /// Mean loss of the training windows, each before its step.
    pub(crate) loss: f32,
    /// Share of the training windows that is right.
    pub(crate) train: f32,
    /// Share of the test windows that is right. It is shown, and decides nothing.
    pub(crate) test: f32,
}

/// What stands at the end.
pub(crate) struct Outcome {
    /// Test windows by what they are, then by what they were taken for.
    pub(crate) confusion: [[u32; CLASSES.len()]; CLASSES.len()],
    /// Of the weights.
    pub(crate) hash: u64,
}

/// Trains a classifier from random weights and tests it, calling `progress` after each epoch.
///
/// # Errors
/// Those of [`Trainer::epoch`].
pub(crate) fn learn(seed: u64, mut progress: impl FnMut(&Epoch)) -> Result<Outcome, Error> {
    let mut random = Random::new(seed);
    let (mut train, mut test) = (Set::of(windows::train()), Set::of(windows::test()));
    normalize(&mut train, &mut test)?;
    let mut network = Classifier::zeros();
    network.layers.init(Scheme::Default, &mut random);
    let mut trainer = Trainer::new(network, Adam::new(LEARNING_RATE));
    for number in 1..=EPOCHS {
        train.shuffle(&mut random);
        let loss = trainer.epoch(&train.rows, &train.targets, BATCH)?;
        progress(&Epoch {
            number,
            loss,
            train: accuracy(&train.confusion(&trainer.network)),
            test: accuracy(&test.confusion(&trainer.network)),
        });
    }
    Ok(Outcome {
        confusion: test.confusion(&trainer.network),
        hash: hash(&trainer.network.layers),
    })
}

impl Outcome {
    /// Share of the test windows that is right.
    pub(crate) fn accuracy(&self) -> f32 {
        accuracy(&self.confusion)
    }

    /// Whether it is what the run of [`SEED`] has to come to.
    pub(crate) fn is_golden(&self) -> bool {
        self.accuracy() >= GOAL && self.hash == GOLDEN
    }
}

impl Set {
    /// The features of all windows.
    fn of(windows: &[Window; HALF]) -> Self {
        Self {
            rows: windows.each_ref().map(|window| features(&channels(window))),
            targets: windows.each_ref().map(|window| one_hot(class(window))),
        }
    }

    /// Fisher and Yates' shuffle.
    fn shuffle(&mut self, random: &mut Random) {
        for last in (1..HALF).rev() {
            let place = random.below(last as u32 + 1) as usize;
            self.rows.swap(last, place);
            self.targets.swap(last, place);
        }
    }

    /// Windows by what they are, then by what the network takes them for.
    fn confusion(&self, network: &Classifier) -> [[u32; CLASSES.len()]; CLASSES.len()] {
        let mut counts = [[0; CLASSES.len()]; CLASSES.len()];
        for (row, target) in self.rows.iter().zip(&self.targets) {
            counts[largest(target)][largest(&network.forward(row))] += 1;
        }
        counts
    }
}

/// Scales both sets by mean and variance of the training rows.
fn normalize(train: &mut Set, test: &mut Set) -> Result<(), Error> {
    let mut normalizer = Normalizer::new();
    for row in &train.rows {
        normalizer.observe(row)?;
    }
    for row in train.rows.iter_mut().chain(&mut test.rows) {
        *row = normalizer.scale(row);
    }
    Ok(())
}

/// 1 for this class, 0 for the others.
fn one_hot<const N: usize>(class: usize) -> [f32; N] {
    core::array::from_fn(|n| f32::from(u8::from(n == class)))
}

/// Where the largest number stands, the first of them: argmax.
fn largest<const N: usize>(all: &[f32; N]) -> usize {
    (1..N).fold(0, |best, n| if all[n] > all[best] { n } else { best })
}

/// The diagonal over everything.
fn accuracy<const N: usize>(confusion: &[[u32; N]; N]) -> f32 {
    let right: u32 = (0..N).map(|class| confusion[class][class]).sum();
    let all: u32 = confusion.as_flattened().iter().sum();
    right as f32 / all as f32
}

//! Learns the activities of the wearer of a smart watch: raw windows in, a trained classifier out.
//! Host and chip run the same program, hence `no_std`.

mod features;
mod windows;

pub(crate) use windows::{CLASSES, HALF};

use super::hash::hash;
use features::{FEATURES, features};
use stackprop::init::Scheme;
use stackprop::{
    Adam, ConfusionMatrix, Dataset, Error, Normalizer, Random, Relu, SoftmaxCe, Trainer, net,
};
use windows::{Window, channels, class};

/// The seed of the run whose weights are [`GOLDEN`].
pub(crate) const SEED: u64 = 1;

/// Epochs of a run. The training loss is below 0.01 by then.
pub(crate) const EPOCHS: u32 = 60;

/// The hash of the weights after the run of [`SEED`], on every target.
pub(crate) const GOLDEN: u64 = 0x8c5c_c42b_f9a5_5925;

/// The share of the test windows that has to be right.
pub(crate) const GOAL: f32 = 0.95;

/// Samples in a step: an epoch has five steps.
const BATCH: usize = 8;

/// Three times Adam's usual rate, for a run is only 300 steps.
const LEARNING_RATE: f32 = 3e-3;

/// How many classes there are.
const LABELS: usize = CLASSES.len();

type Classifier = net![FEATURES => 32, Relu => 16, Relu => LABELS, SoftmaxCe];
pub(crate) type Learner = Trainer<Classifier, Adam>;

/// Features with a label each.
struct Set {
    rows: [[f32; FEATURES]; HALF],
    labels: [usize; HALF],
}

/// The figures after an epoch.
#[derive(Clone)]
pub(crate) struct Epoch {
    /// Its number, from 1.
    pub(crate) number: u32,
    /// Mean loss of the training windows, each before its step.
    pub(crate) loss: f32,
    /// Share of the training windows that is right.
    pub(crate) train: f32,
    /// Share of the test windows that is right. It is only shown: nothing is decided by it.
    pub(crate) test: f32,
}

/// The figures at the end.
pub(crate) struct Outcome {
    /// The confusion matrix of the test windows.
    pub(crate) confusion: ConfusionMatrix<LABELS>,
    /// The hash of the weights.
    pub(crate) hash: u64,
}

/// Trains a classifier from random weights and tests it, calling `progress` after each epoch
/// with its figures and the learner.
///
/// # Errors
/// Those of [`Trainer::epoch`].
pub(crate) fn learn(
    seed: u64,
    mut progress: impl FnMut(&Epoch, &Learner),
) -> Result<Outcome, Error> {
    let mut random = Random::new(seed);
    let (mut train, mut test) = (Set::of(windows::train()), Set::of(windows::test()));
    normalize(&mut train, &mut test)?;
    // One generator draws the weights, then the order of the windows.
    let mut network = Classifier::zeros();
    network.init(Scheme::Default, &mut random);
    let mut trainer = Trainer::new(network, Adam::new(LEARNING_RATE));
    for number in 1..=EPOCHS {
        random.shuffle_together(&mut train.rows, &mut train.labels)?;
        let loss = trainer.epoch_of(train.data()?, BATCH)?;
        let epoch = Epoch {
            number,
            loss,
            train: train.confusion(&trainer.network)?.accuracy(),
            test: test.confusion(&trainer.network)?.accuracy(),
        };
        progress(&epoch, &trainer);
    }
    Ok(Outcome {
        confusion: test.confusion(&trainer.network)?,
        hash: hash(&trainer.network),
    })
}

impl Outcome {
    /// Share of the test windows that is right.
    pub(crate) fn accuracy(&self) -> f32 {
        self.confusion.accuracy()
    }

    /// Whether this is the result that the run of [`SEED`] has to give.
    pub(crate) fn is_golden(&self) -> bool {
        self.accuracy() >= GOAL && self.hash == GOLDEN
    }
}

impl Set {
    /// The features of all windows.
    fn of(windows: &[Window; HALF]) -> Self {
        Self {
            rows: windows.each_ref().map(|window| features(&channels(window))),
            labels: windows.each_ref().map(class),
        }
    }

    const fn data(&self) -> Result<Dataset<'_, [f32; FEATURES], usize>, Error> {
        Dataset::new(&self.rows, &self.labels)
    }

    fn confusion(&self, network: &Classifier) -> Result<ConfusionMatrix<LABELS>, Error> {
        let mut seen = ConfusionMatrix::new();
        network.evaluate_with(self.data()?, |y_hat, target| seen.observe(y_hat, target))?;
        Ok(seen)
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

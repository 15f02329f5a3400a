//! Learns a data set of the paper one row at a time. Host and chip run the same program, hence
//! `no_std`.

mod sets;

pub(crate) use sets::{BreastCancer, Digits, Setosa, Species};

use super::hash::hash;
use stackprop::init::Scheme;
use stackprop::optim::cosine_annealing_lr;
use stackprop::{ConfusionMatrix, Error, Model, Online, Random, Sgd, Trainable, argmax};

/// The seed of the run that the chips repeat.
pub(crate) const SEED: u64 = 1;

/// The most classes of a data set.
const CLASSES: usize = 3;

/// What is set for a run. `examples/paper/choosing.rs` chooses it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Settings {
    /// SGD's learning rate in the first pass. It falls towards 0: `CosineAnnealingLR`.
    pub(crate) rate: f32,
    /// How often each training row is learned.
    pub(crate) passes: u32,
}

impl Settings {
    /// The learning rate of a pass, counted from 0.
    pub(crate) fn rate_of(self, pass: u32) -> f32 {
        cosine_annealing_lr(self.rate, pass, self.passes, 0.0)
    }
}

/// A data set, and the network that learns it.
pub(crate) trait Data {
    /// Its name.
    const NAME: &'static str;
    /// The widths of the network.
    const NETWORK: &'static str;
    /// How many rows it has.
    const ROWS: usize;
    /// How many of them are learned: 70 %. The others are the test.
    const TRAIN: usize;
    /// The name and the index of the class whose recall and F1 are told.
    const WATCHED: Option<(&'static str, usize)>;
    /// What the run of [`SEED`] sets: what its training rows choose.
    const CHOSEN: Settings;
    /// The hash of the weights after this run, on every target.
    const GOLDEN: u64;

    /// The network, with the scaling as its first stage if it has one.
    type Network: Trainable;
    /// The places of all rows in some order.
    type Order: AsRef<[u16]> + AsMut<[u16]>;

    /// A network of zeros that scales its inputs by these rows alone.
    ///
    /// # Errors
    /// [`Error::NotFinite`] for a row that is not finite.
    fn scaled(rows: &[u16]) -> Result<Self::Network, Error>;

    /// All rows in random order.
    fn order(random: &mut Random) -> Self::Order;

    /// The row at this place, and its target.
    fn sample(at: u16) -> Option<Sample<Self>>;

    /// `Network::sgd_step`.
    fn bare_step(network: &mut Self::Network, sample: &Sample<Self>, rate: f32) -> f32;
}

/// A row and its target.
pub(crate) type Sample<D> = (
    <<D as Data>::Network as Model>::Input,
    <<D as Data>::Network as Model>::Output,
);

/// Counts of true classes and decisions.
pub(crate) type Counts = ConfusionMatrix<CLASSES>;

/// A network that learns, and what orders its rows: all that lives from row to row.
pub(crate) struct Learner<D: Data> {
    online: Online<D::Network, Sgd>,
    random: Random,
}

impl<D: Data> Learner<D> {
    /// A network of random weights, which scales its inputs by `rows` alone.
    ///
    /// # Errors
    /// As [`Data::scaled`].
    pub(crate) fn new(rows: &[u16], mut random: Random) -> Result<Self, Error> {
        let mut network = D::scaled(rows)?;
        network.init(Scheme::Default, &mut random);
        let online = Online::new(network, Sgd::new(0.0));
        Ok(Self { online, random })
    }

    /// Shuffles `rows` and learns each of them once.
    ///
    /// # Errors
    /// Those of [`Online::step`].
    pub(crate) fn pass(&mut self, rows: &mut [u16], rate: f32) -> Result<(), Error> {
        self.online.optimizer = Sgd::new(rate);
        self.random.shuffle(rows);
        for (x, target) in samples::<D>(rows) {
            self.online.step(&x, &target)?;
        }
        Ok(())
    }

    /// The same with bare steps, of which nothing is checked. The bits are the same.
    pub(crate) fn bare_pass(&mut self, rows: &mut [u16], rate: f32) {
        self.random.shuffle(rows);
        for sample in samples::<D>(rows) {
            D::bare_step(&mut self.online.network, &sample, rate);
        }
    }

    /// The sum of the losses of `rows`, and how they are decided.
    ///
    /// # Errors
    /// None for the classes of a [`Data`].
    pub(crate) fn test(&self, rows: &[u16]) -> Result<(f32, Counts), Error> {
        let (mut loss, mut counts) = (0.0, Counts::new());
        for (x, target) in samples::<D>(rows) {
            let y_hat = self.online.network.forward(&x);
            loss += self.online.network.loss(&x, &target);
            counts.observe_class(class(y_hat.as_ref()), class(target.as_ref()))?;
        }
        Ok((loss, counts))
    }
}

/// The samples at these places.
fn samples<D: Data>(rows: &[u16]) -> impl Iterator<Item = Sample<D>> {
    rows.iter().filter_map(|at| D::sample(*at))
}

/// The class that an output is for: the larger probability of two, the largest of more.
fn class(y: &[f32]) -> usize {
    match y {
        [p] => usize::from(*p > 0.5),
        _ => argmax(y),
    }
}

/// A learner with the rows that it learns and those that it does not: one run.
pub(crate) struct Run<D: Data> {
    learner: Learner<D>,
    order: D::Order,
}

/// What a run ends with.
#[derive(Clone, Debug)]
pub(crate) struct Outcome {
    /// The decisions on the test rows.
    pub(crate) counts: Counts,
    /// The hash of the network.
    pub(crate) hash: u64,
}

impl Outcome {
    /// How many test rows are right.
    pub(crate) fn right(&self) -> u32 {
        (0..CLASSES)
            .filter_map(|n| self.counts.counts.get(n)?.get(n))
            .sum()
    }
}

impl<D: Data> Run<D> {
    /// Bytes of the network with its scaling, the optimiser, the guard and a step's activations.
    pub(crate) const ONLINE_BYTES: usize = Online::<D::Network, Sgd>::BYTES;
    /// The same with the order of all rows and the random numbers.
    pub(crate) const BYTES: usize = size_of::<Self>() + Online::<D::Network, Sgd>::ACTIVATION_BYTES;

    /// Random weights and a random split, both from the seed.
    ///
    /// # Errors
    /// As [`Learner::new`].
    pub(crate) fn new(seed: u64) -> Result<Self, Error> {
        let (order, random) = split::<D>(seed);
        let (train, _) = parts::<D>(order.as_ref());
        let learner = Learner::new(train, random)?;
        Ok(Self { learner, order })
    }

    /// As [`Learner::pass`] over the training rows.
    pub(crate) fn pass(&mut self, rate: f32) -> Result<(), Error> {
        let rows = self.order.as_mut().get_mut(..D::TRAIN);
        self.learner.pass(rows.unwrap_or_default(), rate)
    }

    /// As [`Learner::bare_pass`] over the training rows.
    pub(crate) fn bare_pass(&mut self, rate: f32) {
        let rows = self.order.as_mut().get_mut(..D::TRAIN);
        self.learner.bare_pass(rows.unwrap_or_default(), rate);
    }

    /// How the test rows are decided, and the hash of the weights.
    ///
    /// # Errors
    /// As [`Learner::test`].
    pub(crate) fn outcome(&self) -> Result<Outcome, Error> {
        let (_, test) = parts::<D>(self.order.as_ref());
        let (_, counts) = self.learner.test(test)?;
        let hash = hash(&self.learner.online.network);
        Ok(Outcome { counts, hash })
    }
}

/// All rows in the order of the seed, and the generator behind it.
pub(crate) fn split<D: Data>(seed: u64) -> (D::Order, Random) {
    let mut random = Random::new(seed);
    (D::order(&mut random), random)
}

/// The training rows and the test rows of an order.
pub(crate) fn parts<D: Data>(order: &[u16]) -> (&[u16], &[u16]) {
    order.split_at_checked(D::TRAIN).unwrap_or_default()
}

/// A whole run.
///
/// # Errors
/// As [`Run::new`] and [`Learner::pass`].
pub(crate) fn learn<D: Data>(seed: u64, settings: Settings) -> Result<Outcome, Error> {
    let mut run = Run::<D>::new(seed)?;
    for pass in 0..settings.passes {
        run.pass(settings.rate_of(pass))?;
    }
    run.outcome()
}

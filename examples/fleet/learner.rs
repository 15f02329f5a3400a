//! A round on a device of the fleet: it reads the network of all, learns from its own windows, and
//! gives its network. Host and chip run the same program, hence `no_std`.

use super::features::{FEATURES, features};
use super::windows::{self, CLASSES, HALF, Window, channels, class};
use stackprop::{Dataset, Error, Random, Record, Relu, Sgd, SoftmaxCe, Trainer, net, record};

/// How many devices there are: one for each activity.
pub(crate) const DEVICES: u32 = 4;

/// Of each activity's ten windows so many are on the device with the number of the activity, the
/// others on the next device. So each device knows two of the four activities, and one device has
/// more windows than another: 13, 8, 11 and 8.
const KEPT: [usize; LABELS] = [8, 6, 7, 5];

/// How many activities there are.
const LABELS: usize = CLASSES.len();

/// Windows of an activity to learn from.
const OF_EACH: usize = HALF / LABELS;

/// Rows in a step.
const BATCH: usize = 4;

/// The usual learning rate of plain SGD on scaled rows. No momentum: a device keeps nothing from
/// round to round.
const LEARNING_RATE: f32 = 0.1;

/// The features are means and logarithms of up to 7 in size. With a quarter of them, a power of
/// two, a row is of the order of 1, and no device has to tell the others its mean and variance.
const SCALE: f32 = 0.25;

pub(crate) type Classifier = net![FEATURES => 32, Relu => 16, Relu => LABELS, SoftmaxCe];

/// A row as the network takes it.
pub(crate) type Row = [f32; FEATURES];

/// What a device sends.
#[derive(Clone)]
pub(crate) struct Update {
    pub(crate) network: Classifier,
    /// The number of the device, from 0.
    pub(crate) device: u32,
    /// How many windows it has learned from.
    pub(crate) samples: u32,
}

record!(Update {
    network,
    device,
    samples
});

/// Why a device does not take part in a round.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Refused {
    /// The record of the network, or of the update.
    Record(record::Error),
    /// A step of training.
    Step(Error),
    /// A device without windows.
    Device(u32),
    /// So many rounds that the next ones have no number.
    Rounds(u64),
}

impl core::fmt::Display for Refused {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        match self {
            Self::Record(error) => error.fmt(f),
            Self::Step(error) => error.fmt(f),
            Self::Device(device) => write!(f, "there is no device {device}"),
            Self::Rounds(rounds) => write!(f, "no round can follow {rounds} rounds"),
        }
    }
}

impl core::error::Error for Refused {}

impl From<record::Error> for Refused {
    fn from(error: record::Error) -> Self {
        Self::Record(error)
    }
}

impl From<Error> for Refused {
    fn from(error: Error) -> Self {
        Self::Step(error)
    }
}

/// The windows of one device, or of all.
pub(crate) struct Shard {
    rows: [Row; HALF],
    labels: [usize; HALF],
    count: usize,
}

impl Shard {
    /// The windows of a device.
    pub(crate) fn of(device: u32) -> Self {
        let windows = windows::train().iter().enumerate();
        Self::from(windows.filter(|(n, window)| owner(*n, window) == device))
    }

    /// All windows to learn from.
    #[allow(dead_code, reason = "the chip does not compare")]
    pub(crate) fn all() -> Self {
        Self::from(windows::train().iter().enumerate())
    }

    /// The windows to test with.
    #[allow(dead_code, reason = "the chip does not compare")]
    pub(crate) fn test() -> Self {
        Self::from(windows::test().iter().enumerate())
    }

    fn from<'a>(windows: impl Iterator<Item = (usize, &'a Window)>) -> Self {
        let mut shard = Self {
            rows: [[0.0; FEATURES]; HALF],
            labels: [0; HALF],
            count: 0,
        };
        let places = shard.rows.iter_mut().zip(&mut shard.labels);
        for ((row, label), (_, window)) in places.zip(windows) {
            *row = features(&channels(window)).map(|x| SCALE * x);
            *label = class(window);
            shard.count += 1;
        }
        shard
    }

    /// How many windows.
    pub(crate) const fn count(&self) -> usize {
        self.count
    }

    /// Rows and labels.
    pub(crate) fn data(&self) -> Result<Dataset<'_, Row, usize>, Error> {
        let (rows, _) = self.rows.split_at_checked(self.count).unwrap_or_default();
        let (labels, _) = self.labels.split_at_checked(self.count).unwrap_or_default();
        Dataset::new(rows, labels)
    }

    /// One epoch, in an order that `seed` draws.
    pub(crate) fn learn(&self, network: Classifier, seed: u64) -> Result<Classifier, Error> {
        let mut order = [0_u16; HALF];
        (0..).zip(&mut order).for_each(|(n, place)| *place = n);
        let (order, _) = order.split_at_mut_checked(self.count).unwrap_or_default();
        Random::new(seed).shuffle(order);
        let mut trainer = Trainer::new(network, Sgd::new(LEARNING_RATE));
        trainer.epoch_of(self.data()?.select(order)?, BATCH)?;
        Ok(trainer.network)
    }
}

/// The device of the training window with this number; they come activity by activity.
fn owner(number: usize, window: &Window) -> u32 {
    let class = class(window);
    let stays = KEPT.get(class).is_some_and(|kept| number % OF_EACH < *kept);
    let device = if stays { class } else { class + 1 };
    u32::try_from(device).unwrap_or(DEVICES) % DEVICES
}

/// A round on a device: reads the record of the network, learns, and writes the record of the
/// update with one step more. The steps of a record are the rounds so far.
pub(crate) fn round(global: &[u8], device: u32, update: &mut [u8]) -> Result<(), Refused> {
    let mut network = Classifier::zeros();
    let rounds = network.from_bytes(global)?;
    let shard = Shard::of(device);
    let samples = u32::try_from(shard.count()).unwrap_or(0);
    if samples == 0 {
        return Err(Refused::Device(device));
    }
    let seed = rounds.checked_mul(DEVICES.into());
    let seed = seed.and_then(|seed| seed.checked_add(device.into()));
    let seed = seed.ok_or(Refused::Rounds(rounds))?;
    let network = shard.learn(network, seed)?;
    let mine = Update {
        network,
        device,
        samples,
    };
    Ok(mine.to_bytes(rounds + 1, update)?)
}

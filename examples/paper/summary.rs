//! What ten seeds reach, and what the paper reports.

use crate::choosing::choose;
use crate::learning::{Data, Outcome, Run, SEED, Settings, learn};
use core::ops::RangeInclusive;
use stackprop::Error;

/// The seeds of the splits, the weights and the orders.
pub(crate) const SEEDS: RangeInclusive<u64> = 1..=10;

/// How many seeds there are.
pub(crate) const RUNS: usize = 10;

/// What the paper reports of each data set: the best accuracy in percent, and the milliseconds of
/// training on an STM32F103 (Cortex-M3, 72 MHz) and a SAMD21 (Cortex-M0+, 48 MHz).
#[allow(dead_code, reason = "the times are for the bench")]
pub(crate) const REPORTED: [(Option<f64>, Option<[u32; 2]>); 4] = [
    (Some(97.33), Some([4, 12])),  // Iris, setosa or not
    (None, None),                  // Iris, three species
    (Some(85.0), None),            // Breast cancer
    (Some(98.0), Some([83, 304])), // Digits, 6 or not
];

/// What the seeds reach on a data set, in percent of the test rows.
#[derive(Clone, Debug)]
#[allow(dead_code, reason = "each program shows its part")]
pub(crate) struct Summary {
    /// The data set.
    pub(crate) name: &'static str,
    /// The network.
    pub(crate) network: &'static str,
    /// How many rows are learned.
    pub(crate) rows: usize,
    /// The mean accuracy.
    pub(crate) mean: f64,
    /// The least one.
    pub(crate) least: f64,
    /// The largest one.
    pub(crate) most: f64,
    /// A class with its mean recall and its mean F1.
    pub(crate) watched: Option<(&'static str, f64, f64)>,
    /// What [`SEED`] chose.
    pub(crate) chosen: Settings,
    /// Whether the chips have it.
    pub(crate) chose_as_on_chips: bool,
    /// The hash of the weights of [`SEED`].
    pub(crate) hash: u64,
    /// Whether it is the golden one.
    pub(crate) is_golden: bool,
    /// Bytes of the learner, without and with the order of the rows.
    pub(crate) bytes: [usize; 2],
}

/// Chooses and learns with each seed, calling `done` after each.
///
/// # Errors
/// As [`choose`] and [`learn`].
pub(crate) fn summary<D: Data>(mut done: impl FnMut(u64)) -> Result<Summary, Error> {
    let chosen = choose::<D>(SEED)?;
    let mut outcomes = Vec::new();
    for seed in SEEDS {
        let settings = if seed == SEED {
            chosen
        } else {
            choose::<D>(seed)?
        };
        outcomes.push(learn::<D>(seed, settings)?);
        done(seed);
    }
    let percent = |of: &dyn Fn(&Outcome) -> f32| -> Vec<f64> {
        outcomes.iter().map(|o| 100.0 * f64::from(of(o))).collect()
    };
    let accuracy = percent(&|o| o.counts.accuracy());
    let hash = outcomes.first().map_or(0, |o| o.hash);
    Ok(Summary {
        name: D::NAME,
        network: D::NETWORK,
        rows: D::TRAIN,
        mean: mean(&accuracy),
        least: accuracy.iter().copied().fold(f64::INFINITY, f64::min),
        most: accuracy.iter().copied().fold(0.0, f64::max),
        watched: D::WATCHED.map(|(name, class)| {
            let recall = percent(&|o| o.counts.recall(class));
            let f1 = percent(&|o| o.counts.f1(class));
            (name, mean(&recall), mean(&f1))
        }),
        chosen,
        chose_as_on_chips: chosen == D::CHOSEN,
        hash,
        is_golden: hash == D::GOLDEN,
        bytes: [Run::<D>::ONLINE_BYTES, Run::<D>::BYTES],
    })
}

fn mean(all: &[f64]) -> f64 {
    all.iter().sum::<f64>() / RUNS as f64
}

//! Random networks, of one to five layers, with every activation and every head, on random batches
//! of 1 to 100 rows: outputs, loss, gradients and a step with parameter groups against a model in
//! f64. The model is held to difference quotients, and the comparison to mistakes that are made on
//! purpose.
//!
//! No tolerance is chosen: each number of the model carries a bound on the error of f32, which
//! `num.rs` derives from the operations that it is made of.

#![allow(
    clippy::cast_possible_truncation,
    reason = "weights are numbers of f32"
)]
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test fails by panicking"
)]

mod case;
mod heads;
mod loss;
mod model;
mod num;
mod training;
mod words;

use case::Case;
use fastrand::Rng;
use model::MUTANTS;
use stackprop::{
    Elu, HardTanh, Huber, L1, LeakyRelu, Mse, Relu, Sigmoid, SigmoidBce, SmoothL1, SoftmaxCe,
    Softplus, Tanh, Weighted, WeightedBce, WeightedCe, net,
};
use std::collections::BTreeMap;
use training::MISTAKES;

type Leaky = LeakyRelu<1, 5>;

/// Random cases of each network: weights, settings and a batch from each of these seeds.
macro_rules! networks {
    ($rng:ident; $([$($list:tt)*])*) => {
        [$(case::random(stringify!($($list)*), <net![$($list)*]>::zeros(), $rng)),*]
    };
}

fn networks(rng: &mut Rng) -> [Case; 20] {
    networks![rng;
        [1 => 1, SigmoidBce]
        [bias = false; 3 => 2, Mse]
        [7 => 3, SoftmaxCe]
        [2, Standardize => 1, L1]
        [3 => 4, Relu => 1, SigmoidBce]
        [2 => 5, Tanh => 3, Huber]
        [bias = false; 4 => 3, Sigmoid => 2, SmoothL1]
        [6 => 5, Leaky => 4, WeightedCe<4>]
        [3, Standardize => 6, Softplus => 2, WeightedBce<2>]
        [5 => 2, Weighted<Mse>]
        [4 => 9, HardTanh => 2, Weighted<SigmoidBce>]
        [3 => 4, Elu => 2, Elu => 2, Mse]
        [2 => 3, Relu, Tanh => 4, Sigmoid, Mse]
        [bias = false; 5 => 4 => 3 => 2, SoftmaxCe]
        [3 => 8, Leaky => 5, Softplus => 3, Weighted<WeightedCe<3>>]
        [8 => 17, Relu => 2, Tanh => 1, L1]
        [2 => 3, Relu => 9, HardTanh => 5 => 6, Elu => 2, SigmoidBce]
        [bias = false; 3 => 4, Tanh => 4, Leaky => 4, Sigmoid => 3, WeightedBce<3>]
        [4, Standardize => 3, Sigmoid => 3, Softplus => 3, Tanh => 3, Elu => 2, SmoothL1]
        [16 => 12, Relu => 3, SoftmaxCe]
    ]
}

/// Calls `f` for a case of each network from each seed.
fn each(seeds: core::ops::Range<u64>, mut f: impl FnMut(&Case, &mut Rng)) {
    for seed in seeds {
        let mut rng = Rng::with_seed(seed);
        for case in networks(&mut rng) {
            f(&case, &mut rng);
        }
    }
}

#[test]
fn networks_are_those_of_the_model() {
    let (mut worst, mut count): (f64, usize) = (0.0, 0);
    each(0..SEEDS, |case, _| {
        let share = case.compare(&case.model, &case.batch());
        let share = share.unwrap_or_else(|wrong| panic!("{wrong}"));
        worst = worst.max(share);
        count += 1;
    });
    println!("{count} networks: at most {worst:.3} of the bound");
}

/// Cases of each network. A debug build is slow.
const SEEDS: u64 = if cfg!(debug_assertions) { 2 } else { 8 };

#[test]
fn steps_with_groups_are_those_of_the_model() {
    let mut worst: f64 = 0.0;
    each(0..SEEDS, |case, _| {
        let share = case
            .compare_steps(None)
            .unwrap_or_else(|wrong| panic!("{wrong}"));
        worst = worst.max(share);
    });
    println!("at most {worst:.3} of the bound");
}

/// The model's gradients are the slopes of its loss.
#[test]
fn the_model_matches_differences() {
    let mut worst: f64 = 0.0;
    each(0..2, |case, rng| worst = worst.max(case.differences(rng)));
    println!("slopes: at most {worst:.1e} off");
}

/// How many of the mistakes of each kind were caught, of those that change a number at all.
#[derive(Default)]
struct Tally(BTreeMap<String, (usize, usize)>);

impl Tally {
    fn count(&mut self, kind: String, caught: bool) {
        let (found, all) = self.0.entry(kind).or_default();
        *found += usize::from(caught);
        *all += 1;
    }

    fn report(&self) {
        for (kind, (caught, all)) in &self.0 {
            println!("{kind}: {caught} of {all} caught");
        }
    }
}

/// Negative control: a mistake in a term of the model, in any network in which it changes a number.
#[test]
fn a_mistake_in_the_model_is_caught() {
    let mut tally = Tally::default();
    each(0..SEEDS, |case, _| {
        let right = case.batch();
        for mutant in MUTANTS {
            let mut wrong = case.model.clone();
            wrong.mutant = Some(mutant);
            let batch = case.batch_of(&wrong);
            if batch != right {
                tally.count(format!("{mutant:?}"), case.compare(&wrong, &batch).is_err());
            }
        }
    });
    tally.report();
    assert_eq!(tally.0.len(), MUTANTS.len());
    assert!(tally.0.values().all(|(caught, all)| caught == all));
}

/// Negative control: a mistake in a step with groups.
#[test]
fn a_mistake_in_a_step_is_caught() {
    let mut tally = Tally::default();
    each(0..SEEDS, |case, _| {
        for mistake in MISTAKES {
            if case.steps_differ(mistake) {
                let caught = case.compare_steps(Some(mistake)).is_err();
                tally.count(format!("{mistake:?}"), caught);
            }
        }
    });
    tally.report();
    assert_eq!(tally.0.len(), MISTAKES.len());
    assert!(tally.0.values().all(|(caught, all)| caught == all));
}

/// Negative control: one number of the crate's gradient is off by a share of the largest of its
/// tensor. 2^-10 of it is always found; 2^-14 nearly always; 2^-18, 32 ulp of a number of that
/// size, where the sums are short.
#[test]
fn a_wrong_number_is_caught() {
    let mut tally = Tally::default();
    each(0..SEEDS, |case, rng| {
        let right = case.batch();
        for power in [10, 14, 18] {
            let spoilt = case.spoilt(rng, 0.5_f32.powi(power));
            let caught = spoilt.compare(&case.model, &right).is_err();
            tally.count(format!("2^-{power}"), caught);
        }
    });
    tally.report();
    let least = [("2^-10", 100), ("2^-14", 90), ("2^-18", 30)];
    for (kind, percent) in least {
        let (caught, all) = tally.0[kind];
        assert!(100 * caught >= percent * all, "{kind}: {caught} of {all}");
    }
}

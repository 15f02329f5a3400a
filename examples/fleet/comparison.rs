//! The fleet beside devices that learn alone and one learner with all windows: a table, a picture.

use super::chart::{self, Panel, Points};
use super::command::{Result, SEED, line, rounds};
use super::learner::{Classifier, DEVICES, Shard};
use plotters::prelude::SeriesLabelPosition;
use stackprop::argmax;

/// Rounds of a run; a round is one epoch on each device.
const ROUNDS: u16 = 60;

/// The table has the range over these.
const SEEDS: core::ops::RangeInclusive<u64> = 1..=20;

/// The strategies, and their names in the table.
const STRATEGIES: [(&str, &str); 3] = [
    ("fedavg", "fleet, FedAvg"),
    ("fedadam", "fleet, FedAdam"),
    ("fedmedian", "fleet, median"),
];

/// What is learned in the course of a run: the share of the test windows that is right, by round.
type Curve = Vec<f32>;

/// Prints the hashes and the table, and draws the curves of seed 1.
pub(crate) fn show() -> Result<()> {
    let test = Shard::test();
    let mut all: Vec<(&str, Vec<Curve>)> = Vec::new();
    for (name, title) in STRATEGIES {
        let curves = SEEDS.map(|seed| fleet(name, seed, &test));
        all.push((title, curves.collect::<Result<_>>()?));
    }
    let everything = Shard::all();
    let curves = SEEDS.map(|seed| alone(&everything, seed, &test));
    all.push(("one learner, all windows", curves.collect::<Result<_>>()?));
    let shards: Vec<Shard> = (0..DEVICES).map(Shard::of).collect();
    let each = SEEDS.flat_map(|seed| shards.iter().map(move |shard| (seed, shard)));
    let curves = each.map(|(seed, shard)| alone(shard, seed, &test));
    all.push(("a device alone", curves.collect::<Result<_>>()?));
    table(&all);
    println!("\ncurves {}", draw(&all)?);
    Ok(())
}

/// The fleet; prints the lines of seed 1.
fn fleet(strategy: &str, seed: u64, test: &Shard) -> Result<Curve> {
    let mut curve = Curve::new();
    let mut wrong = None;
    rounds(strategy, seed, ROUNDS.into(), |number, network| {
        if seed == SEED && (number <= 3 || number == ROUNDS.into()) {
            println!("{strategy} {}", line(number, network));
        }
        match accuracy(network, test) {
            Ok(right) => curve.push(right),
            Err(error) => wrong = Some(error),
        }
    })?;
    wrong.map_or(Ok(curve), Err)
}

/// A learner that shares nothing.
fn alone(shard: &Shard, seed: u64, test: &Shard) -> Result<Curve> {
    let mut network = Classifier::new(seed);
    let mut curve = vec![accuracy(&network, test)?];
    for number in 1..=ROUNDS {
        network = shard.learn(network, number.into())?;
        curve.push(accuracy(&network, test)?);
    }
    Ok(curve)
}

/// The share of the test windows that is right.
fn accuracy(network: &Classifier, test: &Shard) -> Result<f32> {
    let mut right = 0_u16;
    network.evaluate_with(test.data()?, |y_hat, target| {
        right += u16::from(argmax(y_hat) == argmax(target));
    })?;
    Ok(f32::from(right) / test.count() as f32)
}

/// Mean, least and most after some rounds.
fn table(all: &[(&str, Vec<Curve>)]) {
    println!("\n| | 10 rounds | 20 rounds | {ROUNDS} rounds | least | most |");
    println!("|---|---|---|---|---|---|");
    for (name, curves) in all {
        let after = |n: usize| curves.iter().map(move |curve| 100.0 * curve[n]);
        let mean = |n| after(n).sum::<f32>() / curves.len() as f32;
        let last = ROUNDS.into();
        let [a, b, c] = [10, 20, last].map(mean);
        let least = after(last).fold(f32::INFINITY, f32::min);
        let most = after(last).fold(0.0, f32::max);
        println!("| {name} | {a:.1} % | {b:.1} % | {c:.1} % | {least:.1} % | {most:.1} % |");
    }
}

/// Draws the first run of each, and pale the four devices alone.
fn draw(all: &[(&str, Vec<Curve>)]) -> Result<String> {
    let points = |curve: &Curve| -> Points {
        (0..)
            .map(|n: u16| n.into())
            .zip(curve.iter().copied())
            .collect()
    };
    let of = |n: usize| (all[n].0, points(&all[n].1[0]));
    let devices: Vec<Points> = all[4].1.iter().take(4).map(points).collect();
    let panel = |curves, pale| Panel {
        y: "test accuracy",
        range: 0.0..1.05,
        legend: SeriesLabelPosition::LowerRight,
        curves,
        pale,
    };
    let beside = [of(0), of(3)];
    let strategies = [of(0), of(1), of(2)];
    let panels = [
        panel(&beside[..], &devices[..]),
        panel(&strategies[..], &[][..]),
    ];
    let title = "A fleet, one learner with all windows, and (pale) four devices alone";
    let path = chart::draw("fleet.svg", title, "round", &panels)?;
    Ok(path.display().to_string())
}

//! 10,000 steps of each optimiser, against PyTorch's formulas in f64.
//!
//! One parameter moves by gradients that do not depend on it, so an error is not put right by the
//! next gradient. After every step the parameter may be as far from the f64 run as twice the
//! larger of
//! - the distance of a run of the same formulas in f32, as PyTorch computes them: it differs from
//!   ours in the order of operations;
//! - 100 half ulp of the largest parameter: each step rounds it by up to half an ulp, and the
//!   roundings of n steps add up as the root of n.

#![allow(
    clippy::cast_possible_truncation,
    reason = "gradients and settings are numbers of f32"
)]
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test fails by panicking"
)]

mod rule;
mod settings;

use rule::{Kind, MUTANTS, Mutant, Rule, Run, to_f32};
use settings::{Setting, each};
use stackprop::{Optimizer, Zero};
use std::collections::BTreeMap;

const STEPS: u32 = 10_000;

/// What distances may be as a multiple of those of f32.
const TIMES: f64 = 2.0;

/// A multiple of 2^-11 from -1 to 1 that looks random: that of `more_trajectories.py`.
fn noise(k: u32) -> f32 {
    (k.wrapping_mul(2_654_435_761) >> 20) as f32 / 2048.0 - 1.0
}

/// The gradient of a step.
type Gradient = fn(u32) -> f32;

/// Gradients of different kinds.
const SEQUENCES: [(&str, Gradient); 4] = [
    ("noise", noise),
    ("to one side", |k| 0.25 + noise(k)),
    ("small", |k| noise(k) / 1024.0),
    ("bursts", |k| {
        noise(k) * if k % 100 < 3 { 32.0 } else { 0.125 }
    }),
];

/// The parameter after each step of the crate.
pub(crate) fn ours<Opt: Optimizer>(optimizer: Opt, gradient: Gradient) -> Vec<f64> {
    let (mut shared, mut state, mut w) = (Opt::Shared::ZERO, Opt::State::ZERO, 0.0);
    let step = |k| {
        let prepared = optimizer.prepare(&mut shared);
        (w, state) = Opt::update_parameter(&prepared, w, gradient(k), state);
        f64::from(w)
    };
    (1..=STEPS).map(step).collect()
}

/// The same by the model.
fn model(
    rule: Rule,
    gradient: fn(u32) -> f32,
    round: fn(f64) -> f64,
    mutant: Option<Mutant>,
) -> Vec<f64> {
    let mut run = Run::new(rule, round, mutant);
    let step = |k| {
        run.step(f64::from(gradient(k)));
        run.w
    };
    (1..=STEPS).map(step).collect()
}

/// The largest distance of two runs; infinity if a number is NaN.
fn distance(a: &[f64], b: &[f64]) -> f64 {
    let off = a.iter().zip(b).map(|(a, b)| (a - b).abs());
    off.fold(0.0, |most, off| {
        if off.is_nan() {
            f64::INFINITY
        } else {
            most.max(off)
        }
    })
}

/// What a run may be off.
fn allowed(exact: &[f64], in_f32: &[f64]) -> f64 {
    let largest = exact.iter().fold(0.0_f64, |most, w| most.max(w.abs()));
    let roundings = f64::from(STEPS).sqrt() * largest * 0.5 / 8_388_608.0;
    TIMES * distance(in_f32, exact).max(roundings)
}

#[test]
fn runs_of_ten_thousand_steps_do_not_drift() {
    let mut worst: f64 = 0.0;
    each(|Setting { name, rule, run }| {
        for (kind, gradient) in SEQUENCES {
            let exact = model(rule, gradient, |w| w, None);
            let in_f32 = model(rule, gradient, to_f32, None);
            let (off, allowed) = (distance(&run(gradient), &exact), allowed(&exact, &in_f32));
            let theirs = distance(&in_f32, &exact);
            println!("{name}, {kind}: {off:.1e}, in f32 {theirs:.1e}, allowed {allowed:.1e}");
            assert!(
                off <= allowed,
                "{name}, {kind}: {off:e} is more than {allowed:e}"
            );
            worst = worst.max(off / allowed);
        }
    });
    println!("at most {worst:.2} of what is allowed");
}

/// Whether a mistake is one in this rule.
const fn applies(rule: &Rule, mutant: Mutant) -> bool {
    let (moments, plain) = match rule.kind {
        Kind::Adam { .. } | Kind::NAdam { .. } => (true, false),
        Kind::Sgd { momentum, .. } => (false, momentum == 0.0),
        _ => (false, false),
    };
    match (mutant, rule.kind) {
        (Mutant::Rate, _) => true,
        (Mutant::Beta1 | Mutant::Beta2 | Mutant::StepsCountedFromTwo, _) => moments,
        (Mutant::EpsTwice, _) => rule.eps > 1e-5,
        (Mutant::DecayForgotten, _) => rule.weight_decay > 0.0,
        // Without momentum it is the same.
        (Mutant::DecayTheOtherWay, _) => rule.weight_decay > 0.0 && !plain,
        (Mutant::DampeningInTheFirstStep, Kind::Sgd { dampening, .. }) => dampening > 0.0,
        (
            Mutant::MomentumForgotten,
            Kind::Sgd { momentum, .. } | Kind::RmsProp { momentum, .. },
        ) => momentum > 0.0,
        (Mutant::NesterovForgotten, Kind::Sgd { nesterov, .. }) => nesterov,
        (Mutant::AmsgradForgotten, Kind::Adam { amsgrad }) => amsgrad,
        (Mutant::CenteringForgotten, Kind::RmsProp { centered, .. }) => centered,
        (Mutant::MomentumDecayTwice, Kind::NAdam { .. }) => true,
        (Mutant::RateDecayForgotten, Kind::Adagrad { lr_decay, .. }) => lr_decay > 0.0,
        (Mutant::InitialForgotten, Kind::Adagrad { initial, .. }) => initial > 0.0,
        _ => false,
    }
}

/// Negative control: a mistake in a formula or in a setting is found in at least one of the
/// sequences of gradients.
#[test]
fn a_mistake_is_caught() {
    let mut tally: BTreeMap<Mutant, (usize, usize)> = BTreeMap::new();
    each(|Setting { name, rule, run }| {
        let all = SEQUENCES.map(|(_, gradient)| {
            let exact = model(rule, gradient, |w| w, None);
            let allowed = allowed(&exact, &model(rule, gradient, to_f32, None));
            (gradient, run(gradient), allowed)
        });
        for mutant in MUTANTS {
            if !applies(&rule, mutant) {
                continue;
            }
            let caught = all.iter().any(|(gradient, ours, allowed)| {
                let wrong = model(rule, *gradient, |w| w, Some(mutant));
                distance(ours, &wrong) > *allowed
            });
            if !caught {
                println!("{name}: {mutant:?} is not found");
            }
            let (found, count) = tally.entry(mutant).or_default();
            *found += usize::from(caught);
            *count += 1;
        }
    });
    for (mutant, (found, count)) in &tally {
        println!("{mutant:?}: {found} of {count} caught");
    }
    assert_eq!(tally.len(), MUTANTS.len());
    assert!(tally.values().all(|(found, count)| found == count));
}

/// The model in f64 is PyTorch's run in f64, as far as that is written down.
#[test]
fn the_model_is_pytorch() {
    let path = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/tests/data/more_trajectories.json"
    );
    let text = std::fs::read_to_string(path).unwrap();
    let golden: serde_json::Value = serde_json::from_str(&text).unwrap();
    let runs = golden["long"].as_object().unwrap();
    let mut seen = 0;
    for (name, rule) in settings::of_pytorch() {
        let w = model(rule, noise, |w| w, None);
        let theirs = runs[name]["w"].as_array().unwrap();
        for (k, theirs) in theirs.iter().enumerate() {
            let ours = w[500 * (k + 1) - 1];
            let off = (ours - theirs.as_f64().unwrap()).abs();
            assert!(off < 1e-10, "{name}: {ours} is not {theirs}");
        }
        seen += 1;
    }
    assert_eq!(seen, runs.len());
}

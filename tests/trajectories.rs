//! 100 steps of each optimiser setting that PyTorch ran, against its f64 run.
//!
//! `tests/data/more_trajectories.py` makes the second file of runs, also of 10,000 steps.
//!
//! The bound is derived from PyTorch itself: its own f32 run ends a certain distance from its f64
//! run; ours may be four times as far, because it differs from both in the order of its sums.

#![allow(
    clippy::cast_possible_truncation,
    reason = "numbers of f32 stand as f64 in the files"
)]
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test fails by panicking"
)]

mod common;

use common::golden::{numbers, read, rows};
use common::nets::Mlp16;
use serde_json::Value;
use stackprop::notebook::{BOOK_NET, NET, X, Y};
use stackprop::{
    Adagrad, Adam, AdamW, Head, Layer, NAdam, Network, Optimizer, RmsProp, Sgd, Trainer, Zero,
};

/// The distance of PyTorch's f32 from its f64 that counts at least: half an ulp of a loss of 0.7
/// and of weights below 1, over 100 steps that each round.
const LEAST: f64 = 100.0 * 3e-9;

/// A network with its data and PyTorch's runs of it.
struct Case<'a, L, H, const I: usize, const O: usize> {
    net: Network<L, H, I, O>,
    x: &'a [[f32; I]],
    y: &'a [[f32; O]],
    runs: &'a Value,
    tensors: &'a [&'a str],
    more: &'a Value,
}

/// Losses and last parameters of a run in f64, and how far PyTorch's f32 is from them.
struct Exact {
    losses: Vec<f64>,
    parameters: Vec<f64>,
    f32_losses: f64,
    f32_parameters: f64,
}

impl<L: Layer<I, O>, H: Head<O>, const I: usize, const O: usize> Case<'_, L, H, I, O> {
    /// All settings.
    fn check(&self) {
        self.run("sgd", Sgd::new(0.1));
        self.run("sgd_wd", Sgd::new(0.1).weight_decay(0.01));
        self.run("momentum", Sgd::new(0.02).momentum(0.9));
        self.run("momentum_damp", Sgd::new(0.02).momentum(0.9).dampening(0.1));
        self.run("nesterov", Sgd::new(0.02).momentum(0.9).nesterov());
        self.run(
            "nesterov_wd",
            Sgd::new(0.02).momentum(0.9).nesterov().weight_decay(0.01),
        );
        self.run("adam", Adam::new(0.01));
        self.run("adam_wd", Adam::new(0.01).weight_decay(0.01));
        self.run("adam_amsgrad", Adam::new(0.01).amsgrad());
        self.run("adamw", AdamW::new(0.01));
        self.run("rmsprop", RmsProp::new(0.001).alpha(0.9).eps(1e-4));
        assert_eq!(self.runs.as_object().unwrap().len(), 11);
        self.check_more();
    }

    /// Those of `more_trajectories.json`.
    fn check_more(&self) {
        self.run_more("adamw_amsgrad", AdamW::new(0.01).amsgrad());
        let rmsprop = RmsProp::new(0.0003).alpha(0.9).eps(1e-4).momentum(0.9);
        self.run_more("rmsprop_momentum", rmsprop);
        let rmsprop = RmsProp::new(0.0005).alpha(0.9).eps(2e-3).centered();
        self.run_more("rmsprop_centered", rmsprop);
        let rmsprop = RmsProp::new(0.0003).alpha(0.9).eps(1e-3).weight_decay(0.01);
        self.run_more("rmsprop_all", rmsprop.centered().momentum(0.9));
        self.run_more("adagrad", Adagrad::new(0.01));
        let adagrad = Adagrad::new(0.05).lr_decay(0.1).weight_decay(0.01);
        self.run_more("adagrad_all", adagrad.initial_accumulator_value(0.1));
        let nadam = NAdam::new(0.002);
        self.run_more("nadam", nadam);
        let fast = nadam.betas(0.8, 0.99).momentum_decay(0.5);
        self.run_more("nadam_fast", fast);
        let decaying = nadam.weight_decay(0.01);
        self.run_more("nadam_wd", decaying.eps(1e-5));
        self.run_more("nadam_decoupled", decaying.decoupled_weight_decay());
        assert_eq!(self.more.as_object().unwrap().len(), 10);
    }

    /// 100 steps of one setting.
    fn run<Opt: Optimizer>(&self, name: &str, optimizer: Opt) {
        let golden = &self.runs[name];
        let losses = numbers(&golden["f64"]["losses"]);
        let tensors = self.tensors.iter();
        let exact = Exact {
            f32_losses: distance(&numbers(&golden["f32"]["losses"]), &losses),
            losses,
            parameters: tensors
                .flat_map(|tensor| numbers(&golden["f64"]["final"][tensor]))
                .collect(),
            f32_parameters: golden["f32_vs_f64_max_abs_diff_of_final"].as_f64().unwrap(),
        };
        assert_eq!(exact.parameters.len(), L::COUNT);
        self.compare(name, optimizer, &exact);
    }

    fn run_more<Opt: Optimizer>(&self, name: &str, optimizer: Opt) {
        let golden = &self.more[name];
        let exact = Exact {
            losses: numbers(&golden["losses"]),
            parameters: numbers(&golden["final"]),
            f32_losses: golden["f32"]["losses"].as_f64().unwrap(),
            f32_parameters: golden["f32"]["final"].as_f64().unwrap(),
        };
        assert!(exact.parameters.len() >= 22);
        self.compare(name, optimizer, &exact);
    }

    fn compare<Opt: Optimizer>(&self, name: &str, optimizer: Opt, exact: &Exact) {
        let mut trainer = Trainer::new(self.net, optimizer);
        let mut losses = Vec::new();
        for _ in 0..100 {
            losses.push(trainer.step(self.x, self.y).unwrap());
        }
        let mut parameters = vec![0.0; L::COUNT];
        trainer.network.copy_to_slice(&mut parameters).unwrap();
        losses.push(trainer.step(self.x, self.y).unwrap());
        self.near(name, "losses", &losses, &exact.losses, exact.f32_losses);
        let last = &parameters[L::COUNT - exact.parameters.len()..];
        let theirs = exact.f32_parameters;
        self.near(name, "parameters", last, &exact.parameters, theirs);
    }

    fn near(&self, name: &str, what: &str, ours: &[f32], exact: &[f64], theirs: f64) {
        near(&format!("{name} {what}"), ours, exact, theirs.max(LEAST));
    }
}

fn near(what: &str, ours: &[f32], exact: &[f64], theirs: f64) {
    let ours: Vec<f64> = ours.iter().copied().map(f64::from).collect();
    let distance = distance(&ours, exact);
    let message = format!("{what}: {distance:.1e}, PyTorch's f32 {theirs:.1e}");
    println!("{message}");
    assert!(distance <= 4.0 * theirs, "{message}");
}

/// The largest difference.
fn distance(a: &[f64], b: &[f64]) -> f64 {
    assert_eq!(a.len(), b.len());
    a.iter()
        .zip(b)
        .map(|(a, b)| (a - b).abs())
        .fold(0.0, |d, e| if e <= d { d } else { e })
}

#[test]
fn notebook() {
    let golden = read("trajectories.json");
    let more = read("more_trajectories.json");
    let tensors = &["w1", "w2", "w3"];
    Case {
        net: NET,
        x: &X,
        y: &Y,
        runs: &golden["nets"]["linear"],
        tensors,
        more: &more["nets"]["linear"],
    }
    .check();
    Case {
        net: BOOK_NET,
        x: &X,
        y: &Y,
        runs: &golden["nets"]["book"],
        tensors,
        more: &more["nets"]["book"],
    }
    .check();
}

#[test]
fn net16() {
    let start = read("net16.json");
    let (x, y) = (rows::<16>(&start["X"]), rows::<4>(&start["Y"]));
    let tensors = &["w1", "b1", "w2", "b2", "w3", "b3"];
    let values = tensors
        .iter()
        .flat_map(|name| numbers(&start["weights"][name]));
    let values: Vec<f32> = values.map(|value| value as f32).collect();
    let mut net = Mlp16::zeros();
    net.copy_from_slice(&values).unwrap();
    let golden = read("net16_trajectories.json");
    Case {
        net,
        x: &x,
        y: &y,
        runs: &golden["nets"]["n16"],
        tensors,
        more: &read("more_trajectories.json")["nets"]["n16"],
    }
    .check();
}

/// The gradient of step `k` in `more_trajectories.py`.
fn gradient(k: u32) -> f32 {
    (k.wrapping_mul(2_654_435_761) >> 20) as f32 / 2048.0 - 1.0
}

/// 10,000 steps of one parameter, by gradients that do not depend on it: an error that grows is not
/// put right by the next gradient.
fn long<Opt: Optimizer>(runs: &Value, name: &str, optimizer: Opt) {
    let (mut shared, mut state) = (Opt::Shared::ZERO, Opt::State::ZERO);
    let (mut w, mut seen) = (0.0, Vec::new());
    for k in 1..=10_000 {
        let prepared = optimizer.prepare(&mut shared);
        (w, state) = Opt::update_parameter(&prepared, w, gradient(k), state);
        if k % 500 == 0 {
            seen.push(w);
        }
    }
    let exact = numbers(&runs[name]["w"]);
    near(name, &seen, &exact, runs[name]["f32"].as_f64().unwrap());
}

#[test]
fn long_runs_do_not_drift() {
    let golden = read("more_trajectories.json");
    let runs = &golden["long"];
    long(runs, "adam", Adam::new(0.001));
    let nadam = NAdam::new(0.001);
    long(runs, "nadam", nadam);
    let fast = nadam.betas(0.99, 0.999).momentum_decay(0.5);
    long(runs, "nadam_fast", fast);
    let rmsprop = RmsProp::new(0.001);
    long(runs, "rmsprop", rmsprop);
    long(runs, "rmsprop_centered", rmsprop.centered());
    long(runs, "rmsprop_all", rmsprop.centered().momentum(0.9));
    long(runs, "adagrad", Adagrad::new(0.001));
    assert_eq!(runs.as_object().unwrap().len(), 7);
}

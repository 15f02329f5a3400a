//! 100 steps of each optimiser setting that PyTorch ran, against its f64 run.
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
use stackprop::{Adam, AdamW, Head, Layer, Network, Optimizer, RmsProp, Sgd, Trainer};

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
    }

    /// 100 steps of one setting.
    fn run<Opt: Optimizer>(&self, name: &str, optimizer: Opt) {
        let golden = &self.runs[name];
        let mut trainer = Trainer::new(self.net, optimizer);
        let mut losses = Vec::new();
        for _ in 0..100 {
            losses.push(trainer.step(self.x, self.y).unwrap());
        }
        losses.push(trainer.step(self.x, self.y).unwrap());
        let mut exact = numbers(&golden["f64"]["losses"]);
        let theirs = distance(&numbers(&golden["f32"]["losses"]), &exact);
        self.near(name, "losses", &losses, &exact, theirs);

        let mut trainer = Trainer::new(self.net, optimizer);
        for _ in 0..100 {
            trainer.step(self.x, self.y).unwrap();
        }
        let mut parameters = vec![0.0; L::COUNT];
        trainer.network.copy_to_slice(&mut parameters).unwrap();
        exact = self
            .tensors
            .iter()
            .flat_map(|tensor| numbers(&golden["f64"]["final"][tensor]))
            .collect();
        let theirs = golden["f32_vs_f64_max_abs_diff_of_final"].as_f64().unwrap();
        self.near(name, "parameters", &parameters, &exact, theirs);
    }

    fn near(&self, name: &str, what: &str, ours: &[f32], exact: &[f64], theirs: f64) {
        let ours: Vec<f64> = ours.iter().copied().map(f64::from).collect();
        let distance = distance(&ours, exact);
        println!("{name} {what}: {distance:.1e}, PyTorch's f32 {theirs:.1e}");
        assert!(
            distance <= 4.0 * theirs.max(LEAST),
            "{name} {what}: {distance:.1e}, PyTorch's f32 {theirs:.1e}"
        );
    }
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
    let tensors = &["w1", "w2", "w3"];
    Case {
        net: NET,
        x: &X,
        y: &Y,
        runs: &golden["nets"]["linear"],
        tensors,
    }
    .check();
    Case {
        net: BOOK_NET,
        x: &X,
        y: &Y,
        runs: &golden["nets"]["book"],
        tensors,
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
    }
    .check();
}

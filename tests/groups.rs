//! Parameter groups: PyTorch's runs, rules, and what is refused.

#![allow(
    clippy::cast_possible_truncation,
    reason = "numbers of f32 stand as f64 in the files"
)]
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod common;

use common::golden::{numbers, read, rows};
use common::nets::{Small, row};
use common::{in_slices, weight_bits};
use serde_json::Value;
use stackprop::optim::GroupBy;
use stackprop::params::TensorId;
use stackprop::{Adam, AdamW, Error, Groups, Guard, Online, Optimizer, Setting, Sgd, Trainer};

/// The distance of PyTorch's f32 from its f64 that counts at least: see `trajectories.rs`.
const LEAST: f64 = 100.0 * 3e-9;

/// The network at the start, and its data.
fn start(golden: &Value) -> (Small, Vec<[f32; 3]>, Vec<[f32; 2]>) {
    let mut network = Small::zeros();
    let all: Vec<f32> = numbers(&golden["start"])
        .iter()
        .map(|v| *v as f32)
        .collect();
    network.copy_from_slice(&all).unwrap();
    (network, rows(&golden["x"]), rows(&golden["y"]))
}

/// What one of PyTorch's runs gives, and that slices give the same bits.
fn run<Opt: Optimizer<Shared: PartialEq + std::fmt::Debug>, By: GroupBy, const G: usize>(
    golden: &Value,
    name: &str,
    groups: Groups<Opt, By, G>,
) {
    let (network, x, y) = start(golden);
    let case = &golden["cases"][name];
    let [freeze, thaw] = ["freeze", "thaw"].map(|key| case[key].as_u64().unwrap());
    let mut trainer = Trainer::new(network, groups);
    if let Some(max_norm) = case["max_norm"].as_f64() {
        trainer.guard = Guard::new().max_norm(max_norm as f32);
    }
    let mut losses = Vec::new();
    for step in 0..50 {
        if step == freeze && freeze < thaw {
            trainer.optimizer.freeze(0).unwrap();
        }
        if step == thaw {
            trainer.optimizer.thaw(0).unwrap();
        }
        let mut sliced = trainer.clone();
        losses.push(f64::from(trainer.step(&x, &y).unwrap()));
        assert!(in_slices(&mut sliced, &x, &y, 3).is_ok());
        assert_eq!(weight_bits(&sliced.network), weight_bits(&trainer.network));
        assert_eq!(sliced.state.shared, trainer.state.shared);
    }
    let mut parameters = [0.0; Small::PARAMETERS];
    trainer.network.copy_to_slice(&mut parameters).unwrap();
    near(name, "losses", &losses, case);
    near(name, "final", &parameters.map(f64::from), case);
}

/// Compares with PyTorch's f64: at most four times as far from it as its f32.
fn near(name: &str, what: &str, ours: &[f64], case: &Value) {
    let theirs = case[format!("{what}_f32_off")].as_f64().unwrap();
    let exact = numbers(&case[what]);
    assert_eq!(ours.len(), exact.len());
    let off = |(a, b): (&f64, &f64)| (a - b).abs();
    let worst = ours.iter().zip(&exact).map(off).fold(0.0, f64::max);
    println!("{name} {what}: {worst:.1e}, PyTorch's f32 {theirs:.1e}");
    assert!(
        worst <= 4.0 * theirs.max(LEAST),
        "{name} {what}: {worst:.1e}, PyTorch's f32 {theirs:.1e}"
    );
}

#[test]
fn as_in_pytorch() {
    let golden = read("groups.json");
    let adamw = AdamW::new(0.02).weight_decay(0.1);
    run(
        &golden,
        "decay_of_weights",
        Groups::by_kind(adamw, adamw.weight_decay(0.0)),
    );
    run(
        &golden,
        "rate_of_biases",
        Groups::by_kind(Sgd::new(0.05), Sgd::new(0.2)),
    );
    let rates = [0.02, 0.1].map(|lr| Sgd::new(lr).momentum(0.9));
    run(&golden, "rate_of_layers", Groups::by_layer(rates));
    let adam = Groups::by_layer([Adam::new(0.02), Adam::new(0.01)]);
    let decayed = |lr| Sgd::new(lr).weight_decay(0.01);
    let sgd = |lr| decayed(lr).momentum(0.9).dampening(0.5);
    let momentum = Groups::by_layer([sgd(0.05), sgd(0.02)]);
    for case in ["frozen_first", "frozen", "frozen_clipped"] {
        run(&golden, &format!("adam_{case}"), adam);
        run(&golden, &format!("momentum_{case}"), momentum);
    }
    assert_eq!(golden["cases"].as_object().unwrap().len(), 9);
}

/// The bias of the last layer is group 2, of the others 1; weights are in 0.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Own;

impl GroupBy for Own {
    const NAME: &'static str = "Own";

    fn group(tensor: TensorId) -> usize {
        match (tensor.name.field, tensor.name.layer) {
            ("bias", 2) => 2,
            ("bias", _) => 1,
            _ => 0,
        }
    }
}

#[test]
fn a_rule_of_ones_own() {
    let rates = [0.0, 0.0, 0.5].map(Sgd::new);
    let (network, (x, y)) = (Small::new(1), row(3));
    let mut online = Online::new(network, Groups::by(Own, rates));
    online.step(&x, &y).unwrap();
    let (new, old) = (online.network.layers, network.layers);
    assert_eq!(new.0, old.0);
    assert_eq!(new.1.1.weight, old.1.1.weight);
    assert_ne!(new.1.1.bias, old.1.1.bias);
}

/// A group that is missing, and a setting that is wrong in any of them, are refused by name.
#[test]
fn refused() {
    let (x, y) = row(3);
    let fails = |optimizer: Groups<Sgd, Own, 2>, setting| {
        let mut online = Online::new(Small::new(1), optimizer);
        let mut trainer = Trainer::new(Small::new(1), optimizer);
        assert_eq!(online.step(&x, &y), Err(Error::Setting(setting)));
        assert_eq!(trainer.step(&[x], &[y]), Err(Error::Setting(setting)));
        assert_eq!(
            in_slices(&mut trainer, &[x], &[y], 1),
            Err(Error::Setting(setting))
        );
        assert_eq!(online.network, Small::new(1));
        assert_eq!(trainer.network, Small::new(1));
    };
    fails(Groups::by(Own, [Sgd::new(0.1); 2]), Setting::Group);
    let mut wrong = Groups::by(Own, [Sgd::new(0.1), Sgd::new(-0.1)]);
    fails(wrong, Setting::Lr);
    // Also where it is frozen, as PyTorch's constructor refuses it.
    wrong.freeze(1).unwrap();
    fails(wrong, Setting::Lr);
    assert_eq!(wrong.freeze(2), Err(Setting::Group));
    assert_eq!(wrong.thaw(2), Err(Setting::Group));
    assert!(!wrong.is_frozen(2));
}

#[test]
fn rates() {
    let mut groups = Groups::by_layer([Sgd::new(0.1), Sgd::new(0.2)]);
    assert_eq!(groups.lr(), 0.1);
    groups.set_lr(0.5);
    assert_eq!(groups.groups, [Sgd::new(0.5); 2]);
}

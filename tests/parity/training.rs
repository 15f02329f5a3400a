//! `--optimizer`, against PyTorch's runs of 100 steps.

use crate::files::{csv, file, golden_weights, notebook};
use crate::golden::{numbers, read};
use crate::tool::{assert_refused, json, run_with};
use serde_json::Value;

/// The golden settings that the tool can be asked for, with its options for them.
const SETTINGS: [(&str, &str); 7] = [
    ("sgd", "--optimizer sgd --lr 0.1"),
    ("sgd_wd", "--optimizer sgd --lr 0.1 --weight-decay 0.01"),
    ("momentum", "--optimizer momentum --lr 0.02"),
    (
        "nesterov_wd",
        "--optimizer nesterov --lr 0.02 --weight-decay 0.01",
    ),
    ("adam", "--optimizer adam --lr 0.01"),
    ("adam_wd", "--optimizer adam --lr 0.01 --weight-decay 0.01"),
    ("adamw", "--optimizer adamw --lr 0.01"),
];

/// Losses and final parameters within 1e-5 of PyTorch's f64: its own f32 is up to 2.9e-6 off, four
/// times that is allowed (tests/trajectories.rs goes into each).
fn assert_run(printed: &Value, golden: &Value) {
    let near = |name: &str, got: &Value, exact: &[f64]| {
        let got = numbers(got);
        assert_eq!(got.len(), exact.len(), "{name}");
        assert!(
            got.iter().zip(exact).all(|(a, b)| (a - b).abs() < 1e-5),
            "{name}: {got:?}, not {exact:?}"
        );
    };
    near(
        "losses",
        &printed["losses"],
        &numbers(&golden["losses"])[..100],
    );
    let Some(last) = golden["final"].as_object() else {
        panic!("no final parameters")
    };
    for (name, exact) in last {
        let (kind, layer) = name.split_at(1);
        let kind = if kind == "w" { "weight" } else { "bias" };
        near(
            name,
            &printed["weights"][format!("fc{layer}.{kind}")],
            &numbers(exact),
        );
    }
}

#[test]
fn optimisers_agree_with_pytorch() {
    let golden = read("trajectories.json");
    let (weights, data) = notebook();
    for (setting, options) in SETTINGS {
        for net in ["linear", "book"] {
            let options = format!("{options} --steps 100");
            let folder = format!("{net}_{setting}");
            let printed = json(&run_with(&folder, net, &weights, data.as_bytes(), &options));
            assert_run(&printed, &golden["nets"][net][setting]["f64"]);
        }
    }
    let start = read("net16.json");
    let golden = read("net16_trajectories.json");
    let names: Vec<String> = (1..=16).map(|i| format!("x{i}")).collect();
    let data = csv(
        &format!("{},y1,y2,y3,y4", names.join(",")),
        &start["X"],
        &start["Y"],
    );
    let weights = file(&golden_weights(&start));
    let printed = json(&run_with(
        "mlp16_adam",
        "mlp16",
        &weights,
        data.as_bytes(),
        "--optimizer adam --lr 0.01 --steps 100",
    ));
    assert_run(&printed, &golden["nets"]["n16"]["adam"]["f64"]);
}

#[test]
fn no_steps_unless_asked_for() {
    let (weights, data) = notebook();
    let printed = json(&run_with(
        "no_steps",
        "book",
        &weights,
        data.as_bytes(),
        "--optimizer rmsprop --lr 0.01",
    ));
    assert_eq!(printed["losses"], Value::Array(Vec::new()));
    let golden = &read("notebook.json")["weights"]["w3"];
    assert_eq!(&printed["weights"]["fc3.weight"], golden);
}

#[test]
fn options_that_do_not_fit_are_refused() {
    let (weights, data) = notebook();
    for (case, options, names) in [
        ("no_rate", "--optimizer sgd", ["--lr", "missing"]),
        ("no_optimizer", "--lr 0.1", ["--lr", "without --optimizer"]),
        ("unknown", "--optimizer lion --lr 0.1", ["lion", "rmsprop"]),
        ("negative", "--optimizer sgd --lr=-1", ["--lr", "-1"]),
        ("nan_rate", "--optimizer sgd --lr nan", ["--lr", "NaN"]),
        (
            "half_steps",
            "--optimizer sgd --lr 1 --steps 1.5",
            ["--steps", "1.5"],
        ),
        (
            "bad_decay",
            "--optimizer adam --lr 1 --weight-decay x",
            ["--weight-decay", "x"],
        ),
        (
            "diverges",
            "--optimizer sgd --lr 3e38 --steps 9",
            ["step", "finite"],
        ),
    ] {
        assert_refused(
            &run_with(case, "linear", &weights, data.as_bytes(), options),
            &names,
        );
    }
}

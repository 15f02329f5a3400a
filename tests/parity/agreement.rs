//! What the tool prints, against PyTorch's f64 results.

use crate::files::{csv, file, golden_weights, notebook};
use crate::golden::{numbers, read};
use crate::tool::{json, run_on};
use serde_json::Value;

/// Within 4e-6 of the value or of a quarter of its tensor's largest, + 1e-8.
fn assert_close(name: &str, got: &Value, exact: &Value) {
    let (got, exact) = (numbers(got), numbers(exact));
    assert_eq!(got.len(), exact.len(), "{name}");
    let largest = exact.iter().fold(0.0, |max: f64, v| max.max(v.abs()));
    for (got, exact) in got.iter().zip(exact) {
        let allowed = 4e-6 * exact.abs().max(largest / 4.0) + 1e-8;
        assert!((got - exact).abs() <= allowed, "{name}: {got}, not {exact}");
    }
}

/// Every number that is printed, against PyTorch's f64 results.
fn assert_golden(printed: &Value, exact: &Value) {
    for (name, golden) in [
        ("forward", "h3"),
        ("logits", "z3"),
        ("loss_per_sample", "loss_none"),
        ("loss", "loss_mean"),
        ("grad_input", "grad_x"),
    ] {
        assert_close(name, &printed[name], &exact[golden]);
        assert_eq!(shape(&printed[name]), shape(&exact[golden]), "{name}");
    }
    assert_eq!(printed.as_object().unwrap().len(), 6);
    let grad = printed["grad"].as_object().unwrap();
    let parameters = exact.as_object().unwrap().keys();
    let parameters =
        parameters.filter(|key| key.starts_with("grad_w") || key.starts_with("grad_b"));
    assert_eq!(grad.len(), parameters.count());
    for (name, value) in grad {
        let golden = name
            .replace("fc", "")
            .replace(".weight", "w")
            .replace(".bias", "b");
        let (layer, kind) = golden.split_at(1);
        let golden = &exact[format!("grad_{kind}{layer}")];
        assert_close(name, value, golden);
        assert_eq!(shape(value), shape(golden), "{name}");
    }
}

/// Lengths from the outside in.
fn shape(value: &Value) -> Vec<usize> {
    let list = value.as_array();
    list.map_or(Vec::new(), |list| {
        [vec![list.len()], list.first().map_or(Vec::new(), shape)].concat()
    })
}

#[test]
fn the_notebook_networks_agree_with_pytorch() {
    let golden = read("notebook.json");
    let (weights, data) = notebook();
    let first_row: String = data
        .lines()
        .take(2)
        .map(|line| format!("{line}\n"))
        .collect();
    for (net, case, data) in [
        ("book", "book_X", &data),
        ("linear", "linear_X", &data),
        ("book", "book_x", &first_row),
        ("linear", "linear_x", &first_row),
    ] {
        let printed = json(&run_on(case, net, &weights, data.as_bytes()));
        assert_golden(&printed, &golden["cases"][case]["f64"]);
    }
}

#[test]
fn the_16_32_16_4_network_agrees_with_pytorch() {
    let golden = read("net16.json");
    let names: Vec<String> = (1..=16).map(|i| format!("x{i}")).collect();
    let header = format!("{},y1,y2,y3,y4", names.join(","));
    let data = csv(&header, &golden["X"], &golden["Y"]);
    let weights = file(&golden_weights(&golden));
    let printed = json(&run_on("mlp16", "mlp16", &weights, data.as_bytes()));
    assert_golden(&printed, &golden["case"]["f64"]);
}

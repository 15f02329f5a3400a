//! The table of layers, and the bytes that the network takes.

use crate::code;
use crate::mlp::{Mlp, Stage};

/// Bytes of an `f32`.
const BYTES: usize = size_of::<f32>();

/// What the tool prints.
pub(crate) fn table(mlp: &Mlp) -> String {
    let mut lines = vec![row(&["stage", "kind", "shape", "parameters"])];
    for (index, stage) in mlp.stages().enumerate() {
        let (kind, shape, parameters) = match stage {
            Stage::Standardize(stage) => (String::from("Standardize"), stage.shape[0], 0),
            Stage::Activation(activation, width) => (activation.to_string(), width, 0),
            Stage::Linear(layer) => (String::from("Linear"), layer.shape[0], parameters(stage)),
        };
        let shape = match stage {
            Stage::Linear(layer) => format!("{} => {}", layer.shape[1], layer.shape[0]),
            _ => shape.to_string(),
        };
        lines.push(row(&[
            &index.to_string(),
            &kind,
            &shape,
            &parameters.to_string(),
        ]));
    }
    let outputs = mlp.outputs().to_string();
    lines.push(row(&["head", &mlp.head.to_string(), &outputs, "0"]));
    lines.push(String::new());
    lines.push(code::list(mlp, "net![", "]"));
    lines.push(String::new());
    lines.extend(bytes(mlp));
    lines.join("\n")
}

fn row(columns: &[&str; 4]) -> String {
    let [stage, kind, shape, parameters] = columns;
    format!("{stage:<6} {kind:<16} {shape:>12} {parameters:>11}")
}

/// How many numbers of the stage can be learned.
fn parameters(stage: Stage<'_>) -> usize {
    match stage {
        Stage::Linear(layer) => layer.weight.len() + layer.bias.as_ref().map_or(0, Vec::len),
        _ => 0,
    }
}

/// The numbers that the network has, with what each of them takes.
fn bytes(mlp: &Mlp) -> Vec<String> {
    let parameters: usize = mlp.stages().map(parameters).sum();
    let fixed = mlp
        .standardize
        .as_ref()
        .map_or(0, |stage| 2 * stage.shape[0]);
    let network = BYTES * (parameters + fixed);
    let gradient = BYTES * parameters;
    // What each stage gives, and the row itself.
    let values = BYTES * (mlp.inputs() + mlp.stages().map(Stage::width).sum::<usize>());
    let line = |name: &str, bytes: usize| format!("{name:<54} {bytes:>7}");
    let pair = |name: &str, sgd: usize| format!("{name:<46} {sgd:>7} {:>7}", sgd + 2 * gradient);
    let fixed = match fixed {
        0 => String::new(),
        _ => format!(", and {fixed} numbers that do not learn"),
    };
    vec![
        format!("parameters: {parameters}{fixed}"),
        String::new(),
        line("bytes of flash: the weights", network),
        line(
            "bytes of RAM to run: the row, and what the stages give",
            values,
        ),
        format!(
            "{:<46} {:>7} {:>7}",
            "bytes of RAM to train with", "Sgd", "Adam"
        ),
        pair("  Online, a sample at a time", network),
        pair("  Trainer, mini-batches", network + gradient),
        String::from("RAM to train is weights, the state of Adam, and the gradient of a Trainer;"),
        String::from("their settings (some 20 bytes), code and stack are not counted."),
    ]
}

//! The text of model.rs.

use crate::mlp::{Head, Mlp, Stage};
use std::collections::BTreeSet;

/// Columns of a line.
const WIDTH: usize = 100;

/// A Rust file that has the network's type and a static with its weights.
pub(crate) fn source(mlp: &Mlp, file: &str) -> String {
    let (inputs, outputs) = (mlp.inputs(), mlp.outputs());
    let takes = match &mlp.standardize {
        None => "",
        Some(_) => "\n//! It standardises the inputs itself: give them raw.",
    };
    format!(
        "\
//! From {file}: {} in, {} out.
//!
//! {}{takes}

{}

/// The network.
pub type Model = {};

safetensors! {{
    /// The network with its weights.
    pub static MODEL: Model = include_bytes!(\"model.safetensors\");
}}
",
        numbers(inputs),
        numbers(outputs),
        meaning(mlp),
        uses(mlp),
        list(mlp, "net![", "]"),
    )
}

fn numbers(count: usize) -> String {
    match count {
        1 => String::from("1 number"),
        _ => format!("{count} numbers"),
    }
}

/// What `forward` gives.
fn meaning(mlp: &Mlp) -> &'static str {
    match (mlp.head, mlp.complements, mlp.outputs()) {
        (Head::SoftmaxCe, ..) => "`forward` gives the probability of each class.",
        (Head::SigmoidBce, false, 1) => "`forward` gives a probability.",
        (Head::SigmoidBce, false, _) => "`forward` gives a probability for each output.",
        (_, true, 1) => {
            "`forward` gives p, the probability of the second class; the model gives `[1 - p, p]`."
        }
        (_, true, _) => {
            "`forward` gives p, the probability of each label; the model also gives each `1 - p`."
        }
        (Head::Mse, ..) => "`forward` gives the model's output.",
    }
}

/// The names that the type needs. `net!` itself knows `Standardize`.
fn uses(mlp: &Mlp) -> String {
    let mut types = BTreeSet::from([mlp.head.to_string()]);
    for stage in mlp.stages() {
        if let Stage::Activation(activation, _) = stage {
            let name = activation.to_string();
            types.insert(name.split('<').next().unwrap_or_default().to_string());
        }
    }
    let names: Vec<String> = types
        .into_iter()
        .chain(["net", "safetensors"].map(String::from))
        .collect();
    let line = format!("use stackprop::{{{}}};", names.join(", "));
    match line.len() <= WIDTH {
        true => line,
        false => format!("use stackprop::{{\n{},\n}};", wrapped(&names)),
    }
}

/// The network in the words of `net!`, between these texts.
pub(crate) fn list(mlp: &Mlp, before: &str, after: &str) -> String {
    let mut items = vec![mlp.inputs().to_string()];
    let mut first = String::new();
    if !mlp.has_biases() {
        first.push_str("bias = false;");
    }
    for stage in mlp.stages() {
        match stage {
            Stage::Standardize(_) => items.push(String::from("Standardize")),
            Stage::Activation(activation, _) => items.push(activation.to_string()),
            Stage::Linear(layer) => {
                let last = items.pop().unwrap_or_default();
                items.push(format!("{last} => {}", layer.shape[0]));
            }
        }
    }
    items.push(mlp.head.to_string());
    let blank = if first.is_empty() { "" } else { " " };
    let line = format!("{before}{first}{blank}{}{after}", items.join(", "));
    // `pub type Model = ` and `;` stand around it.
    match line.len() + 18 <= WIDTH {
        true => line,
        false => format!("{before}{first}\n{}\n{after}", wrapped(&items)),
    }
}

/// Lines as full as can be, four blanks in.
fn wrapped(items: &[String]) -> String {
    let mut lines = vec![String::from("   ")];
    for (index, item) in items.iter().enumerate() {
        let end = if index + 1 < items.len() { "," } else { "" };
        let item = format!(" {item}{end}");
        match lines.last_mut() {
            Some(line) if line.len() + item.len() <= WIDTH => line.push_str(&item),
            _ => lines.push(format!("   {item}")),
        }
    }
    lines.join("\n")
}

#[cfg(test)]
mod tests {
    use super::source;
    use crate::mlp::{Activation, Head, Linear, Mlp, Standardize};

    /// A square network with every activation `repeat` times.
    fn network(repeat: usize) -> Mlp {
        let all = [
            Activation::Relu,
            Activation::LeakyRelu(1, 5),
            Activation::Elu,
            Activation::HardTanh,
            Activation::Tanh,
            Activation::Softplus,
        ];
        let layer = |_| Linear {
            shape: [2, 2],
            weight: vec![0.0; 4],
            bias: None,
            activations: all.to_vec(),
        };
        let scale = Standardize {
            mean: vec![0.0; 2],
            scale: vec![1.0; 2],
            shape: [2],
        };
        Mlp::new(
            Some(scale),
            (0..repeat).map(layer).collect(),
            Head::SoftmaxCe,
        )
    }

    #[test]
    fn long_lists_are_wrapped() {
        for repeat in [1, 2, 5] {
            let code = source(&network(repeat), "m.onnx");
            assert!(code.lines().all(|line| line.len() <= 100), "{code}");
            let on_one_line = code.split_whitespace().collect::<Vec<_>>().join(" ");
            let stages = "2, Relu, LeakyRelu<1, 5>, Elu, HardTanh, Tanh, Softplus";
            let layers = vec![stages; repeat].join(" => ");
            let list = format!("net![bias = false; 2, Standardize => {layers}, SoftmaxCe");
            assert!(on_one_line.contains(&list), "{code}");
            let (uses, _) = on_one_line.split_once("};").unwrap();
            assert!(uses.contains("use stackprop::{") && !uses.contains("Standardize"));
        }
    }
}

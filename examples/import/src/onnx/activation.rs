//! Activations.

use super::node::Node;
use super::tensor::Values;
use super::walk::Walk;
use crate::mlp::Activation;
use crate::slope;

/// From here on softplus(x) rounds to x in f32.
const LINEAR_FROM: f32 = 17.0;

/// A node that computes number by number, or a softmax.
pub(crate) fn step(walk: &mut Walk<'_>, node: Node<'_>) -> Result<(), String> {
    let activation = match node.op().as_str() {
        "Softmax" => return softmax(walk, node),
        "Relu" => Activation::Relu,
        "Tanh" => Activation::Tanh,
        "Sigmoid" => Activation::Sigmoid,
        "Softplus" => Activation::Softplus,
        "LeakyRelu" => leaky(node)?,
        "Elu" => {
            node.require("alpha", 1.0)?;
            Activation::Elu
        }
        "Clip" => clip(walk, node)?,
        "BatchNormalization" => {
            return Err(node.error("fold it into the layer before it, then export"));
        }
        "LogSoftmax" => {
            return Err(node.error("the network would give probabilities; export with Softmax"));
        }
        _ => return Err(node.error("this operator cannot be imported")),
    };
    push(walk, node, activation)
}

fn push(walk: &mut Walk<'_>, node: Node<'_>, activation: Activation) -> Result<(), String> {
    match walk.layers.last_mut() {
        Some(layer) => layer.activations.push(activation),
        None => return Err(node.error("it stands before the first layer")),
    }
    Ok(())
}

fn leaky(node: Node<'_>) -> Result<Activation, String> {
    let alpha = node.float("alpha", 0.01);
    match slope::fraction(alpha) {
        Some((numerator, denominator)) => Ok(Activation::LeakyRelu(numerator, denominator)),
        None => Err(node.error(format!(
            "alpha is {alpha:?}, not a fraction of integers below 2^24"
        ))),
    }
}

/// Only to -1 and 1. The limits are attributes or inputs.
fn clip(walk: &Walk<'_>, node: Node<'_>) -> Result<Activation, String> {
    let limit = |name, index| match node.input(index) {
        None => Ok(node.attribute(name).and_then(|a| a.f)),
        Some(input) => match walk.graph.constant(input)?.map(|c| c.values) {
            Some(Values::Floats(values)) if values.len() == 1 => Ok(Some(values[0])),
            _ => Err(node.error(format!("'{input}' is not a number"))),
        },
    };
    match (limit("min", 1)?, limit("max", 2)?) {
        (Some(-1.0), Some(1.0)) => Ok(Activation::HardTanh),
        (min, max) => {
            let text = |limit: Option<f32>| limit.map_or(String::from("none"), |l| l.to_string());
            let (min, max) = (text(min), text(max));
            Err(node.error(format!(
                "its limits are {min} and {max}, only -1 and 1 can be imported"
            )))
        }
    }
}

/// Over a row, at the end.
fn softmax(walk: &mut Walk<'_>, node: Node<'_>) -> Result<(), String> {
    walk.rows.require(node)?;
    let rank = walk.rows.rank() as i64;
    let default = if walk.graph.opset < 13 { 1 } else { -1 };
    let axis = node.integer("axis").unwrap_or(default);
    if axis != -1 && axis != rank - 1 {
        return Err(node.error(format!("axis is {axis}, not the last of {rank}")));
    }
    match walk.layers.last().map(|layer| layer.shape[0]) {
        None => return Err(node.error("it stands before the first layer")),
        Some(1) => return Err(node.error("softmax over one output is always 1")),
        Some(_) => walk.softmax = true,
    }
    Ok(())
}

/// PyTorch's softplus, which gives x itself above a threshold: `Softplus`, `Greater` and `Where`.
/// Returns what it makes.
pub(crate) fn guarded_softplus<'a>(
    walk: &mut Walk<'a>,
    readers: &[Node<'a>],
) -> Result<&'a str, String> {
    let find = |op| readers.iter().find(|node| node.op() == op).copied();
    let found = (find("Softplus"), find("Greater"), find("Where"));
    if let (3, (Some(softplus), Some(greater), Some(choice))) = (readers.len(), found) {
        let (value, above) = (walk.value, greater.input(1).unwrap_or_default());
        let threshold = match walk.graph.constant(above)?.map(|c| c.values) {
            Some(Values::Floats(values)) if values.len() == 1 => values[0],
            _ => 0.0,
        };
        let inputs = [greater.output(0)?, value, softplus.output(0)?];
        let only =
            |name| walk.graph.readers(name).len() == 1 && !walk.graph.outputs.contains(&name);
        if greater.input(0) == Some(value)
            && threshold >= LINEAR_FROM
            && (0..3).all(|index| choice.input(index) == Some(inputs[index]))
            && only(inputs[0])
            && only(inputs[2])
        {
            push(walk, softplus, Activation::Softplus)?;
            return choice.output(0);
        }
    }
    let names: Vec<String> = readers.iter().map(|node| node.label()).collect();
    Err(format!(
        "'{}' is read by {}: branches, as in skip connections, cannot be imported",
        walk.value,
        names.join(" and by ")
    ))
}

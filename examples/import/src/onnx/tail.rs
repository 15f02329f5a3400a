//! What scikit-learn's exporter puts behind the probabilities: the class, and forms of both.

use super::node::Node;
use super::walk::Walk;
use rten_onnx::onnx::DataType;
use std::collections::HashMap;

/// The operators that a tail begins with.
const BEGIN: [&str; 5] = [
    "ArgMax",
    "Concat",
    "ai.onnx.ml.Binarizer",
    "ai.onnx.ml.Normalizer",
    "ai.onnx.ml.ZipMap",
];

/// What a value of the tail is.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Kind {
    /// The probabilities.
    P,
    /// 1 - p of each.
    Complement,
    /// First 1 - p of each, then p of each.
    Both,
    /// The class, or something on the way to it.
    Class,
}

/// Whether the network ends before these nodes.
pub(crate) fn begins(readers: &[Node<'_>]) -> bool {
    readers
        .iter()
        .any(|node| BEGIN.contains(&node.op().as_str()))
}

/// Checks that all outputs are the class or the probabilities, at least one of them the latter.
/// Returns whether the model gives 1 - p beside each p.
pub(crate) fn read(walk: &Walk<'_>) -> Result<bool, String> {
    let readers = walk.graph.readers(walk.value);
    if let Some(node) = readers.first().filter(|_| !walk.is_probability()) {
        return Err(node.error("it can only stand behind probabilities, at the end"));
    }
    let mut kinds = HashMap::from([(walk.value, Kind::P)]);
    if let Some(classifier) = walk.classifier {
        kinds.insert(classifier.label, Kind::Class);
        if classifier.complements {
            kinds.insert(walk.value, Kind::Both);
        }
    }
    for node in &walk.graph.nodes {
        let inputs = node.0.input.iter();
        let inputs: Vec<Kind> = inputs
            .filter_map(|input| kinds.get(input.as_str()).copied())
            .collect();
        if inputs.is_empty() {
            continue;
        }
        let kind = kind(walk, *node, &inputs)
            .ok_or_else(|| node.error("it makes something else of the probabilities"))?;
        kinds.insert(node.output(0)?, kind);
    }
    let outputs = walk.graph.outputs.iter();
    let of_outputs: Vec<Option<&Kind>> = outputs.map(|name| kinds.get(name)).collect();
    if let Some(index) = of_outputs.iter().position(Option::is_none) {
        let name = walk.graph.outputs[index];
        return Err(format!(
            "the output '{name}' does not come from the probabilities"
        ));
    }
    let gives = |kind| of_outputs.contains(&Some(&kind));
    match (gives(Kind::P), gives(Kind::Both)) {
        (false, false) => Err(String::from(
            "the model gives only the class; export it with its probabilities",
        )),
        (_, both) => Ok(both),
    }
}

/// What the node makes, if it belongs into a tail.
fn kind(walk: &Walk<'_>, node: Node<'_>, inputs: &[Kind]) -> Option<Kind> {
    let probabilities = |kind: &Kind| matches!(kind, Kind::P | Kind::Both);
    match (node.op().as_str(), inputs) {
        ("Sub", [Kind::P]) => is_one(walk, node).then_some(Kind::Complement),
        ("Concat", [Kind::Complement, Kind::P]) => {
            let axis = node.integer("axis");
            (axis == Some(1) || axis == Some(-1)).then_some(Kind::Both)
        }
        ("Identity" | "ai.onnx.ml.ZipMap", [kind]) => Some(*kind),
        ("ai.onnx.ml.Normalizer", [Kind::P]) => {
            (walk.softmax && node.text("norm") == "L1").then_some(Kind::P)
        }
        ("Cast", [kind]) if probabilities(kind) => {
            (node.integer("to") == Some(i64::from(DataType::FLOAT.0))).then_some(*kind)
        }
        ("ArgMax" | "ai.onnx.ml.Binarizer", [kind]) => probabilities(kind).then_some(Kind::Class),
        ("ai.onnx.ml.ArrayFeatureExtractor" | "Cast" | "Reshape", [Kind::Class]) => {
            Some(Kind::Class)
        }
        _ => None,
    }
}

/// Whether the node subtracts from 1.
fn is_one(walk: &Walk<'_>, node: Node<'_>) -> bool {
    let first = node.input(0).map(|name| walk.graph.constant(name));
    let values = match first {
        Some(Ok(Some(constant))) => constant.floats().unwrap_or_default(),
        _ => Vec::new(),
    };
    values == [1.0]
}

//! Linear layers.

use super::graph::transpose;
use super::node::Node;
use super::tensor::Constant;
use super::walk::{Classifier, Walk};
use crate::mlp::{Activation, Linear};
use crate::state_dict::check_finite;

/// y = x W^T + b or x W + b.
pub(crate) fn gemm(walk: &mut Walk<'_>, node: Node<'_>) -> Result<(), String> {
    for (name, expected) in [("alpha", 1.0), ("beta", 1.0), ("transA", 0.0)] {
        node.require(name, expected)?;
    }
    if walk.rows.rank() != 2 {
        return Err(node.error("it reads a value that has not 2 axes"));
    }
    let name = node
        .input(1)
        .ok_or_else(|| node.error("it has no weight"))?;
    let weight = walk.graph.weights(node, name)?;
    let by_outputs = match node.integer("transB").unwrap_or(0) {
        0 => false,
        1 => true,
        other => return Err(node.error(format!("transB is {other}"))),
    };
    layer(walk, node, weight, by_outputs)?;
    match node.input(2) {
        Some(name) => add_bias(walk, node, name),
        None => Ok(()),
    }
}

/// y = x W, or W x for a single row.
pub(crate) fn matmul(walk: &mut Walk<'_>, node: Node<'_>) -> Result<(), String> {
    let first = node.input(0) == Some(walk.value);
    if !first && walk.rows.rank() != 1 {
        return Err(node.error("a weight in front is for a single row"));
    }
    let name = node.input(usize::from(first));
    let name = name.ok_or_else(|| node.error("it has no weight"))?;
    let weight = walk.graph.weights(node, name)?;
    layer(walk, node, weight, !first)
}

/// Adds a layer. Its weight has a row for each output, or for each input.
fn layer(
    walk: &mut Walk<'_>,
    node: Node<'_>,
    weight: Constant,
    by_outputs: bool,
) -> Result<(), String> {
    let [rows, columns] = weight.dims[..] else {
        let (name, dims) = (&weight.name, &weight.dims);
        return Err(node.error(format!(
            "weight '{name}' is of shape {dims:?}, not a matrix"
        )));
    };
    let (shape, values) = match by_outputs {
        true => ([rows, columns], weight.floats()?),
        false => ([columns, rows], transpose(&weight.floats()?, columns)),
    };
    push(walk, node, shape, values, None)
}

fn push(
    walk: &mut Walk<'_>,
    node: Node<'_>,
    shape: [usize; 2],
    weight: Vec<f32>,
    bias: Option<Vec<f32>>,
) -> Result<(), String> {
    walk.rows.layer(node, shape)?;
    walk.layers.push(Linear {
        shape,
        weight,
        bias,
        activations: Vec::new(),
    });
    Ok(())
}

/// A node `Add` behind a layer.
pub(crate) fn bias(walk: &mut Walk<'_>, node: Node<'_>) -> Result<(), String> {
    let index = usize::from(node.input(0) == Some(walk.value));
    let name = node.input(index);
    let name = name.ok_or_else(|| node.error("it adds nothing"))?;
    add_bias(walk, node, name)
}

/// Gives the last layer a bias, unless it has one or an activation.
fn add_bias(walk: &mut Walk<'_>, node: Node<'_>, name: &str) -> Result<(), String> {
    walk.rows.require(node)?;
    let constant = walk.graph.weights(node, name)?;
    let layer = walk.layers.last_mut();
    let layer = layer.filter(|layer| layer.bias.is_none() && layer.activations.is_empty());
    let layer = layer.ok_or_else(|| {
        node.error("it adds to something else than the outputs of a layer without a bias")
    })?;
    let outputs = layer.shape[0];
    if constant.dims != [outputs] && constant.dims != [1, outputs] {
        let dims = &constant.dims;
        return Err(node.error(format!(
            "bias '{name}' is of shape {dims:?}, the layer has {outputs} outputs"
        )));
    }
    walk.rows.extend(constant.dims.len());
    layer.bias = Some(constant.floats()?);
    Ok(())
}

/// scikit-learn's linear regression, a layer in one node.
pub(crate) fn regressor(walk: &mut Walk<'_>, node: Node<'_>) -> Result<(), String> {
    if !matches!(node.text("post_transform"), "" | "NONE") {
        let transform = node.text("post_transform");
        return Err(node.error(format!("post_transform is {transform}, not NONE")));
    }
    let targets = node.integer("targets").unwrap_or(1);
    let targets = usize::try_from(targets).unwrap_or(0);
    from_attributes(walk, node, targets)
}

/// scikit-learn's logistic regression, a layer and its head in one node.
/// Returns its probabilities.
pub(crate) fn classifier<'a>(walk: &mut Walk<'a>, node: Node<'a>) -> Result<&'a str, String> {
    let classes = |name, strings: bool| {
        node.attribute(name).map_or(0, |a| match strings {
            true => a.strings.len(),
            false => a.ints.len(),
        })
    };
    let count = classes("classlabels_ints", false).max(classes("classlabels_strings", true));
    let transform = node.text("post_transform");
    if count < 2 || node.floats("intercepts").len() != count {
        return Err(node.error("it has not an intercept for each of its classes"));
    }
    from_attributes(walk, node, count)?;
    let mut complements = false;
    match (transform, walk.layers.last_mut()) {
        ("SOFTMAX", _) => walk.softmax = true,
        ("LOGISTIC", Some(layer)) => {
            complements = keep_second(layer);
            if complements {
                walk.rows.layer(node, [1, 2])?;
            }
            layer.activations.push(Activation::Sigmoid);
        }
        _ => return Err(node.error(format!("post_transform is \"{transform}\""))),
    }
    let label = node.output(0)?;
    walk.classifier = Some(Classifier { label, complements });
    node.output(1)
}

/// A layer whose numbers are attributes.
fn from_attributes(walk: &mut Walk<'_>, node: Node<'_>, outputs: usize) -> Result<(), String> {
    let (weight, bias) = (node.floats("coefficients"), node.floats("intercepts"));
    let fits = outputs > 0 && !weight.is_empty() && weight.len().is_multiple_of(outputs);
    if !fits || !(bias.is_empty() || bias.len() == outputs) {
        let (weights, biases) = (weight.len(), bias.len());
        return Err(node.error(format!(
            "{weights} coefficients and {biases} intercepts do not fit {outputs} outputs"
        )));
    }
    check_finite("coefficients", weight).map_err(|reason| node.error(reason))?;
    check_finite("intercepts", bias).map_err(|reason| node.error(reason))?;
    let shape = [outputs, weight.len() / outputs];
    let bias = (!bias.is_empty()).then(|| bias.to_vec());
    push(walk, node, shape, weight.to_vec(), bias)
}

/// Of two outputs of which one is the other's negative, keeps the second.
fn keep_second(layer: &mut Linear) -> bool {
    let opposite = |values: &[f32]| {
        let (a, b) = values.split_at(values.len() / 2);
        a.iter().zip(b).all(|(a, b)| *a == -*b)
    };
    let [2, inputs] = layer.shape else {
        return false;
    };
    let bias = layer.bias.get_or_insert_with(|| vec![0.0; 2]);
    if !opposite(&layer.weight) || !opposite(bias) {
        return false;
    }
    layer.weight.drain(..inputs);
    bias.drain(..1);
    layer.shape[0] = 1;
    true
}

//! What is done to the inputs before the first layer: y = (x - mean) / scale.

use super::node::Node;
use super::walk::Walk;
use crate::mlp::Standardize;

/// The numbers of a standardise stage; one number stands for all inputs.
#[derive(Default)]
pub(crate) struct Affine {
    mean: Option<Vec<f32>>,
    scale: Option<Vec<f32>>,
}

impl Affine {
    /// The stage for this many inputs, if there is one.
    pub(crate) fn finish(self, inputs: usize) -> Result<Option<Standardize>, String> {
        if self.mean.is_none() && self.scale.is_none() {
            return Ok(None);
        }
        let full = |values: Option<Vec<f32>>, default: f32| {
            let values = values.unwrap_or_else(|| vec![default]);
            match values[..] {
                [value] => Ok(vec![value; inputs]),
                _ if values.len() == inputs => Ok(values),
                _ => Err(format!(
                    "the inputs are standardised in {} columns, the first layer takes {inputs}",
                    values.len()
                )),
            }
        };
        Ok(Some(Standardize {
            mean: full(self.mean, 0.0)?,
            scale: full(self.scale, 1.0)?,
            shape: [inputs],
        }))
    }
}

/// A node `Scaler`, `Sub`, `Add`, `Div` or `Mul`.
pub(crate) fn step(walk: &mut Walk<'_>, node: Node<'_>) -> Result<(), String> {
    if !walk.layers.is_empty() {
        return Err(
            node.error("it stands behind a layer; numbers are only scaled before the first")
        );
    }
    let op = node.op();
    if op == "ai.onnx.ml.Scaler" {
        let values = |name| node.floats(name).to_vec();
        set_mean(walk, node, values("offset"))?;
        return set_scale(walk, node, reciprocals(node, &values("scale"))?);
    }
    let index = usize::from(node.input(0) == Some(walk.value));
    let name = node.input(index);
    let name = name.ok_or_else(|| node.error("it has no second input"))?;
    let constant = walk.graph.weights(node, name)?;
    if !matches!(constant.dims[..], [] | [_] | [1, _]) {
        let dims = &constant.dims;
        return Err(node.error(format!("'{name}' is of shape {dims:?}, not of one row")));
    }
    walk.rows.extend(constant.dims.len());
    let values = constant.floats()?;
    match op.as_str() {
        "Sub" => set_mean(walk, node, values),
        "Add" => set_mean(walk, node, values.iter().map(|v| -v).collect()),
        "Div" => set_scale(walk, node, values),
        _ => set_scale(walk, node, reciprocals(node, &values)?),
    }
}

/// Divisors in place of factors: the nearest floats.
fn reciprocals(node: Node<'_>, factors: &[f32]) -> Result<Vec<f32>, String> {
    let divisor = |factor: &f32| (1.0 / f64::from(*factor)) as f32;
    let divisors: Vec<f32> = factors.iter().map(divisor).collect();
    let bad = divisors.iter().position(|d| !d.is_finite() || *d == 0.0);
    match bad {
        Some(index) => Err(node.error(format!(
            "the factor {:?} of input {index} has no divisor in f32",
            factors[index]
        ))),
        None => Ok(divisors),
    }
}

/// Behind a scale, x / scale - mean is (x - mean scale) / scale.
fn set_mean(walk: &mut Walk<'_>, node: Node<'_>, values: Vec<f32>) -> Result<(), String> {
    check(walk, node, &values)?;
    if walk.affine.mean.is_some() {
        return Err(node.error("the inputs are shifted before; export (x - mean) / scale"));
    }
    let mean = match &walk.affine.scale {
        None => values,
        Some(scale) => products(&values, scale),
    };
    check(walk, node, &mean)?;
    walk.affine.mean = Some(mean);
    Ok(())
}

/// Number by number; one number stands for all.
fn products(a: &[f32], b: &[f32]) -> Vec<f32> {
    let pick = |values: &[f32], index: usize| values[index % values.len()];
    (0..a.len().max(b.len()))
        .map(|index| pick(a, index) * pick(b, index))
        .collect()
}

fn set_scale(walk: &mut Walk<'_>, node: Node<'_>, values: Vec<f32>) -> Result<(), String> {
    check(walk, node, &values)?;
    if let Some(index) = values.iter().position(|v| *v == 0.0) {
        return Err(node.error(format!("it divides input {index} by 0")));
    }
    if walk.affine.scale.is_some() {
        return Err(node.error("the inputs are scaled before; export (x - mean) / scale"));
    }
    walk.affine.scale = Some(values);
    Ok(())
}

/// Refuses numbers that are not finite, and more or fewer than a row has.
fn check(walk: &Walk<'_>, node: Node<'_>, values: &[f32]) -> Result<(), String> {
    walk.rows.require(node)?;
    if let Some(value) = values.iter().find(|v| !v.is_finite()) {
        return Err(node.error(format!("a number is {value}, not finite")));
    }
    let width = walk.rows.width();
    match values.len() == 1 || Some(values.len()) == width {
        true => Ok(()),
        false => Err(node.error(match width {
            Some(width) => format!("it has {} numbers, a row has {width}", values.len()),
            None => String::from("how many numbers a row has is not known"),
        })),
    }
}

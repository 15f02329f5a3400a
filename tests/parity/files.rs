//! Files for the tool, from the golden files.

use crate::golden::{numbers, read};
use safetensors::{Dtype, tensor::TensorView};
use serde_json::Value;

/// A tensor of a weights file.
#[derive(Clone)]
pub(crate) struct Tensor {
    pub(crate) name: String,
    pub(crate) dtype: Dtype,
    pub(crate) shape: Vec<usize>,
    pub(crate) bytes: Vec<u8>,
}

pub(crate) fn tensor(name: &str, shape: &[usize], values: &[f32]) -> Tensor {
    Tensor {
        name: String::from(name),
        dtype: Dtype::F32,
        shape: shape.to_vec(),
        bytes: values.iter().flat_map(|v| v.to_le_bytes()).collect(),
    }
}

pub(crate) fn file(tensors: &[Tensor]) -> Vec<u8> {
    let views = tensors.iter().map(|tensor| {
        let Tensor {
            name,
            dtype,
            shape,
            bytes,
        } = tensor;
        (name, TensorView::new(*dtype, shape.clone(), bytes).unwrap())
    });
    safetensors::serialize(views, None).unwrap()
}

pub(crate) fn csv(names: &str, rows: &Value, targets: &Value) -> String {
    let mut text = format!("{names}\n");
    for (x, y) in rows
        .as_array()
        .unwrap()
        .iter()
        .zip(targets.as_array().unwrap())
    {
        let row = [numbers(x), numbers(y)].concat();
        let fields: Vec<String> = row.iter().map(f64::to_string).collect();
        text += &format!("{}\n", fields.join(","));
    }
    text
}

/// The weights of a golden file by their PyTorch names.
pub(crate) fn golden_weights(golden: &Value) -> Vec<Tensor> {
    let mut all = Vec::new();
    for layer in 1..=3 {
        for (key, name) in [("w", "weight"), ("b", "bias")] {
            if let Some(value) = golden["weights"].get(format!("{key}{layer}")) {
                let rows = value.as_array().unwrap().len();
                let values: Vec<f32> = numbers(value).iter().map(|v| *v as f32).collect();
                let shape = match key {
                    "w" => vec![rows, values.len() / rows],
                    _ => vec![rows],
                };
                all.push(tensor(&format!("fc{layer}.{name}"), &shape, &values));
            }
        }
    }
    all
}

/// The notebook's network and data set.
pub(crate) fn notebook() -> (Vec<u8>, String) {
    let golden = read("notebook.json");
    let data = csv("x1,x2,x3,y1", &golden["X"], &golden["Y"]);
    (file(&golden_weights(&golden)), data)
}

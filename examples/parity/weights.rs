//! The weights, from a safetensors file.

use crate::nets::Tensor;
use safetensors::{Dtype, SafeTensors};
use std::path::Path;

/// The numbers of `tensors`, in their order. The file has to hold these tensors and no others.
pub(crate) fn read(path: &Path, tensors: &[Tensor]) -> Result<Vec<Vec<f32>>, String> {
    let named = |reason: String| format!("{}: {reason}", path.display());
    let bytes = std::fs::read(path).map_err(|error| named(error.to_string()))?;
    if bytes.is_empty() {
        return Err(named(String::from("the file is empty")));
    }
    let file = SafeTensors::deserialize(&bytes)
        .map_err(|error| named(format!("not a safetensors file: {error}")))?;
    check_names(&file, tensors).map_err(named)?;
    let values = tensors.iter().map(|tensor| numbers(&file, tensor));
    values.collect::<Result<_, _>>().map_err(named)
}

fn check_names(file: &SafeTensors<'_>, tensors: &[Tensor]) -> Result<(), String> {
    let names = file.names();
    let expected: Vec<&str> = tensors.iter().map(|tensor| tensor.name.as_str()).collect();
    let missing = without(&expected, &names);
    let unknown = without(&names, &expected);
    match (missing.is_empty(), unknown.is_empty()) {
        (true, true) => Ok(()),
        (false, true) => Err(format!("missing tensors: {missing}")),
        (true, false) => Err(format!("tensors that the network does not have: {unknown}")),
        (false, false) => Err(format!(
            "missing tensors: {missing}; tensors that the network does not have: {unknown}"
        )),
    }
}

/// The names of `all` that are not among `others`.
fn without(all: &[&str], others: &[&str]) -> String {
    let mut rest = all.to_vec();
    rest.retain(|name| !others.contains(name));
    rest.sort_unstable();
    rest.join(", ")
}

fn numbers(file: &SafeTensors<'_>, tensor: &Tensor) -> Result<Vec<f32>, String> {
    let Tensor { name, shape } = tensor;
    let view = file
        .tensor(name)
        .map_err(|error| format!("tensor {name}: {error}"))?;
    if view.dtype() != Dtype::F32 {
        let dtype = view.dtype();
        return Err(format!("tensor {name} is of dtype {dtype:?}, expected F32"));
    }
    if view.shape() != shape {
        let found = view.shape();
        return Err(format!(
            "tensor {name} is of shape {found:?}, expected {shape:?}"
        ));
    }
    let (bytes, _) = view.data().as_chunks::<4>();
    Ok(bytes.iter().map(|b| f32::from_le_bytes(*b)).collect())
}

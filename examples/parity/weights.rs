//! The weights, from a safetensors file and into one.

use crate::nets::with_names;
use crate::safetensors_file::{WholeFile, to_bytes};
use safetensors::{Dtype, SafeTensors};
use stackprop::Network;
use stackprop::params::{Params, Tensor};
use std::path::Path;

/// Sets the weights of `network`. The file has to hold its tensors and no others.
pub(crate) fn load<L: Params, H: Copy, const I: usize, const O: usize>(
    network: &mut Network<L, H, I, O>,
    path: &Path,
) -> Result<(), String> {
    let in_file = |reason: String| format!("{}: {reason}", path.display());
    let bytes = std::fs::read(path).map_err(|error| in_file(error.to_string()))?;
    let values = read(&bytes, with_names(network.tensors()).collect()).map_err(in_file)?;
    network
        .copy_from_slice(&values)
        .map_err(|error| in_file(error.to_string()))
}

/// Writes the weights, which [`load`] reads back bit for bit. [`WholeFile::finish`] gives the file
/// its name.
pub(crate) fn save<L: Params, H: Copy, const I: usize, const O: usize>(
    network: &Network<L, H, I, O>,
    path: &Path,
) -> Result<WholeFile, String> {
    let tensors = with_names(network.tensors());
    let bytes = to_bytes(tensors.map(|(name, tensor)| (name, tensor.shape, tensor.values)))?;
    WholeFile::write(path, &bytes).map_err(|error| error.to_string())
}

/// The numbers of `tensors` in the file, one after another.
fn read(bytes: &[u8], tensors: Vec<(String, Tensor<'_>)>) -> Result<Vec<f32>, String> {
    if bytes.is_empty() {
        return Err(String::from("the file is empty"));
    }
    let file = SafeTensors::deserialize(bytes)
        .map_err(|error| format!("not a safetensors file: {error}"))?;
    check_names(
        &file,
        tensors.iter().map(|(name, _)| name.as_str()).collect(),
    )?;
    let mut values = Vec::new();
    for (name, tensor) in &tensors {
        values.extend(numbers(&file, name, tensor.shape)?);
    }
    Ok(values)
}

fn check_names(file: &SafeTensors<'_>, expected: Vec<&str>) -> Result<(), String> {
    let names = file.names();
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

fn numbers(file: &SafeTensors<'_>, name: &str, shape: &[usize]) -> Result<Vec<f32>, String> {
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

//! Weights from a PyTorch model's `state_dict()`, for a network that is given.

use crate::list::List;
use crate::mlp::{Linear, Mlp, Standardize};
use crate::options::Names;
use safetensors::{Dtype, SafeTensors};
use std::path::Path;

/// The network with the weights of the file.
pub(crate) fn read(path: &Path, names: &Names) -> Result<Mlp, String> {
    let bytes = std::fs::read(path).map_err(|error| error.to_string())?;
    let file = SafeTensors::deserialize(&bytes)
        .map_err(|error| format!("not a safetensors file: {error}"))?;
    let modules = modules(names)?;
    let mut tensors = Tensors {
        file: &file,
        bias: names.list.bias,
        used: Vec::new(),
    };
    let mlp = tensors.network(&names.list, modules.iter().map(String::as_str))?;
    tensors.check_rest(names, &modules)?;
    Ok(mlp)
}

/// The full name of each module that has tensors.
fn modules(names: &Names) -> Result<Vec<String>, String> {
    let list = &names.list;
    let count = usize::from(list.standardize) + list.layers.len();
    let modules = match &names.modules {
        Some(modules) if modules.len() == count => modules.clone(),
        Some(modules) => {
            let found = modules.len();
            return Err(format!(
                "--modules has {found} names, the network has {count} stages with tensors"
            ));
        }
        None => numbers(list).iter().map(usize::to_string).collect(),
    };
    let full = |module| format!("{}{module}", names.prefix);
    Ok(modules.into_iter().map(full).collect())
}

/// The places of the stages with tensors in an `nn.Sequential` of all.
fn numbers(list: &List) -> Vec<usize> {
    let mut numbers = Vec::new();
    let mut next = 0;
    if list.standardize {
        numbers.push(next);
        next += 1;
    }
    for (_, activations) in &list.layers {
        numbers.push(next);
        next += 1 + activations.len();
    }
    numbers
}

struct Tensors<'a> {
    file: &'a SafeTensors<'a>,
    bias: bool,
    /// The names that were read.
    used: Vec<String>,
}

impl Tensors<'_> {
    fn network<'n>(
        &mut self,
        list: &List,
        mut modules: impl Iterator<Item = &'n str>,
    ) -> Result<Mlp, String> {
        let mut module = || modules.next().unwrap_or_default();
        let mut inputs = list.inputs;
        let standardize = match list.standardize {
            true => Some(self.standardize(module(), inputs)?),
            false => None,
        };
        let mut layers = Vec::new();
        for (outputs, activations) in &list.layers {
            let module = module();
            let shape = [*outputs, inputs];
            let weight = self.values(&format!("{module}.weight"), &shape)?;
            let bias = match self.bias {
                true => Some(self.values(&format!("{module}.bias"), &shape[..1])?),
                false => None,
            };
            layers.push(Linear {
                shape,
                weight,
                bias,
                activations: activations.clone(),
            });
            inputs = *outputs;
        }
        Ok(Mlp {
            standardize,
            layers,
            head: list.head,
            complements: false,
        })
    }

    fn standardize(&mut self, module: &str, inputs: usize) -> Result<Standardize, String> {
        let shape = [inputs];
        let mean = self.values(&format!("{module}.mean"), &shape)?;
        let name = format!("{module}.scale");
        let scale = self.values(&name, &shape)?;
        if let Some(index) = scale.iter().position(|s| *s == 0.0) {
            return Err(format!("tensor '{name}': number {index} is 0, it divides"));
        }
        Ok(Standardize { mean, scale, shape })
    }

    /// The numbers of a tensor of this shape, all finite.
    fn values(&mut self, name: &str, shape: &[usize]) -> Result<Vec<f32>, String> {
        let Ok(view) = self.file.tensor(name) else {
            let hint = match name.ends_with(".bias") {
                true => "; a network without biases begins with \"bias = false;\"",
                false => "",
            };
            return Err(format!("tensor '{name}' is missing{hint}"));
        };
        if view.dtype() != Dtype::F32 {
            let dtype = view.dtype();
            return Err(format!("tensor '{name}' is {dtype:?}, expected F32"));
        }
        if view.shape() != shape {
            let found = view.shape();
            return Err(format!(
                "tensor '{name}' is of shape {found:?}, the network has {shape:?}"
            ));
        }
        let (bytes, _) = view.data().as_chunks::<4>();
        let values: Vec<f32> = bytes.iter().map(|b| f32::from_le_bytes(*b)).collect();
        check_finite(name, &values)?;
        self.used.push(String::from(name));
        Ok(values)
    }

    /// Refuses tensors of the network's modules that it does not have. Without `--modules` they are
    /// all whose names have the prefix.
    fn check_rest(&self, names: &Names, modules: &[String]) -> Result<(), String> {
        let belongs = |name: &str| match names.modules {
            None => name.starts_with(&names.prefix),
            Some(_) => modules.iter().any(|module| {
                name.strip_prefix(module.as_str())
                    .is_some_and(|rest| rest.starts_with('.'))
            }),
        };
        let mut rest = self.file.names();
        rest.retain(|name| belongs(name) && !self.used.iter().any(|used| used == name));
        rest.sort_unstable();
        match rest.is_empty() {
            true => Ok(()),
            false => Err(format!(
                "tensors that the network does not have: {}",
                rest.join(", ")
            )),
        }
    }
}

/// Refuses NaN and infinities.
pub(crate) fn check_finite(name: &str, values: &[f32]) -> Result<(), String> {
    match values.iter().position(|v| !v.is_finite()) {
        Some(index) => Err(format!(
            "tensor '{name}': number {index} is {}, not finite",
            values[index]
        )),
        None => Ok(()),
    }
}

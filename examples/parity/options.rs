//! The command line.

use crate::nets::Net;
use lexopt::{Arg, Parser};
use std::ffi::OsString;
use std::path::PathBuf;

pub(crate) const HELP: &str = "\
Forward pass, losses and gradients of a PyTorch model, computed by stackprop.

Usage: parity --net book|linear|mlp16 --weights W.safetensors --data D.csv

  --net NET        book    3-4-2-1, ReLU after fc1 and fc2, no biases
                   linear  3-4-2-1, no activations in between, no biases
                   mlp16   16-32-16-4, ReLU after fc1 and fc2, biases
                   each with a sigmoid on its outputs and binary cross-entropy
  --weights FILE   model.state_dict() as safetensors: fc1.weight, fc2.weight, fc3.weight,
                   for mlp16 also fc1.bias, fc2.bias, fc3.bias; F32, no other tensors
  --data FILE      CSV: the header x1,...,xI,y1,...,yO, then a sample in each line;
                   finite numbers, targets y from 0 to 1
  -h, --help       this text

Prints one JSON object, numbers in full f32 precision (\"nan\", \"inf\" and \"-inf\" as strings):
  forward          y_hat of each sample
  logits           the same before the sigmoid
  loss_per_sample  the loss of each output of each sample
  loss             their mean
  grad             the gradient of the mean loss, by tensor
  grad_input       the gradient of the mean loss with respect to each sample

Exit code: 0, or 2 with one line on standard error if an option, the weights or the data are refused.";

pub(crate) enum Command {
    Help,
    Run(Options),
}

pub(crate) struct Options {
    pub(crate) net: Net,
    pub(crate) weights: PathBuf,
    pub(crate) data: PathBuf,
}

/// Reads the command line of this process.
pub(crate) fn parse() -> Result<Command, String> {
    let mut parser = Parser::from_env();
    let (mut net, mut weights, mut data) = (None, None, None);
    while let Some(arg) = parser.next().map_err(|error| error.to_string())? {
        let (name, slot) = match arg {
            Arg::Long("net") => ("--net", &mut net),
            Arg::Long("weights") => ("--weights", &mut weights),
            Arg::Long("data") => ("--data", &mut data),
            Arg::Long("help") | Arg::Short('h') => return Ok(Command::Help),
            other => return Err(other.unexpected().to_string()),
        };
        let value = parser.value().map_err(|error| error.to_string())?;
        if slot.replace(value).is_some() {
            return Err(format!("option {name} is given twice"));
        }
    }
    Ok(Command::Run(Options {
        net: net_of(given(net, "--net")?)?,
        weights: given(weights, "--weights")?.into(),
        data: given(data, "--data")?.into(),
    }))
}

fn given(value: Option<OsString>, name: &str) -> Result<OsString, String> {
    value.ok_or_else(|| format!("option {name} is missing; --help tells all"))
}

fn net_of(name: OsString) -> Result<Net, String> {
    let name = name.to_string_lossy();
    Net::from_name(&name).ok_or_else(|| format!("--net: \"{name}\" is not book, linear or mlp16"))
}

//! The command line.

use crate::nets::Net;
use lexopt::{Arg, Parser};
use std::ffi::{OsStr, OsString};
use std::path::PathBuf;
use std::str::FromStr;

pub(crate) const HELP: &str = "\
Forward pass, losses and gradients of a PyTorch model, computed by stackprop.

Usage: parity --net book|linear|mlp16 --weights W.safetensors --data D.csv
              [--optimizer NAME --lr L [--steps N] [--weight-decay W]] [--save FILE]

  --net NET        book    3-4-2-1, ReLU after fc1 and fc2, no biases
                   linear  3-4-2-1, no activations in between, no biases
                   mlp16   16-32-16-4, ReLU after fc1 and fc2, biases
                   each with a sigmoid on its outputs and binary cross-entropy
  --weights FILE   model.state_dict() as safetensors: fc1.weight, fc2.weight, fc3.weight,
                   for mlp16 also fc1.bias, fc2.bias, fc3.bias; F32, no other tensors
  --data FILE      CSV: the header x1,...,xI,y1,...,yO, then a sample in each line;
                   finite numbers, targets y from 0 to 1
  --optimizer NAME sgd, momentum, nesterov, adam, adamw or rmsprop: PyTorch's, with momentum 0.9
                   and otherwise its defaults, in full-batch steps on the data
  --lr L           learning rate
  --steps N        number of steps, 0 if not given
  --weight-decay W PyTorch's weight_decay=; if not given its default, 0 or adamw's 0.01
  --save FILE      writes the weights after the last step, or without --optimizer those that
                   were read, as safetensors with the same names; a file there is replaced
  -h, --help       this text

Prints one JSON object, numbers in full f32 precision (\"nan\", \"inf\" and \"-inf\" as strings):
  forward          y_hat of each sample
  logits           the same before the sigmoid
  loss_per_sample  the loss of each output of each sample
  loss             their mean
  grad             the gradient of the mean loss, by tensor
  grad_input       the gradient of the mean loss with respect to each sample
and with --optimizer
  losses           the loss before each step
  weights          the parameters after the last step, by tensor

Exit code: 0, or 2 with one line on standard error if an option, the weights or the data are \
refused; \
then nothing is saved.";

pub(crate) enum Command {
    Help,
    Run(Options),
}

pub(crate) struct Options {
    pub(crate) net: Net,
    pub(crate) weights: PathBuf,
    pub(crate) data: PathBuf,
    pub(crate) training: Option<Training>,
    /// Where the weights go to.
    pub(crate) save: Option<PathBuf>,
}

/// The values of `--optimizer` and the options that belong to it.
pub(crate) struct Training {
    pub(crate) optimizer: String,
    pub(crate) lr: f32,
    pub(crate) steps: usize,
    pub(crate) weight_decay: Option<f32>,
}

/// The options that take a value.
const NAMES: [&str; 8] = [
    "net",
    "weights",
    "data",
    "save",
    "optimizer",
    "lr",
    "steps",
    "weight-decay",
];

/// Reads the command line of this process.
pub(crate) fn parse() -> Result<Command, String> {
    let mut parser = Parser::from_env();
    let mut values = [const { None }; NAMES.len()];
    while let Some(arg) = parser.next().map_err(|error| error.to_string())? {
        let known = match arg {
            Arg::Long("help") | Arg::Short('h') => return Ok(Command::Help),
            Arg::Long(name) => NAMES
                .iter()
                .zip(&mut values)
                .find(|(known, _)| **known == name),
            _ => None,
        };
        let Some((name, slot)) = known else {
            return Err(arg.unexpected().to_string());
        };
        let value = parser.value().map_err(|error| error.to_string())?;
        if slot.replace(value).is_some() {
            return Err(format!("option --{name} is given twice"));
        }
    }
    let [net, weights, data, save, training @ ..] = values;
    Ok(Command::Run(Options {
        net: net_of(given(net, "--net")?)?,
        weights: given(weights, "--weights")?.into(),
        data: given(data, "--data")?.into(),
        training: training_of(training)?,
        save: save.map(PathBuf::from),
    }))
}

fn given(value: Option<OsString>, name: &str) -> Result<OsString, String> {
    value.ok_or_else(|| format!("option {name} is missing; --help tells all"))
}

fn net_of(name: OsString) -> Result<Net, String> {
    let name = name.to_string_lossy();
    Net::from_name(&name).ok_or_else(|| format!("--net: \"{name}\" is not book, linear or mlp16"))
}

/// The optimiser and its options, which need each other.
fn training_of(
    [optimizer, lr, steps, decay]: [Option<OsString>; 4],
) -> Result<Option<Training>, String> {
    let Some(optimizer) = optimizer else {
        let all = [("--lr", lr), ("--steps", steps), ("--weight-decay", decay)];
        return match all.iter().find(|(_, value)| value.is_some()) {
            Some((name, _)) => Err(format!("option {name} is given without --optimizer")),
            None => Ok(None),
        };
    };
    let weight_decay = decay
        .map(|decay| rate(&decay, "--weight-decay"))
        .transpose()?;
    Ok(Some(Training {
        optimizer: optimizer.to_string_lossy().into_owned(),
        lr: rate(&given(lr, "--lr")?, "--lr")?,
        steps: steps.map_or(Ok(0), |steps| number(&steps, "--steps"))?,
        weight_decay,
    }))
}

/// A number that PyTorch accepts as a rate.
fn rate(value: &OsStr, name: &str) -> Result<f32, String> {
    let rate: f32 = number(value, name)?;
    let accepted = rate.is_finite() && rate >= 0.0;
    accepted
        .then_some(rate)
        .ok_or_else(|| format!("{name}: {rate} is not a finite number from 0 on"))
}

fn number<T: FromStr>(value: &OsStr, name: &str) -> Result<T, String> {
    let text = value.to_string_lossy();
    text.trim()
        .parse()
        .map_err(|_| format!("{name}: \"{text}\" is not a number of its kind"))
}

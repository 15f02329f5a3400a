//! Holds the crate against a PyTorch model: the same weights and data through both, number for number.
//!
//! ```text
//! cargo run --release --example parity -- --net book --weights W.safetensors --data D.csv
//! ```
//!
//! In PyTorch, `safetensors.torch.save_file(model.state_dict(), "W.safetensors")` writes the weights. What the tool
//! takes and what it prints stands in its `--help`.

mod data;
mod evaluate;
mod json;
mod nets;
mod options;
mod training;
mod weights;

use json::Json;
use nets::{Mlp16, Net, Tensor};
use options::{Command, Options};
use stackprop::notebook;
use stackprop::{Layer, Network, Params, SigmoidBce};
use std::io::Write;
use std::process::ExitCode;

fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(reason) => {
            eprintln!("parity: {}", one_line(&reason));
            ExitCode::from(2)
        }
    }
}

/// Without line breaks and other control characters, which file names and tensor names may contain.
fn one_line(text: &str) -> String {
    let breaks = |c: char| c.is_control() || c == '\u{2028}' || c == '\u{2029}';
    text.replace(breaks, "\u{fffd}")
}

/// Nothing is printed before everything is computed.
fn run() -> Result<(), String> {
    let text = match options::parse()? {
        Command::Help => String::from(options::HELP),
        Command::Run(options) => answer(&options)?,
    };
    let mut out = std::io::stdout().lock();
    writeln!(out, "{text}")
        .and_then(|()| out.flush())
        .map_err(|error| format!("standard output: {error}"))
}

/// The JSON for the network that was asked for.
fn answer(options: &Options) -> Result<String, String> {
    let tensors = options.net.tensors();
    match options.net {
        Net::Book => answer_of(notebook::NetBook::zeros(), &tensors, options),
        Net::Linear => answer_of(notebook::Net::zeros(), &tensors, options),
        Net::Mlp16 => answer_of(Mlp16::zeros(), &tensors, options),
    }
}

/// Weights and data read, everything computed.
fn answer_of<L: Layer<I, O> + Params<Of<f32> = L>, const I: usize, const O: usize>(
    mut network: Network<L, SigmoidBce, I, O>,
    tensors: &[Tensor],
    options: &Options,
) -> Result<String, String> {
    let values = weights::read(&options.weights, tensors)?;
    evaluate::set(&mut network.layers, &values);
    let (rows, targets) = data::read(&options.data)?;
    let in_data = |error| format!("{}: {error}", options.data.display());
    let mut all = evaluate::evaluate(&network, tensors, &rows, &targets).map_err(in_data)?;
    if let Some(training) = &options.training {
        let (losses, layers) = training::train(network, &rows, &targets, training)?;
        all.push((
            String::from("losses"),
            Json::nested(&losses, &[losses.len()]),
        ));
        all.push((
            String::from("weights"),
            evaluate::named::<L>(&layers, tensors),
        ));
    }
    serde_json::to_string(&Json::Object(all)).map_err(|error| error.to_string())
}

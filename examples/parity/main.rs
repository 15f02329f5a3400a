//! Compares the crate with a PyTorch model number for number: both get the same weights and data.
//!
//! ```text
//! cargo run --release --example parity -- --net book --weights W.safetensors --data D.csv
//! ```
//!
//! In PyTorch, `safetensors.torch.save_file(model.state_dict(), "W.safetensors")` writes the
//! weights. `--help` says what the tool takes and prints.

mod data;
mod evaluate;
mod json;
mod nets;
mod options;
#[path = "../shared/safetensors.rs"]
mod safetensors_file;
mod training;
mod weights;

use json::Json;
use nets::{Mlp16, Net};
use options::{Command, Options};
use safetensors_file::WholeFile;
use stackprop::notebook;
use stackprop::{Layer, Network, SigmoidBce};
use std::fmt::Display;
use std::io::Write;
use std::path::{Path, PathBuf};
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

/// Nothing is saved or printed before everything is computed.
fn run() -> Result<(), String> {
    let (text, file) = match options::parse()? {
        Command::Help => (String::from(options::HELP), None),
        Command::Run(options) => answer(&options)?,
    };
    if let Some((path, file)) = file {
        file.finish().map_err(|error| named(&path, &error))?;
    }
    let mut out = std::io::stdout().lock();
    writeln!(out, "{text}")
        .and_then(|()| out.flush())
        .map_err(|error| format!("standard output: {error}"))
}

/// A message about a file.
fn named(path: &Path, reason: &dyn Display) -> String {
    format!("{}: {reason}", path.display())
}

/// What is printed, and the file of weights, if it was asked for.
type Answer = (String, Option<(PathBuf, WholeFile)>);

/// The JSON for the network that was asked for. Its weights come from the file.
fn answer(options: &Options) -> Result<Answer, String> {
    match options.net {
        Net::Book => answer_of(notebook::NetBook::zeros(), options),
        Net::Linear => answer_of(notebook::Net::zeros(), options),
        Net::Mlp16 => answer_of(Mlp16::zeros(), options),
    }
}

/// Reads weights and data, and computes everything.
fn answer_of<L: Layer<I, O>, const I: usize, const O: usize>(
    mut network: Network<L, SigmoidBce, I, O>,
    options: &Options,
) -> Result<Answer, String> {
    weights::load(&mut network, &options.weights)?;
    let (rows, targets) = data::read(&options.data)?;
    let in_data = |error| named(&options.data, &error);
    let mut all = evaluate::evaluate(&network, &rows, &targets).map_err(in_data)?;
    if let Some(training) = &options.training {
        let losses;
        (losses, network) = training::train(network, &rows, &targets, training)?;
        all.push(("losses", Json::nested(&losses, &[losses.len()])));
        all.push(("weights", evaluate::by_name(network.tensors())));
    }
    let all = all
        .into_iter()
        .map(|(name, value)| (String::from(name), value));
    let text = serde_json::to_string(&Json::Object(all.collect()));
    let text = text.map_err(|error| error.to_string())?;
    let save = |path: &PathBuf| {
        let file = weights::save(&network, path).map_err(|error| named(path, &error))?;
        Ok::<_, String>((path.clone(), file))
    };
    Ok((text, options.save.as_ref().map(save).transpose()?))
}

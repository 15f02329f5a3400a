//! Turns a model into two files that a stackprop program includes: its weights, and its type.
//!
//! ```text
//! cargo run --release --manifest-path examples/import/Cargo.toml -- MODEL.onnx --out DIR
//! ```
//!
//! It reads what PyTorch, scikit-learn and Keras export for a multi-layer perceptron, or a
//! safetensors file beside a network in the words of `net!`. `--help` says more. What cannot be
//! written as such a network is refused by the name of its node.

#![forbid(unsafe_code)]

mod code;
mod counts;
mod list;
mod mlp;
mod onnx;
mod options;
#[path = "../../shared/safetensors.rs"]
mod safetensors_file;
mod slope;
mod state_dict;

use mlp::Mlp;
use options::{Command, Options, Source};
use safetensors_file::{WholeFile, to_bytes};
use std::io::Write;
use std::path::Path;
use std::process::ExitCode;

fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(reason) => {
            eprintln!("import: {}", one_line(&reason));
            ExitCode::from(2)
        }
    }
}

/// Without line breaks and other control characters, which names in a file may contain.
fn one_line(text: &str) -> String {
    let breaks = |c: char| c.is_control() || matches!(c, '\u{2028}'..='\u{202e}');
    text.replace(breaks, "\u{fffd}")
}

fn run() -> Result<(), String> {
    let text = match options::parse()? {
        Command::Help => String::from(options::HELP),
        Command::Run(options) => import(&options)?,
    };
    let mut out = std::io::stdout().lock();
    writeln!(out, "{text}")
        .and_then(|()| out.flush())
        .map_err(|error| format!("standard output: {error}"))
}

/// Reads the model, writes both files, and tells what they hold.
fn import(options: &Options) -> Result<String, String> {
    let in_model = |reason| format!("{}: {reason}", options.model.display());
    let mlp = match &options.source {
        Source::Onnx => onnx::read(&options.model),
        Source::StateDict(names) => state_dict::read(&options.model, names),
    }
    .map_err(in_model)?;
    let name = options.model.file_name().unwrap_or_default();
    let code = code::source(&mlp, &one_line(&name.to_string_lossy()));
    write(&mlp, &code, &options.out)?;
    Ok(counts::table(&mlp))
}

/// Nothing is written before everything is known, and no file is left half.
fn write(mlp: &Mlp, code: &str, folder: &Path) -> Result<(), String> {
    let at = |path: &Path, error: std::io::Error| format!("{}: {error}", path.display());
    let weights = to_bytes(mlp.tensors())?;
    std::fs::create_dir_all(folder).map_err(|error| at(folder, error))?;
    let mut files = Vec::new();
    for (name, bytes) in [
        ("model.safetensors", &weights[..]),
        ("model.rs", code.as_bytes()),
    ] {
        let path = folder.join(name);
        let file = WholeFile::write(&path, bytes).map_err(|error| at(&path, error))?;
        files.push((path, file));
    }
    for (path, file) in files {
        file.finish().map_err(|error| at(&path, error))?;
    }
    Ok(())
}

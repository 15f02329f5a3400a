//! The command line.

use crate::list::{self, List};
use lexopt::{Arg, Parser};
use std::ffi::OsString;
use std::path::PathBuf;

/// What `--help` prints.
pub(crate) const HELP: &str = "\
Turns a model into two files for a stackprop program: model.safetensors has the weights, model.rs
the type of the network and a static of it.

Usage: import MODEL.onnx --out DIR
       import MODEL.safetensors --net LIST --out DIR [--prefix P] [--modules A,B]

  MODEL.onnx         a multi-layer perceptron as torch.onnx.export, skl2onnx or tf2onnx write it:
                     Linear layers with or without biases, Relu, LeakyRelu, Elu (alpha 1),
                     Clip to -1 and 1, Tanh, Sigmoid, Softplus, Softmax at the end, and before
                     the first layer Scaler, or Sub and Div; f32
  MODEL.safetensors  a PyTorch model's state_dict(), F32
  --net LIST         its network in the words of net!, such as
                     '3 => 4, Relu => 1, SigmoidBce', '3, Standardize => 2, Mse' or
                     'bias = false; 3 => 4, LeakyRelu<1, 5> => 3, SoftmaxCe'
  --prefix P         what the names in the file begin with, such as net.
  --modules A,B      the modules that have tensors, in order, such as fc1,fc2;
                     if not given those of nn.Sequential: 0, 2, ...
  --out DIR          the folder for both files; it is made if need be
  -h, --help         this text

Prints the layers and the bytes that they take.

Exit code: 0, or 2 with one line on standard error if a model is refused; then no file is written.";

/// What to do.
pub(crate) enum Command {
    /// Print [`HELP`].
    Help,
    /// Import a model.
    Run(Options),
}

/// A model to import.
pub(crate) struct Options {
    /// The file to read.
    pub(crate) model: PathBuf,
    /// The folder to write to.
    pub(crate) out: PathBuf,
    /// What kind of file the model is.
    pub(crate) source: Source,
}

/// The kind of a model file.
pub(crate) enum Source {
    /// It has the network and the weights.
    Onnx,
    /// It has the weights only.
    StateDict(Names),
}

/// A network and how a file names its tensors.
pub(crate) struct Names {
    /// The network.
    pub(crate) list: List,
    /// What each name begins with.
    pub(crate) prefix: String,
    /// The modules that have tensors. `None` for the numbers of `nn.Sequential`.
    pub(crate) modules: Option<Vec<String>>,
}

const OPTIONS: [&str; 4] = ["out", "net", "prefix", "modules"];

/// Reads the command line of this process.
pub(crate) fn parse() -> Result<Command, String> {
    let mut parser = Parser::from_env();
    let mut values = [const { None }; OPTIONS.len()];
    let mut model = None;
    while let Some(arg) = parser.next().map_err(|error| error.to_string())? {
        let known = match arg {
            Arg::Long("help") | Arg::Short('h') => return Ok(Command::Help),
            Arg::Value(path) => match model.replace(path) {
                None => continue,
                Some(_) => return Err(String::from("more than one model is given")),
            },
            Arg::Long(name) => OPTIONS.iter().position(|known| *known == name),
            Arg::Short(_) => None,
        };
        let Some(index) = known else {
            return Err(arg.unexpected().to_string());
        };
        let value = parser.value().map_err(|error| error.to_string())?;
        if values[index].replace(value).is_some() {
            return Err(format!("option --{} is given twice", OPTIONS[index]));
        }
    }
    let [out, net, prefix, modules] = values;
    let model = PathBuf::from(model.ok_or("no model is given; --help tells all")?);
    let source = source(&model, [net, prefix, modules])?;
    let out = out.ok_or("option --out is missing; --help tells all")?;
    Ok(Command::Run(Options {
        model,
        out: out.into(),
        source,
    }))
}

/// By the end of the file's name.
fn source(
    model: &std::path::Path,
    [net, prefix, modules]: [Option<OsString>; 3],
) -> Result<Source, String> {
    let ending = model.extension().unwrap_or_default().to_string_lossy();
    match (ending.to_lowercase().as_str(), net) {
        ("onnx", None) if prefix.is_none() && modules.is_none() => Ok(Source::Onnx),
        ("onnx", _) => Err(String::from(
            "--net, --prefix and --modules are for safetensors; an ONNX file has its network",
        )),
        ("safetensors", None) => Err(String::from(
            "option --net is missing: a safetensors file has no network; --help tells all",
        )),
        ("safetensors", Some(net)) => Ok(Source::StateDict(Names {
            list: list::parse(&text(net, "net")?).map_err(|reason| format!("--net: {reason}"))?,
            prefix: prefix.map_or(Ok(String::new()), |prefix| text(prefix, "prefix"))?,
            modules: modules.map(names).transpose()?,
        })),
        _ => Err(format!(
            "{}: the name ends neither in .onnx nor in .safetensors",
            model.display()
        )),
    }
}

fn text(value: OsString, name: &str) -> Result<String, String> {
    let invalid = |value: OsString| format!("--{name}: {} is not UTF-8", value.display());
    value.into_string().map_err(invalid)
}

/// The names between commas.
fn names(value: OsString) -> Result<Vec<String>, String> {
    let value = text(value, "modules")?;
    let names: Vec<String> = value
        .split(',')
        .map(|name| String::from(name.trim()))
        .collect();
    for (index, name) in names.iter().enumerate() {
        if name.is_empty() || names[..index].contains(name) {
            return Err(format!("--modules: \"{name}\" is empty or stands twice"));
        }
    }
    Ok(names)
}

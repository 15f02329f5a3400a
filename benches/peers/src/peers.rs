//! Who is timed, and their processes.

use crate::builds::{self, Build};
use crate::options::Options;
use crate::worker::{Op, Worker};
use anyhow::{Context, Result, ensure};
use std::path::PathBuf;
use std::process::Command;

/// The peers of `worker/src/peers`.
pub(crate) const RUST: [&str; 8] = [
    "scalar Rust",
    "nalgebra",
    "ndarray",
    "gemm",
    "faer",
    "candle",
    "burn",
    "dfdx",
];

/// The peers of `python/peers.py`.
pub(crate) const PYTHON: [&str; 7] = [
    "PyTorch",
    "PyTorch fused",
    "PyTorch foreach",
    "torch.compile",
    "JAX",
    "ONNX Runtime",
    "numpy",
];

/// This crate, which is a peer of its own where it is built otherwise.
pub(crate) const OURS: &str = "stackprop";

/// One library, in as many builds as there are.
pub(crate) struct Peer {
    pub(crate) name: String,
    /// What each worker is called in the table.
    pub(crate) labels: Vec<String>,
    pub(crate) workers: Vec<Worker>,
    pub(crate) ops: &'static [Op],
}

/// What a peer of this name does. Two are PyTorch with Adam alone.
fn ops(name: &str) -> &'static [Op] {
    match name {
        OURS => &[Op::Forward, Op::Step, Op::Bare, Op::Adam],
        "scalar Rust" | "nalgebra" => &[Op::Forward, Op::Step, Op::Adam],
        "PyTorch fused" | "PyTorch foreach" => &[Op::Adam],
        "ONNX Runtime" => &[Op::Forward],
        _ => &[Op::Forward, Op::Step],
    }
}

impl Peer {
    /// What it does where stackprop does `op`: another library has one kind of plain step.
    pub(crate) fn counterpart(&self, op: Op) -> Option<Op> {
        let has = |op| self.ops.contains(&op).then_some(op);
        has(op).or_else(|| has(Op::Step).filter(|_| op == Op::Bare))
    }
}

/// stackprop in one build.
pub(crate) struct Ours {
    pub(crate) build: &'static str,
    /// The instruction sets that it is compiled for.
    pub(crate) compiled: String,
    pub(crate) worker: Worker,
}

/// All that take part.
pub(crate) struct Field {
    pub(crate) ours: Vec<Ours>,
    pub(crate) peers: Vec<Peer>,
    /// Python's peers with their versions.
    pub(crate) python: Vec<String>,
}

/// Compiles and starts everything.
pub(crate) fn start(options: &Options) -> Result<Field> {
    let (mut programs, mut complete, mut plain) = (Vec::new(), Vec::new(), Vec::new());
    for build in &options.builds {
        let program = (*build, build.worker()?);
        if build.has_others() {
            complete.push(program.clone());
        }
        if *build == Build::Plain && options.builds.len() > 1 {
            plain.push(program);
        } else {
            programs.push(program);
        }
    }
    let mut peers = Vec::new();
    for name in RUST.into_iter().filter(|name| options.peer(name)) {
        peers.push(rust(name, &complete)?);
    }
    if !plain.is_empty() && options.peer(OURS) {
        peers.push(rust(OURS, &plain)?);
    }
    let mut versions = Vec::new();
    if options.python {
        for (name, version) in installed(options)? {
            peers.push(python(&name)?);
            versions.push(format!("{name} {version}"));
        }
    }
    // Of the build for x86-64-v3 alone there are none.
    peers.retain(|peer| !peer.workers.is_empty());
    ensure!(!peers.is_empty(), "none of these peers is here");
    Ok(Field {
        ours: programs.iter().map(ours).collect::<Result<_>>()?,
        peers,
        python: versions,
    })
}

fn rust(name: &str, programs: &[(Build, PathBuf)]) -> Result<Peer> {
    let workers = programs.iter().map(|program| rust_worker(name, program));
    let workers: Vec<Worker> = workers.collect::<Result<_>>()?;
    Ok(Peer {
        name: name.into(),
        labels: workers.iter().map(|worker| worker.name().into()).collect(),
        workers,
        ops: ops(name),
    })
}

fn ours(program: &(Build, PathBuf)) -> Result<Ours> {
    let mut worker = rust_worker(OURS, program)?;
    Ok(Ours {
        build: program.0.name(),
        compiled: worker.compiled()?,
        worker,
    })
}

fn rust_worker(name: &str, (build, program): &(Build, PathBuf)) -> Result<Worker> {
    let mut command = Command::new(program);
    command.arg(name);
    Worker::start(format!("{name}, {}", build.name()), command)
}

/// `peers.py` with the interpreter of the environment that is active.
fn script() -> Command {
    let mut command = Command::new("python3");
    command.env("PYTHONDONTWRITEBYTECODE", "1");
    command.arg(builds::folder_of_package().join("python/peers.py"));
    command
}

fn python(name: &str) -> Result<Peer> {
    let mut command = script();
    command.arg(name);
    Ok(Peer {
        name: name.into(),
        labels: vec![name.into()],
        workers: vec![Worker::start(name.into(), command)?],
        ops: ops(name),
    })
}

/// Those of Python's peers that are wanted and here, with their versions. Says which are absent.
fn installed(options: &Options) -> Result<Vec<(String, String)>> {
    let output = script().output().context("python3 did not start")?;
    let errors = String::from_utf8_lossy(&output.stderr);
    ensure!(output.status.success(), "peers.py: {errors}");
    let mut found = Vec::new();
    for line in String::from_utf8(output.stdout)?.lines() {
        match line.split('\t').collect::<Vec<_>>()[..] {
            [name, version] if options.peer(name) => found.push((name.into(), version.into())),
            [name, _, remedy] if options.peer(name) => {
                eprintln!("{name} is not installed: {remedy}")
            }
            _ => {}
        }
    }
    Ok(found)
}

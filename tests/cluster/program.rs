//! The program, built and started.

use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::sync::LazyLock;

/// The repository.
pub(crate) fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// What there has to be, and is not.
pub(crate) fn missing() -> Option<String> {
    if !root().join("examples/cluster/Cargo.toml").exists() {
        return Some("the published crate has no examples/cluster".to_owned());
    }
    let runs = |program: &&str| {
        let mut command = Command::new(program);
        command.arg("--version");
        let silent = command.stdout(Stdio::null()).stderr(Stdio::null());
        silent.status().is_ok_and(|status| status.success())
    };
    let missing = ["mpiexec", "mpicc", "clang"]
        .into_iter()
        .find(|tool| !runs(tool))?;
    Some(format!(
        "no {missing}; get it with: apt-get install mpich libmpich-dev libclang-dev clang"
    ))
}

/// Builds the program once, as the guide says.
static PROGRAM: LazyLock<Result<PathBuf, String>> = LazyLock::new(|| {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).with_file_name("cluster");
    let mut cargo = Command::new(env!("CARGO"));
    for name in [
        "CARGO_BUILD_RUSTFLAGS",
        "CARGO_BUILD_TARGET",
        "CARGO_ENCODED_RUSTFLAGS",
        "RUSTFLAGS",
    ] {
        cargo.env_remove(name);
    }
    cargo.args(["build", "--release", "--locked", "--manifest-path"]);
    cargo.arg(root().join("examples/cluster/Cargo.toml"));
    let output = cargo.arg("--target-dir").arg(&folder).output();
    let output = output.map_err(|error| format!("cargo: {error}"))?;
    if output.status.success() {
        Ok(folder.join("release/cluster"))
    } else {
        Err(String::from_utf8_lossy(&output.stderr).into_owned())
    }
});

/// The program in one process.
pub(crate) fn alone(options: &[&str]) -> Result<Output, String> {
    let mut command = Command::new(PROGRAM.clone()?);
    let output = command.arg("--alone").args(options).output();
    output.map_err(|error| error.to_string())
}

/// `mpiexec`, which ends a run that hangs after 3 minutes.
fn launcher() -> Command {
    let mut command = Command::new("mpiexec");
    command.env("MPIEXEC_TIMEOUT", "180").stdin(Stdio::null());
    command
}

/// The program on so many ranks, to be started.
pub(crate) fn ranks(ranks: usize, options: &[&str]) -> Result<Command, String> {
    let mut command = launcher();
    command.arg("-n").arg(ranks.to_string());
    command.arg(PROGRAM.clone()?).args(options);
    Ok(command)
}

/// The program on so many ranks, to its end.
pub(crate) fn mpiexec(count: usize, options: &[&str]) -> Result<Output, String> {
    let output = ranks(count, options)?.output();
    output.map_err(|error| error.to_string())
}

/// The program on a rank for each of these options.
pub(crate) fn ranks_with(options: &[Vec<&str>]) -> Result<Output, String> {
    let mut command = launcher();
    for (rank, options) in options.iter().enumerate() {
        let next = if rank == 0 { &[][..] } else { &[":"] };
        command.args(next).args(["-n", "1"]);
        command.arg(PROGRAM.clone()?).args(options);
    }
    let output = command.output();
    output.map_err(|error| error.to_string())
}

/// All that a run has printed.
pub(crate) fn text(output: &Output) -> String {
    let all = [&output.stdout[..], &output.stderr].concat();
    String::from_utf8_lossy(&all).into_owned()
}

/// The hash that a run has printed.
pub(crate) fn hash(output: Output) -> Result<String, String> {
    let text = text(&output);
    let hash = text.lines().find_map(|line| line.strip_prefix("hash "));
    match hash {
        Some(hash) if output.status.success() && hash.len() == 16 => Ok(hash.to_owned()),
        _ => Err(format!("{} and no hash:\n{text}", output.status)),
    }
}

/// A folder of a test, removed after it.
pub(crate) struct Folder {
    checkpoint: String,
}

impl Folder {
    pub(crate) fn new(name: &str) -> Result<Self, std::io::Error> {
        let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
        if path.exists() {
            std::fs::remove_dir_all(&path)?;
        }
        std::fs::create_dir_all(&path)?;
        let checkpoint = path.join("run.record").display().to_string();
        Ok(Self { checkpoint })
    }

    /// Where the checkpoint is.
    pub(crate) fn checkpoint(&self) -> &str {
        &self.checkpoint
    }

    /// A file with these bytes.
    pub(crate) fn file(&self, name: &str, bytes: &[u8]) -> Result<String, std::io::Error> {
        let path = Path::new(&self.checkpoint).with_file_name(name);
        std::fs::write(&path, bytes)?;
        Ok(path.display().to_string())
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        if let Some(folder) = Path::new(&self.checkpoint).parent() {
            // A folder that stays is removed by the next run.
            let _ = std::fs::remove_dir_all(folder);
        }
    }
}

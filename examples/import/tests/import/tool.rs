//! The tool as a process.

use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

/// An empty folder of this name.
pub(crate) fn folder(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR"))
        .join("import")
        .join(name);
    if folder.exists() {
        std::fs::remove_dir_all(&folder).unwrap();
    }
    std::fs::create_dir_all(&folder).unwrap();
    folder
}

/// A file among the recorded models.
pub(crate) fn model(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/models");
    folder.join(name)
}

pub(crate) fn run(args: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_import"));
    command.args(args).stdin(Stdio::null()).output().unwrap()
}

/// Runs the tool on a model with more options. The output goes to the folder.
pub(crate) fn import(model: &Path, out: &Path, options: &[&str]) -> Output {
    let (model, out) = (model.to_str().unwrap(), out.to_str().unwrap());
    run(&[&[model, "--out", out], options].concat())
}

/// What a run that succeeded printed.
pub(crate) fn printed(output: &Output) -> &str {
    assert_eq!(String::from_utf8_lossy(&output.stderr), "");
    assert_eq!(output.status.code(), Some(0));
    str::from_utf8(&output.stdout).unwrap()
}

/// That the tool refused: code 2, nothing printed, one line of error that names what is wrong, and
/// no file.
pub(crate) fn assert_refused(output: &Output, out: &Path, names: &[&str]) {
    let error = str::from_utf8(&output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(2), "{names:?}: {error}");
    assert!(output.stdout.is_empty(), "{names:?}: printed something");
    assert_eq!(error.lines().count(), 1, "{names:?}: {error}");
    for name in names {
        assert!(error.contains(name), "{name:?} is not in: {error}");
    }
    let files = std::fs::read_dir(out).map_or(0, Iterator::count);
    assert_eq!(files, 0, "{names:?}: a file was written");
}

//! The tool as a process.

use serde_json::Value;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::sync::OnceLock;

/// The tool, built like this test: `cargo test` builds examples, `cargo test --test parity` does
/// not.
fn tool() -> &'static Path {
    static TOOL: OnceLock<PathBuf> = OnceLock::new();
    TOOL.get_or_init(|| {
        // target/<profile>/deps/parity-...
        let test = std::env::current_exe().unwrap();
        let profile = test.parent().and_then(Path::parent).unwrap();
        let mut build = Command::new(env!("CARGO"));
        build.args(["build", "--quiet", "--example", "parity", "--target-dir"]);
        build
            .arg(profile.parent().unwrap())
            .current_dir(env!("CARGO_MANIFEST_DIR"));
        if profile.ends_with("release") {
            build.arg("--release");
        }
        assert!(
            build.status().unwrap().success(),
            "the parity tool does not build"
        );
        let name = format!("parity{}", std::env::consts::EXE_SUFFIX);
        profile.join("examples").join(name)
    })
}

pub(crate) fn run(args: &[&str]) -> Output {
    let mut command = Command::new(tool());
    command.args(args).stdin(Stdio::null()).output().unwrap()
}

/// Runs the tool on these files, in a folder of this name.
pub(crate) fn run_on(folder: &str, net: &str, weights: &[u8], data: &[u8]) -> Output {
    run_with(folder, net, weights, data, "")
}

/// [`run_on`] with more options, between blanks.
pub(crate) fn run_with(
    folder: &str,
    net: &str,
    weights: &[u8],
    data: &[u8],
    options: &str,
) -> Output {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR"))
        .join("parity")
        .join(folder);
    std::fs::create_dir_all(&folder).unwrap();
    let (w, d) = (folder.join("W.safetensors"), folder.join("D.csv"));
    std::fs::write(&w, weights).unwrap();
    std::fs::write(&d, data).unwrap();
    let (w, d) = (w.to_str().unwrap(), d.to_str().unwrap());
    let mut all = vec!["--net", net, "--weights", w, "--data", d];
    all.extend(options.split_whitespace());
    run(&all)
}

/// The JSON of a run that succeeded: one line, nothing else.
pub(crate) fn json(output: &Output) -> Value {
    assert_eq!(String::from_utf8_lossy(&output.stderr), "");
    assert_eq!(output.status.code(), Some(0));
    let text = str::from_utf8(&output.stdout).unwrap();
    assert_eq!(text.find('\n'), Some(text.len() - 1));
    serde_json::from_str(text).unwrap()
}

/// That the tool refused: code 2, nothing printed, one line of error that names what is wrong.
pub(crate) fn assert_refused(output: &Output, names: &[&str]) {
    let error = str::from_utf8(&output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(2), "{names:?}: {error}");
    assert!(output.stdout.is_empty(), "{names:?}: printed something");
    assert_eq!(error.lines().count(), 1, "{names:?}: {error}");
    for name in names {
        assert!(error.contains(name), "{name:?} is not in: {error}");
    }
}

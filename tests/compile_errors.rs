//! What the compiler says of wrong programs: those of `compile_errors/`, one mistake each.
//!
//! The second line of a program is what every compiler says first: the code of the error, and the
//! words where they are this crate's, or how they begin. The `.stderr` beside it holds every word
//! of [`RECORDED`]: `STACKPROP_BLESS=1 cargo test --test compile_errors` writes it.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use libtest_mimic::{Arguments, Failed, Trial};
use serde_json::Value;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::LazyLock;

/// The compiler whose every word is held.
const RECORDED: &str = "rustc 1.95.0 ";

/// The folder of the crate.
const ROOT: &str = env!("CARGO_MANIFEST_DIR");
/// A folder where this test was built.
const SCRATCH: &str = env!("CARGO_TARGET_TMPDIR");

/// The folder of the library.
static LIBRARY: LazyLock<PathBuf> = LazyLock::new(library);

fn main() {
    let arguments = Arguments::from_args();
    let files = Path::new(ROOT).join("tests/compile_errors").read_dir();
    let paths = files.unwrap().map(|file| file.unwrap().path());
    let programs = paths.filter(|path| path.extension() == Some("rs".as_ref()));
    let trials = programs.map(|path| {
        let name = path.file_stem().unwrap().display().to_string();
        Trial::test(name, move || hold(&path))
    });
    libtest_mimic::run(&arguments, trials.collect()).exit();
}

/// Compiles a program and compares what is said with what is held.
fn hold(program: &Path) -> Result<(), Failed> {
    let said = compile(program)?;
    hold_first(&std::fs::read_to_string(program)?, &said)?;
    let version = Command::new(rustc()).arg("--version").output()?.stdout;
    let recorded = version.starts_with(RECORDED.as_bytes());
    let (path, found) = (program.with_extension("stderr"), text(&said));
    let held = std::fs::read_to_string(&path).unwrap_or_default();
    match std::env::var_os("STACKPROP_BLESS") {
        Some(_) if recorded => Ok(std::fs::write(path, found)?),
        Some(_) => Err(format!("bless with {RECORDED}").into()),
        None if recorded => equal(&held, &found),
        None => Ok(()),
    }
}

/// Holds the first error to the second line of the program.
fn hold_first(program: &str, said: &[Value]) -> Result<(), Failed> {
    let expected = program.lines().nth(1).unwrap().trim_start_matches("// ");
    let mut errors = said.iter().filter(|message| message["level"] == "error");
    let first = errors.next().ok_or("it compiles")?;
    let code = first["code"]["code"].as_str().unwrap_or("error");
    let words = str(&first["message"]).trim_start_matches("evaluation panicked: ");
    let found = format!("{code}: {words}");
    if found.starts_with(expected) {
        return Ok(());
    }
    equal(expected, &found)
}

/// Fails with both texts unless they are the same.
fn equal(expected: &str, found: &str) -> Result<(), Failed> {
    let error = format!("expected:\n{expected}\n\nfound:\n{found}");
    (expected == found).then_some(()).ok_or(error.into())
}

/// All words of some messages, and the code of the program that they stand at. Places in the
/// library are left out: they move. So is the file of what is too long: its name changes.
fn text(messages: &[Value]) -> String {
    let mut text = String::new();
    for message in messages {
        let said = str(&message["message"]);
        if said.starts_with("the full name for the type") {
            continue;
        }
        let (level, code) = (str(&message["level"]), str(&message["code"]["code"]));
        text += &format!("{level} {code}: {said}\n").replace(" :", ":");
        for mark in list(&message["spans"]).iter().filter_map(mark) {
            text += &format!("  {}\n", mark.trim_end());
        }
        for line in self::text(list(&message["children"])).lines() {
            text += &format!("  {line}\n");
        }
    }
    text
}

/// The code of the program that a span marks, and what stands at the mark.
fn mark(span: &Value) -> Option<String> {
    let mut at = span;
    while str(&at["file_name"]).contains(['/', '\\']) {
        at = at["expansion"].get("span")?;
    }
    let line = &at["text"][0];
    let column = |key| {
        line[key]
            .as_u64()
            .and_then(|column| usize::try_from(column - 1).ok())
    };
    let (start, end) = (column("highlight_start")?, column("highlight_end")?);
    let code: String = str(&line["text"]).chars().take(end).skip(start).collect();
    let (number, label) = (&at["line_start"], str(&span["label"]));
    Some(format!("{number}: `{code}` {label}"))
}

fn str(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}

fn list(value: &Value) -> &[Value] {
    value.as_array().map_or(&[], Vec::as_slice)
}

fn rustc() -> PathBuf {
    std::env::var_os("RUSTC").unwrap_or("rustc".into()).into()
}

/// Builds the library where this test was built.
fn library() -> PathBuf {
    let folder = Path::new(SCRATCH).with_file_name("");
    let mut cargo = Command::new(env!("CARGO"));
    cargo.args(["build", "--quiet", "--lib", "--offline", "--target-dir"]);
    cargo.arg(&folder).env_remove("CARGO_BUILD_TARGET");
    cargo.current_dir(ROOT);
    assert!(cargo.status().unwrap().success(), "{cargo:?} fails");
    folder.join("debug")
}

/// What the compiler says of a program, without the count of errors at the end.
fn compile(program: &Path) -> Result<Vec<Value>, Failed> {
    let library = LIBRARY.join("libstackprop.rlib");
    let mut rustc = Command::new(rustc());
    rustc.args(["--edition=2024", "--emit=obj", "--out-dir", SCRATCH]);
    rustc.args(["--error-format=json", "--diagnostic-width=140", "-L"]);
    rustc.arg(LIBRARY.join("deps")).arg("--extern");
    rustc.arg(format!("stackprop={}", library.display()));
    rustc.arg(program.file_name().unwrap());
    let output = rustc.current_dir(program.with_file_name("")).output()?;
    let lines = String::from_utf8(output.stderr)?;
    let messages = lines.lines().map(serde_json::from_str);
    let mut messages: Vec<Value> = messages.collect::<Result<_, _>>()?;
    messages.retain(|message| !message["spans"][0].is_null());
    Ok(messages)
}

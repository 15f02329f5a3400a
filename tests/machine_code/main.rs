//! The instructions of the hot functions, in a build for AVX-512, which neither Valgrind nor every
//! machine can run: the kernels have to be straight vector code there too.
//!
//! `image` has the functions; [`functions`] reads them, with objdump, and [`faults`] goes through
//! all that they call. Where there is no objdump the trials are ignored; with
//! `STACKPROP_REQUIRE_TARGETS=1` they fail instead.

mod code;

use code::{Call, Function, Functions, Target, functions};
use libtest_mimic::{Arguments, Failed, Trial};
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// What the image is built for. Vectors have 16 lanes there.
const CPU: &str = "x86-64-v4";

/// A constant number of bytes from which on `memcpy` may be called: all lanes of a wide layer. For
/// less a call costs more than the copy, and it is an array that should have stayed in registers.
const LARGE_COPY: u64 = 1024;

/// What begins the names of functions that run once at most, and are not looked into.
const COLD: [&str; 6] = [
    "core::panicking",
    "core::fmt",
    "core::slice::index",
    "std::",
    "alloc::",
    "__",
];

/// What the names of functions hold that make arrays: out of line they make them in memory, one
/// call for each number.
const ARRAYS: [&str; 3] = ["core::array::", "]>::map", "]>::try_map"];

fn main() {
    let arguments = Arguments::from_args();
    let missing = missing();
    let ignored = missing.is_some() && !required();
    let trial = |name: &str, test: fn() -> Result<(), Failed>| {
        let trial = match missing.clone() {
            None => Trial::test(name, test),
            Some(missing) => {
                Trial::test(name, || Err(missing.into())).with_kind("no objdump for x86-64")
            }
        };
        trial.with_ignored_flag(ignored)
    };
    if let (Some(missing), true) = (&missing, ignored) {
        eprintln!("not everything is run: {missing}");
    }
    let trials = vec![
        trial("hot_functions_are_straight_code", hot_functions),
        trial("faults_are_found", controls),
    ];
    libtest_mimic::run(&arguments, trials).exit();
}

/// What there has to be, and is not.
fn missing() -> Option<String> {
    if !cfg!(all(target_arch = "x86_64", target_os = "linux")) {
        return Some("this is not Linux on x86-64".to_owned());
    }
    if !root().exists() {
        return Some("the published crate has no image".to_owned());
    }
    let mut objdump = Command::new("objdump");
    let objdump = objdump.arg("--version").stdout(Stdio::null()).status();
    let runs = objdump.is_ok_and(|status| status.success());
    let text = "no objdump; get it with: apt-get install binutils";
    (!runs).then(|| text.to_owned())
}

/// Whether a missing tool is a failure.
fn required() -> bool {
    std::env::var_os("STACKPROP_REQUIRE_TARGETS").is_some_and(|value| value == "1")
}

/// No hot function of the image has a fault.
fn hot_functions() -> Result<(), Failed> {
    let functions = functions(&image()?)?;
    let mut found = BTreeMap::<String, Vec<String>>::new();
    let mut entries = 0;
    for (&at, function) in &functions {
        let Some((network, name)) = entry(function) else {
            continue;
        };
        if network == "control" {
            continue;
        }
        entries += 1;
        for fault in faults(&functions, at) {
            found
                .entry(fault)
                .or_default()
                .push(format!("{network}::{name}"));
        }
    }
    if entries < 20 {
        return Err(format!("only {entries} hot functions were found").into());
    }
    let text = found
        .iter()
        .map(|(fault, entries)| format!("{fault}, in {}\n", entries.join(", ")));
    match text.collect::<String>() {
        text if text.is_empty() => Ok(()),
        text => Err(format!("for {CPU}, {} faults:\n{text}", found.len()).into()),
    }
}

/// The negative control: what each function of the module `control` does is found.
fn controls() -> Result<(), Failed> {
    let functions = functions(&image()?)?;
    for (name, expected) in [
        ("moves", "calls memmove"),
        ("copies", "calls memcpy for 512 bytes"),
        ("gathers", "has vgather"),
        ("calls", "calls memmove"),
    ] {
        let at = functions
            .iter()
            .find(|(_, f)| entry(f) == Some(("control", name)));
        let at = *at.ok_or_else(|| format!("no control::{name}"))?.0;
        let found = faults(&functions, at);
        if !found.iter().any(|fault| fault.contains(expected)) {
            return Err(format!("control::{name} is not found: {found:?}").into());
        }
    }
    Ok(())
}

/// The network and the name of a function of the image, if it is a hot one.
fn entry(function: &Function) -> Option<(&str, &str)> {
    let (network, name) = function.name.strip_prefix("image::")?.split_once("::")?;
    (name != "call").then_some((network, name))
}

/// What is wrong with the function at `entry` and with all that it calls.
fn faults(functions: &Functions, entry: u64) -> BTreeSet<String> {
    let (mut found, mut seen, mut open) = (BTreeSet::new(), BTreeSet::new(), vec![entry]);
    while let Some(at) = open.pop() {
        let Some(function) = functions.get(&at) else {
            continue;
        };
        let name = &function.name;
        if !seen.insert(at) || COLD.iter().any(|cold| name.starts_with(cold)) {
            continue;
        }
        let mut scattered = BTreeMap::<&str, u32>::new();
        for name in &function.scattered {
            *scattered.entry(name).or_default() += 1;
        }
        found.extend(
            scattered
                .iter()
                .map(|(what, n)| format!("{name} has {what}, {n} times")),
        );
        for call in &function.calls {
            found.extend(fault(functions, call).map(|fault| format!("{name} {fault}")));
            if let Target::Here(to) = call.to {
                open.push(to);
            }
        }
    }
    found
}

/// What is wrong with a call.
fn fault(functions: &Functions, call: &Call) -> Option<String> {
    let name = match &call.to {
        Target::Here(to) => &functions.get(to)?.name,
        Target::Library(name) => name,
    };
    match (name.as_str(), call.third) {
        ("memmove", _) => Some("calls memmove".to_owned()),
        ("memcpy", Some(bytes)) if bytes < LARGE_COPY => {
            Some(format!("calls memcpy for {bytes} bytes"))
        }
        (name, _) if ARRAYS.iter().any(|array| name.contains(array)) => {
            Some(format!("calls {name}"))
        }
        _ => None,
    }
}

/// The package of the image.
fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/machine_code/image")
}

/// Builds the image, as a user would, but with names that say which function they are of.
fn image() -> Result<PathBuf, String> {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).with_file_name("machine_code");
    let mut cargo = Command::new(env!("CARGO"));
    for name in [
        "CARGO_BUILD_RUSTFLAGS",
        "CARGO_BUILD_TARGET",
        "CARGO_ENCODED_RUSTFLAGS",
    ] {
        cargo.env_remove(name);
    }
    cargo.args(["build", "--release", "--locked", "--manifest-path"]);
    cargo
        .arg(root().join("Cargo.toml"))
        .arg("--target-dir")
        .arg(&folder);
    let flags = format!("-Ctarget-cpu={CPU} -Csymbol-mangling-version=v0");
    let output = cargo.env("RUSTFLAGS", flags).output();
    let output = output.map_err(|e| format!("cargo: {e}"))?;
    if output.status.success() {
        Ok(folder.join("release/image"))
    } else {
        Err(String::from_utf8_lossy(&output.stderr).into_owned())
    }
}

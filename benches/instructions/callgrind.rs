//! Runs the cases in Valgrind's Callgrind. (Of the libraries for this, gungraun needs a program of
//! its own version installed beside it, and keeps what it compares with as profiles in the target
//! folder; here a record in the repository is wanted.)

use crate::RUN;
use std::path::Path;
use std::process::{Command, Stdio};

/// A case and its instructions.
pub(crate) type Count = (String, u64);

/// Builds the cases with `flags` for the compiler and counts their instructions.
pub(crate) fn count(flags: &str) -> Vec<Count> {
    let folder =
        std::env::temp_dir().join(format!("stackprop-instructions-{}", std::process::id()));
    std::fs::create_dir(&folder).unwrap();
    let names = run(flags, &folder);
    let parts = 1..;
    let counts = names.lines().zip(parts).map(|(name, part)| {
        let path = folder.join(format!("part.{part}"));
        (
            name.to_owned(),
            total(&std::fs::read_to_string(path).unwrap()),
        )
    });
    let counts = counts.collect();
    std::fs::remove_dir_all(folder).unwrap();
    counts
}

/// Runs the cases, one part of the profile for each, and gives their names.
fn run(flags: &str, folder: &Path) -> String {
    let out = format!("--callgrind-out-file={}", folder.join("part").display());
    let valgrind = [
        "valgrind",
        "--quiet",
        "--tool=callgrind",
        "--toggle-collect=instructions::cases::counted",
        "--dump-after=instructions::cases::counted",
        &out,
    ];
    let runner = format!("target.'cfg(all())'.runner = {valgrind:?}");
    let output = Command::new(env!("CARGO"))
        .args(["bench", "--bench", "instructions", "--config", &runner])
        .args(["--", RUN])
        .env_remove("CARGO_ENCODED_RUSTFLAGS")
        .env("RUSTFLAGS", flags)
        .stderr(Stdio::inherit())
        .output()
        .unwrap();
    assert!(
        output.status.success(),
        "the cases did not run: is Valgrind installed?"
    );
    String::from_utf8(output.stdout).unwrap()
}

/// The instructions of one part of a profile.
fn total(profile: &str) -> u64 {
    let total = profile
        .lines()
        .find_map(|line| line.strip_prefix("totals: "));
    total.unwrap().trim().parse().unwrap()
}

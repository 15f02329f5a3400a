//! The fleet of `examples/fleet`: the bits of its rounds on the host, on chips in QEMU, and with
//! Flower; what a device and the server refuse.
//!
//! Where a tool is missing the trials are reported as ignored, and the first lines say what to
//! install. With `STACKPROP_REQUIRE_TARGETS=1` they fail instead. With `-- --nocapture` the trials
//! print the line of each round. The devices of the host are this very program, with the commands
//! of `examples/fleet/command.rs`.

#[path = "../../examples/fleet/average.rs"]
mod average;
mod chips;
#[path = "../../examples/fleet/command.rs"]
mod command;
mod damage;
#[path = "../../examples/activity/learning/features.rs"]
mod features;
mod flower;
#[path = "../../examples/shared/hash.rs"]
mod hash;
mod host;
#[path = "../../examples/fleet/learner.rs"]
mod learner;
#[path = "../on_target/rig/mod.rs"]
#[allow(dead_code, reason = "the tests of the chips use all of it")]
mod rig;
#[path = "../../examples/activity/learning/windows.rs"]
mod windows;

use libtest_mimic::{Arguments, Trial};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// Rounds of a trial. Sixty are in `host`.
const ROUNDS: u64 = 3;

fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let done = damage::run(&words).or_else(|| command::run(&words));
    if let Some(done) = done {
        let Err(why) = done else {
            return ExitCode::SUCCESS;
        };
        println!("{why}");
        return ExitCode::FAILURE;
    }
    let arguments = Arguments::from_args();
    let show = arguments.nocapture;
    let mut trials: Vec<Trial> = host::trials();
    trials.extend(flower::trials(show));
    trials.extend(chips::trials(show));
    libtest_mimic::run(&arguments, trials).exit_code()
}

/// A folder of the caller's target folder for what a trial writes; empty.
fn folder(name: &str) -> std::io::Result<PathBuf> {
    let folder = shared_folder().join(name);
    if folder.exists() {
        std::fs::remove_dir_all(&folder)?;
    }
    std::fs::create_dir_all(&folder)?;
    Ok(folder)
}

/// `target/fleet`, where `examples/fleet/run.py` looks for chips.
fn shared_folder() -> PathBuf {
    Path::new(env!("CARGO_TARGET_TMPDIR")).with_file_name("fleet")
}

/// The lines of the rounds without server, files or chips, which all others have to give.
fn plain(strategy: &str, rounds: u64) -> command::Result<Vec<String>> {
    let mut lines = Vec::new();
    command::rounds(strategy, command::SEED, rounds, |number, network| {
        lines.push(command::line(number, network));
    })?;
    Ok(lines)
}

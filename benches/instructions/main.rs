//! How many instructions the hot functions take, beside recorded figures. No noise of the machine
//! is in them, so a change of a few percent is a change of the code, or of the compiler.
//!
//! ```text
//! cargo bench --bench instructions                    # compares; fails beyond 2 % more
//! STACKPROP_BLESS=1 cargo bench --bench instructions  # records
//! ```
//! For Linux on x86-64 with Valgrind (Debian: `apt install valgrind`). Each run counts two builds,
//! one with what every x86-64 has, SSE2, and one for x86-64-v3, AVX2; Valgrind does not know
//! AVX-512. The record is `instructions.json`: the totals of each case, whose last word is the
//! number of samples or numbers. The tables are per sample, or number.

#![allow(clippy::unwrap_used, reason = "a bench has nothing to recover")]

mod callgrind;
mod cases;
mod record;
#[path = "../work/mod.rs"]
mod work;

use std::process::ExitCode;

/// The builds: `target-cpu` and what selects it.
const CPUS: [(&str, &str); 2] = [("x86-64", ""), ("x86-64-v3", "-Ctarget-cpu=x86-64-v3")];

/// What tells this program to be what is counted.
const RUN: &str = "--run-cases";

fn main() -> ExitCode {
    if std::env::args().any(|argument| argument == RUN) {
        // The stack and the heap of a thread begin at the same offset, whatever the environment and
        // the paths.
        std::thread::spawn(cases::run).join().unwrap();
        return ExitCode::SUCCESS;
    }
    let found = CPUS.map(|(cpu, flags)| (cpu, callgrind::count(flags)));
    if std::env::var_os("STACKPROP_BLESS").is_some() {
        record::write(&found);
    }
    if record::compare(&found) {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    }
}

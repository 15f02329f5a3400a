//! What learning costs on a chip: instructions, flash, RAM and stack of each operation, in QEMU.
//!
//! ```text
//! cargo bench --bench cortex_m             # all chips: half an hour
//! cargo bench --bench cortex_m -- m4f m7   # some
//! ```
//! Each operation is an image of its own, `cost` of `examples/firmware`; what it takes beyond the
//! image that does nothing is its cost. The table is also written to `benches/cortex_m.md`, if it
//! is of all chips.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a bench has nothing to recover"
)]

mod peers;
mod record;
#[path = "../../tests/on_target/rig/mod.rs"]
#[allow(dead_code, reason = "the tests use all of it")]
mod rig;
mod table;

use object::{Object, ObjectSection, SectionFlags};
use rig::chips::{CHIPS, Chip};
use rig::firmware;
use rig::qemu::Qemu;
use rig::tools::Toolchain;
use std::sync::Mutex;
use table::Line;

/// The networks: 3-4-2-1 linear and with ReLU, without biases; 16-32-16-4 with ReLU and biases.
const NETS: [&str; 3] = ["linear", "book", "big"];

/// The operations; [`table`] says what they are.
const OPERATIONS: [&str; 13] = [
    "forward",
    "gradient",
    "sgd_step",
    "online",
    "trainer",
    "forward_64",
    "trainer_64",
    "online_adam",
    "trainer_adam",
    "trainer_adam_64",
    "save",
    "load",
    "load_file",
];

/// The one chip without the timer that counts, and with too little memory for some.
const NOT_COUNTED: &str = "microbit";

/// `-icount shift=0`: an instruction takes a nanosecond, so that timers count instructions.
const COUNTING: [&str; 2] = ["-icount", "shift=0"];

/// What an image costs.
#[derive(Clone, Copy, Debug)]
struct Cost {
    /// Hundredths of an instruction, with the loop around.
    hundredths: u64,
    /// Bytes of all that is loaded.
    flash: u64,
    /// Bytes that live from call to call.
    state: u64,
    /// Bytes of stack written on.
    stack: u64,
}

fn main() {
    let wanted: Vec<String> = std::env::args()
        .skip(1)
        .filter(|argument| !argument.starts_with('-'))
        .collect();
    let chips = CHIPS.iter().filter(|chip| {
        chip.name != NOT_COUNTED && (wanted.is_empty() || wanted.iter().any(|w| w == chip.name))
    });
    let queue = Mutex::new(chips.collect::<Vec<_>>().into_iter());
    let lines = Mutex::new(Vec::new());
    // Two at a time: linking is not parallel.
    std::thread::scope(|scope| {
        for _ in 0..2 {
            scope.spawn(|| {
                while let Some(chip) = { queue.lock().unwrap().next() } {
                    let found = measure(chip);
                    lines.lock().unwrap().extend(found);
                }
            });
        }
    });
    let mut lines = lines.into_inner().unwrap();
    lines.sort_by_key(|line| CHIPS.iter().position(|chip| chip.name == line.chip));
    let text = table::markdown(&lines);
    print!("{text}");
    if wanted.is_empty() {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/benches/cortex_m.md");
        std::fs::write(path, text).unwrap();
        println!("\nwritten to {path}");
    }
}

/// All lines of a chip.
fn measure(chip: &'static Chip) -> Vec<Line> {
    let toolchain = Toolchain::find(chip.triple).unwrap_or_else(|missing| panic!("{missing}"));
    let qemu = Qemu::find(chip).unwrap_or_else(|missing| panic!("{missing}"));
    let mut lines = Vec::new();
    for (profile, environment) in profiles(chip) {
        for net in NETS {
            let cost = |operation: &str| {
                eprintln!("{} {net} {operation}, {profile}", chip.name);
                let what = format!("{net}.{operation}");
                let mut environment = environment.to_vec();
                environment.push(("STACKPROP_COST", &what));
                cost(chip, &toolchain, &qemu, profile, &environment)
            };
            let nothing = cost("empty");
            lines.extend(OPERATIONS.map(|operation| {
                let cost = cost(operation);
                Line {
                    chip: chip.name,
                    profile,
                    net,
                    operation,
                    // The call and the return of the empty function are two instructions of every
                    // operation, too.
                    instructions: (cost.hundredths - nothing.hundredths + 50) / 100 + 2,
                    flash: cost.flash - nothing.flash,
                    state: cost.state,
                    stack: cost.stack,
                }
            }));
        }
    }
    lines
}

/// Profiles and what they set: for speed, and on one chip also for size.
fn profiles(chip: &Chip) -> &'static [(&'static str, &'static [(&'static str, &'static str)])] {
    const SPEED: (&str, &[(&str, &str)]) = ("speed", &[]);
    const SIZE: (&str, &[(&str, &str)]) = ("size", &[("CARGO_PROFILE_RELEASE_OPT_LEVEL", "s")]);
    match chip.name {
        "m4f" => &[SPEED, SIZE],
        _ => &[SPEED],
    }
}

/// Builds and runs one image.
fn cost(
    chip: &Chip,
    toolchain: &Toolchain,
    qemu: &Qemu,
    profile: &str,
    environment: &[(&str, &str)],
) -> Cost {
    let selection = ["--bin", "cost"];
    let folder = format!("cost-{profile}");
    let image = firmware::build_in(chip, toolchain, &selection, &folder, environment)
        .unwrap_or_else(|error| panic!("{error}"));
    let run = qemu.run_with(chip, &image, &COUNTING).unwrap();
    let output = String::from_utf8_lossy(&run.output);
    assert_eq!(
        run.exit_code,
        Some(0),
        "{environment:?}: {output}{}",
        run.errors
    );
    let numbers: Vec<u64> = output
        .split_whitespace()
        .map(|n| n.parse().unwrap())
        .collect();
    let [hundredths, state, stack] = numbers.try_into().unwrap();
    Cost {
        hundredths,
        flash: loaded(&std::fs::read(&image).unwrap()),
        state,
        stack,
    }
}

/// The bytes of an image that lie in flash: all sections that are loaded and are not zeros.
fn loaded(image: &[u8]) -> u64 {
    let file = object::File::parse(image).unwrap();
    let sections = file.sections().filter(|section| {
        let SectionFlags::Elf { sh_flags } = section.flags() else {
            return false;
        };
        sh_flags & u64::from(object::elf::SHF_ALLOC) != 0 && section.file_range().is_some()
    });
    sections.map(|section| section.size()).sum()
}

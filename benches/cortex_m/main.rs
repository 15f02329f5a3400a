//! What learning costs on a chip: instructions, flash, RAM and stack of each operation, in QEMU.
//!
//! ```text
//! cargo bench --bench cortex_m                     # all chips
//! cargo bench --bench cortex_m -- m4f m7           # some
//! cargo bench --bench cortex_m -- m4f speed big.online trainer_64
//! ```
//! Each operation is an image of its own, `cost` of `examples/firmware`; what it takes beyond the
//! image that does nothing is its cost. The same in plain Rust is measured beside it. The table is
//! also written to `benches/cortex_m.md`, if nothing was left out.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a bench has nothing to recover"
)]

mod peers;
mod plan;
mod record;
#[path = "../../tests/on_target/rig/mod.rs"]
#[allow(dead_code, reason = "the tests use all of it")]
mod rig;
mod table;

use object::{Object, ObjectSection, SectionFlags};
use plan::{Job, Plan};
use rig::chips::CHIPS;
use rig::firmware;
use rig::qemu::Qemu;
use rig::tools::Toolchain;
use std::collections::BTreeMap;
use std::sync::Mutex;
use table::Line;

/// `-icount shift=0`: an instruction takes a nanosecond, so that timers count instructions.
const COUNTING: [&str; 2] = ["-icount", "shift=0"];

/// What an image costs.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Cost {
    /// Hundredths of an instruction, with the loop around.
    hundredths: u64,
    /// Bytes of all that is loaded.
    flash: u64,
    /// Bytes that live from call to call.
    state: u64,
    /// Bytes of stack written on.
    stack: u64,
}

impl Cost {
    /// The instructions of the operation and the bytes that it takes in flash, beyond the image
    /// that does nothing.
    const fn beyond(self, nothing: Self) -> (u64, u64) {
        // The call and the return of the empty function are two instructions of every operation,
        // too.
        let instructions = (self.hundredths - nothing.hundredths + 50) / 100 + 2;
        (instructions, self.flash - nothing.flash)
    }
}

fn main() {
    let plan = Plan::from_arguments();
    let queue = Mutex::new(plan.jobs().into_iter());
    let lines = Mutex::new(Vec::new());
    // Two at a time: linking is not parallel.
    std::thread::scope(|scope| {
        for _ in 0..2 {
            scope.spawn(|| {
                while let Some(job) = { queue.lock().unwrap().next() } {
                    let found = measure(job, &plan);
                    lines.lock().unwrap().extend(found);
                }
            });
        }
    });
    let mut lines = lines.into_inner().unwrap();
    lines.sort_by_key(|line| CHIPS.iter().position(|chip| chip.name == line.chip));
    let text = table::markdown(&lines);
    print!("{text}");
    if plan.is_whole() {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/benches/cortex_m.md");
        std::fs::write(path, text).unwrap();
        println!("\nwritten to {path}");
    }
}

/// All lines of a chip in a profile.
fn measure((chip, profile): Job, plan: &Plan) -> Vec<Line> {
    let builder = Builder::new((chip, profile));
    let mut lines = Vec::new();
    for (net, operations) in plan.operations() {
        let cost = |operation: &str| builder.cost(net, operation);
        let (nothing, plain_nothing) = (cost("empty"), cost("plain_empty"));
        let mut known = BTreeMap::new();
        lines.extend(operations.into_iter().map(|operation| {
            let found = cost(operation);
            let (instructions, flash) = found.beyond(nothing);
            let plain = plan::plain(operation).map(|plain| {
                let found = known.entry(plain).or_insert_with(|| cost(plain));
                found.beyond(plain_nothing)
            });
            Line {
                chip: chip.name,
                profile,
                net,
                operation,
                instructions,
                flash,
                state: found.state,
                stack: found.stack,
                plain,
            }
        }));
    }
    lines
}

/// What builds and runs the images of a chip in a profile.
struct Builder {
    job: Job,
    toolchain: Toolchain,
    qemu: Qemu,
}

impl Builder {
    fn new(job: Job) -> Self {
        let toolchain = Toolchain::find(job.0.triple);
        let qemu = Qemu::find(job.0);
        Self {
            job,
            toolchain: toolchain.unwrap_or_else(|missing| panic!("{missing}")),
            qemu: qemu.unwrap_or_else(|missing| panic!("{missing}")),
        }
    }

    /// Builds and runs one image.
    fn cost(&self, net: &str, operation: &str) -> Cost {
        let (chip, profile) = self.job;
        eprintln!("{} {net} {operation}, {profile}", chip.name);
        let what = format!("{net}.{operation}");
        let environment = [
            ("STACKPROP_COST", what.as_str()),
            ("CARGO_PROFILE_RELEASE_OPT_LEVEL", plan::level(profile)),
            // Symbols change no code, and take half of the time.
            ("CARGO_PROFILE_RELEASE_DEBUG", "0"),
        ];
        let folder = format!("cost-{profile}");
        let selection = ["--bin", "cost"];
        let image = firmware::build_in(chip, &self.toolchain, &selection, &folder, &environment);
        let image = image.unwrap_or_else(|error| panic!("{error}"));
        let run = self.qemu.run_with(chip, &image, &COUNTING).unwrap();
        let output = String::from_utf8_lossy(&run.output);
        let code = run.exit_code;
        assert_eq!(code, Some(0), "{environment:?}: {output}{}", run.errors);
        let numbers = output.split_whitespace().map(|n| n.parse().unwrap());
        let [hundredths, state, stack] = numbers.collect::<Vec<u64>>().try_into().unwrap();
        Cost {
            hundredths,
            flash: loaded(&std::fs::read(&image).unwrap()),
            state,
            stack,
        }
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

//! The table of `examples/paper`: what ten seeds reach on the host, and the instructions of a pass
//! over the training rows on a Cortex-M3, M0 and M4F in QEMU, beside what the paper reports.
//!
//! ```text
//! cargo bench --bench paper                     # prints the tables, in a few minutes
//! STACKPROP_BLESS=1 cargo bench --bench paper   # and writes them to benches/paper.md
//! ```

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a bench has nothing to recover"
)]

#[path = "../../examples/paper/choosing.rs"]
mod choosing;
#[path = "../../examples/shared/hash.rs"]
mod hash;
#[path = "../../examples/paper/learning/mod.rs"]
#[allow(dead_code, reason = "the chips need all of it")]
mod learning;
#[path = "../cortex_m/record.rs"]
mod record;
#[path = "../../tests/on_target/rig/mod.rs"]
#[allow(dead_code, reason = "the tests use all of it")]
mod rig;
#[path = "../../examples/paper/summary.rs"]
mod summary;
mod table;

use learning::{BreastCancer, Digits, Setosa, Species};
use rig::chips::CHIPS;
use rig::firmware;
use rig::qemu::Qemu;
use rig::tools::Toolchain;
use summary::{REPORTED, Summary, summary};

/// The chips, as `rig` names them: the STM32F103 has a Cortex-M3, the SAMD21 a Cortex-M0+, which
/// has the instructions of the Cortex-M0. Then one with an FPU.
pub(crate) const MEASURED: [&str; 3] = ["m3", "m0", "m4f"];

/// `-icount shift=0`: an instruction takes a nanosecond, so that timers count instructions.
const COUNTING: [&str; 2] = ["-icount", "shift=0"];

/// What a data set costs on a chip.
#[derive(Clone, Debug)]
pub(crate) struct Cost {
    /// Instructions of a pass of `Online::step`, the mean of all passes.
    pub(crate) checked: u64,
    /// The same of `Network::sgd_step`.
    pub(crate) bare: u64,
    /// Bytes of the learner, without and with the order of its rows.
    pub(crate) bytes: [usize; 2],
}

fn main() {
    let progress = |seed| eprintln!("seed {seed}");
    let summaries = [
        summary::<Setosa>(progress).unwrap(),
        summary::<Species>(progress).unwrap(),
        summary::<BreastCancer>(progress).unwrap(),
        summary::<Digits>(progress).unwrap(),
    ];
    for summary in &summaries {
        assert!(
            summary.is_golden && summary.chose_as_on_chips,
            "{summary:?}"
        );
    }
    let costs = MEASURED.map(|chip| measure(chip, &summaries));
    let text = table::markdown(&summaries, &costs);
    print!("{text}");
    if std::env::var_os("STACKPROP_BLESS").is_some() {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/benches/paper.md");
        std::fs::write(path, text).unwrap();
        println!("\nwritten to {path}");
    }
}

/// Each data set on a chip, which has to end with the weights of the host.
fn measure(name: &str, summaries: &[Summary; REPORTED.len()]) -> [Cost; REPORTED.len()] {
    eprintln!("{name}");
    let chip = CHIPS.iter().find(|chip| chip.name == name).unwrap();
    let toolchain = Toolchain::find(chip.triple).unwrap_or_else(|missing| panic!("{missing}"));
    let qemu = Qemu::find(chip).unwrap_or_else(|missing| panic!("{missing}"));
    let image = firmware::build(chip, &toolchain, &["--bin", "paper"])
        .unwrap_or_else(|error| panic!("{error}"));
    let run = qemu.run_with(chip, &image, &COUNTING).unwrap();
    let output = String::from_utf8_lossy(&run.output);
    assert_eq!(run.exit_code, Some(0), "{name}: {output}{}", run.errors);
    let mut lines = output.lines();
    summaries.each_ref().map(|summary| {
        let line: Vec<&str> = lines.next().unwrap().split('|').collect();
        let [set, _, _, hash, checked, bare, online, all] = line.try_into().unwrap();
        assert_eq!(set, summary.name);
        assert_eq!(hash, format!("{:#018x}", summary.hash));
        Cost {
            checked: checked.parse().unwrap(),
            bare: bare.parse().unwrap(),
            bytes: [online.parse().unwrap(), all.parse().unwrap()],
        }
    })
}

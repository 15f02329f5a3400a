//! The table.

use crate::peers::{PEERS, recorded};
use crate::record::{thousands, versions};
use crate::rig::chips::CHIPS;
use std::fmt::Write;

/// One operation on one chip.
pub(crate) struct Line {
    pub(crate) chip: &'static str,
    pub(crate) profile: &'static str,
    pub(crate) net: &'static str,
    pub(crate) operation: &'static str,
    pub(crate) instructions: u64,
    pub(crate) flash: u64,
    pub(crate) state: u64,
    pub(crate) stack: u64,
    /// Instructions and flash of the same in plain Rust.
    pub(crate) plain: Option<(u64, u64)>,
}

/// The heads of the columns that compare ours, and of the peer that is measured beside it.
const OURS_AND_PLAIN: &str = "best peer / ours | plain Rust | its flash";

/// What stands above the table.
const HEAD: &str = "\
# What learning costs on a chip

Instructions, not cycles: QEMU counts what is executed, and models no pipeline, cache or flash. A
Helium instruction counts as one and takes two cycles on a Cortex-M55. The count includes the call
and the return; it is calibrated against a loop of 2,000,000 instructions on each chip, and is the
mean of up to 4096 calls. Each call gets the next of 64 rows, or of 64 windows of rows.

Networks: `linear` and `book` are the notebook's 3-4-2-1 without and with ReLU, without biases;
`big` is 16-32-16-4 with ReLU and biases (1140 parameters). All have sigmoid outputs and binary
cross-entropy. Weights are those of `Network::new` with the seed 1, rows are uniform with variance
1, labels are random, and the learning rate is 0.01: steps learn from call to call.

| operation | is |
| --- | --- |
| forward | one sample: `Network::forward` |
| gradient | one sample forward, loss, backward: `gradient_batch` |
| sgd_step | the same and an SGD step: `Network::sgd_step` |
| online | the same, guarded: `Online::step` |
| online_adam | the same with Adam |
| trainer | the same, guarded, by way of a gradient in memory: `Trainer::step` |
| trainer_adam | the same with Adam |
| forward_64 | 64 samples: `forward_batch` |
| trainer_16 | 16 samples: `Trainer::step`, a guarded step on the mean gradient |
| trainer_64 | the same of 64 samples |
| trainer_adam_64 | the same with Adam |
| save | `Record::to_bytes` of an `Online` with Adam: weights, moments, settings, checksum |
| load | `Record::from_bytes`: all is checked, then read |
| load_file | `SafeTensors::new` and `load` of a file, which its flash includes |

Flash is that of the kernels, without the parameters, and what they link; state is what lives from
call to call, outputs, gradients and settings included (`size_of`); stack is the most that was
written on. Profiles: speed is opt-level 3, size is opt-level s, both with fat link-time
optimisation.

Plain Rust is what one writes without a library, `examples/shared/plain` with libm 0.2.16: loops
over arrays of fixed sizes, compiled with the same options and run on the same rows; its numbers
are ours, but for rounding. The other peers are recorded figures with their versions, compiled by
gcc 12.2.1 with -O3 or -Os. They were not run again, and worked on the numbers of the notebook:
without an FPU that makes a difference. No peer checks anything: beside a guarded step stands the
peers' unguarded step. The best of all peers divided by ours is above 1 where ours takes less.

";

/// The whole text.
pub(crate) fn markdown(lines: &[Line]) -> String {
    let mut text = format!("{HEAD}{}\n\n", versions());
    for chip in &CHIPS {
        for profile in ["speed", "size"] {
            let mut lines = lines
                .iter()
                .filter(|line| line.chip == chip.name && line.profile == profile)
                .peekable();
            if lines.peek().is_some() {
                section(&mut text, chip.name, profile, lines);
            }
        }
    }
    text
}

/// The table of one chip.
fn section<'a>(
    text: &mut String,
    chip: &str,
    profile: &str,
    lines: impl Iterator<Item = &'a Line>,
) {
    let _ = writeln!(text, "## {chip}, {profile}\n");
    let peers = PEERS.join(" | ");
    let _ = writeln!(
        text,
        "| | instructions | flash | state | stack | {OURS_AND_PLAIN} | {peers} |"
    );
    let _ = writeln!(text, "|{}", " --- |".repeat(8 + PEERS.len()));
    for line in lines {
        row(text, line);
    }
    text.push('\n');
}

/// One line.
fn row(text: &mut String, line: &Line) {
    let Line {
        net,
        operation,
        instructions,
        flash,
        state,
        stack,
        plain,
        ..
    } = line;
    let recorded = recorded(line.chip, line.profile, net, operation).map(|n| n.map(u64::from));
    let (plain, plain_flash) = plain.unzip();
    let peers = [plain].into_iter().chain(recorded);
    let best = peers.flatten().min();
    let ratio = best.map(|best| format!("{:.2}", best as f64 / *instructions as f64));
    let count = |n: Option<u64>| n.map(thousands);
    let cells = [count(Some(*instructions))]
        .into_iter()
        .chain([*flash, *state, *stack].map(|bytes| Some(bytes.to_string())))
        .chain([
            ratio,
            count(plain),
            plain_flash.map(|bytes| bytes.to_string()),
        ])
        .chain(recorded.map(count));
    let _ = write!(text, "| {net} {operation} |");
    for cell in cells {
        let _ = write!(text, " {} |", cell.unwrap_or_default());
    }
    text.push('\n');
}

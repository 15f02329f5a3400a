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
}

/// What stands above the table.
const HEAD: &str = "\
# What learning costs on a chip

Instructions, not cycles: QEMU counts what is executed, and models no pipeline, cache or flash. A
Helium instruction counts as one and takes two cycles on a Cortex-M55. The count includes the call
and the return; it is calibrated against a loop of 2,000,000 instructions on each chip, and is the
mean of up to 4000 calls with the same input.

Networks: `linear` and `book` are the notebook's 3-4-2-1 without and with ReLU, without biases;
`big` is 16-32-16-4 with ReLU and biases (1140 parameters). All have sigmoid outputs and binary
cross-entropy.

| operation | is |
| --- | --- |
| forward | one sample: `Network::forward` |
| gradient | one sample forward, loss, backward: `gradient_batch` |
| sgd_step | the same and an SGD step: `Network::sgd_step` |
| online | the same, guarded: `Online::step` |
| trainer | the same, guarded, by way of a gradient in memory: `Trainer::step` |
| forward_64 | 64 samples: `forward_batch` |
| trainer_64 | 64 samples: `Trainer::step`, a guarded step on the mean gradient |
| online_adam | one sample, guarded, with Adam: `Online::step` |
| trainer_adam | the same, by way of a gradient in memory: `Trainer::step` |
| trainer_adam_64 | 64 samples, guarded, with Adam: `Trainer::step` |
| save | `Record::to_bytes` of an `Online` with Adam: weights, moments, settings, checksum |
| load | `Record::from_bytes`: all is checked, then read |
| load_file | `SafeTensors::new` and `load` of a file, which its flash includes |

Flash is that of the kernels, without the parameters, and what they link; state is what lives from
call to call, outputs, gradients and settings included (`size_of`); stack is the most that was
written on. Peers are recorded figures, with their versions; they leave out what they were not
measured on. Profiles: speed is opt-level 3, size is opt-level s, both with fat link-time
optimisation.

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
    let _ = writeln!(text, "| | instructions | flash | state | stack | {peers} |");
    let _ = writeln!(
        text,
        "| --- | --- | --- | --- | --- | --- | --- | --- | --- |"
    );
    for line in lines {
        let Line {
            net,
            operation,
            flash,
            state,
            stack,
            ..
        } = line;
        let count = thousands(line.instructions);
        let _ = write!(
            text,
            "| {net} {operation} | {count} | {flash} | {state} | {stack} |"
        );
        for peer in recorded(chip, net, operation) {
            let peer = peer.filter(|_| profile == "speed");
            let _ = write!(
                text,
                " {} |",
                peer.map_or(String::new(), |n| thousands(n.into()))
            );
        }
        text.push('\n');
    }
    text.push('\n');
}

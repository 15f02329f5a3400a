//! The same bits on the chip: what it prints against the digests of the host.

#[path = "../digests/golden.rs"]
mod golden;

use crate::rig::chips::Chip;
use crate::rig::firmware;
use crate::rig::qemu::Qemu;
use crate::rig::tools::Toolchain;
use golden::DIGESTS;
use libtest_mimic::Failed;
use std::fmt::Write;

/// The one board whose RAM is too small for the cases of 16-32-16-4.
const SMALL: &str = "microbit";

/// Runs the image and compares line by line. Prints `<chip> <case> <digest>` if `show`.
pub(crate) fn agree(
    chip: &Chip,
    toolchain: &Toolchain,
    qemu: &Qemu,
    show: bool,
) -> Result<(), Failed> {
    let image = firmware::build(chip, toolchain, &["--bin", "digests"])?;
    let run = qemu.run(chip, &image)?;
    let output = String::from_utf8_lossy(&run.output);
    let mut lines = output.lines();
    let (mut report, mut wrong) = (String::new(), 0);
    for (case, golden) in DIGESTS {
        if case.starts_with("host_") || chip.board == SMALL && case.starts_with("mlp16") {
            continue;
        }
        let line = lines.next().unwrap_or("no line");
        write!(report, "{} {line}", chip.name)?;
        if line != format!("{case} {golden:016x}") {
            write!(report, "; expected {case} {golden:016x}")?;
            wrong += 1;
        }
        report.push('\n');
    }
    if wrong > 0 || lines.next().is_some() || run.exit_code != Some(0) {
        let (code, errors) = (run.exit_code, run.errors);
        return Err(format!("{wrong} digests differ\n{report}exit code {code:?}\n{errors}").into());
    }
    if show {
        print!("{report}");
    }
    Ok(())
}

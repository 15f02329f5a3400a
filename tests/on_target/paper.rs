//! The data sets of `examples/paper`, learned on the chip.

use crate::rig::chips::Chip;
use crate::rig::firmware;
use crate::rig::qemu::Qemu;
use crate::rig::tools::Toolchain;
use libtest_mimic::Failed;

/// An instruction takes 1 ns: the timer counts instructions.
const COUNTING: [&str; 2] = ["-icount", "shift=0"];

/// Each data set ends with the weights of the host: the exit code of the image says so. Prints what
/// the image prints, if `show`.
pub(crate) fn is_learned(
    chip: &Chip,
    toolchain: &Toolchain,
    qemu: &Qemu,
    show: bool,
) -> Result<(), Failed> {
    let image = firmware::build(chip, toolchain, &["--bin", "paper"])?;
    let run = qemu.run_with(chip, &image, &COUNTING)?;
    let output = String::from_utf8_lossy(&run.output);
    run.succeeded(&output)?;
    if show {
        print!("{output}");
    }
    Ok(())
}

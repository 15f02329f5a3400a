//! A learner on a broken sensor, for 100,000 steps: the bits of the host, and no more stack than at
//! the beginning.

#[path = "../hostile/extremes.rs"]
mod extremes;
#[path = "../hostile/soak.rs"]
mod steps;

use crate::rig::chips::Chip;
use crate::rig::firmware;
use crate::rig::qemu::Qemu;
use crate::rig::tools::Toolchain;
use libtest_mimic::Failed;
use steps::{CHIP_STEPS, Soak};

pub(crate) fn changes_nothing_bad(
    chip: &Chip,
    toolchain: &Toolchain,
    qemu: &Qemu,
    show: bool,
) -> Result<(), Failed> {
    let image = firmware::build(chip, toolchain, &["--bin", "soak"])?;
    let run = qemu.run(chip, &image)?;
    let said = String::from_utf8_lossy(&run.output);
    if show {
        println!("{}: {said}", chip.name);
    }
    run.succeeded(&said)?;
    let mut host = Soak::on_chips();
    let fine = host.run(CHIP_STEPS);
    let (learned, refused, digest) = (host.learned, host.refused, host.digest());
    let expected = format!("{learned} {refused} {digest:016x}");
    let stack = said.trim().strip_prefix(&expected).filter(|_| fine);
    let stack = stack.ok_or_else(|| format!("{said}, not {expected}"))?;
    match stack.split_whitespace().collect::<Vec<_>>()[..] {
        [first, all] if first == all => Ok(()),
        _ => Err(format!("the stack has grown: {stack}").into()),
    }
}

//! Arithmetic on floats is instructions where the chip has a unit for it, and calls only where it
//! has none.

use crate::rig::chips::Chip;
use crate::rig::firmware;
use crate::rig::tools::Toolchain;
use libtest_mimic::Failed;
use object::{Object, ObjectSymbol};

/// How the functions end that compute in software: sums, products and quotients of single and
/// double floats.
const SOFT: [&str; 6] = ["addsf3", "mulsf3", "divsf3", "adddf3", "muldf3", "divdf3"];

/// The image of the digests, with all kernels, both passes and the optimisers in it, has functions
/// for floats exactly if the chip has no unit for them. (That the others have them shows that this
/// would be seen.)
pub(crate) fn are_instructions(chip: &Chip, toolchain: &Toolchain) -> Result<(), Failed> {
    let path = firmware::build(chip, toolchain, &["--bin", "digests"])?;
    let image = std::fs::read(path)?;
    let soft = soft_floats(&image)?;
    if soft.is_empty() == chip.has_fpu() {
        return Ok(());
    }
    Err(format!("FPU: {}, computed in software: {soft:?}", chip.has_fpu()).into())
}

/// The functions of an image that compute with floats in software.
fn soft_floats(image: &[u8]) -> Result<Vec<String>, Failed> {
    let file = object::File::parse(image)?;
    let names = file.symbols().filter_map(|symbol| symbol.name().ok());
    Ok(names
        .filter(|name| SOFT.iter().any(|soft| name.ends_with(soft)))
        .map(String::from)
        .collect())
}

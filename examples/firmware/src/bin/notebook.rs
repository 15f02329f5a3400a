//! Both networks of the notebook on the target, forward, loss and every gradient, compared bit for
//! bit with the host. The exit code is the verdict: 0 only if all bits agree.

#![no_std]
#![no_main]

#[path = "../../../../tests/golden/mod.rs"]
mod golden;

use firmware::{entry, exit};
use golden::bits;
use golden::cases::{self, Quantity};

/// The exit code if any bit differs.
const DIFFERENT: i32 = 1;

/// The values of a long quantity that are logged.
const SHOWN: usize = 12;

#[entry]
fn main() -> ! {
    let (mut agreeing, mut values, mut quantities) = (0, 0, 0);
    let mut all = true;
    let walked = cases::for_each(|quantity| {
        log(&quantity);
        agreeing += quantity.agreeing();
        values += quantity.values.len();
        quantities += 1;
        all &= quantity.agrees();
    });
    if let Err(error) = walked {
        defmt::error!("{}", error);
    }
    defmt::info!(
        "{=usize} of {=usize} values have the golden bits, {=usize} of {=usize} quantities done",
        agreeing,
        values,
        quantities,
        bits::BITS.len()
    );
    let complete = walked.is_ok() && quantities == bits::BITS.len();
    exit(if all && complete { 0 } else { DIFFERENT })
}

/// One line for a quantity, and one for each value that is not the host's.
fn log(quantity: &Quantity) {
    let Quantity {
        of, name, values, ..
    } = *quantity;
    let (shown, more) = values.split_at(values.len().min(SHOWN));
    if more.is_empty() {
        defmt::info!("{=str} {=str} = {}", of, name, shown);
    } else {
        let more = more.len();
        defmt::info!(
            "{=str} {=str} = {} and {=usize} more",
            of,
            name,
            shown,
            more
        );
    }
    if values.len() != quantity.golden.len() {
        let golden = quantity.golden.len();
        defmt::error!("{=str} {=str} has {=usize} golden values", of, name, golden);
    }
    for (i, (value, golden)) in values.iter().zip(quantity.golden).enumerate() {
        let bits = value.to_bits();
        if bits != *golden {
            defmt::error!(
                "{=str} {=str}[{=usize}] is {=u32:#010x}, golden {=u32:#010x}",
                of,
                name,
                i,
                bits,
                *golden
            );
        }
    }
}

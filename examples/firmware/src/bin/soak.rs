//! 100,000 online steps on a sensor that is broken for a quarter of the time. One line, in plain
//! text: steps learned, steps refused, the digest of the weights, and the stack of the first
//! thousand steps and of all. The exit code says whether anything bad got into the learner.

#![no_std]
#![no_main]

#[path = "../../../../tests/hostile/extremes.rs"]
mod extremes;
#[path = "../../../../tests/hostile/soak.rs"]
mod soak;

use core::hint::black_box;
use firmware::{entry, exit, stack};
use semihosting::println;
use soak::{CHIP_STEPS, Soak};

/// The exit code if a weight is bad, or if a step that was refused has changed something.
const BAD: i32 = 1;

#[entry]
fn main() -> ! {
    let mut soak = black_box(Soak::on_chips());
    let (begun, first) = stack::peak(|| soak.run(1000));
    let (went_on, all) = stack::peak(|| soak.run(CHIP_STEPS - 1000));
    let (learned, refused, digest) = (soak.learned, soak.refused, soak.digest());
    println!("{learned} {refused} {digest:016x} {first} {all}");
    exit(if begun && went_on { 0 } else { BAD })
}

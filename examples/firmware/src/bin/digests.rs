//! Prints the digest of each case of `tests/digests` that the board has the memory for, a line
//! each, for the tests to compare with the host's. In plain text, so that nothing has to decode it.

#![no_std]
#![no_main]

#[path = "../../../../tests/digests/cases.rs"]
mod cases;
#[path = "../../../../tests/digests/contract.rs"]
mod contract;
#[path = "../../../../tests/digests/learning.rs"]
mod learning;

use firmware::{entry, exit};
use semihosting::println;
use stackprop::Error;
use stackprop::simd::DefaultVector;

/// The exit code if a batch is refused.
const REFUSED: i32 = 1;

#[entry]
fn main() -> ! {
    exit(if all().is_ok() { 0 } else { REFUSED })
}

fn all() -> Result<(), Error> {
    let mut show = |case: &'static str, digest: u64| println!("{case} {digest:016x}");
    cases::small::<DefaultVector>(&mut show)?;
    cases::kernels::<f32>(&mut show);
    if cfg!(not(board = "microbit")) {
        cases::large::<DefaultVector>(&mut show)?;
    }
    learning::learning::<DefaultVector>(&mut show)?;
    contract::functions::<f32>(&mut show);
    contract::contract::<DefaultVector>(&mut show)
}

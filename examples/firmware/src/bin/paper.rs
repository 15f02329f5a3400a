//! Learns the data sets of `examples/paper` on the chip, and prints a line for each: its name, how
//! many test rows are right, of how many, the hash of the weights, the instructions of a pass over
//! the training rows with steps that are checked and with bare ones, and the bytes of the learner
//! without and with the order of its rows. In plain text, so that nothing has to decode it. The
//! exit code is 0 only if both ways to learn end with the weights of the host.
//!
//! The counts are right under `-icount shift=0`: `examples/firmware/src/count.rs`.

#![no_std]
#![no_main]

#[path = "../../../shared/hash.rs"]
mod hash;
#[path = "../../../paper/learning/mod.rs"]
#[allow(dead_code, reason = "the host shows more")]
mod learning;

use firmware::count::Counter;
use firmware::{entry, exit};
use learning::{BreastCancer, Data, Digits, Run, SEED, Setosa, Species};
use semihosting::println;
use stackprop::Error;

/// The exit code if the weights are not those of the host.
const DIFFERENT: i32 = 1;

/// The exit code if a row is refused.
const REFUSED: i32 = 2;

/// The exit code without a timer.
const NO_TIMER: i32 = 3;

#[entry]
fn main() -> ! {
    let Some(mut counter) = Counter::start() else {
        exit(NO_TIMER)
    };
    exit(match all(&mut counter) {
        Ok(true) => 0,
        Ok(false) => DIFFERENT,
        Err(_) => REFUSED,
    })
}

/// Whether all data sets end with the weights of the host.
fn all(counter: &mut Counter) -> Result<bool, Error> {
    let mut same = show::<Setosa>(counter)?;
    same &= show::<Species>(counter)?;
    same &= show::<BreastCancer>(counter)?;
    same &= show::<Digits>(counter)?;
    Ok(same)
}

/// Learns a data set twice, and prints its line.
fn show<D: Data>(counter: &mut Counter) -> Result<bool, Error> {
    let (mut checked, mut bare) = (0, 0);
    let (mut run, mut twin) = (Run::<D>::new(SEED)?, Run::<D>::new(SEED)?);
    for pass in 0..D::CHOSEN.passes {
        let rate = D::CHOSEN.rate_of(pass);
        let mut result = Ok(());
        checked += counter.once(|| result = run.pass(rate));
        result?;
        bare += counter.once(|| twin.bare_pass(rate));
    }
    let (outcome, same) = (run.outcome()?, twin.outcome()?);
    let passes = u64::from(D::CHOSEN.passes);
    println!(
        "{}|{}|{}|{:#018x}|{}|{}|{}|{}",
        D::NAME,
        outcome.right(),
        outcome.counts.total(),
        outcome.hash,
        checked / passes,
        bare / passes,
        Run::<D>::ONLINE_BYTES,
        Run::<D>::BYTES
    );
    Ok(outcome.hash == D::GOLDEN && same.hash == D::GOLDEN)
}

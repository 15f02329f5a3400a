//! Learns on the chip what the wearer of a smart watch does, from random weights, and tests it: the
//! program of `examples/activity`. The exit code is the verdict: 0 only if the goal is reached with
//! the weights of the host.

#![no_std]
#![no_main]

#[path = "../../../shared/hash.rs"]
mod hash;
#[path = "../../../activity/learning/mod.rs"]
mod learning;

use firmware::{entry, exit};
use learning::{CLASSES, EPOCHS, GOLDEN, HALF, Learner, Outcome, SEED};

/// The exit code if the goal is missed, or the weights are not those of the host.
const DIFFERENT: i32 = 1;

/// Epochs between two lines of the log.
const EVERY: u32 = 5;

#[entry]
fn main() -> ! {
    defmt::info!(
        "{=usize} windows to learn from, {=usize} to test with",
        HALF,
        HALF
    );
    let outcome = learning::learn(SEED, |epoch, learner| {
        if epoch.number % EVERY == 0 {
            defmt::info!(
                "epoch {=u32} of {=u32}: loss {=f32}, right {=f32} in training, {=f32} in test",
                epoch.number,
                EPOCHS,
                epoch.loss,
                epoch.train,
                epoch.test
            );
        }
        if epoch.number == EPOCHS {
            log_tensors(learner);
        }
    });
    match outcome {
        Ok(outcome) => {
            log(&outcome);
            exit(if outcome.is_golden() { 0 } else { DIFFERENT })
        }
        Err(error) => {
            defmt::error!("{}", error);
            exit(DIFFERENT)
        }
    }
}

/// Length, least and largest number of each tensor and of its gradient.
fn log_tensors(learner: &Learner) {
    for (weight, grad) in learner.network.tensors().zip(learner.gradients()) {
        defmt::info!(
            "{}: {}; gradient {}",
            weight.name,
            weight.stats(),
            grad.stats()
        );
    }
}

/// The confusion matrix, the accuracy, the hash.
fn log(outcome: &Outcome) {
    defmt::info!("test windows, taken for {}", CLASSES);
    for (name, counts) in CLASSES.iter().zip(&outcome.confusion.counts) {
        defmt::info!("{} of {=str}", counts, *name);
    }
    defmt::info!("accuracy {=f32}", outcome.accuracy());
    defmt::info!(
        "hash {=u64:#018x}, golden {=u64:#018x}",
        outcome.hash,
        GOLDEN
    );
}

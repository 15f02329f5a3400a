//! Learns on the chip to tell the anomalies of a stream, row by row, from random weights: the
//! program of `examples/shuttle`. The exit code is the verdict: 0 only if the goals are reached
//! with the weights of the host.

#![no_std]
#![no_main]

#[path = "../../../shared/hash.rs"]
mod hash;
#[path = "../../../shuttle/learning/mod.rs"]
mod learning;

use firmware::{entry, exit};
use learning::{GOLDEN, Outcome, ROWS, SEED};

/// The exit code if a goal is missed, or the weights are not those of the host.
const DIFFERENT: i32 = 1;

/// Rows between two lines of the log.
const EVERY: usize = 1000;

#[entry]
fn main() -> ! {
    let mut scores = [(0.0, false); ROWS];
    let outcome = learning::learn(SEED, &mut scores, |report| {
        if report.rows.is_multiple_of(EVERY) {
            defmt::info!(
                "row {=usize} of {=usize}: loss of the last {=f32}, F1 of all so far {=f32}",
                report.rows,
                ROWS,
                report.loss,
                report.decisions.f1()
            );
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

/// Counts, figures, the hash.
fn log(outcome: &Outcome) {
    let Outcome {
        auc,
        decisions,
        hash,
    } = outcome;
    defmt::info!("{}", decisions);
    defmt::info!(
        "precision {=f32}, recall {=f32}",
        decisions.precision(),
        decisions.recall()
    );
    defmt::info!(
        "F1 {=f32}, area under the ROC curve {=f64}",
        decisions.f1(),
        *auc
    );
    defmt::info!("hash {=u64:#018x}, golden {=u64:#018x}", *hash, GOLDEN);
}

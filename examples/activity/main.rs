//! Activity recognition on a smart watch, learned from scratch: raw windows of accelerometer and
//! gyroscope, features, a network of 16-32-16-4, and a test on windows that it has not seen.
//!
//! ```text
//! cargo run --release --example activity
//! ```
//!
//! shows a progress bar, prints the confusion matrix, and draws the curves. The same program runs
//! on a Cortex-M4F in QEMU, `examples/firmware/src/bin/activity.rs`, and ends with the same bits.
//!
//! Of the 40 test windows 39 or 40 are right, 97.5 or 100 %, for each seed from 1 to 20;
//! `tests/learning.rs` checks this. Of five sets of features these were chosen by five-fold
//! cross-validation on the training windows.

mod learning;
#[path = "../shared/mod.rs"]
mod shared;

use chart::Panel;
use core::error::Error;
use learning::{CLASSES, EPOCHS, Epoch, GOAL, GOLDEN, HALF, Outcome, SEED};
use plotters::prelude::SeriesLabelPosition;
use shared::{bar, chart, hash};
use std::process::ExitCode;

fn main() -> Result<ExitCode, Box<dyn Error>> {
    print!("What does the wearer of a smart watch do? ");
    println!("16 features of 10 seconds, a network of 16-32-16-4.");
    println!("{HALF} windows to learn from, {HALF} to test with; random weights, seed {SEED}.\n");
    let bar = bar::bar(EPOCHS as usize, "epochs");
    let mut epochs = Vec::new();
    let outcome = learning::learn(SEED, |epoch, _| {
        bar.set_position(epoch.number.into());
        bar.set_message(format!("loss {:.4}", epoch.loss));
        epochs.push(epoch.clone());
    })?;
    bar.finish();
    show(&outcome);
    println!("curves                        {}", draw(&epochs)?);
    Ok(ExitCode::from(u8::from(!outcome.is_golden())))
}

/// Prints the confusion matrix by names, the accuracy and the hash.
fn show(outcome: &Outcome) {
    println!("\n{}", outcome.confusion.named(CLASSES));
    let accuracy = 100.0 * outcome.accuracy();
    println!(
        "\naccuracy                      {accuracy:.1} % (goal: {:.0} %)",
        100.0 * GOAL
    );
    let verdict = if outcome.hash == GOLDEN {
        "as on every target"
    } else {
        "NOT the golden one"
    };
    println!(
        "hash of the weights           {:#018x}, {verdict}",
        outcome.hash
    );
}

/// Draws the loss above and the accuracies below.
fn draw(epochs: &[Epoch]) -> Result<String, Box<dyn Error>> {
    let curve = |y: fn(&Epoch) -> f32| epochs.iter().map(|e| (e.number as f32, y(e))).collect();
    let loss = Panel {
        y: "mean cross-entropy",
        range: 0.0..1.5,
        legend: SeriesLabelPosition::UpperRight,
        curves: &[("training windows, before each step", curve(|e| e.loss))],
        pale: &[],
    };
    let accuracy = Panel {
        y: "accuracy",
        range: 0.0..1.05,
        legend: SeriesLabelPosition::LowerRight,
        curves: &[
            ("training windows", curve(|e| e.train)),
            ("test windows", curve(|e| e.test)),
        ],
        pale: &[],
    };
    let title = "Learning four activities from 40 windows";
    let path = chart::draw("activity.svg", title, "epoch", &[loss, accuracy])?;
    Ok(path.display().to_string())
}

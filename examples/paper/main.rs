//! A paper's table, computed again: Iris, breast cancer and digits, learned one row at a time by
//! networks without a hidden layer.
//!
//! ```text
//! cargo run --release --example paper
//! ```
//!
//! shows a progress bar and prints what ten seeds reach, beside what the paper reports: Sudharsan,
//! Yadav, Breslin and Ali, "Train++: An Incremental ML Model Training Algorithm to Create
//! Self-Learning `IoT` Devices", IEEE UIC 2021. The same program runs on a Cortex-M3, a Cortex-M0
//! and a Cortex-M4F in QEMU, `examples/firmware/src/bin/paper.rs`, and ends with the same bits.
//! `cargo bench --bench paper` prints the whole table, with the instructions of a pass.
//!
//! A seed gives the split, the weights and the orders of the rows. 70 % of the rows are learned,
//! the others are the test. Each seed chooses its learning rate and its number of passes by
//! five-fold cross-validation on its training rows: `choosing.rs`. `tests/learning.rs` holds the
//! figures.

mod choosing;
#[allow(dead_code, reason = "the chips need all of it")]
mod learning;
#[path = "../shared/mod.rs"]
mod shared;
mod summary;

use core::error::Error;
use learning::{BreastCancer, Data, Digits, Setosa, Settings, Species};
use shared::{bar, hash};
use std::process::ExitCode;
use summary::{REPORTED, RUNS, Summary, summary};

fn main() -> Result<ExitCode, Box<dyn Error>> {
    println!("Three data sets of a paper, {RUNS} seeds each.");
    println!("Accuracy is that on the 30 % of the rows that were not learned.\n");
    let bar = bar::bar(REPORTED.len() * RUNS, "runs");
    let all = [
        of::<Setosa>(&bar)?,
        of::<Species>(&bar)?,
        of::<BreastCancer>(&bar)?,
        of::<Digits>(&bar)?,
    ];
    bar.finish();
    for (summary, (reported, _)) in all.iter().zip(REPORTED) {
        show(summary, reported);
    }
    let same = all.iter().all(|s| s.is_golden && s.chose_as_on_chips);
    Ok(ExitCode::from(u8::from(!same)))
}

/// The summary of a data set, with progress on the bar.
fn of<D: Data>(bar: &indicatif::ProgressBar) -> Result<Summary, stackprop::Error> {
    bar.set_message(D::NAME);
    summary::<D>(|_| bar.inc(1))
}

/// Prints a summary.
fn show(summary: &Summary, reported: Option<f64>) {
    let Summary {
        name,
        network,
        mean,
        ..
    } = summary;
    let [online, all] = summary.bytes;
    println!("\n{name}, a network of {network}");
    println!(
        "accuracy               mean {mean:.2} %, least {:.2} %, largest {:.2} %",
        summary.least, summary.most
    );
    if let Some(reported) = reported {
        println!("Train++, best          {reported:.2} %");
    }
    if let Some((class, recall, f1)) = summary.watched {
        println!("of class {class:<14}recall {recall:.2} %, F1 {f1:.2} %, means");
    }
    println!("RAM                    {online} bytes, {all} with the order of the rows");
    let Settings { rate, passes } = summary.chosen;
    println!("seed 1 chose           a learning rate of {rate}, {passes} passes");
    let verdict = if summary.is_golden {
        "as on every target"
    } else {
        "NOT the golden one"
    };
    println!("hash, seed 1           {:#018x}, {verdict}", summary.hash);
}

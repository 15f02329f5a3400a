//! Anomalies in a stream, learned while it comes: 10,000 rows of nine sensors of a space shuttle in
//! order of time. A network of 9-16-8-1 sees each row once, and predicts it before it learns it.
//!
//! ```text
//! cargo run --release --example shuttle
//! ```
//!
//! shows a progress bar, prints how well it predicted, and draws the curves. The same program runs
//! on a Cortex-M4F in QEMU, `examples/firmware/src/bin/shuttle.rs`, and ends with the same bits.
//!
//! The table has the seeds from 1 to 20, which `tests/learning.rs` goes through, and public
//! libraries that predict and learn the same rows one by one. Theirs is what
//! `python3 examples/shuttle/baseline.py` printed, with scikit-learn 1.9.1 and river 0.26.1:
//!
//! | | ROC AUC | precision | recall | F1 |
//! | --- | --- | --- | --- | --- |
//! | this program, seed 1 | 0.9919 | 0.9911 | 0.9396 | 0.9647 |
//! | 20 seeds, least | 0.9883 | 0.9280 | 0.9368 | 0.9434 |
//! | most | 0.9929 | 0.9941 | 0.9593 | 0.9727 |
//! | river, `StandardScaler`, `LogisticRegression` | 0.9792 | 0.9854 | 0.9480 | 0.9664 |
//! | scikit-learn, `MLPClassifier((16, 8))`, 5 seeds, least | 0.9766 | 0.8476 | 0.8890 | 0.8868 |
//! | most | 0.9833 | 0.9969 | 0.9565 | 0.9548 |
//! | with this program's limit and learning rate, least | 0.9898 | 0.9563 | 0.9284 | 0.9550 |
//! | most | 0.9923 | 0.9880 | 0.9551 | 0.9632 |
//!
//! The limit and the learning rate were chosen on later rows of the data set, which are not in this
//! run: `learning/mod.rs`.

mod learning;
#[path = "../shared/mod.rs"]
mod shared;

use chart::Panel;
use core::error::Error;
use learning::{AUC_GOAL, EVERY, F1_GOAL, GOLDEN, Outcome, ROWS, Report, SEED};
use plotters::prelude::SeriesLabelPosition;
use shared::{bar, chart, hash};
use std::process::ExitCode;

fn main() -> Result<ExitCode, Box<dyn Error>> {
    print!("Is this row of nine shuttle sensors an anomaly? ");
    println!("A network of 9-16-8-1 predicts, then learns.");
    println!("{ROWS} rows in order of time, each seen once; random weights, seed {SEED}.\n");
    let bar = bar::bar(ROWS, "rows");
    let mut reports = Vec::new();
    let mut scores = [(0.0, false); ROWS];
    let outcome = learning::learn(SEED, &mut scores, |report| {
        bar.set_position(report.rows as u64);
        bar.set_message(format!("loss {:.4}", report.loss));
        reports.push(report.clone());
    })?;
    bar.finish();
    show(&outcome);
    println!("curves                 {}", draw(&reports)?);
    Ok(ExitCode::from(u8::from(!outcome.is_golden())))
}

/// Prints counts, figures and the hash.
fn show(outcome: &Outcome) {
    let Outcome {
        auc,
        decisions,
        hash,
    } = outcome;
    let found = decisions.true_positives;
    println!(
        "\nanomalies found        {found} of {}",
        found + decisions.false_negatives
    );
    println!("false alarms           {}", decisions.false_positives);
    println!(
        "precision, recall      {:.4}, {:.4}",
        decisions.precision(),
        decisions.recall()
    );
    println!(
        "F1 at 0.5              {:.4} (goal: {F1_GOAL})",
        decisions.f1()
    );
    println!("area under ROC curve   {auc:.4} (goal: {AUC_GOAL})");
    let verdict = if *hash == GOLDEN {
        "as on every target"
    } else {
        "NOT the golden one"
    };
    println!("hash of the weights    {hash:#018x}, {verdict}");
}

/// Draws the loss above and the figures so far below.
fn draw(reports: &[Report]) -> Result<String, Box<dyn Error>> {
    let curve = |y: fn(&Report) -> f32| reports.iter().map(|r| (r.rows as f32, y(r))).collect();
    let name = format!("mean of the last {EVERY} rows, before each step");
    let loss = Panel {
        y: "binary cross-entropy",
        range: 0.0..0.5,
        legend: SeriesLabelPosition::UpperRight,
        curves: &[(&name, curve(|r| r.loss))],
        pale: &[],
    };
    let figures = Panel {
        y: "of all rows so far",
        range: 0.0..1.05,
        legend: SeriesLabelPosition::LowerRight,
        curves: &[
            ("accuracy", curve(|r| r.decisions.accuracy())),
            ("F1", curve(|r| r.decisions.f1())),
            ("recall", curve(|r| r.decisions.recall())),
        ],
        pale: &[],
    };
    let title = "Predicting, then learning, one row at a time";
    let path = chart::draw("shuttle.svg", title, "row", &[loss, figures])?;
    Ok(path.display().to_string())
}

//! The tables.

use crate::record::{thousands, versions};
use crate::summary::{REPORTED, Summary};
use crate::{Cost, MEASURED};
use std::fmt::Write;

/// What stands above the tables.
const HEAD: &str = "\
# A paper's table, computed again

Train++ is Sudharsan et al., \"Train++: An Incremental ML Model Training Algorithm to Create
Self-Learning IoT Devices\", IEEE UIC 2021. What the figures mean, and how they differ from the
paper's, is in the guide, `src/guide/tables.md`. `examples/paper` is the program.

Seeds 1 to 10; hash and instructions are those of seed 1. Instructions and cycles are in thousands.
";

/// The clocks of the paper's chips in MHz: STM32F103 and SAMD21.
const CLOCKS: [u64; 2] = [72, 48];

/// How many data sets there are.
const SETS: usize = REPORTED.len();

/// The whole text.
pub(crate) fn markdown(
    summaries: &[Summary; SETS],
    costs: &[[Cost; SETS]; MEASURED.len()],
) -> String {
    let mut text = format!("{HEAD}{}\n\n", versions());
    accuracies(&mut text, summaries);
    text.push('\n');
    instructions(&mut text, summaries, costs);
    text
}

/// Accuracies in percent, and the hash.
fn accuracies(text: &mut String, summaries: &[Summary]) {
    let _ = writeln!(
        text,
        "| data set | network | mean | least | most | Train++, best | recall, F1 | hash |\n\
         | --- | --- | ---: | ---: | ---: | ---: | ---: | --- |"
    );
    for (summary, (reported, _)) in summaries.iter().zip(REPORTED) {
        let Summary {
            name,
            network,
            mean,
            least,
            most,
            ..
        } = summary;
        let watched = summary
            .watched
            .map(|(_, recall, f1)| format!("{recall:.1}, {f1:.1}"));
        let watched = watched.unwrap_or_else(|| "-".into());
        let reported = reported.map_or_else(|| "-".into(), |best| format!("{best:.2}"));
        let accuracy = format!("{mean:.2} | {least:.2} | {most:.2} | {reported}");
        let hash = summary.hash;
        let _ = writeln!(
            text,
            "| {name} | {network} | {accuracy} | {watched} | `{hash:016x}` |"
        );
    }
}

/// The head of the second table.
const COSTS: &str = "\
| data set | rows | M3, checked | bare | theirs | M0, checked | bare | theirs | M4F | RAM |
| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |";

/// Thousands of instructions of a pass and of the paper's cycles, and bytes.
fn instructions(
    text: &mut String,
    summaries: &[Summary; SETS],
    costs: &[[Cost; SETS]; MEASURED.len()],
) {
    let _ = writeln!(text, "{COSTS}");
    for (at, (summary, (_, reported))) in summaries.iter().zip(REPORTED).enumerate() {
        let _ = write!(text, "| {} | {} |", summary.name, summary.rows);
        for (chip, (costs, clock)) in costs.iter().zip(CLOCKS).enumerate() {
            let [checked, bare] = [costs[at].checked, costs[at].bare].map(in_thousands);
            // Milliseconds times megahertz are thousands of cycles.
            let cycles = reported.map(|times| thousands(u64::from(times[chip]) * clock));
            let cycles = cycles.unwrap_or_else(|| "-".into());
            let _ = write!(text, " {checked} | {bare} | {cycles} |");
        }
        let [.., with_fpu] = costs;
        let checked = in_thousands(with_fpu[at].checked);
        let [online, all] = with_fpu[at].bytes;
        let _ = writeln!(text, " {checked} | {online}, {all} |");
    }
}

/// Rounded to thousands.
fn in_thousands(n: u64) -> String {
    thousands((n + 500) / 1000)
}

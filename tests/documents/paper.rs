//! The record of the paper's table.

use crate::read;

pub(crate) const PAPER_RECORD: &str = "benches/paper.md";

/// The header of the accuracies.
pub(crate) const ACCURACIES: &str =
    "| data set | network | mean | least | most | Train++, best | recall, F1 | hash |";

/// The header of the costs.
pub(crate) const COSTS: &str =
    "| data set | rows | M3, checked | bare | theirs | M0, checked | bare | theirs | M4F | RAM |";

/// The rows of the table with this header.
pub(crate) fn rows(header: &str) -> Vec<String> {
    let text = read(PAPER_RECORD);
    let table = text.lines().skip_while(|line| *line != header).skip(2);
    let rows = table.take_while(|line| line.starts_with('|'));
    rows.map(str::to_owned).collect()
}

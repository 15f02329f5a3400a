//! The records of a host: other libraries, tolerances, the stream that is learned.

use crate::read;
use crate::table::{cells, line};

pub(crate) const HOST_RECORD: &str = "benches/peers/results.md";
pub(crate) const TOLERANCES: &str = "tests/common/tolerance.rs";
pub(crate) const SHUTTLE: &str = "examples/shuttle/main.rs";

/// The fastest peers on the host, and where they were timed.
pub(crate) fn host() -> (Vec<String>, String) {
    let text = read(HOST_RECORD);
    let head = "| net | op | B | ours ns/sample | peer | its ns/sample | ratio |";
    let table = text.lines().skip_while(|line| *line != head).skip(2);
    let lines = table
        .take_while(|line| line.starts_with('|'))
        .map(|recorded| {
            let &[net, call, rows, ours, peer, its, ratio] = cells(recorded).as_slice() else {
                panic!("{HOST_RECORD}: `{recorded}` has not 7 cells");
            };
            let net = match net {
                "linear" => "3-4-2-1 linear",
                "book" => "3-4-2-1 ReLU",
                "mlp16" => "16-32-16-4",
                other => panic!("{HOST_RECORD}: the network {other} is not known"),
            };
            let call = if call == "fwd" { "forward" } else { call };
            let (peer, _) = peer.split_once(',').unwrap_or((peer, ""));
            let first = format!("{net}, {call}");
            line([&first, rows, ours, peer, its, ratio])
        });
    let machine = text.lines().find(|line| line.contains("; rustc ")).unwrap();
    let (machine, _) = machine.split_once(". ").unwrap();
    (lines.collect(), format!("Timed on: {machine}."))
}

/// The largest errors of the elementary functions.
pub(crate) fn accuracy() -> Vec<String> {
    let text = read(TOLERANCES);
    let functions = [
        ("exp", "EXP"),
        ("ln", "LN"),
        ("ln(1 + x)", "LN_1P"),
        ("sigmoid", "SIGMOID"),
        ("tanh", "TANH"),
        ("softplus", "SOFTPLUS"),
        ("BCE from the logit", "BCE"),
    ];
    let of = |(function, constant): (&str, &str)| {
        let begin = format!("pub const {constant}: f64 = ");
        let value = text.lines().find_map(|line| line.strip_prefix(&begin));
        let value = value.unwrap_or_else(|| panic!("{TOLERANCES}: no {constant}"));
        let (value, _) = value.split_once(';').unwrap();
        line([function, value])
    };
    functions.map(of).to_vec()
}

/// What the stream of the example reaches, beside others: its own table.
pub(crate) fn shuttle() -> Vec<String> {
    let text = read(SHUTTLE);
    let rows = text.lines().filter_map(|line| line.strip_prefix("//! "));
    let rows = rows.filter(|row| row.starts_with('|')).skip(2);
    rows.map(str::to_owned).collect()
}

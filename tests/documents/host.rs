//! The records of a host: other libraries, tolerances, the stream that is learned.

use crate::read;
use crate::table::{cells, line};

pub(crate) const HOST_RECORD: &str = "benches/peers/results.md";
pub(crate) const TOLERANCES: &str = "tests/common/tolerance.rs";
pub(crate) const SHUTTLE: &str = "examples/shuttle/main.rs";

/// The head of a table of the record.
const HEAD: &str = "| net | op | B | ours ns/sample | peer | its ns/sample | ratio |";

/// The rows of the first table after a line that begins with these words, as cells.
fn recorded<'a>(text: &'a str, begin: &str) -> Vec<[&'a str; 7]> {
    let section = text.lines().skip_while(|line| !line.starts_with(begin));
    let rows = section.skip_while(|line| *line != HEAD).skip(2);
    let row = |row: &'a str| {
        let cells = cells(row);
        let found = cells.try_into();
        found.unwrap_or_else(|_| panic!("{HOST_RECORD}: `{row}` has not 7 cells"))
    };
    rows.take_while(|row| row.starts_with('|'))
        .map(row)
        .collect()
}

/// The fastest peers on the host, and where they were timed. stackprop is the build for the
/// machine's own processor; what the build for x86-64-v3 takes stands beside it.
pub(crate) fn host() -> (Vec<String>, String) {
    let text = read(HOST_RECORD);
    let v3 = recorded(&text, "## x86-64-v3: the fastest peer");
    let native = recorded(&text, "## ");
    let lines = native
        .into_iter()
        .map(|[net, call, rows, ours, peer, its, ratio]| {
            let same = v3.iter().find(|row| row[..3] == [net, call, rows]);
            let ours_v3 = same.map_or("-", |row| row[3]);
            let net = match net {
                "linear" => "3-4-2-1 linear",
                "book" => "3-4-2-1 ReLU",
                "mlp16" => "16-32-16-4",
                other => panic!("{HOST_RECORD}: the network {other} is not known"),
            };
            let call = match call {
                "fwd" => "forward",
                "adam" => "Adam",
                other => other,
            };
            let (peer, _) = peer.split_once(',').unwrap_or((peer, ""));
            let first = format!("{net}, {call}");
            line([&first, rows, ours, ours_v3, peer, its, ratio])
        });
    let machine = text.lines().find(|line| line.contains("; rustc ")).unwrap();
    let (machine, _) = machine.split_once(". ").unwrap();
    // What `/proc/cpuinfo` says stands in the record only: the line would be too long.
    let parts = machine.split("; ");
    let parts: Vec<&str> = parts.filter(|part| !part.starts_with("/proc")).collect();
    (lines.collect(), format!("Timed on: {}.", parts.join("; ")))
}

/// The guarded steps of the largest network on few rows, of all lines of [`host`], in one line.
pub(crate) fn few_of(host: &[String], optimizer: &str) -> String {
    let call = match optimizer {
        "SGD" => "16-32-16-4, step",
        _ => "16-32-16-4, Adam",
    };
    let of = |rows: &str| {
        let mut all = host.iter().map(|row| cells(row));
        let row = all.find(|cells| cells[..2] == [call, rows]);
        row.map_or("-".into(), |row| {
            format!("{} ({} {})", row[2], row[4], row[5])
        })
    };
    let end = if optimizer == "SGD" { ';' } else { '.' };
    format!(
        "{optimizer}, 1 row: {}; 64 rows: {}{end}",
        of("1"),
        of("64")
    )
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

//! The records of a host: other libraries, tolerances, the stream that is learned.

use crate::read;
use crate::table::{cells, line, number};

pub(crate) const HOST_RECORD: &str = "benches/peers/results.md";
pub(crate) const TOLERANCES: &str = "tests/common/tolerance.rs";
pub(crate) const EVERY_FLOAT: &str = "tests/data/every_float.md";
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

/// The functions of the guide's table: their words, the constant with the stated bound, and the
/// rows of the record.
const FUNCTIONS: [(&str, &str, &str); 15] = [
    ("exp", "EXP", "exp"),
    ("ln", "LN", "ln"),
    ("ln(1 + x)", "LN_1P", "ln_1p"),
    ("e^x - 1", "EXPM1", "expm1"),
    ("e^x - 1 for x <= 0", "EXPM1_NOT_POSITIVE", "expm1, x <= 0"),
    ("sigmoid", "SIGMOID", "sigmoid"),
    ("tanh", "TANH", "tanh"),
    ("softplus", "SOFTPLUS", "softplus"),
    ("square root", "SQRT", "sqrt"),
    ("BCE from the logit, y = 0", "BCE", "bce, y = 0.0"),
    ("y = 1", "BCE", "bce, y = 1.0"),
    ("seven other y", "BCE", "bce, y = "),
    ("its gradient, y = 0", "BCE_GRAD", "bce gradient, y = 0.0"),
    ("y = 1", "BCE_GRAD", "bce gradient, y = 1.0"),
    ("seven other y", "BCE_GRAD", "bce gradient, y = "),
];

/// The errors of the elementary functions: the bound, and of the record the largest, where it is,
/// and how often the function goes the wrong way.
pub(crate) fn accuracy() -> Vec<String> {
    let (bounds, record) = (read(TOLERANCES), read(EVERY_FLOAT));
    let rows: Vec<Vec<&str>> = record
        .lines()
        .filter(|line| line.starts_with('|'))
        .map(cells)
        .collect();
    let of = |(words, constant, name): (&str, &str, &str)| {
        let begin = format!("pub const {constant}: f64 = ");
        let bound = bounds.lines().find_map(|line| line.strip_prefix(&begin));
        let bound = bound.unwrap_or_else(|| panic!("{TOLERANCES}: no {constant}"));
        let (bound, _) = bound.split_once(';').unwrap();
        // A name that ends in `= ` is of targets between 0 and 1.
        let between = |row: &str| {
            name.ends_with("= ")
                && row
                    .strip_prefix(name)
                    .is_some_and(|y| y != "0.0" && y != "1.0")
        };
        let meant = rows.iter().filter(|row| row[0] == name || between(row[0]));
        let ulp = |row: &&Vec<&str>| row[2].parse::<f64>().unwrap();
        let worst = meant.max_by(|a, b| ulp(a).total_cmp(&ulp(b)));
        let worst = worst.unwrap_or_else(|| panic!("{EVERY_FLOAT}: no {name}"));
        let falls = match worst[6] {
            "-" => "-".into(),
            falls => number(falls),
        };
        let seen = format!("{:.4}", ulp(&worst));
        line([words, bound, &seen, worst[3], &falls, worst[1]])
    };
    FUNCTIONS.map(of).to_vec()
}

/// What the stream of the example reaches, beside others: its own table.
pub(crate) fn shuttle() -> Vec<String> {
    let text = read(SHUTTLE);
    let rows = text.lines().filter_map(|line| line.strip_prefix("//! "));
    let rows = rows.filter(|row| row.starts_with('|')).skip(2);
    rows.map(str::to_owned).collect()
}

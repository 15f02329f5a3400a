//! The record: `tests/data/every_float.md`.

use crate::curves::{Curve, Way};
use crate::scan::Seen;

/// The record, beside the data of other tests.
fn path() -> String {
    format!("{}/tests/data/every_float.md", env!("CARGO_MANIFEST_DIR"))
}

/// The head of its table.
const HEAD: &str = "\
| function | one in | ulp | at x | its bits | of the result | falls | by ulp | at | sum |
| --- | ---: | ---: | ---: | --- | --- | ---: | ---: | --- | --- |
";

/// A row: what is recorded of a function.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Row {
    pub(crate) name: String,
    /// Of how many pieces one was tried.
    pub(crate) one_in: u32,
    pub(crate) ulp: f64,
    pub(crate) at: f32,
    pub(crate) result: u32,
    /// None for a function that is not monotonic.
    pub(crate) falls: Option<u64>,
    pub(crate) furthest: f64,
    pub(crate) fall_at: f32,
    pub(crate) sum: u64,
}

impl Row {
    /// What was seen of a curve.
    pub(crate) fn of(curve: &Curve, one_in: u32, seen: &Seen) -> Self {
        Self {
            name: curve.name.clone(),
            one_in,
            ulp: seen.worst,
            at: seen.at,
            result: curve.value(seen.at).to_bits(),
            falls: (curve.way != Way::Both).then_some(seen.falls),
            furthest: seen.furthest,
            fall_at: seen.fall_at,
            sum: seen.sum,
        }
    }

    /// As a line of the table.
    pub(crate) fn line(&self) -> String {
        let falls = self.falls.map_or("-".into(), |falls| falls.to_string());
        let (far, fall_at) = match self.falls {
            Some(1..) => (
                format!("{:.3}", self.furthest),
                format!("{:08x}", self.fall_at.to_bits()),
            ),
            _ => ("-".into(), "-".into()),
        };
        format!(
            "| {} | {} | {:.6} | {:?} | {:08x} | {:08x} | {falls} | {far} | {fall_at} | {:016x} |",
            self.name,
            self.one_in,
            self.ulp,
            self.at,
            self.at.to_bits(),
            self.result,
            self.sum
        )
    }

    /// From a line of the table.
    fn parse(line: &str) -> Self {
        let cells: Vec<&str> = line.trim_matches('|').split('|').map(str::trim).collect();
        let float = |cell: &str| match cell {
            "-" => 0.0,
            cell => f32::from_bits(u32::from_str_radix(cell, 16).unwrap()),
        };
        Self {
            name: cells[0].to_owned(),
            one_in: cells[1].parse().unwrap(),
            ulp: cells[2].parse().unwrap(),
            at: float(cells[4]),
            result: u32::from_str_radix(cells[5], 16).unwrap(),
            falls: cells[6].parse().ok(),
            furthest: cells[7].parse().unwrap_or(0.0),
            fall_at: float(cells[8]),
            sum: u64::from_str_radix(cells[9], 16).unwrap(),
        }
    }
}

/// All rows of the record.
pub(crate) fn read() -> Vec<Row> {
    let text = std::fs::read_to_string(path()).unwrap();
    let rows = text.lines().filter(|line| line.starts_with('|')).skip(2);
    rows.map(Row::parse).collect()
}

/// The lines of `/proc/cpuinfo` that say what processor it is, and the compiler.
fn machine() -> String {
    let text = std::fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let of = |word: &str| {
        let line = text.lines().find(|line| {
            let name = line.split(':').next();
            name.is_some_and(|name| name.trim() == word)
        });
        line.map_or("unknown", |line| line.rsplit(':').next().unwrap().trim())
    };
    let rustc = std::process::Command::new("rustc")
        .arg("--version")
        .output();
    let rustc = rustc.map_or(String::new(), |output| {
        String::from_utf8_lossy(&output.stdout).trim().to_owned()
    });
    let lanes = <stackprop::simd::Native as stackprop::simd::Vector>::LANES;
    let (name, model) = (of("model name"), of("model"));
    format!("{name}, model {model}; {rustc}, release, vectors of {lanes} lanes")
}

/// Writes the record.
pub(crate) fn write(rows: &[Row], seconds: u64) {
    let lines: String = rows.iter().map(|row| row.line() + "\n").collect();
    let (machine, minutes) = (machine(), seconds.div_ceil(60));
    let text = format!("{WORDS}\nRecorded on: {machine}; {minutes} minutes.\n\n{HEAD}{lines}");
    std::fs::write(path(), text).unwrap();
}

/// What stands above the table.
const WORDS: &str = "# Every float

`STACKPROP_BLESS=1 STACKPROP_EXHAUSTIVE=1 cargo test --release --test every_float` writes this
record; without `STACKPROP_BLESS` it compares. A NaN has to give NaN; the table is about the other
floats.

- one in: 1 if every float was tried, else of how many pieces of 512 floats one was.
- ulp: the largest error, in units in the last place of the exact value, and the first x from -inf
  on that has it; of a gradient of BCE, in those of the larger of the two numbers that it is the
  difference of. Where that number is subnormal, the result is within 1.2e-38.
- falls: how often the result of a float is on the wrong side of that of the float before, in a
  function that never falls or never rises; the largest such step in ulp, and the bits of the float
  that it reaches.
- sum: of all results, of their bits mixed with those of x. It is the same on every target.
";

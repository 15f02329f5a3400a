//! The table, and what was measured with what.

use crate::builds::folder_of_package;
use crate::worker::Op;
use anyhow::{Context, Result};
use cargo_lock::Lockfile;
use std::fmt::Write;
use std::process::Command;

/// The crates whose versions belong to the result.
const CRATES: [&str; 9] = [
    "burn",
    "candle-core",
    "dfdx",
    "faer",
    "gemm",
    "matrixmultiply",
    "nalgebra",
    "ndarray",
    "wide",
];

/// A line of the table.
pub(crate) struct Line {
    pub(crate) net: &'static str,
    pub(crate) op: Op,
    pub(crate) rows: usize,
    pub(crate) ours: f64,
    pub(crate) peer: String,
    pub(crate) theirs: f64,
}

impl Line {
    fn ratio(&self) -> f64 {
        self.theirs / self.ours
    }
}

/// Grouped by network, operation and batch, the fastest peer first.
pub(crate) fn table(lines: &mut [Line], nets: &[&str]) -> String {
    lines.sort_by(|a, b| {
        let place = |line: &Line| nets.iter().position(|net| *net == line.net);
        let group = |line: &Line| (place(line), line.op, line.rows);
        let by_ratio = a.ratio().total_cmp(&b.ratio());
        group(a).cmp(&group(b)).then(by_ratio)
    });
    let mut text = String::from(
        "| net | op | B | ours ns/sample | peer | its ns/sample | ratio |\n\
         | --- | --- | ---: | ---: | --- | ---: | ---: |\n",
    );
    for line in lines {
        let op = match line.op {
            Op::Forward => "fwd",
            Op::Step => "step",
        };
        let (ours, theirs, ratio) = (line.ours, line.theirs, line.ratio());
        let _ = writeln!(
            text,
            "| {} | {op} | {} | {} | {} | {} | {} |",
            line.net,
            grouped(&line.rows.to_string()),
            digits(ours),
            line.peer,
            digits(theirs),
            digits(ratio),
        );
    }
    text
}

/// Three digits that count; more where they stand before the point.
fn digits(value: f64) -> String {
    match value {
        ..9.995 => format!("{value:.2}"),
        ..99.95 => format!("{value:.1}"),
        _ => grouped(&format!("{value:.0}")),
    }
}

/// Commas between thousands, from five digits on.
fn grouped(number: &str) -> String {
    if number.len() < 5 {
        return number.into();
    }
    let groups = number.as_bytes().rchunks(3).rev();
    let groups: Vec<_> = groups.map(String::from_utf8_lossy).collect();
    groups.join(",")
}

/// Writes `results.md`.
pub(crate) fn record(table: &str, machine: &str, python: &[String]) -> Result<()> {
    let path = folder_of_package().join("results.md");
    let lockfile = Lockfile::load(folder_of_package().join("Cargo.lock"))?;
    let mut versions = Vec::new();
    for name in CRATES {
        let packages = lockfile.packages.iter();
        let same = packages.filter(|package| package.name.as_str() == name);
        let newest = same.map(|package| &package.version).max();
        versions.push(format!("{name} {}", newest.context(name)?));
    }
    versions.extend_from_slice(python);
    let arguments: Vec<String> = std::env::args().skip(1).map(quoted).collect();
    let text = format!(
        include_str!("results.txt"),
        machine = machine,
        date = jiff::Zoned::now().date(),
        rustc = rustc()?,
        versions = versions.join(", "),
        arguments = arguments.join(" "),
        table = table,
    );
    std::fs::write(&path, text).with_context(|| path.display().to_string())
}

fn quoted(argument: String) -> String {
    if argument.contains(' ') {
        format!("\"{argument}\"")
    } else {
        argument
    }
}

fn rustc() -> Result<String> {
    let output = Command::new("rustc").arg("--version").output()?;
    let version = String::from_utf8(output.stdout)?;
    Ok(version.split(" (").next().unwrap_or_default().trim().into())
}

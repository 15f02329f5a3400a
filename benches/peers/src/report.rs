//! The table, and what was measured with what.

use crate::builds::folder_of_package;
use crate::machine;
use crate::peers::{Field, OURS};
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
    /// Which build of ours.
    pub(crate) build: &'static str,
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

/// Those of a build of ours.
pub(crate) fn of<'a>(lines: &'a [Line], build: &str) -> impl Iterator<Item = &'a Line> {
    lines.iter().filter(move |line| line.build == build)
}

/// Groups the lines by build, network, operation and batch, the fastest peer first.
pub(crate) fn sort(lines: &mut [Line], nets: &[&str]) {
    let place = |line: &Line| nets.iter().position(|net| *net == line.net);
    let group = |line: &Line| (line.build, place(line), line.op, line.rows);
    lines.sort_by(|a, b| {
        let by_ratio = a.ratio().total_cmp(&b.ratio());
        group(a).cmp(&group(b)).then(by_ratio)
    });
}

/// Of sorted lines the first of each group that is another library's.
fn fastest<'a>(lines: &'a [Line], build: &str) -> impl Iterator<Item = &'a Line> {
    let groups =
        lines.chunk_by(|a, b| (a.build, a.net, a.op, a.rows) == (b.build, b.net, b.op, b.rows));
    let groups = groups.filter(move |group| group[0].build == build);
    groups.filter_map(|group| group.iter().find(|line| !line.peer.starts_with(OURS)))
}

/// The lines as a table.
pub(crate) fn table<'a>(lines: impl IntoIterator<Item = &'a Line>) -> String {
    let mut text = String::from(
        "| net | op | B | ours ns/sample | peer | its ns/sample | ratio |\n\
         | --- | --- | ---: | ---: | --- | ---: | ---: |\n",
    );
    for line in lines {
        let rows = grouped(&line.rows.to_string());
        let (ours, theirs, ratio) = (line.ours, line.theirs, line.ratio());
        let [ours, theirs, ratio] = [ours, theirs, ratio].map(digits);
        let (net, peer) = (line.net, &line.peer);
        let cells = [net, line.op.name(), &rows, &ours, peer, &theirs, &ratio];
        let _ = writeln!(text, "| {} |", cells.join(" | "));
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
pub(crate) fn record(lines: &[Line], machine: &str, field: &Field) -> Result<()> {
    let path = folder_of_package().join("results.md");
    let lockfile = Lockfile::load(folder_of_package().join("Cargo.lock"))?;
    let mut versions = Vec::new();
    for name in CRATES {
        let packages = lockfile.packages.iter();
        let same = packages.filter(|package| package.name.as_str() == name);
        let newest = same.map(|package| &package.version).max();
        versions.push(format!("{name} {}", newest.context(name)?));
    }
    versions.extend_from_slice(&field.python);
    let arguments: Vec<String> = std::env::args().skip(1).map(quoted).collect();
    let text = format!(
        include_str!("results.txt"),
        machine = machine,
        processor = machine::processor(),
        date = jiff::Zoned::now().date(),
        rustc = rustc()?,
        versions = versions.join(", "),
        arguments = arguments.join(" "),
        tables = tables(lines, field),
    );
    std::fs::write(&path, text).with_context(|| path.display().to_string())
}

/// For each build of ours the fastest peers, then for each all.
fn tables(lines: &[Line], field: &Field) -> String {
    let mut text = String::new();
    for ours in &field.ours {
        let (build, sets) = (ours.build, &ours.compiled);
        let table = table(fastest(lines, build));
        let _ = writeln!(
            text,
            "## {build}: the fastest peer\n\nOurs has {sets}.\n\n{table}"
        );
    }
    for ours in &field.ours {
        let table = table(of(lines, ours.build));
        let _ = writeln!(text, "## {}: all\n\n{table}", ours.build);
    }
    text.truncate(text.trim_end().len());
    text + "\n"
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

//! The table of what was measured, from criterion's estimates.

use crate::limits::{Limits, Work};
use crate::target::target_folder;
use serde_json::Value;
use stackprop::simd::{Native, Vector};
use std::path::PathBuf;
use std::time::SystemTime;

/// The two functions of each group.
pub(crate) const OURS: &str = "stackprop";
pub(crate) const YARDSTICK: &str = "scalar";

/// The group of an operation, by the width of lanes too, so that criterion compares no build with
/// another.
pub(crate) fn group(net: &str, operation: &str) -> String {
    format!("{net}/{operation}, {} lanes", Native::LANES)
}

/// What may have been measured.
#[derive(Debug)]
pub(crate) struct Line {
    pub(crate) net: &'static str,
    pub(crate) operation: &'static str,
    pub(crate) count: usize,
    pub(crate) work: Work,
}

/// Prints the lines of what was measured after `begin`, and nothing if that is none.
pub(crate) fn print(lines: &[Line], begin: SystemTime) {
    let measured = lines.iter().filter_map(|line| {
        let time = estimate(line, OURS, begin)?;
        Some((line, time))
    });
    let measured: Vec<(&Line, f64)> = measured.collect();
    if measured.is_empty() {
        return;
    }
    let mut limits = Limits::measure();
    println!(
        "| net | op | B | ns/sample | million samples/s | limit, ns | share of the limit | \
         plain Rust / ours |"
    );
    println!("| --- | --- | ---: | ---: | ---: | ---: | ---: | ---: |");
    for (line, time) in measured {
        let Line {
            net,
            operation,
            count,
            work,
        } = line;
        let limit = limits.time(*work, *count);
        let ratio = estimate(line, YARDSTICK, begin)
            .map_or(String::new(), |yardstick| digits(yardstick / time));
        println!(
            "| {net} | {operation} | {count} | {} | {} | {} | {:.0} % | {ratio} |",
            digits(time),
            digits(1e3 / time),
            digits(limit),
            100.0 * limit / time,
        );
    }
    explain(&limits);
}

/// What the limits are.
fn explain(limits: &Limits) {
    let lanes = Native::LANES;
    println!("\nTimes are criterion's medians. The limit is the longer of");
    println!(
        "- arithmetic: {:.1} GFLOP/s, multiplications and additions in lanes of {lanes};",
        limits.flops
    );
    println!(
        "- memory: bytes of rows, targets and outputs, as fast as so many of a batch can be read:"
    );
    for (size, bandwidth) in &limits.bytes {
        println!("  {} KiB at {bandwidth:.1} GB/s", size / 1024);
    }
    println!(
        "Operations a sample: forward 2 W + head, gradient 2 (3 W - W1) + head, step 2 P / B more, \
         with W weights, W1 of them\n\
         in the first layer, P parameters, and the operations of the output activation (and loss) \
         as counted."
    );
}

/// Nanoseconds a sample, if they were measured after `begin`.
fn estimate(line: &Line, function: &str, begin: SystemTime) -> Option<f64> {
    let path = report_folder()
        .join(group(line.net, line.operation).replace('/', "_"))
        .join(function)
        .join(line.count.to_string())
        .join("new/estimates.json");
    if std::fs::metadata(&path).ok()?.modified().ok()? < begin {
        return None;
    }
    let estimates: Value = serde_json::from_str(&std::fs::read_to_string(path).ok()?).ok()?;
    let time = estimates["median"]["point_estimate"].as_f64()?;
    Some(time / line.count as f64)
}

/// Where criterion writes.
fn report_folder() -> PathBuf {
    std::env::var_os("CRITERION_HOME")
        .map_or_else(|| target_folder().join("criterion"), PathBuf::from)
}

/// Three significant digits.
#[expect(clippy::cast_possible_truncation, reason = "from 0 to 3")]
fn digits(value: f64) -> String {
    let places = (2.0 - value.log10().floor()).clamp(0.0, 3.0);
    format!("{value:.*}", places as usize)
}

//! The record, and the table that compares with it.

use crate::callgrind::Count;
use serde_json::{Value, json};
use std::process::Command;

/// The record, beside this folder.
const PATH: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/benches/instructions.json");

/// How many percent more is too many.
const LIMIT: f64 = 2.0;

/// Records the counts of each build.
pub(crate) fn write(found: &[(&str, Vec<Count>)]) {
    let mut all = json!({ "rustc": rustc() });
    for (cpu, counts) in found {
        all[*cpu] = counts
            .iter()
            .map(|(name, count)| (name.clone(), json!(count)))
            .collect();
    }
    let text = serde_json::to_string_pretty(&all).unwrap();
    std::fs::write(PATH, text + "\n").unwrap();
}

/// Prints tables beside the record; whether no case takes too many instructions.
pub(crate) fn compare(found: &[(&str, Vec<Count>)]) -> bool {
    let text = std::fs::read_to_string(PATH).unwrap_or_default();
    let record: Value = serde_json::from_str(&text).unwrap_or_default();
    let mut worse = Vec::new();
    for (cpu, counts) in found {
        println!("\nInstructions a sample or number, {cpu}:\n");
        println!("| case | recorded | now | change |\n| --- | ---: | ---: | ---: |");
        for (name, now) in counts {
            let before = record[*cpu][name].as_u64();
            println!("{}", line(name, before, *now));
            if before.is_none_or(|before| percent(before, *now) > LIMIT) {
                worse.push(format!("{cpu} {name}"));
            }
        }
    }
    let (before, now) = (record["rustc"].as_str().unwrap_or("nothing"), rustc());
    if before != now {
        println!("\nRecorded with {before}, now {now}.");
    }
    if !worse.is_empty() {
        println!(
            "\nNot recorded, or over {LIMIT} % more: {}.",
            worse.join(", ")
        );
        println!("If it is meant: STACKPROP_BLESS=1 cargo bench --bench instructions");
    }
    worse.is_empty()
}

/// One line of a table.
fn line(name: &str, before: Option<u64>, now: u64) -> String {
    let each: u64 = name.rsplit(' ').next().unwrap().parse().unwrap();
    let per = |count: u64| format!("{:.1}", count as f64 / each as f64);
    match before {
        Some(before) => {
            let change = percent(before, now);
            format!(
                "| {name} | {} | {} | {change:+.1} % |",
                per(before),
                per(now)
            )
        }
        None => format!("| {name} | | {} | |", per(now)),
    }
}

fn percent(before: u64, now: u64) -> f64 {
    100.0 * (now as f64 / before as f64 - 1.0)
}

/// The compiler, which also changes the counts.
fn rustc() -> String {
    let output = Command::new("rustc").arg("--version").output();
    let text = output.map(|output| String::from_utf8_lossy(&output.stdout).trim().to_owned());
    text.unwrap_or_default()
}

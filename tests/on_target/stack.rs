//! The stack of a forward pass and of a training step, measured in QEMU and bounded from the image:
//! what was measured is at most the bound, and the bound at most a budget.

mod bound;
mod image;
pub(crate) mod thumb;

use crate::rig::chips::Chip;
use crate::rig::firmware;
use crate::rig::qemu::Qemu;
use crate::rig::tools::Toolchain;
use bound::Bound;
use libtest_mimic::Failed;
use std::collections::BTreeMap;
use std::fmt::Write;
use std::path::Path;

/// The image with the cases; each is a function under the case's name.
const IMAGE: [&str; 2] = ["--bin", "stack"];

/// The most stack that each case may take on a Cortex-M4F, in bytes: the bound with rustc 1.96 and
/// up to an eighth, or 8 bytes, for another compiler keeps other values on the stack.
const BUDGETS: [(&str, u32); 21] = [
    ("linear::forward", 16),
    ("linear::sgd_step", 144),
    ("linear::online_sgd", 268),
    ("linear::online_adam", 576),
    ("linear::sgd", 268),
    ("linear::sgd_64", 800),
    ("linear::adam", 548),
    ("book::forward", 16),
    ("book::sgd_step", 144),
    ("book::online_sgd", 276),
    ("book::online_adam", 612),
    ("book::sgd", 268),
    ("book::sgd_64", 800),
    ("book::adam", 548),
    ("mlp16::forward", 700),
    ("mlp16::sgd_step", 1204),
    ("mlp16::online_sgd", 1312),
    ("mlp16::online_adam", 1412),
    ("mlp16::sgd", 1620),
    ("mlp16::sgd_64", 14568),
    ("mlp16::adam", 1592),
];

/// A case as the chip has it.
struct Measured {
    /// Bytes that live from step to step.
    state: u32,
    /// Bytes of stack written on.
    stack: u32,
}

/// Whether measured <= bound <= budget holds for all cases. Everything that does not, if it does
/// not.
pub(crate) fn is_bounded(
    chip: &Chip,
    toolchain: &Toolchain,
    qemu: &Qemu,
    show: bool,
) -> Result<(), Failed> {
    let path = firmware::build_with_frames(chip, toolchain, &IMAGE)?;
    let functions = image::functions(&std::fs::read(&path)?)?;
    let mut measured = measure(chip, qemu, &path)?;
    let mut faults = String::new();
    let mut table = Table::default();
    for (case, budget) in BUDGETS {
        let bound = bound::of(&functions, case)?;
        let stack = measured.remove(case);
        let Measured { state, stack } = stack.ok_or_else(|| format!("{case} was not measured"))?;
        table.add(case, state, stack, &bound)?;
        let bound = bound.bytes;
        if stack > bound || bound > budget {
            writeln!(
                faults,
                "{case}: measured {stack}, bound {bound}, budget {budget}"
            )?;
        }
    }
    for case in measured.keys() {
        writeln!(faults, "{case} has no budget")?;
    }
    if show {
        println!("{}\n{}", table.rows, table.paths);
    }
    if faults.is_empty() {
        return Ok(());
    }
    Err(format!("{faults}\n{}", table.paths).into())
}

/// Runs the image and reads its log, by case.
fn measure(chip: &Chip, qemu: &Qemu, image: &Path) -> Result<BTreeMap<String, Measured>, Failed> {
    let run = qemu.run(chip, image)?;
    let log = firmware::decode(image, &run.output)?;
    if run.exit_code != Some(0) {
        return Err(format!("{log}{}exit code {:?}", run.errors, run.exit_code).into());
    }
    Ok(log.lines().filter_map(parse).collect())
}

/// Whether a function that calls itself, and one that calls through a pointer, have no bound.
pub(crate) fn controls_are_refused(chip: &Chip, toolchain: &Toolchain) -> Result<(), Failed> {
    let path = firmware::build_with_frames(chip, toolchain, &IMAGE)?;
    let functions = image::functions(&std::fs::read(&path)?)?;
    for (control, reason) in [
        ("control_recursion", "recursion of control_recursion"),
        ("control_pointer", "a call through a pointer"),
    ] {
        match bound::of(&functions, control) {
            Err(error) if error.contains(reason) => {}
            Err(error) => return Err(format!("refused, but not for {reason}: {error}").into()),
            Ok(bound) => return Err(format!("{control} has a bound, {}", bound.bytes).into()),
        }
    }
    Ok(())
}

/// A line of the log: its level, the case, the bytes of state and of stack.
fn parse(line: &str) -> Option<(String, Measured)> {
    let words: Vec<&str> = line.split_whitespace().collect();
    let [_, case, state, stack] = words.try_into().ok()?;
    let (state, stack) = (state.parse().ok()?, stack.parse().ok()?);
    Some((case.to_owned(), Measured { state, stack }))
}

/// What is shown.
struct Table {
    /// A Markdown table.
    rows: String,
    /// For each case the functions on the deepest path.
    paths: String,
}

impl Default for Table {
    fn default() -> Self {
        Self {
            rows: "| bytes | state | stack measured | stack bound | in all |\n\
                   | --- | --- | --- | --- | --- |\n"
                .to_owned(),
            paths: String::new(),
        }
    }
}

impl Table {
    fn add(&mut self, case: &str, state: u32, stack: u32, bound: &Bound) -> std::fmt::Result {
        let (bytes, total) = (bound.bytes, state + bound.bytes);
        writeln!(
            self.rows,
            "| {case} | {state} | {stack} | {bytes} | {total} |"
        )?;
        write!(self.paths, "{case}:")?;
        for (name, frame) in &bound.path {
            write!(self.paths, " {} {frame}", short(name))?;
        }
        writeln!(self.paths)
    }
}

/// The last part of a demangled name, without type parameters.
fn short(name: &str) -> String {
    let mut depth = 0;
    let plain: String = name
        .chars()
        .filter(|c| {
            depth += i32::from(*c == '<') - i32::from(*c == '>');
            depth == 0 && *c != '>'
        })
        .collect();
    let last = plain.rsplit("::").find(|part| !part.is_empty());
    last.unwrap_or(name).to_owned()
}

//! The stack of a forward pass and of a training step, measured in QEMU and bounded from the image:
//! what was measured is at most the bound, and the bound at most a budget, and at most 15 % above
//! what was measured.

mod bound;
mod image;
pub(crate) mod thumb;

use crate::rig::chips::Chip;
use crate::rig::firmware;
use crate::rig::qemu::Qemu;
use crate::rig::tools::Toolchain;
use bound::Bound;
use image::Functions;
use libtest_mimic::Failed;
use std::collections::BTreeMap;
use std::fmt::Write;
use std::path::Path;

/// The image with the cases; each is a function under the case's name.
const IMAGE: [&str; 2] = ["--bin", "stack"];

/// An opt-level, and whether a bound can be found. At z the compiler moves code that functions have
/// in common out of them, and with it parts of their frames: there the measurement has to do.
const OPT_LEVELS: [(&str, bool); 3] = [("3", true), ("s", true), ("z", false)];

/// The most stack that each case may take on a Cortex-M4F, in bytes, at each opt-level: the bound
/// with rustc 1.96 and up to an eighth, or 8 bytes, for another compiler keeps other values on the
/// stack.
const BUDGETS: [(&str, [u32; 3]); 27] = [
    ("linear::forward", [16, 84, 232]),
    ("linear::sgd_step", [144, 208, 468]),
    ("linear::online_sgd", [324, 280, 584]),
    ("linear::online_adam", [460, 388, 836]),
    ("linear::sgd", [368, 344, 680]),
    ("linear::sgd_many", [908, 812, 1160]),
    ("linear::sliced", [476, 580, 844]),
    ("linear::in_a_cell", [468, 404, 440]),
    ("linear::adam", [540, 540, 872]),
    ("book::forward", [16, 124, 296]),
    ("book::sgd_step", [144, 280, 620]),
    ("book::online_sgd", [348, 344, 628]),
    ("book::online_adam", [448, 452, 944]),
    ("book::sgd", [368, 416, 800]),
    ("book::sgd_many", [908, 876, 1268]),
    ("book::sliced", [476, 652, 1008]),
    ("book::in_a_cell", [468, 404, 440]),
    ("book::adam", [540, 568, 864]),
    ("mlp16::forward", [700, 1276, 1352]),
    ("mlp16::sgd_step", [1224, 2104, 2364]),
    ("mlp16::online_sgd", [1320, 2148, 2412]),
    ("mlp16::online_adam", [1404, 2292, 2688]),
    ("mlp16::sgd", [1736, 2268, 2772]),
    ("mlp16::sgd_many", [14120, 14416, 16692]),
    ("mlp16::sliced", [7260, 7476, 7972]),
    ("mlp16::in_a_cell", [5260, 5272, 5272]),
    ("mlp16::adam", [1736, 2448, 2868]),
];

/// How far a bound may be above what was measured, in 20ths: no path is counted that is not taken.
const TIGHT: u32 = 3;

/// A case as the chip has it.
struct Measured {
    /// Bytes that live from step to step.
    state: u32,
    /// Bytes of stack written on.
    stack: u32,
    /// `STACK_BYTES`.
    limit: u32,
}

/// Whether measured <= bound <= budget holds for all cases. Everything that does not, if it does
/// not.
pub(crate) fn is_bounded(
    chip: &Chip,
    toolchain: &Toolchain,
    qemu: &Qemu,
    show: bool,
) -> Result<(), Failed> {
    let mut faults = String::new();
    for (level, (name, _)) in OPT_LEVELS.iter().enumerate() {
        let path = firmware::build_with_frames(chip, toolchain, &IMAGE, name)?;
        let functions = image::functions(&std::fs::read(&path)?)?;
        let measured = measure(chip, qemu, &path)?;
        let table = compare(&functions, measured, level, &mut faults)?;
        if show {
            println!("opt-level {name}\n{}\n{}", table.rows, table.paths);
        }
    }
    if faults.is_empty() {
        return Ok(());
    }
    Err(faults.into())
}

/// The cases of one image, and in `faults` what does not hold.
fn compare(
    functions: &Functions,
    mut measured: BTreeMap<String, Measured>,
    level: usize,
    faults: &mut String,
) -> Result<Table, Failed> {
    let mut table = Table::default();
    for (case, budgets) in BUDGETS {
        let ((name, bounded), budget) = (OPT_LEVELS[level], budgets[level]);
        let stack = measured.remove(case);
        let Measured {
            state,
            stack,
            limit,
        } = stack.ok_or_else(|| format!("{case} was not measured"))?;
        let bound = if bounded {
            bound::of(functions, case)?
        } else {
            Bound::of_measurement(stack)
        };
        table.add(case, state, stack, &bound)?;
        let bound = bound.bytes;
        let tight = stack + stack * TIGHT / 20;
        if stack > bound || bound > budget.min(limit).min(tight) {
            writeln!(
                faults,
                "{case} at {name}: measured {stack}, bound {bound}, budget {budget}, \
                 STACK_BYTES {limit}"
            )?;
        }
    }
    for case in measured.keys() {
        writeln!(faults, "{case} has no budget")?;
    }
    Ok(table)
}

/// Runs the image and reads its log, by case.
fn measure(chip: &Chip, qemu: &Qemu, image: &Path) -> Result<BTreeMap<String, Measured>, Failed> {
    let run = qemu.run(chip, image)?;
    let log = firmware::decode(image, &run.output)?;
    run.succeeded(&log)?;
    Ok(log.lines().filter_map(parse).collect())
}

/// Whether a function that calls itself, and one that calls through a pointer, have no bound.
pub(crate) fn controls_are_refused(chip: &Chip, toolchain: &Toolchain) -> Result<(), Failed> {
    let path = firmware::build_with_frames(chip, toolchain, &IMAGE, "3")?;
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
    let [_, case, state, stack, limit] = words.try_into().ok()?;
    let measured = Measured {
        state: state.parse().ok()?,
        stack: stack.parse().ok()?,
        limit: limit.parse().ok()?,
    };
    Some((case.to_owned(), measured))
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

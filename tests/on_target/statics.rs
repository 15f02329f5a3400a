//! Trainers in statics: they lie in .bss, take no .data, and are initialised where they lie.

use crate::rig::chips::Chip;
use crate::rig::firmware;
use crate::rig::qemu::Qemu;
use crate::rig::tools::Toolchain;
use libtest_mimic::Failed;
use object::{Object, ObjectSection};
use std::fmt::Write;
use std::path::Path;

const IMAGE: [&str; 2] = ["--bin", "in_static"];

/// Speed and size.
const OPT_LEVELS: [&str; 2] = ["3", "s"];

/// The most stack that initialisation in place may take.
const START: usize = 128;

/// What .bss may hold beside the trainers: the lock and the state of the log.
const OTHERS: usize = 64;

/// Holds the sections of the image, and the stack of each part that it logs.
pub(crate) fn lie_in_bss(
    chip: &Chip,
    toolchain: &Toolchain,
    qemu: &Qemu,
    show: bool,
) -> Result<(), Failed> {
    let mut table =
        String::from("| opt-level | what | bytes | stack |\n| --- | --- | --- | --- |\n");
    for level in OPT_LEVELS {
        let profile = [("CARGO_PROFILE_RELEASE_OPT_LEVEL", level)];
        let folder = format!("static-{level}");
        let image = firmware::build_in(chip, toolchain, &IMAGE, &folder, &profile)?;
        let parts = run(chip, qemu, &image)?;
        let (data, bss) = (section(&image, ".data")?, section(&image, ".bss")?);
        writeln!(
            table,
            "| {level} | .data | {data} | |\n| {level} | .bss | {bss} | |"
        )?;
        for (part, bytes, stack) in &parts {
            writeln!(table, "| {level} | {part} | {bytes} | {stack} |")?;
        }
        let starts = || parts.iter().filter(|(part, ..)| part.ends_with("start"));
        let statics: usize = starts().map(|(_, bytes, _)| bytes).sum();
        let in_place = starts().all(|(.., stack)| *stack <= START);
        let in_bss = (statics..=statics + OTHERS).contains(&bss);
        if parts.len() != 4 || data != 0 || !in_bss || !in_place {
            return Err(format!("opt-level {level}:\n{table}").into());
        }
    }
    if show {
        println!("{table}");
    }
    Ok(())
}

/// Name, bytes and stack of each part.
fn run(chip: &Chip, qemu: &Qemu, image: &Path) -> Result<Vec<(String, usize, usize)>, Failed> {
    let run = qemu.run(chip, image)?;
    let log = firmware::decode(image, &run.output)?;
    run.succeeded(&log)?;
    let parse = |line: &str| {
        let words: Vec<&str> = line.split_whitespace().collect();
        let [_, part, bytes, stack] = words.try_into().ok()?;
        Some((part.to_owned(), bytes.parse().ok()?, stack.parse().ok()?))
    };
    Ok(log.lines().filter_map(parse).collect())
}

/// The size of a section, 0 if there is none.
fn section(image: &Path, name: &str) -> Result<usize, Failed> {
    let bytes = std::fs::read(image)?;
    let file = object::File::parse(&*bytes)?;
    let size = file
        .section_by_name(name)
        .map_or(0, |section| section.size());
    Ok(usize::try_from(size)?)
}

//! Whatever happens to the power while a record is saved, the old or the new one is loaded.
//!
//! The default is a sample, the same each time; it prints the number of cut points and of losses.
//! `POWER_CUTS=8 cargo test --release --test power_cuts` takes eight times as many.

#![allow(
    clippy::expect_used,
    clippy::unwrap_used,
    clippy::cast_possible_truncation,
    reason = "a test fails by panicking, and counts little"
)]

mod cuts;
mod drivers;
mod flips;
mod geometry;
mod learning;
mod nor;
mod rules;
mod wear;

use std::env;
use std::process::ExitCode;
use std::time::Instant;

use cuts::{Case, Count};
use libtest_mimic::{Arguments, Failed, Trial};

fn main() -> ExitCode {
    let arguments = Arguments::from_args();
    let mut trials = vec![
        Trial::test("every_cut_of_300_saves", every_cut),
        Trial::test("all_flashes", all_flashes),
        Trial::test("cuts_upon_cuts", cuts_upon_cuts),
        Trial::test("flipped_bits", flips::flipped_bits),
        Trial::test("learning_goes_on", || learning::goes_on(effort())),
        Trial::test("wear", wear::as_computed),
        Trial::test("table_of_the_docs", wear::table_of_the_docs),
        Trial::test("cuts_of_the_readme", cuts_of_the_readme),
    ];
    trials.extend(geometry::trials());
    trials.extend(rules::trials());
    libtest_mimic::run(&arguments, trials).exit_code()
}

/// How much of it: 1 unless the environment says more. Debug builds take a twentieth.
fn effort() -> f64 {
    let asked = env::var("POWER_CUTS")
        .ok()
        .and_then(|text| text.parse().ok());
    asked.unwrap_or(1.0) / if cfg!(debug_assertions) { 20.0 } else { 1.0 }
}

/// Calls a generic function for each page size and word size.
macro_rules! for_each_flash {
    ($function:ident $arguments:tt) => {
        for_each_flash!(@pages $function $arguments 256 512 1024 2048 4096 8192)
    };
    (@pages $function:ident $arguments:tt $($page:literal)*) => {
        $(
            for_each_flash!(@call $function $arguments $page 1);
            for_each_flash!(@call $function $arguments $page 2);
            for_each_flash!(@call $function $arguments $page 4);
            for_each_flash!(@call $function $arguments $page 8);
            for_each_flash!(@call $function $arguments $page 16);
            for_each_flash!(@call $function $arguments $page 32);
        )*
    };
    (@call $function:ident ($($argument:expr),*) $page:literal $word:literal) => {
        $function::<$page, $word>($($argument),*)
    };
}

/// The cut points of each part with an effort of 1. README has their sum.
const EVERY_CUT: u64 = 121_446;
const ALL_FLASHES: u64 = 22_331;
const UPON_CUTS: u64 = 15_854;

fn cuts_of_the_readme() -> Result<(), Failed> {
    let all = EVERY_CUT + ALL_FLASHES + UPON_CUTS;
    let text = format!("Of {},{:03} cuts of", all / 1000, all % 1000);
    if include_str!("../../README.md").contains(&text) {
        Ok(())
    } else {
        Err(format!("not in README: {text}").into())
    }
}

fn report(name: &str, start: Instant, count: Count, expected: u64) -> Result<(), Failed> {
    println!(
        "{name}: {} saves, {} cut points, {} losses, {:.1} s",
        count.saves,
        count.cut_points,
        count.losses,
        start.elapsed().as_secs_f64()
    );
    if count.losses > 0 {
        Err("records were lost".into())
    } else if effort() == 1.0 && count.cut_points != expected {
        Err(format!("not {expected} cut points").into())
    } else {
        Ok(())
    }
}

/// All cut points of records of one to three short pages.
fn every_cut() -> Result<(), Failed> {
    fn run<const WORD: usize>(count: &mut Count, share: f64) {
        for (record_bytes, spare, multiwrite) in [(40, 0, true), (170, 2, false), (500, 1, false)] {
            *count += Case {
                record_bytes,
                spare,
                multiwrite,
                saves: (300.0 * share) as u64,
                cut_points: u64::MAX,
            }
            .each_save::<256, WORD>();
        }
    }
    let (start, mut count, share) = (Instant::now(), Count::default(), effort().min(1.0));
    run::<1>(&mut count, share);
    run::<4>(&mut count, share);
    run::<8>(&mut count, share);
    run::<32>(&mut count, share);
    report("every cut of 300 saves", start, count, EVERY_CUT)
}

/// The lengths of records, in pages.
const LENGTHS: [f64; 5] = [0.3, 1.0, 2.7, 7.0, 20.0];

/// A case that takes about as long as any other.
fn case(page: usize, index: usize, length: f64) -> Case {
    let record_bytes = (page as f64 * length) as usize;
    let sessions = effort() * 2e5 / (record_bytes as f64 + 1000.0);
    Case {
        record_bytes,
        spare: [0, 1, 2, 5][index % 4],
        multiwrite: index.is_multiple_of(3),
        saves: (sessions as u64).clamp(4, 300),
        cut_points: (sessions * 2.0) as u64 + 4,
    }
}

fn all_flashes() -> Result<(), Failed> {
    fn run<const PAGE: usize, const WORD: usize>(count: &mut Count) {
        for (index, length) in LENGTHS.into_iter().enumerate() {
            *count += case(PAGE, index + WORD, length).each_save::<PAGE, WORD>();
        }
    }
    let (start, mut count) = (Instant::now(), Count::default());
    for_each_flash!(run(&mut count));
    report("all flashes", start, count, ALL_FLASHES)
}

fn cuts_upon_cuts() -> Result<(), Failed> {
    fn run<const PAGE: usize, const WORD: usize>(count: &mut Count) {
        for (index, length) in LENGTHS.into_iter().enumerate() {
            let case = case(PAGE, index + WORD, length);
            let saves = case.cut_points.max(8);
            *count += Case { saves, ..case }.on_and_on::<PAGE, WORD>();
        }
    }
    let (start, mut count) = (Instant::now(), Count::default());
    for_each_flash!(run(&mut count));
    report("cuts upon cuts", start, count, UPON_CUTS)
}

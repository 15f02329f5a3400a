//! Every float tried: the elementary functions and the loss over all 2^32 floats, against an
//! independent formula in f64. What was seen is recorded in `tests/data/every_float.md`.
//!
//! A plain run tries a sample that holds the worst floats of the record. The whole takes minutes:
//! ```text
//! STACKPROP_EXHAUSTIVE=1 cargo test --release --test every_float
//! ```
//! With `STACKPROP_BLESS=1` too it writes the record. `tests/data/every_float.py` computes the
//! worst errors again, with 200 bits.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test fails by panicking"
)]

mod checks;
mod curves;
mod scan;
mod stated;
mod table;

#[path = "../common/tolerance.rs"]
#[allow(dead_code, reason = "other tests use the rest")]
#[allow(unreachable_pub, reason = "other tests use it")]
mod tolerance;

#[path = "../../src/kernels/simd/sqrt.rs"]
#[allow(unreachable_pub, reason = "it is a part of the crate")]
mod sqrt;

use curves::{Family, families};
use scan::{COUNT, Seen, everything, index, nans, range};
use std::time::Instant;
use table::{Row, read};

/// Of how many pieces one is to be tried: 1 for all floats. None for the sample of a plain run.
fn one_in() -> Option<u32> {
    let number = std::env::var("STACKPROP_EXHAUSTIVE").ok()?;
    Some(number.parse().ok().filter(|n| *n > 0).unwrap_or(1))
}

/// How much an error may differ from the recorded one, in ulp: the record is rounded to 1e-6, and
/// the formulas in f64 are within 1e-8.
const ROUNDED: f64 = 1.1e-6;

/// The same of a step in the wrong direction.
const FALL_ROUNDED: f64 = 1.1e-3;

/// Pieces of the sample. A debug build is slow.
const PIECES: u32 = if cfg!(debug_assertions) {
    1 << 11
} else {
    1 << 15
};

/// What a sample shows: two neighbours in each of [`PIECES`], and some around those of the record.
fn sample(family: &Family, rows: &[Row]) -> Vec<Seen> {
    let mut seen = vec![Seen::NOTHING; family.curves.len()];
    let mut ranges: Vec<(u32, u32)> = (0..PIECES)
        .map(|piece| {
            // An odd step, so that all low bits occur.
            let from = piece * (COUNT / PIECES) + piece % 1021;
            (from, from + 2)
        })
        .collect();
    let noted = rows.iter().flat_map(|row| [row.at, row.fall_at]);
    ranges.extend(noted.map(|x| (index(x).saturating_sub(4), COUNT.min(index(x) + 5))));
    ranges.push((COUNT - 3, COUNT));
    ranges.sort_unstable();
    let mut done = 0;
    for (from, to) in ranges {
        // No float twice, so no fall either.
        range(family, from.max(done), to, 1, &mut seen);
        done = done.max(to);
    }
    seen
}

/// What is wrong with a function. A sample holds the worst floats of the record, so it shows no
/// less; and no more, if the record is about all floats.
fn differences(row: &Row, recorded: &Row) -> Vec<String> {
    let ulp = row.ulp - recorded.ulp;
    let furthest = row.furthest - recorded.furthest;
    let more = ulp > ROUNDED || furthest > FALL_ROUNDED || row.falls > recorded.falls;
    let less = ulp < -ROUNDED || furthest < -FALL_ROUNDED;
    let result = row.at == recorded.at && row.result != recorded.result;
    let wrong = match row.one_in {
        0 => less || result || (more && recorded.one_in == 1),
        one_in if one_in == recorded.one_in => row.line() != recorded.line(),
        one_in => (one_in < recorded.one_in && less) || (one_in > recorded.one_in && more),
    };
    let text = || format!("{}\nis not\n{}", row.line(), recorded.line());
    wrong.then(text).into_iter().collect()
}

/// The rows of a family: from all floats, or from a sample.
fn rows_of(family: &Family, recorded: &[Row]) -> Vec<Row> {
    let seen = match one_in() {
        Some(one_in) => everything(family, family.one_in * one_in),
        None => sample(family, recorded),
    };
    for curve in &family.curves {
        nans(curve, if one_in() == Some(1) { 1 } else { 1 << 16 });
    }
    let one_in = family.one_in * one_in().unwrap_or(0);
    let curves = family.curves.iter().zip(&seen);
    curves
        .map(|(curve, seen)| Row::of(curve, one_in, seen))
        .collect()
}

/// What of the record is about these functions.
fn of_family(family: &Family, recorded: &[Row]) -> Vec<Row> {
    let name = |row: &&Row| family.curves.iter().any(|curve| curve.name == row.name);
    recorded.iter().filter(name).cloned().collect()
}

#[test]
fn every_float_is_as_recorded() {
    let blessing = one_in().is_some() && std::env::var_os("STACKPROP_BLESS").is_some();
    let recorded = if blessing { Vec::new() } else { read() };
    let (start, mut all, mut wrong) = (Instant::now(), Vec::new(), Vec::new());
    for family in families() {
        let old = of_family(&family, &recorded);
        for row in rows_of(&family, &old) {
            println!("{}", row.line());
            if !blessing {
                let old = old.iter().find(|old| old.name == row.name);
                let old = old.unwrap_or_else(|| panic!("{} is not recorded", row.name));
                wrong.extend(differences(&row, old));
            }
            all.push(row);
        }
    }
    if blessing {
        table::write(&all, start.elapsed().as_secs());
    } else {
        assert_eq!(all.len(), recorded.len(), "rows of the record");
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

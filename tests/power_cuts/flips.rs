//! Bits that flip in flash by themselves: a record with one is not loaded.

use std::time::Instant;

use fastrand::Rng;
use libtest_mimic::Failed;
use stackprop::flash::Error;

use crate::cuts::{Case, record};
use crate::effort;
use crate::nor::{Moment, Nor, NorError};

pub(crate) fn flipped_bits() -> Result<(), Failed> {
    let start = Instant::now();
    let mut seen = Seen::default();
    run::<256, 1>(&mut seen, 1);
    run::<256, 4>(&mut seen, 1);
    run::<512, 8>(&mut seen, 1);
    run::<1024, 32>(&mut seen, 1);
    run::<256, 4>(&mut seen, 2);
    run::<512, 8>(&mut seen, 20);
    let Seen {
        newest,
        older,
        none,
        wrong,
        stuck,
    } = seen;
    println!(
        "flipped bits: the newest record {newest} times, the one before {older}, none {none}, \
         a wrong one {wrong}, no save after it {stuck}; {:.1} s",
        start.elapsed().as_secs_f64()
    );
    // A single flip leaves one of two records.
    if wrong + stuck + none == 0 {
        Ok(())
    } else {
        Err("a flipped bit did harm".into())
    }
}

#[derive(Default)]
struct Seen {
    newest: u64,
    older: u64,
    none: u64,
    wrong: u64,
    stuck: u64,
}

/// Flips each bit of the flash, or, if there are many, some of them, so many at a time.
fn run<const PAGE: usize, const WORD: usize>(seen: &mut Seen, at_a_time: usize) {
    let case = Case {
        record_bytes: PAGE * 3 / 2,
        spare: 6,
        multiwrite: true,
        saves: 5,
        cut_points: 0,
    };
    let mut nor = case.flash::<PAGE, WORD>();
    for number in 1..=case.saves {
        save(&case, &mut nor, number).expect("the power is on");
    }
    let mut rng = Rng::with_seed(1);
    let flips = (10_000.0 * effort()) as usize;
    flip(&case, &nor, flips, at_a_time, &mut rng, seen);

    // Beside the last two records, there are items of a save that was cut. They are of the same
    // generation as those of the save that came after.
    let old = case.saves;
    let operations = case.operations(nor.clone(), old);
    for operation in 0..operations {
        let mut nor = nor.clone();
        nor.cut_at(operation, Moment::After, 0);
        save(&case, &mut nor, 1000).expect_err("the power is cut");
        nor.power_on();
        if operation + 1 < operations {
            save(&case, &mut nor, old + 1).expect("the power is on");
            let flips = flips / operations as usize;
            let case = Case {
                saves: old + 1,
                ..case
            };
            flip(&case, &nor, flips, at_a_time, &mut rng, seen);
        }
    }
}

fn save<const PAGE: usize, const WORD: usize>(
    case: &Case,
    nor: &mut Nor<PAGE, WORD>,
    number: u64,
) -> Result<(), Error<NorError>> {
    case.session(nor, Some(&record(number, case.record_bytes)))
        .1
}

fn flip<const PAGE: usize, const WORD: usize>(
    case: &Case,
    nor: &Nor<PAGE, WORD>,
    flips: usize,
    at_a_time: usize,
    rng: &mut Rng,
    seen: &mut Seen,
) {
    let bits = nor.bytes.len() * 8;
    let numbered = |number| record(number, case.record_bytes);
    for flip in 0..flips.min(bits) {
        let mut nor = nor.clone();
        for _ in 0..at_a_time {
            let is_one_of_all = flips >= bits && at_a_time == 1;
            let bit = if is_one_of_all {
                flip
            } else {
                rng.usize(..bits)
            };
            nor.bytes[bit / 8] ^= 1 << (bit % 8);
        }
        let next = numbered(99);
        let (loaded, saved) = case.session(&mut nor, Some(&next));
        match loaded {
            Ok(Some(bytes)) if bytes == numbered(case.saves) => seen.newest += 1,
            Ok(Some(bytes)) if bytes == numbered(case.saves - 1) => seen.older += 1,
            Ok(Some(bytes)) if at_a_time > 1 && is_one_of(&bytes, case) => seen.older += 1,
            // Of several flips, some may be in each record.
            Ok(None) if at_a_time > 1 => {}
            Ok(Some(_)) => seen.wrong += 1,
            _ => seen.none += 1,
        }
        let is_kept = saved.is_ok() && case.session(&mut nor, None).0 == Ok(Some(next));
        seen.stuck += u64::from(!is_kept);
    }
}

/// With room for several records, those before the last two are still there.
fn is_one_of(bytes: &[u8], case: &Case) -> bool {
    (1..case.saves).any(|number| bytes == record(number, case.record_bytes))
}

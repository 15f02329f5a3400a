//! What is stated of the errors, in the documentation and in `tests/common/tolerance.rs`, against
//! the record.

use crate::table::{Row, read};
use crate::tolerance::{
    BCE, BCE_GRAD, EXP, EXPM1, EXPM1_NOT_POSITIVE, LN, LN_1P, SIGMOID, SOFTPLUS, SQRT, TANH,
};

/// How much looser than what was seen a bound may be, if one float in so many or more was tried.
const LOOSER: f64 = 1.05;
const ENOUGH: u32 = 16;

/// A bound, the rows of the record that it is about by the beginnings of their names, and where it
/// is stated: files, with `{}` for the number.
struct Bound {
    most: f64,
    rows: &'static [&'static str],
    stated: &'static [(&'static str, &'static str)],
}

const BOUNDS: [Bound; 11] = [
    Bound {
        most: EXP,
        rows: &["exp"],
        stated: &[
            (EXP_FILE, "NaN gives NaN. Error: at most {} ulp."),
            (SMOOTH, "dx / dy is [`math::exp`], at most {} ulp off"),
        ],
    },
    Bound {
        most: EXPM1,
        rows: &["expm1"],
        stated: &[(EXP_FILE, "Error: at most {} ulp, ")],
    },
    Bound {
        most: EXPM1_NOT_POSITIVE,
        rows: &["expm1, x <= 0"],
        stated: &[
            (EXP_FILE, " ulp, {} for x <= 0."),
            (SMOOTH, "y is [`math::expm1`] below 0, at most {} ulp off"),
        ],
    },
    Bound {
        most: LN,
        rows: &["ln"],
        stated: &[(LOG, "x < 0 and NaN give NaN. Error: at most {} ulp.")],
    },
    Bound {
        most: LN_1P,
        rows: &["ln_1p"],
        stated: &[(LOG, "x < -1 and NaN give NaN. Error: at most {} ulp.")],
    },
    Bound {
        most: TANH,
        rows: &["tanh"],
        stated: &[
            ("src/kernels/math/tanh.rs", "Error: at most {} ulp."),
            (SMOOTH, "y is [`math::tanh`]: -1 to 1, at most {} ulp off."),
        ],
    },
    Bound {
        most: SQRT,
        rows: &["sqrt", "sqrt in software"],
        stated: &[],
    },
    Bound {
        most: SIGMOID,
        rows: &["sigmoid"],
        stated: &[
            (SIGMOID_FILE, "subnormal, it is +0. Error: at most {} ulp."),
            (
                SMOOTH,
                "y is [`math::sigmoid`]: 0 to 1, at most {} ulp off.",
            ),
            (SMOOTH, "dx / dy is [`math::sigmoid`]: at most {} ulp off"),
        ],
    },
    Bound {
        most: SOFTPLUS,
        rows: &["softplus"],
        stated: &[
            (SIGMOID_FILE, "the result is +0. Error: at most {} ulp."),
            (
                SMOOTH,
                "y is [`math::softplus`]: 0 or more, at most {} ulp off.",
            ),
        ],
    },
    Bound {
        most: BCE,
        rows: &["bce, "],
        stated: &[
            (BCE_FILE, "NaN gives NaN. Error: at most {} ulp;"),
            (
                "README.md",
                "Elementary functions are within {} ulp over all floats.",
            ),
        ],
    },
    Bound {
        most: BCE_GRAD,
        rows: &["bce gradient, "],
        stated: &[(
            BCE_FILE,
            "Error of dz: at most {} ulp of the larger of q and u.",
        )],
    },
];

/// The furthest step in the wrong direction, in ulp: the guide states it.
const FALL: f64 = 2.0;

const EXP_FILE: &str = "src/kernels/math/exp.rs";
const LOG: &str = "src/kernels/math/log.rs";
const SIGMOID_FILE: &str = "src/kernels/math/sigmoid.rs";
const BCE_FILE: &str = "src/kernels/math/bce.rs";
const SMOOTH: &str = "src/model/layers/smooth.rs";

/// The rows that a bound is about.
fn rows<'a>(bound: &Bound, record: &'a [Row]) -> Vec<&'a Row> {
    let is_meant = |row: &&Row| {
        let mut names = bound.rows.iter();
        names.any(|name| row.name == *name || (name.ends_with(' ') && row.name.starts_with(name)))
    };
    record.iter().filter(is_meant).collect()
}

/// Whether a number holds what was seen and is not much looser.
const fn is_tight(most: f64, seen: f64, one_in: u32) -> bool {
    seen <= most && (most <= LOOSER * seen || one_in > ENOUGH)
}

fn largest(rows: &[&Row], of: fn(&Row) -> f64) -> f64 {
    rows.iter().map(|row| of(row)).fold(0.0, f64::max)
}

#[test]
fn bounds_are_what_was_seen() {
    let record = read();
    for bound in BOUNDS {
        let rows = rows(&bound, &record);
        let seen = largest(&rows, |row| row.ulp);
        let one_in = rows.iter().map(|row| row.one_in).max().unwrap();
        println!("{:?}: {} for {seen}", bound.rows, bound.most);
        assert!(
            is_tight(bound.most, seen, one_in),
            "{:?}: {} for {seen}",
            bound.rows,
            bound.most
        );
    }
    let values: Vec<&Row> = record
        .iter()
        .filter(|row| !row.name.contains("gradient"))
        .collect();
    assert!(
        largest(&values, |row| row.ulp) <= BCE,
        "the README states {BCE} for all functions"
    );
    let monotonic: Vec<&Row> = record.iter().filter(|row| row.furthest > 0.0).collect();
    let all: Vec<&Row> = monotonic
        .into_iter()
        .filter(|row| row.one_in == 1)
        .collect();
    assert!(largest(&all, |row| row.furthest) <= FALL, "falls: {FALL}");
}

/// The words of a file, without the marks of comments and with one space between.
fn words(file: &str) -> String {
    let path = format!("{}/{file}", env!("CARGO_MANIFEST_DIR"));
    let text = std::fs::read_to_string(path).unwrap();
    let lines = text
        .lines()
        .map(|line| line.trim().trim_start_matches("///"));
    let words: Vec<&str> = lines.flat_map(str::split_whitespace).collect();
    words.join(" ")
}

#[test]
fn bounds_are_stated() {
    let guide = words("src/guide/numerics.md");
    assert!(guide.contains(&format!("such a step is at most {FALL} ulp.")));
    for bound in BOUNDS {
        for (file, sentence) in bound.stated {
            let sentence = sentence.replace("{}", &format!("{:?}", bound.most));
            assert!(
                words(file).contains(&sentence),
                "{file} does not say: {sentence}"
            );
        }
    }
}

/// Negative control: a bound that is too small or too loose is found.
#[test]
fn a_wrong_bound_is_found() {
    assert!(is_tight(1.0, 1.0, 1) && is_tight(1.8, 1.75, 16));
    assert!(!is_tight(1.0, 1.000_001, 1) && !is_tight(1.0, 0.952, 16));
    assert!(!is_tight(1.0, 1.000_001, 64) && is_tight(1.0, 0.952, 64));
}

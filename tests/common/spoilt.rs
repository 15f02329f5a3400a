//! Batches with one number that is not allowed, and where it stands.

use super::nets;
use fastrand::Rng;
use stackprop::{Error, NotFinite};

/// A batch for 16-32-16-4, and what has to be said of it.
pub struct Spoilt {
    pub rows: Vec<[f32; 16]>,
    pub targets: Vec<[f32; 4]>,
    /// The row and the column that are wrong.
    pub place: (usize, usize),
    pub error: Error,
}

/// Rows of a batch: two groups of 16 and some more.
pub const ROWS: usize = 40;

/// One number of one row, one of one target, in several places; and a target that is no
/// probability.
pub fn batches() -> Vec<Spoilt> {
    let mut rng = Rng::with_seed(9);
    let mut all = Vec::new();
    let mut fresh = |place, error| Spoilt {
        rows: nets::rows(&mut rng, ROWS),
        targets: nets::targets(&mut rng, ROWS),
        place,
        error,
    };
    for row in [0, 1, 6, 7, 15, 16, 31, 39] {
        for (value, column) in [(f32::NAN, 0), (f32::INFINITY, 5), (f32::NEG_INFINITY, 15)] {
            let error = Error::NotFinite(NotFinite::Input { row, column });
            let mut input = fresh((row, column), error);
            input.rows[row][column] = value;
            all.push(input);
            let column = column % 4;
            let error = Error::NotFinite(NotFinite::Target { row, column });
            let mut target = fresh((row, column), error);
            target.targets[row][column] = value;
            all.push(target);
        }
        let mut outside = fresh((row, 2), Error::Target { row });
        outside.targets[row][2] = 1.5;
        all.push(outside);
    }
    all
}

/// The error with the row counted from `row`.
pub const fn at_row(error: Error, row: usize) -> Error {
    match error {
        Error::NotFinite(NotFinite::Input { column, .. }) => {
            Error::NotFinite(NotFinite::Input { row, column })
        }
        Error::NotFinite(NotFinite::Target { column, .. }) => {
            Error::NotFinite(NotFinite::Target { row, column })
        }
        _ => Error::Target { row },
    }
}

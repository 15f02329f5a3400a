//! The recorded rows, as `examples/data/README.md` describes them.

/// Attributes of a row.
pub(crate) const ATTRIBUTES: usize = 9;

/// How many rows there are.
pub(crate) const ROWS: usize = 10_000;

static DATA: &[u8] = include_bytes!("../../data/shuttle.bin");

/// The byte before a number that does not fit into one.
const ESCAPE: i8 = i8::MIN;

/// The rows in order of time, each with whether it is an anomaly.
pub(crate) fn rows() -> impl Iterator<Item = ([f32; ATTRIBUTES], bool)> {
    let mut numbers = Numbers(DATA);
    core::iter::from_fn(move || {
        let mut row = [0.0; ATTRIBUTES];
        for value in &mut row {
            *value = f32::from(numbers.next()?);
        }
        Some((row, numbers.next()? != 0))
    })
}

/// Numbers of one byte, or of an escape and two.
struct Numbers(&'static [u8]);

impl Iterator for Numbers {
    type Item = i16;

    fn next(&mut self) -> Option<i16> {
        let (first, rest) = self.0.split_first()?;
        self.0 = rest;
        if first.cast_signed() != ESCAPE {
            return Some(first.cast_signed().into());
        }
        let (pair, rest) = rest.split_first_chunk()?;
        self.0 = rest;
        Some(i16::from_le_bytes(*pair))
    }
}

//! A binary file: rows without a header, each of so many little-endian `f32` and a byte for the
//! class, as in `examples/data/README.md`. So row k begins at byte k (4 I + 1), and a rank seeks
//! its own.

use super::Rows;
use crate::Error;
use std::collections::BTreeSet;
use std::fs::{self, File};
use std::io::{BufReader, Read};
use std::path::Path;

/// Bytes of a row.
const fn size<const I: usize>() -> usize {
    4 * I + 1
}

/// How many rows the file has.
pub(super) fn count<const I: usize>(path: &Path) -> Result<usize, Error> {
    let bytes = usize::try_from(fs::metadata(path)?.len())?;
    if bytes == 0 || bytes % size::<I>() != 0 {
        let size = size::<I>();
        return Err(format!("{bytes} bytes, not rows of {I} numbers: {size} bytes each").into());
    }
    Ok(bytes / size::<I>())
}

/// These rows of the file.
pub(super) fn read<const I: usize>(
    path: &Path,
    wanted: &BTreeSet<usize>,
) -> Result<Rows<I>, Error> {
    let mut file = BufReader::new(File::open(path)?);
    let (mut rows, mut at) = (Rows::new(), 0);
    let mut bytes = vec![0; size::<I>()];
    for &row in wanted {
        file.seek_relative(i64::try_from((row - at) * bytes.len())?)?;
        file.read_exact(&mut bytes)?;
        at = row + 1;
        let (numbers, class) = bytes.split_at(4 * I);
        let (numbers, _) = numbers.as_chunks();
        let x = std::array::from_fn(|k| f32::from_le_bytes(numbers[k]));
        rows.insert(row, (x, class[0].into()));
    }
    Ok(rows)
}

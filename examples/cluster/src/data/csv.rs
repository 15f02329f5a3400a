//! A CSV file: a line with names or the like, then rows of so many numbers and the index of the
//! class. A rank goes through all lines, and reads the numbers of its own.

use super::{Row, Rows};
use crate::Error;
use csv::{Reader, StringRecord};
use std::collections::BTreeSet;
use std::fs::File;
use std::path::Path;

/// Whether the name says so.
pub(super) fn is_csv(path: &Path) -> bool {
    path.extension().is_some_and(|extension| extension == "csv")
}

fn open(path: &Path) -> Result<Reader<File>, Error> {
    Ok(csv::ReaderBuilder::new()
        .trim(csv::Trim::All)
        .flexible(true)
        .from_path(path)?)
}

/// How many rows the file has.
pub(super) fn count<const I: usize>(path: &Path) -> Result<usize, Error> {
    match open(path)?.records().count() {
        0 => Err("no rows".into()),
        rows => Ok(rows),
    }
}

/// These rows of the file.
pub(super) fn read<const I: usize>(
    path: &Path,
    wanted: &BTreeSet<usize>,
) -> Result<Rows<I>, Error> {
    let mut rows = Rows::new();
    for (row, record) in open(path)?.records().enumerate() {
        if wanted.contains(&row) {
            let read = numbers(&record?).map_err(|error| format!("row {row}: {error}"))?;
            rows.insert(row, read);
        }
    }
    Ok(rows)
}

/// The numbers of a row, and its class.
fn numbers<const I: usize>(record: &StringRecord) -> Result<Row<I>, Error> {
    if record.len() != I + 1 {
        return Err(format!("{} fields, not {I} numbers and a class", record.len()).into());
    }
    let mut x = [0.0; I];
    for (x, field) in x.iter_mut().zip(record) {
        *x = field.parse()?;
    }
    Ok((x, record[I].parse()?))
}

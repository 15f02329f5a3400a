//! The samples, from a CSV file.

use csv::{ReaderBuilder, StringRecord, Trim};
use std::path::Path;

/// Inputs and targets, row by row.
type Samples<const I: usize, const O: usize> = (Vec<[f32; I]>, Vec<[f32; O]>);

/// Reads a file with the header x1,...,xI,y1,...,yO. Blank lines are skipped.
pub(crate) fn read<const I: usize, const O: usize>(path: &Path) -> Result<Samples<I, O>, String> {
    let bytes = std::fs::read(path).map_err(|error| format!("{}: {error}", path.display()))?;
    parse(&bytes).map_err(|reason| format!("{}: {reason}", path.display()))
}

fn parse<const I: usize, const O: usize>(bytes: &[u8]) -> Result<Samples<I, O>, String> {
    let mut records = records(text(bytes)?);
    let (number, header) = records.next().ok_or("the file is empty")??;
    let names = column_names(I, O);
    if header != names {
        let (found, names) = (header.iter().collect::<Vec<_>>().join(","), names.join(","));
        return Err(format!(
            "line {number}: the header is \"{found}\", expected \"{names}\""
        ));
    }
    let (mut rows, mut targets) = (Vec::new(), Vec::new());
    for record in records {
        let (number, fields) = record?;
        let at_line = |reason| format!("line {number}: {reason}");
        let values = numbers(&fields, &names).map_err(at_line)?;
        let (x, y) = values.split_at(I);
        rows.push(core::array::from_fn(|i| x[i]));
        targets.push(core::array::from_fn(|o| y[o]));
        check_targets(y).map_err(at_line)?;
    }
    if rows.is_empty() {
        return Err(String::from("no line of data after the header"));
    }
    Ok((rows, targets))
}

/// The records that are not blank, each with the number of its line as an editor counts them.
fn records(text: &str) -> impl Iterator<Item = Result<(usize, StringRecord), String>> {
    let mut reader = ReaderBuilder::new();
    let reader = reader.has_headers(false).flexible(true).trim(Trim::All);
    let records = reader.from_reader(text.as_bytes()).into_records();
    // The reader places a record before the empty lines in front of it.
    let (mut line, mut counted) = (1, 0);
    let numbered = records.map(move |record| {
        let record = record.map_err(|error| error.to_string())?;
        let before = record.position().map_or(0, |position| {
            position.byte().try_into().unwrap_or(usize::MAX)
        });
        let empty = text
            .bytes()
            .skip(before)
            .take_while(|byte| b"\r\n".contains(byte));
        let start = before + empty.count();
        line += text[counted..start].matches('\n').count();
        counted = start;
        Ok((line, record))
    });
    let blank = |record: &StringRecord| record.len() == 1 && record[0].is_empty();
    numbered.filter(move |numbered| !matches!(numbered, Ok((_, record)) if blank(record)))
}

/// The bytes as text, without the mark that some programs put at its beginning.
fn text(bytes: &[u8]) -> Result<&str, String> {
    let text = str::from_utf8(bytes).map_err(|error| {
        let before = bytes.iter().take(error.valid_up_to());
        let line = 1 + before.filter(|byte| **byte == b'\n').count();
        format!("line {line}: not UTF-8 text")
    })?;
    Ok(text.strip_prefix('\u{feff}').unwrap_or(text))
}

/// x1, ..., xI, y1, ..., yO.
fn column_names(inputs: usize, outputs: usize) -> Vec<String> {
    let x = (1..=inputs).map(|i| format!("x{i}"));
    x.chain((1..=outputs).map(|o| format!("y{o}"))).collect()
}

fn numbers(fields: &StringRecord, names: &[String]) -> Result<Vec<f32>, String> {
    let (found, expected) = (fields.len(), names.len());
    if found != expected {
        return Err(format!("{found} fields, expected {expected}"));
    }
    let named = fields.iter().zip(names);
    named.map(|(field, name)| finite(field, name)).collect()
}

fn finite(field: &str, name: &str) -> Result<f32, String> {
    match field.parse::<f32>() {
        Ok(value) if value.is_finite() => Ok(value),
        Ok(_) => Err(format!("{name} is \"{field}\", not a finite f32")),
        Err(_) => Err(format!("{name} is \"{field}\", not a number")),
    }
}

fn check_targets(targets: &[f32]) -> Result<(), String> {
    for (y, o) in targets.iter().zip(1..) {
        if !(0.0..=1.0).contains(y) {
            return Err(format!("y{o} is {y:?}, not between 0 and 1"));
        }
    }
    Ok(())
}

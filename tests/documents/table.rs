//! Lines of a document that are generated: where they stand, and how they differ.

/// Lines of a document that follow from a recorded file.
pub(crate) struct Generated {
    pub(crate) file: &'static str,
    pub(crate) from: &'static str,
    pub(crate) place: Place,
    pub(crate) lines: Vec<String>,
}

/// Where they stand.
pub(crate) enum Place {
    /// The rows of the first table with this header after a line that begins with these words.
    Table {
        after: &'static str,
        header: &'static str,
    },
    /// The line that begins with this word.
    Line(&'static str),
    /// Between the line with this comment and `<!-- end -->`.
    Block(&'static str),
}

impl Place {
    /// The lines of `text` that are generated, as a range.
    pub(crate) fn find(&self, file: &str, text: &[&str]) -> core::ops::Range<usize> {
        let find = |from: usize, what: &str, is: &dyn Fn(&str) -> bool| {
            let rest = text[from..].iter().position(|line| is(line));
            from + rest.unwrap_or_else(|| panic!("{file}: no line `{what}`"))
        };
        match self {
            Self::Table { after, header } => {
                let from = find(0, after, &|line| line.starts_with(after));
                let first = find(from, header, &|line| line == *header) + 2;
                let rows = text[first..]
                    .iter()
                    .take_while(|line| line.starts_with('|'));
                first..first + rows.count()
            }
            Self::Line(word) => {
                let at = find(0, word, &|line| line.starts_with(word));
                at..at + 1
            }
            Self::Block(comment) => {
                let first = find(0, comment, &|line| line == *comment) + 1;
                first..find(first, "<!-- end -->", &|line| line == "<!-- end -->")
            }
        }
    }
}

/// What differs, cell by cell.
pub(crate) fn differences(generated: &Generated, found: &[&str]) -> Vec<String> {
    let Generated {
        file, from, lines, ..
    } = generated;
    let mut all = Vec::new();
    for row in 0..lines.len().max(found.len()) {
        let expected = lines.get(row).map_or("no such line", String::as_str);
        let found = found.get(row).copied().unwrap_or("no such line");
        if expected == found {
            continue;
        }
        let (a, b) = (cells(expected), cells(found));
        if a.len() != b.len() || a.len() < 2 || a[0] != b[0] {
            all.push(format!(
                "{file}: expected `{expected}`, found `{found}` ({from})"
            ));
            continue;
        }
        for (a, b) in a.iter().zip(&b).filter(|(a, b)| a != b) {
            let row = cells(expected)[0].to_owned();
            all.push(format!(
                "{file}, row `{row}`: expected {a}, found {b} ({from})"
            ));
        }
    }
    all
}

/// The cells of a line of a table.
pub(crate) fn cells(line: &str) -> Vec<&str> {
    let inner = line.trim().trim_start_matches('|').trim_end_matches('|');
    inner.split('|').map(str::trim).collect()
}

/// A line of a table.
pub(crate) fn line<S: AsRef<str>>(cells: impl IntoIterator<Item = S>) -> String {
    cells.into_iter().fold(String::from("|"), |line, cell| {
        format!("{line} {} |", cell.as_ref()).replace("|  |", "| |")
    })
}

/// A recorded whole number as the documents write it: with commas from 10,000 on.
pub(crate) fn number(recorded: &str) -> String {
    let digits = recorded.replace(',', "");
    if digits.is_empty() {
        return String::from("-");
    }
    assert!(
        digits.bytes().all(|b| b.is_ascii_digit()),
        "{recorded} is no number"
    );
    if digits.len() < 5 {
        return digits;
    }
    let mut text = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

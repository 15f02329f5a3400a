//! The record of the chips.

use crate::read;
use crate::table::{cells, line, number};
use std::collections::BTreeMap;

pub(crate) const CHIP_RECORD: &str = "benches/cortex_m.md";

/// The record of the chips: by chip and profile, row and column.
pub(crate) struct Chips(BTreeMap<(String, String, String), String>);

impl Chips {
    pub(crate) fn read() -> Self {
        Self::parse(&read(CHIP_RECORD))
    }

    pub(crate) fn parse(text: &str) -> Self {
        let (mut all, mut section, mut head) = (BTreeMap::new(), "", Vec::new());
        for line in text.lines() {
            if let Some(name) = line.strip_prefix("## ") {
                (section, head) = (name, Vec::new());
            } else if section.is_empty() || !line.starts_with('|') || line.starts_with("| ---") {
                continue;
            } else if head.is_empty() {
                head = cells(line);
            } else {
                for (column, value) in head.iter().zip(cells(line)) {
                    let key = (section.into(), cells(line)[0].into(), (*column).into());
                    all.insert(key, value.into());
                }
            }
        }
        Self(all)
    }

    /// What stands at `m4f, speed`, `big sgd_step`, `stack`, for example.
    fn cell(&self, section: &str, row: &str, column: &str) -> &str {
        let key = (section.into(), row.into(), column.into());
        let value = self.0.get(&key);
        value.unwrap_or_else(|| panic!("{CHIP_RECORD}: no {section}, {row}, {column}"))
    }

    /// The same, which is a whole number.
    pub(crate) fn get(&self, section: &str, row: &str, column: &str) -> String {
        number(self.cell(section, row, column))
    }

    /// What the best peer takes, divided by what ours takes.
    fn ratio(&self, section: &str, row: &str) -> String {
        let ratio = self.cell(section, row, RATIO);
        assert!(
            ratio.is_empty() || ratio.parse::<f64>().is_ok(),
            "{CHIP_RECORD}: {section}, {row}: `{ratio}` is no ratio"
        );
        ratio.to_owned()
    }

    /// The name of the column that begins so; versions follow.
    fn head(&self, section: &str, begin: &str) -> &str {
        let mut columns = self.0.keys().filter(|key| key.0 == section);
        let column = columns.find(|key| key.2.starts_with(begin));
        column.map_or_else(
            || panic!("{CHIP_RECORD}: no column {begin}"),
            |key| key.2.as_str(),
        )
    }

    /// Rows of bytes on the M4F.
    pub(crate) fn bytes(&self, rows: &[(&str, &str)]) -> Vec<String> {
        let of = |&(label, row): &(&str, &str)| {
            let columns = [
                ("m4f, speed", "state"),
                ("m4f, size", "flash"),
                ("m4f, speed", "flash"),
                ("m4f, size", "stack"),
                ("m4f, speed", "stack"),
            ];
            let figures = columns.map(|(section, column)| self.get(section, row, column));
            line([label.to_owned()].into_iter().chain(figures))
        };
        rows.iter().map(of).collect()
    }

    /// Rows of instructions, one for each of these chips.
    pub(crate) fn instructions(&self, chips: &[(&str, &str)], rows: &[&str]) -> Vec<String> {
        let of = |(name, section): &(&str, &str)| {
            let figures = rows
                .iter()
                .map(|row| self.get(section, row, "instructions"));
            line([(*name).to_owned()].into_iter().chain(figures))
        };
        chips.iter().map(of).collect()
    }

    /// Rows of peers, of those chips and calls of which there are any. Names are short here: lines
    /// are long.
    pub(crate) fn peers(&self, chips: &[(&str, &str)], calls: &[(&str, &str)]) -> Vec<String> {
        let peers = ["plain Rust", "plain C", "CMSIS-DSP", "AIfES"];
        let mut lines = Vec::new();
        for (name, section) in chips {
            for (call, row) in calls {
                let ours = self.get(section, row, "instructions");
                let ratio = self.ratio(section, row);
                let figures = peers.map(|begin| self.get(section, row, self.head(section, begin)));
                if !ratio.is_empty() {
                    let name = name.replace("Cortex-", "").replace("RISC-V 32", "RV32");
                    let first = [format!("{name}, {call}"), ours, ratio];
                    lines.push(line(first.into_iter().chain(figures)));
                }
            }
        }
        lines
    }
}

impl Chips {
    /// Instructions a weight and row, ours and in brackets those of plain Rust, of the largest
    /// network.
    pub(crate) fn a_weight(&self, chips: &[(&str, &str)]) -> Vec<String> {
        let calls = [
            ("big forward", 1.0),
            ("big sgd_step", 1.0),
            ("big forward_64", 64.0),
            ("big trainer_64", 64.0),
        ];
        let of = |(name, section): &(&str, &str)| {
            let a_weight = |row: &str, column: &str, rows: f64| {
                let count = self.get(section, row, column).replace(',', "");
                count.parse::<f64>().map_or_else(
                    |_| String::from("-"),
                    |count| format!("{:.1}", count / WEIGHTS / rows),
                )
            };
            let plain = self.head(section, "plain Rust");
            let figures = calls.map(|(row, rows)| {
                let ours = a_weight(row, "instructions", rows);
                format!("{ours} ({})", a_weight(row, plain, rows))
            });
            line([(*name).to_owned()].into_iter().chain(figures))
        };
        chips.iter().map(of).collect()
    }
}

/// The weights of 16-32-16-4, without the biases.
const WEIGHTS: f64 = 1088.0;

/// The column of [`Chips::ratio`].
const RATIO: &str = "best peer / ours";

/// When and with what a record of chips was made.
pub(crate) fn recorded(file: &str) -> String {
    let text = read(file);
    let stamp = text.lines().find(|line| line.contains("; rustc "));
    let stamp = stamp.unwrap_or_else(|| panic!("{file}: no line with `; rustc `"));
    let word_after = |what: &str| {
        let (_, after) = stamp.split_once(what).unwrap();
        after
            .split_whitespace()
            .next()
            .unwrap()
            .trim_end_matches('.')
            .to_owned()
    };
    let (date, _) = stamp.split_once(';').unwrap();
    let (rustc, qemu) = (word_after("rustc "), word_after("emulator version "));
    format!("Recorded {date} with rustc {rustc} and QEMU {qemu}.")
}

/// The names of the chips, and their parts of the record.
pub(crate) const SPEED: [(&str, &str); 8] = [
    ("Cortex-M0", "m0, speed"),
    ("Cortex-M3", "m3, speed"),
    ("Cortex-M4F", "m4f, speed"),
    ("Cortex-M7", "m7, speed"),
    ("Cortex-M33", "m33, speed"),
    ("Cortex-M55", "m55, speed"),
    ("RISC-V 32, no FPU", "rv32imac, speed"),
    ("RISC-V 32 with FPU", "rv32imafc, speed"),
];

/// Those that are also built for size.
pub(crate) const SIZE: [(&str, &str); 5] = [
    ("Cortex-M0, `s`", "m0, size"),
    ("Cortex-M4F, `s`", "m4f, size"),
    ("Cortex-M55, `s`", "m55, size"),
    ("RISC-V 32, no FPU, `s`", "rv32imac, size"),
    ("RISC-V 32 with FPU, `s`", "rv32imafc, size"),
];

/// Each chip, and behind it the same for size if it is built so.
pub(crate) fn both() -> Vec<(&'static str, &'static str)> {
    let of = |speed: (&'static str, &'static str)| {
        let chip = speed.1.split(',').next();
        let size = SIZE
            .into_iter()
            .find(|size| size.1.split(',').next() == chip);
        [speed].into_iter().chain(size)
    };
    SPEED.into_iter().flat_map(of).collect()
}

/// Figures stand where they belong, also of cells that are empty.
#[test]
fn a_record_is_read() {
    let chips = Chips::parse(
        "# Head\n| operation | is |\n| --- | --- |\n| forward | one |\n\n## m0, speed\n\n\
         | | instructions | best peer / ours | plain Rust | plain C, 1 | CMSIS-DSP | AIfES |\n\
         | --- | --- | --- | --- | --- | --- | --- |\n\
         | big forward | 12,345 | 0.90 | 11111 | 13,000 |  |  |\n\
         | big load | 99 |  |  |  |  |  |\n",
    );
    assert_eq!(chips.get("m0, speed", "big load", "instructions"), "99");
    let calls = [("`forward`", "big forward"), ("a record read", "big load")];
    assert_eq!(
        chips.peers(&[("M0", "m0, speed")], &calls),
        ["| M0, `forward` | 12,345 | 0.90 | 11,111 | 13,000 | - | - |"]
    );
}

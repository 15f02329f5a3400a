//! The record of the chips.

use crate::read;
use crate::table::{cells, line, number};
use std::collections::BTreeMap;

pub(crate) const CHIP_RECORD: &str = "benches/cortex_m.md";

/// The record of the chips: by chip and profile, row and column.
pub(crate) struct Chips(BTreeMap<(String, String, String), String>);

impl Chips {
    pub(crate) fn read() -> Self {
        let text = read(CHIP_RECORD);
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

    /// A figure, such as that of `m4f, speed`, `big c`, `stack`.
    pub(crate) fn get(&self, section: &str, row: &str, column: &str) -> String {
        let key = (section.into(), row.into(), column.into());
        let value = self.0.get(&key);
        number(value.unwrap_or_else(|| panic!("{CHIP_RECORD}: no {section}, {row}, {column}")))
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

    /// Rows of peers.
    pub(crate) fn peers(&self) -> Vec<String> {
        let calls = [
            ("`forward`", "big forward"),
            ("`sgd_step`", "big sgd_step"),
            ("`forward`, 64 rows", "big forward_64"),
            ("`Trainer::step`, 64 rows", "big trainer_64"),
        ];
        let chips = [("M0", "m0"), ("M4F", "m4f"), ("M7", "m7"), ("M55", "m55")];
        let columns = [
            "instructions",
            "plain Rust",
            "plain C",
            "CMSIS-DSP",
            "AIfES",
        ];
        let head = |section: &str, begin: &str| {
            let mut columns = self
                .0
                .keys()
                .filter(|key| key.0 == section)
                .map(|key| &key.2);
            let column = columns.find(|column| column.starts_with(begin));
            column
                .unwrap_or_else(|| panic!("{CHIP_RECORD}: no column {begin}"))
                .clone()
        };
        let mut lines = Vec::new();
        for (name, chip) in chips {
            for (call, row) in calls {
                let section = format!("{chip}, speed");
                let figures = columns.map(|begin| self.get(&section, row, &head(&section, begin)));
                if figures[1..].iter().any(|figure| figure != "-") {
                    lines.push(line([format!("{name}, {call}")].into_iter().chain(figures)));
                }
            }
        }
        lines
    }
}

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

/// The one that is also built for size.
pub(crate) const SMALL: (&str, &str) = ("Cortex-M4F, opt-level `s`", "m4f, size");

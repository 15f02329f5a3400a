//! The documents and what they are about: every figure of a table in the README and in the guide is
//! that of a recorded file, every link has its target, every variable is explained, and the walk
//! through the code in ARCHITECTURE.md is the code's.
//!
//! After new records, or new words of the compiler, write the tables again:
//! ```text
//! STACKPROP_BLESS=1 cargo test --test documents
//! ```

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test fails by panicking"
)]

mod chips;
mod code;
mod contract;
mod figures;
mod host;
mod linked;
mod links;
mod mistakes;
mod paper;
mod table;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// The folder of the crate.
const ROOT: &str = env!("CARGO_MANIFEST_DIR");

/// The documents, with the most lines that each may have.
pub(crate) const DOCUMENTS: [(&str, usize); 22] = [
    ("README.md", 185),
    ("ARCHITECTURE.md", 300),
    ("CONTRIBUTING.md", 300),
    ("SECURITY.md", 300),
    ("src/guide.rs", 299),
    ("src/guide/beyond.md", 299),
    ("src/guide/contract.md", 299),
    ("src/guide/contract/functions.md", 299),
    ("src/guide/contract/losses.md", 299),
    ("src/guide/contract/optimisers.md", 299),
    ("src/guide/contract/random.md", 299),
    ("src/guide/contract/sums.md", 299),
    ("src/guide/from_pytorch.md", 299),
    ("src/guide/from_scikit_learn.md", 299),
    ("src/guide/learning.md", 299),
    ("src/guide/memory.md", 299),
    ("src/guide/mistakes.md", 299),
    ("src/guide/numerics.md", 299),
    ("src/guide/pytorch.md", 299),
    ("src/guide/record.md", 299),
    ("src/guide/speed.md", 299),
    ("src/guide/tables.md", 299),
];

/// The most columns of a line.
pub(crate) const COLUMNS: usize = 100;

pub(crate) fn path(file: &str) -> PathBuf {
    Path::new(ROOT).join(file)
}

pub(crate) fn read(file: &str) -> String {
    std::fs::read_to_string(path(file)).unwrap_or_else(|error| panic!("{file}: {error}"))
}

/// Whether this is the crate as it is published, without the records and half of the documents, or
/// the documents are just being written.
pub(crate) fn is_skipped() -> bool {
    path(".cargo_vcs_info.json").exists() || is_blessing()
}

/// Whether the figures are to be written.
pub(crate) fn is_blessing() -> bool {
    std::env::var_os("STACKPROP_BLESS").is_some()
}

/// All text files below a folder.
pub(crate) fn files(folder: &Path, all: &mut Vec<PathBuf>) {
    for entry in folder.read_dir().unwrap() {
        let entry = entry.unwrap();
        let name = entry.file_name().into_string().unwrap();
        if name.starts_with("target") || name == ".git" || name.starts_with("__") {
            continue;
        }
        if entry.file_type().unwrap().is_dir() {
            files(&entry.path(), all);
        } else if entry.metadata().unwrap().len() < 1 << 20 {
            all.push(entry.path());
        }
    }
}

/// The files of the guide are all in [`DOCUMENTS`], and no document is too long or too wide.
#[test]
fn documents_are_short() {
    if is_skipped() {
        return;
    }
    let mut pages = Vec::new();
    files(&path("src/guide"), &mut pages);
    for page in pages {
        let page = page.strip_prefix(ROOT).unwrap().display().to_string();
        assert!(
            !page.ends_with(".md") || DOCUMENTS.iter().any(|(file, _)| *file == page),
            "{page} is not checked"
        );
    }
    for (file, most) in DOCUMENTS {
        let text = read(file);
        let lines = text.lines().count();
        assert!(
            lines <= most,
            "{file} has {lines} lines, {most} are the most"
        );
        for (n, line) in text.lines().enumerate() {
            let columns = line.chars().count();
            assert!(columns <= COLUMNS, "{file}:{}: {columns} columns", n + 1);
        }
    }
}

/// The names of variables in a text.
fn variables(text: &str) -> BTreeSet<String> {
    let names = text.split(concat!("STACK", "PROP_")).skip(1).map(|rest| {
        rest.chars()
            .take_while(|c| c.is_ascii_uppercase() || *c == '_')
            .collect::<String>()
    });
    names.filter(|name| !name.is_empty()).collect()
}

/// Every variable that anything reads stands in the table of CONTRIBUTING.md, and no other.
#[test]
fn variables_are_explained() {
    if is_skipped() {
        return;
    }
    let table: String = read("CONTRIBUTING.md")
        .lines()
        .filter(|line| line.starts_with("| `"))
        .collect();
    let explained = variables(&table);
    let mut all = Vec::new();
    files(Path::new(ROOT), &mut all);
    let mut used = BTreeSet::new();
    for file in all {
        if file.ends_with("CONTRIBUTING.md") {
            continue;
        }
        let text = std::fs::read_to_string(&file).unwrap_or_default();
        for name in variables(&text) {
            assert!(
                explained.contains(&name),
                "STACKPROP_{name} of {} is not in the table of CONTRIBUTING.md",
                file.display()
            );
            used.insert(name);
        }
    }
    assert_eq!(used, explained, "used, and explained in CONTRIBUTING.md");
}

//! ARCHITECTURE.md and the code.

use crate::{files, is_skipped, path, read};
use std::collections::BTreeSet;

/// The walk in ARCHITECTURE.md: numbered lines "1. `function` in `file`: ...".
fn walk() -> Vec<(String, String)> {
    let text = read("ARCHITECTURE.md");
    let numbered = text.lines().filter_map(|line| {
        let (number, rest) = line.split_once(". `")?;
        number.trim().parse::<usize>().ok()?;
        let (function, rest) = rest.split_once("` in `")?;
        let (file, _) = rest.split_once('`')?;
        Some((function.to_owned(), format!("src/{file}")))
    });
    numbered.collect()
}

/// The walk names functions that there are, in few enough places to be followed.
#[test]
fn the_walk_is_the_code() {
    if is_skipped() {
        return;
    }
    let walk = walk();
    assert!(
        walk.len() > 10 && walk.len() <= 30,
        "{} functions",
        walk.len()
    );
    let files: BTreeSet<&String> = walk.iter().map(|(_, file)| file).collect();
    assert!(files.len() <= 11, "{} files", files.len());
    for (function, file) in &walk {
        let name = function.rsplit("::").next().unwrap();
        let text = read(file);
        let defined = ["(", "<"]
            .iter()
            .any(|end| text.contains(&format!("fn {name}{end}")));
        assert!(defined, "{file} has no function {name}");
    }
}

/// Every `#[inline(never)]` and every `black_box` of the library stands in ARCHITECTURE.md, by the
/// name of its function.
#[test]
fn tricks_are_explained() {
    if is_skipped() {
        return;
    }
    let document = read("ARCHITECTURE.md");
    let mut all = Vec::new();
    files(&path("src"), &mut all);
    all.retain(|file| file.extension().is_some_and(|extension| extension == "rs"));
    for file in all {
        let text = std::fs::read_to_string(&file).unwrap();
        let lines: Vec<&str> = text.lines().collect();
        for (n, line) in lines.iter().enumerate() {
            let code = line.trim();
            let function = if code == "#[inline(never)]" {
                lines[n..].iter().find_map(|line| function_name(line))
            } else if code.contains("black_box(") && !code.starts_with("//") {
                lines[..=n]
                    .iter()
                    .rev()
                    .find_map(|line| function_name(line))
            } else {
                continue;
            };
            let function = function.unwrap();
            assert!(
                document.contains(&format!("`{function}`")),
                "{}:{}: ARCHITECTURE.md does not say why `{function}` is so",
                file.display(),
                n + 1
            );
        }
    }
}

/// The name of the function that a line begins.
fn function_name(line: &str) -> Option<&str> {
    let (before, rest) = line.split_once("fn ")?;
    let begins = before
        .split_whitespace()
        .all(|word| ["pub", "pub(crate)", "pub(super)", "const"].contains(&word));
    begins.then(|| rest.split(['(', '<']).next().unwrap())
}

//! Links and names of files lead somewhere.

use crate::{DOCUMENTS, is_skipped, path, read};
use std::collections::BTreeSet;

/// The text outside of code blocks and code spans.
fn prose(text: &str) -> String {
    let blocks = text.split("```").step_by(2);
    blocks
        .flat_map(|block| block.split('`').step_by(2))
        .collect()
}

/// Link targets: `](target)` and `[label]: target`.
fn links(text: &str) -> Vec<String> {
    let prose = prose(text);
    let inline = prose
        .split("](")
        .skip(1)
        .map(|rest| rest.split(')').next().unwrap().to_owned());
    let reference = prose.lines().filter(|line| line.starts_with('['));
    let reference = reference.filter_map(|line| line.split_once("]: "));
    inline
        .chain(reference.map(|(_, target)| target.to_owned()))
        .collect()
}

/// The anchor that a heading has.
fn anchor(heading: &str) -> String {
    let text = heading.trim_start_matches('#').trim().to_lowercase();
    let kept = text
        .chars()
        .filter(|c| c.is_alphanumeric() || [' ', '-', '_'].contains(c));
    kept.map(|c| if c == ' ' { '-' } else { c }).collect()
}

/// Every link leads somewhere: a heading, a file of the repository, or another site. The README is
/// shown where there are no files, so it links to none. What rustdoc resolves, it checks itself.
#[test]
fn links_have_targets() {
    if is_skipped() {
        return;
    }
    for (file, _) in DOCUMENTS {
        let text = read(file);
        let anchors: BTreeSet<String> = text
            .lines()
            .filter(|line| line.starts_with('#'))
            .map(anchor)
            .collect();
        for target in links(&text) {
            let of_rustdoc = file.starts_with("src/");
            if target.starts_with("https://") {
                continue;
            } else if let Some(heading) = target.strip_prefix('#') {
                assert!(anchors.contains(heading), "{file}: no heading for {target}");
            } else if of_rustdoc {
                assert!(
                    !target.contains(".md"),
                    "{file}: {target} is no page of rustdoc"
                );
            } else {
                assert!(
                    file != "README.md",
                    "README.md is shown where {target} is not"
                );
                let target = target.split('#').next().unwrap();
                assert!(path(target).exists(), "{file}: {target} does not exist");
            }
        }
    }
}

/// Files that a document names in code exist: `src/..`, `tests/..`, `benches/..`, `examples/..`.
#[test]
fn named_files_exist() {
    if is_skipped() {
        return;
    }
    let roots = ["src/", "tests/", "benches/", "examples/", ".ci/", ".cargo/"];
    for (file, _) in DOCUMENTS {
        let text = read(file);
        let outside: String = text.split("```").step_by(2).collect();
        for code in outside.split('`').skip(1).step_by(2) {
            if roots.iter().any(|root| code.starts_with(root)) && !code.contains(['*', '<', ' ']) {
                assert!(
                    path(code).exists(),
                    "{file} names {code}, which does not exist"
                );
            }
        }
    }
}

//! What the compiler says of the wrong programs of `tests/compile_errors`, as a block of text.

use crate::{COLUMNS, path};
use std::path::{Path, PathBuf};

pub(crate) const MISTAKES: &str = "tests/compile_errors";

/// What the compiler says of each wrong program; mistakes with the same words stand together.
pub(crate) fn mistakes() -> Vec<String> {
    let folder = path(MISTAKES).read_dir().unwrap();
    let mut programs: Vec<PathBuf> = folder.map(|file| file.unwrap().path()).collect();
    programs.retain(|program| {
        program
            .extension()
            .is_some_and(|extension| extension == "rs")
    });
    // Lists first: most mistakes are made there.
    programs.sort_by_key(|program| (!is_list(program), program.clone()));
    let mut groups: Vec<(String, Vec<String>)> = Vec::new();
    for program in programs {
        let said = std::fs::read_to_string(program.with_extension("stderr")).unwrap();
        let (said, title) = (first_message(&said), title(&program));
        match groups.iter_mut().find(|(message, _)| *message == said) {
            Some((_, titles)) => titles.push(title),
            None => groups.push((said, vec![title])),
        }
    }
    let mut lines = vec![String::from("```text")];
    for (message, titles) in groups {
        lines.extend(titles);
        lines.extend(wrapped(&message));
        lines.push(String::new());
    }
    lines.pop();
    lines.push(String::from("```"));
    lines
}

/// Whether the mistake is in the list that `net!` takes.
fn is_list(program: &Path) -> bool {
    let name = program.file_name().unwrap().display().to_string();
    name.starts_with("net_")
}

/// What the program says of itself, or its wrong list.
fn title(program: &Path) -> String {
    let text = std::fs::read_to_string(program).unwrap();
    let list = text.lines().skip(2).find(|line| line.contains("net!["));
    if let (true, Some(line)) = (is_list(program), list) {
        let list = &line[line.find("net![").unwrap()..=line.rfind(']').unwrap()];
        return list.to_owned();
    }
    let first = text.lines().next().unwrap();
    first.trim_start_matches("//! ").to_owned()
}

/// The first message of the compiler; of two types that differ, also how.
fn first_message(said: &str) -> String {
    let mut lines = said.lines();
    let first = lines.next().unwrap().replacen("error E", "error[E", 1);
    let first = match first.strip_prefix("error[") {
        Some(rest) => format!("error[{}", rest.replacen(": ", "]: ", 1)),
        None => first,
    };
    if !first.ends_with("mismatched types") {
        return first;
    }
    let place = lines.next().unwrap().split_once(": `").unwrap().1;
    let (_, label) = place.split_once("` ").unwrap();
    format!("{first}: {label}")
}

/// Lines of at most [`COLUMNS`], indented.
fn wrapped(text: &str) -> Vec<String> {
    let mut lines = vec![String::from("   ")];
    for word in text.split(' ') {
        let last = lines.last_mut().unwrap();
        if last.chars().count() + 1 + word.chars().count() <= COLUMNS {
            *last = format!("{last} {word}");
        } else {
            lines.push(format!("      {word}"));
        }
    }
    lines
}

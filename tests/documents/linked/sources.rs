//! The sources of the images, and what they call.

use super::list::{Call, Function};
use crate::{files, path};

/// A file of an image.
pub(crate) struct Source {
    code: String,
    /// Its functions and other items.
    items: Vec<Self>,
}

impl Source {
    /// Without comments, and with the types that aliases stand for.
    pub(crate) fn new(text: &str) -> Self {
        let lines = text.lines();
        let code = lines.filter(|line| !line.trim_start().starts_with("//"));
        let mut code = code.collect::<Vec<_>>().join("\n");
        // `net![...]` is a type.
        while let Some((before, rest)) = code.split_once("net![") {
            let (_, after) = rest.split_once(']').unwrap();
            code = format!("{before}Network{after}");
        }
        let aliases: Vec<(String, String)> = code
            .lines()
            .filter_map(|line| line.strip_prefix("type ")?.split_once(" = "))
            .map(|(alias, of)| (alias.to_owned(), last_name(of).to_owned()))
            .collect();
        for (alias, of) in aliases {
            code = replace_word(&code, &alias, &of);
        }
        // Without what stands before it, such as the names that the file uses.
        let item = |code: &str| Self {
            code: code.rsplit("\n\n").next().unwrap_or(code).to_owned(),
            items: Vec::new(),
        };
        let items = code.split("\n}\n").map(item).collect();
        Self { code, items }
    }

    /// Whether it calls the function: on a value in an item that names its type, by its path, or,
    /// for one of a trait, on a value in a file that names the type.
    pub(crate) fn calls(&self, function: &Function) -> bool {
        let mut calls = self.before_calls(&function.name);
        let has_both = |code: &Self| {
            code.names(&function.owner) && code.before_calls(&function.name).next().is_some()
        };
        match function.call {
            // Each type that the item names, and that has such a method, needs a call.
            Call::Method => self.items.iter().any(|item| {
                let named = function.owners.iter().filter(|owner| item.names(owner));
                has_both(item) && item.before_calls(&function.name).count() >= named.count()
            }),
            Call::OfTrait => has_both(self),
            Call::Associated => calls.any(|before| qualifier(before) == Some(&function.owner)),
            Call::Free => calls.any(|before| {
                !before.ends_with('.') && qualifier(before).is_none_or(|of| of == function.owner)
            }),
        }
    }

    fn names(&self, word: &str) -> bool {
        word.is_empty() || words(&self.code, word).next().is_some()
    }

    /// What stands before each call of a function with this name.
    fn before_calls(&self, name: &str) -> impl Iterator<Item = &str> {
        words(&self.code, name).filter_map(|(before, after)| {
            let called = after.starts_with('(') || after.starts_with("::<");
            (called && !before.ends_with("fn ")).then_some(before)
        })
    }
}

/// All files of the images.
pub(crate) fn all() -> Vec<Source> {
    let mut all = Vec::new();
    for image in ["no_panic", "no_panic_kit", "no_panic_each"] {
        files(&path("examples/firmware/src/bin").join(image), &mut all);
    }
    let texts = all
        .iter()
        .map(|file| std::fs::read_to_string(file).unwrap());
    texts.map(|text| Source::new(&text)).collect()
}

const fn is_of_name(c: char) -> bool {
    c.is_ascii_alphanumeric() || c == '_'
}

/// What stands before and after each place of a word.
fn words<'a>(text: &'a str, word: &str) -> impl Iterator<Item = (&'a str, &'a str)> {
    text.match_indices(word).filter_map(|(at, word)| {
        let (before, after) = (&text[..at], &text[at + word.len()..]);
        (!before.ends_with(is_of_name) && !after.starts_with(is_of_name)).then_some((before, after))
    })
}

fn replace_word(text: &str, word: &str, by: &str) -> String {
    let mut parts = Vec::new();
    let mut rest = text;
    while let Some((before, after)) = words(rest, word).next() {
        parts.extend([before, by]);
        rest = after;
    }
    parts.push(rest);
    parts.concat()
}

/// The last name of the path that a text begins with: `Samples` of `stackprop::Samples<3, 1>`.
fn last_name(text: &str) -> &str {
    let end = text.find(|c| !is_of_name(c) && c != ':');
    text[..end.unwrap_or(text.len())]
        .rsplit(':')
        .next()
        .unwrap()
}

/// The name before a `::`: `Samples` of `Samples::`, `Samples::<3, 1>::` and `<Samples<3, 1>>::`.
fn qualifier(before: &str) -> Option<&str> {
    let before = before.strip_suffix("::")?;
    if !before.ends_with('>') {
        let start = before.rfind(|c| !is_of_name(c));
        return Some(&before[start.map_or(0, |at| at + 1)..]);
    }
    let mut depth = 0;
    let (start, _) = before.char_indices().rev().find(|(_, c)| {
        depth += i32::from(*c == '>') - i32::from(*c == '<');
        depth == 0
    })?;
    if before[..start].ends_with("::") {
        return qualifier(&before[..start]);
    }
    Some(last_name(&before[start + 1..]))
}

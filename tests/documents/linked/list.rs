//! The functions of `tests/public_api.txt`.

use crate::read;
use core::fmt::{Display, Formatter, Result};
use std::collections::BTreeMap;

/// A function of the public interface.
pub(crate) struct Function {
    /// The type, the trait or the module that it is in; empty if that has no name, as `[T; N]`.
    pub(crate) owner: String,
    pub(crate) name: String,
    pub(crate) call: Call,
    /// The types that have a method of this name.
    pub(crate) owners: Vec<String>,
}

/// How it is called.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Call {
    /// On a value.
    Method,
    /// On a value, or by code that is generic over the trait.
    OfTrait,
    /// `Owner::name()`.
    Associated,
    /// `owner::name()`, or imported and called by its name.
    Free,
}

impl Display for Function {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        write!(f, "{}::{}", self.owner, self.name)
    }
}

/// What stands outside of all brackets, up to the first blank.
fn outside(signature: &str) -> String {
    let mut depth = 0_u32;
    let mut text = String::new();
    for c in signature.replace("->", " ").chars() {
        match c {
            '<' | '(' | '[' => depth += 1,
            '>' | ')' | ']' => depth = depth.saturating_sub(1),
            ' ' if depth == 0 => break,
            c if depth == 0 => text.push(c),
            _ => {}
        }
    }
    text
}

impl Function {
    /// The function of a line, in the block that this other line begins.
    pub(crate) fn parse(line: &str, block: &str) -> Option<Self> {
        let (before, signature) = line.split_once("fn ")?;
        let mut words = before.split_whitespace();
        words.next().filter(|word| *word == "pub")?;
        if words.any(|word| !["const", "async", "unsafe"].contains(&word)) {
            return None;
        }
        let path = outside(signature);
        let (owner, name) = path.rsplit_once("::")?;
        let owner = owner.rsplit("::").next().unwrap();
        let method = ["(self", "(&self", " self,", " self)"]
            .iter()
            .any(|start| signature.contains(start));
        // Names of types that stand for any: `E` of `impl<E: Elementwise> Layer for E`.
        let is_any = owner.len() == 1;
        let is_module = owner.starts_with(char::is_lowercase) && block.starts_with("pub mod");
        let call = match () {
            () if is_of_own_trait(block) || method && block.contains(" for ") => Call::OfTrait,
            () if method => Call::Method,
            () if is_module => Call::Free,
            () => Call::Associated,
        };
        let owner = if is_any { "" } else { owner }.to_owned();
        Some(Self {
            owners: vec![owner.clone()],
            owner,
            name: name.to_owned(),
            call,
        })
    }
}

/// Whether the block is a trait of the crate, or implements one.
fn is_of_own_trait(block: &str) -> bool {
    let implemented = block
        .split_once(" for ")
        .and_then(|(before, _)| before.rsplit(' ').next());
    block.starts_with("pub trait") || implemented.is_some_and(|name| !name.starts_with("core::"))
}

/// All of them, each once.
pub(crate) fn functions() -> Vec<Function> {
    let text = read("tests/public_api.txt");
    let mut block = "";
    let mut all = BTreeMap::new();
    for line in text.lines() {
        let begins = ["impl", "pub trait", "pub mod"];
        if begins.iter().any(|start| line.starts_with(start)) {
            block = line;
        } else if let Some(function) = Function::parse(line, block) {
            all.insert(function.to_string(), function);
        }
    }
    let mut owners = BTreeMap::<String, Vec<String>>::new();
    for function in all.values().filter(|f| f.call == Call::Method) {
        let of_name = owners.entry(function.name.clone()).or_default();
        of_name.push(function.owner.clone());
    }
    for function in all.values_mut().filter(|f| f.call == Call::Method) {
        function.owners.clone_from(&owners[&function.name]);
    }
    all.into_values().collect()
}

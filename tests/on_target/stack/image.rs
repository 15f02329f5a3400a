//! What an image says of its functions: their frames, as the compiler wrote them down, and whom
//! they call, as the code has it.

#![allow(
    clippy::cast_possible_truncation,
    reason = "these images have 32-bit addresses"
)]

use super::thumb::{self, Flow};
use core::ops::Range;
use object::{Object, ObjectSection, ObjectSymbol, SymbolKind};
use std::collections::{BTreeMap, BTreeSet};

/// A function.
pub(super) struct Function {
    /// Its name, demangled.
    pub(super) name: String,
    /// The bytes that it takes from the stack, registers saved included; none if the compiler does
    /// not say.
    pub(super) frame: Option<u32>,
    /// The addresses that it calls.
    pub(super) calls: BTreeSet<u32>,
    /// The addresses outside of it that it branches to.
    pub(super) leaves: BTreeSet<u32>,
    /// The address of an instruction that goes where the code does not say.
    pub(super) unknown: Option<u32>,
}

/// The functions of an image, by address.
pub(super) type Functions = BTreeMap<u32, Function>;

/// Reads a linked image for Thumb that was compiled with `-Zemit-stack-sizes`.
pub(super) fn functions(image: &[u8]) -> Result<Functions, String> {
    let file = object::File::parse(image).map_err(|e| e.to_string())?;
    let frames = frames(&section(&file, ".stack_sizes")?.1)?;
    let (base, code) = section(&file, ".text")?;
    let data = data(&file);
    let mut functions = Functions::new();
    for symbol in file.symbols().filter(|s| s.kind() == SymbolKind::Text) {
        // The lowest bit says Thumb.
        let start = symbol.address() as u32 & !1;
        let end = start + symbol.size() as u32;
        if start < base || end > base + code.len() as u32 || start == end {
            continue;
        }
        let mut function = Function {
            name: format!(
                "{:#}",
                rustc_demangle::demangle(symbol.name().unwrap_or("?"))
            ),
            frame: frames.get(&start).copied(),
            calls: BTreeSet::new(),
            leaves: BTreeSet::new(),
            unknown: None,
        };
        let is_data = |at| data.range(..=at).next_back().is_some_and(|(_, is)| *is);
        let half = |at| halfword(&code, at - base);
        function.read(start..end, is_data, half)?;
        functions.insert(start, function);
    }
    Ok(functions)
}

impl Function {
    /// Collects what the code from `range` calls.
    fn read(
        &mut self,
        range: Range<u32>,
        is_data: impl Fn(u32) -> bool,
        half: impl Fn(u32) -> Option<u16>,
    ) -> Result<(), String> {
        let mut at = range.start;
        while at < range.end {
            if is_data(at) {
                at += 2;
                continue;
            }
            let first = half(at).ok_or("the code ends within an instruction")?;
            let flow = match thumb::length(first) {
                2 => thumb::narrow(at, first),
                _ => {
                    let second = half(at + 2).ok_or("the code ends within an instruction")?;
                    thumb::wide(at, first, second)
                }
            };
            match flow {
                Flow::Call(to) => drop(self.calls.insert(to)),
                Flow::Branch(to) if !range.contains(&to) => drop(self.leaves.insert(to)),
                Flow::Unknown => self.unknown = Some(at),
                Flow::Branch(_) | Flow::On => {}
            }
            at += thumb::length(first);
        }
        Ok(())
    }
}

/// The address and the contents of a section.
fn section(file: &object::File<'_>, name: &str) -> Result<(u32, Vec<u8>), String> {
    let section = file
        .section_by_name(name)
        .ok_or_else(|| format!("the image has no section {name}"))?;
    let data = section.data().map_err(|e| e.to_string())?;
    Ok((section.address() as u32, data.to_vec()))
}

/// `.stack_sizes`: for each function its address, 4 bytes, and its frame, ULEB128 (LLVM's manual,
/// "Emitting function stack size information"). A function whose frame has no fixed size is not in
/// it.
fn frames(mut bytes: &[u8]) -> Result<BTreeMap<u32, u32>, String> {
    let mut frames = BTreeMap::new();
    while let Some((address, rest)) = bytes.split_first_chunk::<4>() {
        let last = rest.iter().position(|byte| byte & 0x80 == 0);
        let (size, rest) = rest.split_at(last.ok_or(".stack_sizes ends within a number")? + 1);
        let size = size
            .iter()
            .rev()
            .fold(0, |size, byte| size << 7 | u32::from(byte & 0x7F));
        frames.insert(u32::from_le_bytes(*address) & !1, size);
        bytes = rest;
    }
    Ok(frames)
}

/// Where data (true) and code (false) begin within the code: the mapping symbols of "ELF for the
/// Arm Architecture", 5.5.5.
fn data(file: &object::File<'_>) -> BTreeMap<u32, bool> {
    let text = file.section_by_name(".text").map(|section| section.index());
    let mut data = BTreeMap::new();
    for symbol in file.symbols().filter(|s| s.section_index() == text) {
        match symbol.name().unwrap_or_default().get(..2) {
            Some("$d") => data.insert(symbol.address() as u32, true),
            Some("$t") => data.insert(symbol.address() as u32, false),
            _ => None,
        };
    }
    data
}

fn halfword(code: &[u8], at: u32) -> Option<u16> {
    let bytes = code.get(at as usize..)?.first_chunk()?;
    Some(u16::from_le_bytes(*bytes))
}

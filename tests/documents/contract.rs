//! The pages of the numeric contract and the code: the constants are the same.

use crate::{files, is_skipped, path, read};
use std::collections::BTreeSet;

/// A line of code without its comment.
fn code(line: &str) -> &str {
    line.split("//").next().unwrap().trim()
}

/// The floats that a line of code has as decimal literals, with their signs.
fn floats(line: &str) -> Vec<f32> {
    let is_part = |c: char| c.is_ascii_alphanumeric() || ['_', '.'].contains(&c);
    let mut found = Vec::new();
    let mut rest = line;
    while let Some(start) = rest.find(is_part) {
        let (before, from) = rest.split_at(start);
        let mut end = from.find(|c| !is_part(c)).unwrap_or(from.len());
        if from[..end].ends_with('e') && from[..end].contains('.') {
            // The minus of an exponent.
            end += 1 + from[end + 1..].find(|c: char| !c.is_ascii_digit()).unwrap();
        }
        let (word, after) = from.split_at(end);
        let before = before.trim_end();
        let negative = before.ends_with("(-") || before.ends_with("= -");
        if word.starts_with(|c: char| c.is_ascii_digit())
            && word.contains('.')
            && let Ok(size) = word.replace('_', "").parse::<f32>()
        {
            found.push(if negative { -size } else { size });
        }
        rest = after;
    }
    found
}

/// The name of the constant that a line of code defines, such as `Q`.
fn constant(line: &str) -> Option<&str> {
    let (_, rest) = line.split_once("const ")?;
    let (name, _) = rest.split_once(": ")?;
    Some(name)
}

/// The rows of a page's table of constants: name, then bits.
fn rows(page: &str) -> Vec<(String, u32)> {
    let rows = page.lines().filter_map(|line| {
        let mut cells = line.strip_prefix("| ")?.split(" | ");
        let name = cells.next()?;
        let bits = cells.next()?.strip_prefix("0x")?;
        Some((name.to_owned(), u32::from_str_radix(bits, 16).unwrap()))
    });
    rows.collect()
}

/// All floats of a file's code, with the names of those that are constants.
fn floats_of(text: &str) -> Vec<(Option<String>, f32)> {
    let (mut found, mut array) = (Vec::new(), None);
    for line in text.lines().map(code) {
        let name = constant(line);
        if let Some(name) = name.filter(|_| line.contains("[f32;")) {
            array = Some((name, 0));
        }
        for value in floats(line) {
            let name = match &mut array {
                Some((name, at)) => {
                    *at += 1;
                    Some(format!("`{name}[{}]`", *at - 1))
                }
                None => name.map(|name| format!("`{name}`")),
            };
            found.push((name, value));
        }
        if line.ends_with("];") {
            array = None;
        }
    }
    found
}

/// Every float in the code of the elementary functions stands in the page's table with its bits, a
/// constant by its name; and the table has no other.
#[test]
fn constants_of_functions_are_those_of_the_contract() {
    if is_skipped() {
        return;
    }
    let rows = rows(&read("src/guide/contract/functions.md"));
    let mut all = Vec::new();
    files(&path("src/kernels/math"), &mut all);
    let named = |name: &str, value: f32| (Some(format!("`{name}`")), value);
    let mut code = vec![
        named("LOG2_E", core::f32::consts::LOG2_E),
        named("SQRT_HALF", core::f32::consts::FRAC_1_SQRT_2),
        named("ROUND_TO_INT", stackprop::simd::ROUND_TO_INT),
        named("ROUND_TO_EXPONENT", stackprop::simd::ROUND_TO_EXPONENT),
    ];
    for file in all {
        code.extend(floats_of(&std::fs::read_to_string(file).unwrap()));
    }
    assert!(code.len() > 30, "{} floats in the code", code.len());
    for (name, value) in &code {
        let bits = value.to_bits();
        let stands = rows.iter().any(|(row, of_row)| {
            *of_row == bits && name.as_ref().is_none_or(|name| row.starts_with(name))
        });
        assert!(
            stands,
            "{name:?} {value:?} {bits:#010x} is not in functions.md"
        );
    }
    let of_code: BTreeSet<u32> = code.iter().map(|(_, value)| value.to_bits()).collect();
    for (name, bits) in rows {
        assert!(
            of_code.contains(&bits),
            "{name} {bits:#010x} is not in the code"
        );
    }
}

/// So do the constants of the other pages that have bits.
#[test]
fn other_constants_are_those_of_the_contract() {
    if is_skipped() {
        return;
    }
    let simd = read("src/kernels/simd/mod.rs");
    assert!(simd.contains("SQRT_HALF: i32 = 0x3f35_04f3;"));
    let nadam = read("src/training/optim/nadam.rs");
    let ln_0_96 = floats_of(&nadam)
        .into_iter()
        .find(|(name, _)| name.as_deref() == Some("`LN_0_96`"))
        .unwrap();
    let page = read("src/guide/contract/optimisers.md");
    assert!(page.contains(&format!("{:#010x}", ln_0_96.1.to_bits())));
    let random = read("src/model/random.rs");
    let page = read("src/guide/contract/random.md");
    assert!(random.contains("MULTIPLIER: u64 = 6_364_136_223_846_793_005;"));
    assert!(page.contains(&format!("{:#x}", 6_364_136_223_846_793_005_u64)));
    assert!(random.contains("INCREMENT: u64 = (0xa02_bdbf_7bb3_c0a7 << 1) | 1;"));
    assert!(page.contains(&format!("{:#x}", (0xa02_bdbf_7bb3_c0a7_u64 << 1) | 1)));
}

//! The bits of everything that the notebook computes, against `tests/golden/bits.rs`: the same file
//! that the firmware compares itself with, so both sides of "the same bits" are checked against one
//! list.
//!
//! Whether the numbers are right is the matter of the tests against the f64 reference; this file
//! says that they do not change. Where they are meant to change, make them again and look at the
//! diff:
//! ```text
//! STACKPROP_BLESS=1 cargo test --test golden_bits
//! ```

mod golden;

use core::error::Error;
use golden::bits;
use golden::cases::{self, Quantity};

/// The longest line of `bits.rs`.
const COLUMNS: usize = 100;

/// What `bits.rs` begins with.
const HEAD: &str = "\
//! The bits of what `cases.rs` computes: (network, quantity, bits of each value).
//!
//! Made by `STACKPROP_BLESS=1 cargo test --test golden_bits`; not written by hand.

/// Network, quantity, bits. The values are in the comment above each.
#[rustfmt::skip]
pub(crate) const BITS: &[(&str, &str, &[u32])] = &[
";

#[test]
fn golden_bits() -> Result<(), Box<dyn Error>> {
    let (mut lines, mut wrong, mut count) = (String::new(), String::new(), 0);
    cases::for_each(|quantity| {
        let line = line(&quantity);
        if !quantity.agrees() {
            wrong.push_str(&line);
        }
        lines.push_str(&line);
        count += 1;
    })?;
    let made = format!("{HEAD}{lines}];\n");
    if std::env::var_os("STACKPROP_BLESS").is_some() {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/golden/bits.rs");
        std::fs::write(path, made)?;
        return Ok(());
    }
    assert!(
        wrong.is_empty(),
        "other bits than tests/golden/bits.rs has; these would have to stand there:\n{wrong}"
    );
    assert_eq!(count, bits::BITS.len(), "names that nothing computes");
    let file = include_str!("golden/bits.rs");
    assert_eq!(file, made, "written in by hand");
    Ok(())
}

/// The entry of `bits.rs` for what was computed.
fn line(quantity: &Quantity) -> String {
    let Quantity {
        of, name, values, ..
    } = quantity;
    let bits: Vec<_> = values
        .iter()
        .map(|value| format!("{:#010x}", value.to_bits()))
        .collect();
    let decimals = wrapped(&format!("    // {values:?}"), "    //");
    let entry = format!("    ({of:?}, {name:?}, &[{}]),", bits.join(", "));
    decimals + &wrapped(&entry, "       ")
}

/// The line, or more than one that each are short enough, with `prefix` before all but the first.
fn wrapped(line: &str, prefix: &str) -> String {
    let (mut lines, mut length) = (String::new(), 0);
    for word in line.split_inclusive(' ') {
        length += word.len();
        if length > COLUMNS + 1 {
            lines.truncate(lines.trim_end().len());
            lines += &format!("\n{prefix} ");
            length = prefix.len() + 1 + word.len();
        }
        lines += word;
    }
    lines + "\n"
}

//! The natural order of names: `fc2` stands before `fc10`.

use super::chars::{Chars, Next};
use super::header::{Entries, Entry};

/// The name of the module that a tensor belongs to: what stands before the last point.
pub(super) const fn module<'a>(entry: &Entry<'a>) -> Chars<'a> {
    let raw = entry.chars().rest();
    let mut length = raw.len();
    let mut rest = raw;
    while let [before @ .., last] = rest {
        rest = before;
        if *last == b'.' {
            length = before.len();
            break;
        }
    }
    match raw.split_at_checked(length) {
        Some((module, _)) => Chars::json(module),
        None => Chars::json(raw),
    }
}

/// Module number `index` of those that begin with `prefix`, in natural order.
pub(super) const fn nth<'a>(header: &'a [u8], prefix: &str, index: usize) -> Option<Chars<'a>> {
    let mut found = next_after(header, prefix, None);
    let mut index = index;
    while index > 0 {
        found = match found {
            Some(module) => next_after(header, prefix, Some(module)),
            None => return None,
        };
        index -= 1;
    }
    found
}

/// The first module behind `last`, or the first of all.
const fn next_after<'a>(
    header: &'a [u8],
    prefix: &str,
    last: Option<Chars<'a>>,
) -> Option<Chars<'a>> {
    let (mut entries, mut best) = (Entries::new(header), None);
    while let Ok(Some(entry)) = entries.next() {
        let name = module(&entry);
        let candidate = name.after(prefix).is_some()
            && match last {
                Some(last) => is_before(last, name),
                None => true,
            }
            && match best {
                Some(best) => is_before(name, best),
                None => true,
            };
        if candidate {
            best = Some(name);
        }
    }
    best
}

/// Whether `a` stands before `b`: by characters, but where both have digits by the numbers.
const fn is_before(mut a: Chars<'_>, mut b: Chars<'_>) -> bool {
    loop {
        let (at_a, at_b) = (a, b);
        match (a.next(), b.next()) {
            (Next::Char(x), Next::Char(y)) if x.is_ascii_digit() && y.is_ascii_digit() => {
                let (number_x, number_y);
                (number_x, a) = number(at_a);
                (number_y, b) = number(at_b);
                if number_x != number_y {
                    return number_x < number_y;
                }
            }
            (Next::Char(x), Next::Char(y)) => {
                if x as u32 != y as u32 {
                    return (x as u32) < y as u32;
                }
            }
            (Next::Char(_), _) => return false,
            (_, Next::Char(_)) => return true,
            _ => return false,
        }
    }
}

/// The number that the characters begin with, and what comes behind it.
const fn number(mut chars: Chars<'_>) -> (u64, Chars<'_>) {
    let mut number = 0_u64;
    loop {
        let before = chars;
        match chars.next() {
            Next::Char(c @ '0'..='9') => {
                number = number
                    .saturating_mul(10)
                    .saturating_add(c as u64 - '0' as u64);
            }
            _ => return (number, before),
        }
    }
}

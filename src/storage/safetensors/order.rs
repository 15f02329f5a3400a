//! The natural order of names: `fc2` stands before `fc10`.

use super::chars::{Chars, Next};
use super::header::{Entries, Entry};
use core::cmp::Ordering;

/// The name of the module that a tensor belongs to: what stands before the last point, if there is
/// one.
const fn module<'a>(entry: &Entry<'a>) -> Chars<'a> {
    let raw = entry.chars().rest();
    let mut rest = raw;
    while let [before @ .., last] = rest {
        if *last == b'.' {
            return Chars::json(before);
        }
        rest = before;
    }
    Chars::json(rest)
}

/// The module behind `last` in natural order, or the first one, of those that begin with `prefix`.
pub(super) const fn next_module<'a>(
    mut entries: Entries<'a>,
    prefix: &str,
    last: Option<Chars<'a>>,
) -> Option<Chars<'a>> {
    let mut best = None;
    while let Ok(Some(entry)) = entries.next() {
        let name = module(&entry);
        let candidate = entry.chars().after(prefix).is_some()
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

/// Whether `a` stands before `b`: by characters, but where both have digits by the numbers, and
/// only of two that are the same then by the zeros in front.
const fn is_before(a: Chars<'_>, b: Chars<'_>) -> bool {
    match compare(a, b, true) {
        Ordering::Equal => matches!(compare(a, b, false), Ordering::Less),
        natural => matches!(natural, Ordering::Less),
    }
}

const fn compare(mut a: Chars<'_>, mut b: Chars<'_>, numbers: bool) -> Ordering {
    loop {
        let (at_a, at_b) = (a, b);
        let (x, y) = match (a.next(), b.next()) {
            (Next::Char(x), Next::Char(y)) => (x, y),
            (Next::Char(_), _) => return Ordering::Greater,
            (_, Next::Char(_)) => return Ordering::Less,
            _ => return Ordering::Equal,
        };
        let (mut x, mut y, digits) = (x as u64, y as u64, x.is_ascii_digit() && y.is_ascii_digit());
        if numbers && digits {
            (x, a) = number(at_a);
            (y, b) = number(at_b);
        }
        if x != y {
            return if x < y {
                Ordering::Less
            } else {
                Ordering::Greater
            };
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

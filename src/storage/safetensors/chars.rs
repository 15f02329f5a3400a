//! The characters of a JSON string, and of plain text.

use super::text::Text;

/// Reads one character after another, from valid UTF-8.
#[derive(Clone, Copy)]
pub(super) struct Chars<'a> {
    rest: &'a [u8],
    /// Whether a backslash begins an escape.
    json: bool,
}

/// What comes next.
pub(super) enum Next {
    Char(char),
    End,
    /// An escape that JSON does not know, half of a surrogate pair, or a control character.
    Wrong,
}

impl<'a> Chars<'a> {
    /// The inside of a JSON string; a quotation mark ends it.
    pub(super) const fn json(rest: &'a [u8]) -> Self {
        Self { rest, json: true }
    }

    pub(super) const fn plain(text: &'a str) -> Self {
        Self {
            rest: text.as_bytes(),
            json: false,
        }
    }

    pub(super) const fn rest(&self) -> &'a [u8] {
        self.rest
    }

    pub(super) const fn next(&mut self) -> Next {
        match self.rest {
            [] => Next::End,
            [b'"', ..] if self.json => Next::End,
            [0..=0x1f, ..] if self.json => Next::Wrong,
            [b'\\', escape, after @ ..] if self.json => {
                self.rest = after;
                self.escape(*escape)
            }
            [b'\\'] if self.json => Next::Wrong,
            [ascii @ ..=0x7f, after @ ..] => {
                self.rest = after;
                Next::Char(*ascii as char)
            }
            _ => self.utf8(),
        }
    }

    /// What comes behind the next characters that stand for themselves in JSON.
    pub(super) const fn after_plain(mut self) -> Self {
        while let [b' ' | b'!' | b'#'..=b'[' | b']'..=0x7f, after @ ..] = self.rest {
            self.rest = after;
        }
        self
    }

    const fn utf8(&mut self) -> Next {
        let (code, after) = match self.rest {
            [a, b, after @ ..] if *a < 0xe0 => (low(*a, 0x1f) << 6 | low(*b, 0x3f), after),
            [a, b, c, after @ ..] if *a < 0xf0 => {
                let code = low(*a, 0x0f) << 12 | low(*b, 0x3f) << 6 | low(*c, 0x3f);
                (code, after)
            }
            [a, b, c, d, after @ ..] => {
                let high = low(*a, 0x07) << 18 | low(*b, 0x3f) << 12;
                (high | low(*c, 0x3f) << 6 | low(*d, 0x3f), after)
            }
            _ => return Next::Wrong,
        };
        self.rest = after;
        character(code)
    }

    /// After a backslash and `kind`.
    const fn escape(&mut self, kind: u8) -> Next {
        let c = match kind {
            b'"' | b'\\' | b'/' => kind as char,
            b'b' => '\x08',
            b'f' => '\x0c',
            b'n' => '\n',
            b'r' => '\r',
            b't' => '\t',
            b'u' => return self.code(),
            _ => return Next::Wrong,
        };
        Next::Char(c)
    }

    /// Four hexadecimal digits, or a surrogate pair: beyond 0xffff JSON writes two escapes.
    const fn code(&mut self) -> Next {
        let Some(first) = self.hex() else {
            return Next::Wrong;
        };
        if first & 0xfc00 != 0xd800 {
            return character(first);
        }
        let [b'\\', b'u', after @ ..] = self.rest else {
            return Next::Wrong;
        };
        self.rest = after;
        match self.hex() {
            Some(second) if second & 0xfc00 == 0xdc00 => {
                character(0x1_0000 + ((first & 0x3ff) << 10) + (second & 0x3ff))
            }
            _ => Next::Wrong,
        }
    }

    const fn hex(&mut self) -> Option<u32> {
        let [a, b, c, d, after @ ..] = self.rest else {
            return None;
        };
        self.rest = after;
        let (mut code, digits) = (0, [*a, *b, *c, *d]);
        let mut rest: &[u8] = &digits;
        while let [digit, after @ ..] = rest {
            let Some(value) = (*digit as char).to_digit(16) else {
                return None;
            };
            code = code << 4 | value;
            rest = after;
        }
        Some(code)
    }

    /// Whether both give the same characters.
    pub(super) const fn same(mut self, mut other: Self) -> bool {
        loop {
            // The usual character without a call: the compiler computes slowly.
            if let ([a @ b'#'..=b'[', after_a @ ..], [b, after_b @ ..])
            | ([a @ b']'..=0x7f, after_a @ ..], [b, after_b @ ..]) = (self.rest, other.rest)
                && *a == *b
            {
                (self.rest, other.rest) = (after_a, after_b);
                continue;
            }
            match (self.next(), other.next()) {
                (Next::Char(a), Next::Char(b)) if a as u32 == b as u32 => {}
                (Next::End, Next::End) => return true,
                _ => return false,
            }
        }
    }

    /// What comes after `prefix`, if the characters begin with it.
    pub(super) const fn after(mut self, prefix: &str) -> Option<Self> {
        let mut prefix = Chars::plain(prefix);
        loop {
            let Next::Char(a) = prefix.next() else {
                return Some(self);
            };
            match self.next() {
                Next::Char(b) if a as u32 == b as u32 => {}
                _ => return None,
            }
        }
    }

    /// `text` with these characters behind it.
    pub(super) const fn push_to<const N: usize>(mut self, mut text: Text<N>) -> Text<N> {
        while let Next::Char(c) = self.next() {
            text = text.push_char(c);
        }
        text
    }
}

/// The bits of a byte of UTF-8 that belong to the character.
const fn low(byte: u8, mask: u8) -> u32 {
    (byte & mask) as u32
}

const fn character(code: u32) -> Next {
    match char::from_u32(code) {
        Some(c) => Next::Char(c),
        None => Next::Wrong,
    }
}

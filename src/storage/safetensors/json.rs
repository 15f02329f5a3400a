//! As much of JSON as a header needs: strings, whole numbers, and the marks between them.

use super::chars::{Chars, Next};
use super::error::Error;

/// A place in a JSON text.
#[derive(Clone, Copy)]
pub(super) struct Json<'a> {
    rest: &'a [u8],
    length: usize,
}

impl<'a> Json<'a> {
    pub(super) const fn new(text: &'a [u8]) -> Self {
        Self {
            rest: text,
            length: text.len(),
        }
    }

    /// The text is wrong here.
    pub(super) const fn wrong<T>(&self) -> Result<T, Error> {
        Err(Error::Json {
            at: self.length - self.rest.len(),
        })
    }

    /// Takes `mark` if it comes next.
    pub(super) const fn take(&mut self, mark: u8) -> bool {
        self.blanks();
        match self.rest {
            [found, after @ ..] if *found == mark => {
                self.rest = after;
                true
            }
            _ => false,
        }
    }

    /// Takes `mark`, which has to come next.
    pub(super) const fn expect(&mut self, mark: u8) -> Result<(), Error> {
        if self.take(mark) {
            Ok(())
        } else {
            self.wrong()
        }
    }

    /// Whether nothing but blanks comes.
    pub(super) const fn ends(&mut self) -> bool {
        self.blanks();
        self.rest.is_empty()
    }

    const fn blanks(&mut self) {
        while let [b' ' | b'\t' | b'\n' | b'\r', after @ ..] = self.rest {
            self.rest = after;
        }
    }

    /// The inside of a string, with its escapes.
    pub(super) const fn string(&mut self) -> Result<&'a [u8], Error> {
        if !self.take(b'"') {
            return self.wrong();
        }
        let (inside, mut chars) = (self.rest, Chars::json(self.rest));
        loop {
            chars = chars.after_plain();
            match chars.next() {
                Next::Char(_) => {}
                Next::End => break,
                Next::Wrong => return self.wrong(),
            }
        }
        let length = inside.len() - chars.rest().len();
        match (inside.split_at_checked(length), chars.rest()) {
            (Some((string, _)), [b'"', after @ ..]) => {
                self.rest = after;
                Ok(string)
            }
            _ => self.wrong(),
        }
    }

    /// A whole number from 0 on, without sign, point and exponent.
    pub(super) const fn number(&mut self) -> Result<usize, Error> {
        self.blanks();
        let (mut number, start) = (0_usize, self.rest);
        while let [digit @ b'0'..=b'9', after @ ..] = self.rest {
            let digit = (*digit - b'0') as usize;
            number = match number.checked_mul(10) {
                Some(tens) => match tens.checked_add(digit) {
                    Some(number) => number,
                    None => return self.wrong(),
                },
                None => return self.wrong(),
            };
            self.rest = after;
        }
        match (start.len() - self.rest.len(), start, self.rest) {
            (0, _, _) | (2.., [b'0', ..], _) | (_, _, [b'.' | b'e' | b'E', ..]) => self.wrong(),
            _ => Ok(number),
        }
    }
}

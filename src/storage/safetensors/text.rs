//! Text in an array, which can be built at compile time.

use core::fmt::{Debug, Display, Formatter};

/// At most `N` bytes of text. What does not fit is cut.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Text<const N: usize> {
    bytes: [u8; N],
    length: u16,
    cut: bool,
}

impl<const N: usize> Text<N> {
    pub(super) const fn new() -> Self {
        Self {
            bytes: [0; N],
            length: 0,
            cut: false,
        }
    }

    /// The text.
    ///
    /// ```
    /// use stackprop::safetensors::{Error, SafeTensors};
    ///
    /// let file = b"\x02\0\0\0\0\0\0\0{}";
    /// let error = SafeTensors::new(file).and_then(|file| {
    ///     file.load(&mut <stackprop::net![1 => 1, stackprop::Mse]>::zeros())
    /// });
    /// assert!(matches!(error, Err(Error::Missing(name)) if name.as_str() == "0.weight"));
    /// ```
    #[must_use]
    pub const fn as_str(&self) -> &str {
        let text = match self.bytes.split_at_checked(self.length as usize) {
            Some((text, _)) => text,
            None => self.bytes.as_slice(),
        };
        // A character that is cut in the middle is left out.
        match core::str::from_utf8(text) {
            Ok(text) => text,
            Err(error) => match text.split_at_checked(error.valid_up_to()) {
                Some((valid, _)) => match core::str::from_utf8(valid) {
                    Ok(text) => text,
                    Err(_) => "",
                },
                None => "",
            },
        }
    }

    /// Whether something did not fit.
    pub(super) const fn is_cut(&self) -> bool {
        self.cut
    }

    pub(super) const fn push(mut self, text: &str) -> Self {
        let mut rest = text.as_bytes();
        while let [byte, after @ ..] = rest {
            let at = self.length as usize;
            if at < N {
                self.bytes[at] = *byte;
                self.length += 1;
            } else {
                self.cut = true;
            }
            rest = after;
        }
        self
    }

    pub(super) const fn push_char(self, c: char) -> Self {
        self.push(c.encode_utf8(&mut [0; 4]))
    }

    pub(super) const fn push_number(self, number: usize) -> Self {
        let text = if number >= 10 {
            self.push_number(number / 10)
        } else {
            self
        };
        text.push_char((b'0' + (number as u64 % 10) as u8) as char)
    }
}

impl<const N: usize> Display for Text<N> {
    fn fmt(&self, f: &mut Formatter<'_>) -> core::fmt::Result {
        f.write_str(self.as_str())
    }
}

impl<const N: usize> Debug for Text<N> {
    fn fmt(&self, f: &mut Formatter<'_>) -> core::fmt::Result {
        Debug::fmt(self.as_str(), f)
    }
}

#[cfg(feature = "defmt")]
impl<const N: usize> defmt::Format for Text<N> {
    fn format(&self, f: defmt::Formatter<'_>) {
        defmt::write!(f, "{=str}", self.as_str());
    }
}

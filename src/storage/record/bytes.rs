//! Bytes as a place for numbers, and as where they come from.

use super::error::Error;
use super::number::Number;
use super::part::{Sink, Source, sealed};

/// The bytes behind those that were written.
#[derive(Debug)]
pub(super) struct BytesMut<'a>(pub(super) &'a mut [u8]);

/// The bytes behind those that were read.
#[derive(Debug)]
pub(super) struct Bytes<'a> {
    pub(super) rest: &'a [u8],
    /// Whether numbers are kept, and not only looked at.
    pub(super) keeps: bool,
}

impl sealed::Sealed for BytesMut<'_> {}

impl Sink for BytesMut<'_> {
    fn put<T: Number>(&mut self, number: T) -> Result<(), Error> {
        number.store(&mut self.0)
    }
}

impl sealed::Sealed for Bytes<'_> {}

impl Source for Bytes<'_> {
    fn next<T: Number>(&mut self) -> Result<T, Error> {
        T::load(&mut self.rest)
    }

    fn keeps(&self) -> bool {
        self.keeps
    }
}

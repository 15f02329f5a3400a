//! Whether a file has the tensors of a network, and no others.

use super::error::{Error, Shape};
use super::file::SafeTensors;
use super::header::Entry;
use super::names::{Names, Position};
use crate::model::architecture::{Architecture, TensorShape};

impl<'a> SafeTensors<'a> {
    /// Refuses a file that has not just the tensors of `part`.
    pub(super) const fn check(&self, part: &Architecture) -> Result<(), Error> {
        if let Names::Listed(list) = self.names {
            let layers = part.modules();
            if list.len() != layers {
                return Err(Error::Modules {
                    names: list.len(),
                    layers,
                });
            }
        }
        if let Err(error) = self.check_part(part, self.start()) {
            return Err(error);
        }
        // All of the network were found: are there more? To count is enough, unless a list has the
        // same name twice.
        let listed = matches!(self.names, Names::Listed(_));
        if self.unused || (!listed && self.count() == part.tensors()) {
            return Ok(());
        }
        let mut entries = self.entries;
        while let Ok(Some(entry)) = entries.next() {
            if self.looks_at(&entry) && !self.is_of(&entry, part, self.start()) {
                return Err(Error::Unexpected(entry.name()));
            }
        }
        Ok(())
    }

    /// How many tensors are looked at.
    const fn count(&self) -> usize {
        let (mut entries, mut count) = (self.entries, 0);
        while let Ok(Some(entry)) = entries.next() {
            count += self.looks_at(&entry) as usize;
        }
        count
    }

    const fn looks_at(&self, entry: &Entry<'_>) -> bool {
        entry.chars().after(self.prefix).is_some()
    }

    /// Checks the tensors of the layers from `at` on.
    const fn check_part(&self, part: &Architecture, at: Position<'a>) -> Result<(), Error> {
        match part {
            Architecture::Chain(first, second) => match self.check_part(first, at) {
                Ok(()) => self.check_part(second, self.behind(first, at)),
                Err(error) => Err(error),
            },
            Architecture::Frozen(_) => Ok(()),
            Architecture::Single(_, tensors) => {
                let mut rest = *tensors;
                while let [tensor, others @ ..] = rest {
                    if let Err(error) = self.check_tensor(at, tensor) {
                        return Err(error);
                    }
                    rest = others;
                }
                Ok(())
            }
        }
    }

    const fn check_tensor(&self, at: Position<'a>, tensor: &TensorShape) -> Result<(), Error> {
        let name = match self.name(at, tensor.field) {
            Ok(name) => name,
            Err(name) if name.is_cut() => return Err(Error::LongName(name)),
            Err(name) => return Err(Error::Missing(name)),
        };
        let Some(entry) = self.find(&name) else {
            return Err(Error::Missing(name));
        };
        if !entry.is_f32() {
            return entry.wrong_dtype();
        }
        if !entry.shape.is(tensor.shape) {
            return Err(Error::Shape {
                name,
                file: entry.shape,
                network: Shape::of(tensor.shape),
            });
        }
        match first_not_finite(self.bytes_of(&entry)) {
            Some(index) if !self.non_finite => Err(Error::NotFinite { name, index }),
            _ => Ok(()),
        }
    }

    /// Whether a layer of `part` has this tensor.
    const fn is_of(&self, entry: &Entry<'_>, part: &Architecture, at: Position<'a>) -> bool {
        match part {
            Architecture::Chain(first, second) => {
                self.is_of(entry, first, at) || self.is_of(entry, second, self.behind(first, at))
            }
            Architecture::Frozen(_) => false,
            Architecture::Single(_, tensors) => {
                let mut rest = *tensors;
                while let [tensor, others @ ..] = rest {
                    if let Ok(name) = self.name(at, tensor.field)
                        && entry.is_called(name.as_str())
                    {
                        return true;
                    }
                    rest = others;
                }
                false
            }
        }
    }
}

/// The first of these numbers that is NaN or infinite.
const fn first_not_finite(mut bytes: &[u8]) -> Option<usize> {
    let mut index = 0;
    // By bits, for the compiler computes slowly: NaN and infinities have all of these.
    while let [_, _, c, d, others @ ..] = bytes {
        if *d & 0x7f == 0x7f && *c & 0x80 == 0x80 {
            return Some(index);
        }
        (bytes, index) = (others, index + 1);
    }
    None
}

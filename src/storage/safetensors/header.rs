//! The tensors that a header lists.

use super::chars::Chars;
use super::error::{Error, Name, Shape};
use super::json::Json;

/// One tensor of a file.
#[derive(Clone, Copy)]
pub(super) struct Entry<'a> {
    name: &'a [u8],
    dtype: &'a [u8],
    pub(super) shape: Shape,
    /// How many numbers it has; None if they are out of range.
    pub(super) count: Option<usize>,
    /// Where its bytes begin and end, counted from the end of the header.
    pub(super) begin: usize,
    pub(super) end: usize,
}

impl<'a> Entry<'a> {
    pub(super) const fn chars(&self) -> Chars<'a> {
        Chars::json(self.name)
    }

    pub(super) const fn name(&self) -> Name {
        self.chars().push_to(Name::new())
    }

    pub(super) const fn is_called(&self, name: &str) -> bool {
        self.chars().same(Chars::plain(name))
    }

    pub(super) const fn is_f32(&self) -> bool {
        self.dtype.len() == 3 && is(self.dtype, "F32")
    }

    /// The tensor has a type that cannot be read.
    pub(super) const fn wrong_dtype<T>(&self) -> Result<T, Error> {
        Err(Error::Dtype {
            name: self.name(),
            dtype: Chars::json(self.dtype).push_to(super::text::Text::new()),
        })
    }

    /// The bits of one of its numbers; None if the format does not know their type.
    pub(super) const fn bits(&self) -> Option<usize> {
        let all: &[(&[&str], usize)] = &[
            (&["F32", "I32", "U32"], 32),
            (&["F16", "BF16", "I16", "U16"], 16),
            (&["F64", "I64", "U64", "C64"], 64),
            (&["BOOL", "U8", "I8", "F8_E4M3", "F8_E5M2", "F8_E8M0"], 8),
            (&["F8_E4M3FNUZ", "F8_E5M2FNUZ"], 8),
            (&["F6_E2M3", "F6_E3M2"], 6),
            (&["F4"], 4),
        ];
        let mut sizes = all;
        while let [(names, bits), other_sizes @ ..] = sizes {
            let mut names = *names;
            while let [name, others @ ..] = names {
                if is(self.dtype, name) {
                    return Some(*bits);
                }
                names = others;
            }
            sizes = other_sizes;
        }
        None
    }
}

/// Whether the JSON string is this text.
const fn is(string: &[u8], text: &str) -> bool {
    Chars::json(string).same(Chars::plain(text))
}

/// Goes through the tensors of a header.
#[derive(Clone, Copy)]
pub(super) struct Entries<'a> {
    json: Json<'a>,
    started: bool,
    metadata: bool,
}

impl<'a> Entries<'a> {
    pub(super) const fn new(header: &'a [u8]) -> Self {
        Self {
            json: Json::new(header),
            started: false,
            metadata: false,
        }
    }

    /// The same tensors, without a look at the metadata if they stand in front.
    pub(super) const fn behind_metadata(self) -> Result<Self, Error> {
        let mut rest = self;
        if self.started || !rest.json.take(b'{') {
            return Ok(self);
        }
        match rest.key() {
            Ok(name) if is(name, "__metadata__") => {}
            _ => return Ok(self),
        }
        rest.started = true;
        match rest.skip_metadata() {
            Ok(()) => Ok(rest),
            Err(error) => Err(error),
        }
    }

    /// The next tensor; None after the last one.
    pub(super) const fn next(&mut self) -> Result<Option<Entry<'a>>, Error> {
        loop {
            let more = if self.started {
                self.json.take(b',')
            } else {
                match self.json.expect(b'{') {
                    Ok(()) => !self.json.take(b'}'),
                    Err(error) => return Err(error),
                }
            };
            if !more {
                return self.last();
            }
            self.started = true;
            let name = match self.key() {
                Ok(name) => name,
                Err(error) => return Err(error),
            };
            if !is(name, "__metadata__") {
                return match self.entry(name) {
                    Ok(entry) => Ok(Some(entry)),
                    Err(error) => Err(error),
                };
            }
            if let Err(error) = self.skip_metadata() {
                return Err(error);
            }
        }
    }

    /// After the last tensor.
    const fn last(&mut self) -> Result<Option<Entry<'a>>, Error> {
        if self.started
            && let Err(error) = self.json.expect(b'}')
        {
            return Err(error);
        }
        if self.json.ends() {
            Ok(None)
        } else {
            self.json.wrong()
        }
    }

    /// A name and the colon behind it.
    const fn key(&mut self) -> Result<&'a [u8], Error> {
        let name = match self.json.string() {
            Ok(name) => name,
            Err(error) => return Err(error),
        };
        match self.json.expect(b':') {
            Ok(()) => Ok(name),
            Err(error) => Err(error),
        }
    }

    /// Strings by name, once in a header. They mean nothing here.
    const fn skip_metadata(&mut self) -> Result<(), Error> {
        if self.metadata {
            return Err(Error::Duplicate(Name::new().push("__metadata__")));
        }
        self.metadata = true;
        if let Err(error) = self.json.expect(b'{') {
            return Err(error);
        }
        if self.json.take(b'}') {
            return Ok(());
        }
        loop {
            if let Err(error) = self.key() {
                return Err(error);
            }
            if let Err(error) = self.json.string() {
                return Err(error);
            }
            if !self.json.take(b',') {
                return self.json.expect(b'}');
            }
        }
    }

    /// `{"dtype": ..., "shape": [...], "data_offsets": [begin, end]}`, in any order.
    const fn entry(&mut self, name: &'a [u8]) -> Result<Entry<'a>, Error> {
        let (mut dtype, mut shape, mut offsets) = (None, None, None);
        if let Err(error) = self.json.expect(b'{') {
            return Err(error);
        }
        loop {
            let key = match self.key() {
                Ok(key) => key,
                Err(error) => return Err(error),
            };
            let read = if is(key, "dtype") && dtype.is_none() {
                set(&mut dtype, self.json.string())
            } else if is(key, "shape") && shape.is_none() {
                set(&mut shape, self.shape())
            } else if is(key, "data_offsets") && offsets.is_none() {
                set(&mut offsets, self.offsets())
            } else {
                self.json.wrong()
            };
            if let Err(error) = read {
                return Err(error);
            }
            if !self.json.take(b',') {
                break;
            }
        }
        match (self.json.expect(b'}'), dtype, shape, offsets) {
            (Ok(()), Some(dtype), Some((shape, count)), Some((begin, end))) => Ok(Entry {
                name,
                dtype,
                shape,
                count,
                begin,
                end,
            }),
            (Err(error), ..) => Err(error),
            _ => self.json.wrong(),
        }
    }

    /// A shape, and the product of its sizes.
    const fn shape(&mut self) -> Result<(Shape, Option<usize>), Error> {
        let (mut shape, mut count) = (Shape::new(), Some(1_usize));
        if let Err(error) = self.json.expect(b'[') {
            return Err(error);
        }
        if self.json.take(b']') {
            return Ok((shape, count));
        }
        loop {
            let size = match self.json.number() {
                Ok(size) => size,
                Err(error) => return Err(error),
            };
            shape = shape.with(size);
            count = match count {
                Some(count) => count.checked_mul(size),
                None => None,
            };
            if !self.json.take(b',') {
                break;
            }
        }
        match self.json.expect(b']') {
            Ok(()) => Ok((shape, count)),
            Err(error) => Err(error),
        }
    }

    const fn offsets(&mut self) -> Result<(usize, usize), Error> {
        let begin = match self.number_after(b'[') {
            Ok(begin) => begin,
            Err(error) => return Err(error),
        };
        let end = match self.number_after(b',') {
            Ok(end) => end,
            Err(error) => return Err(error),
        };
        match self.json.expect(b']') {
            Ok(()) => Ok((begin, end)),
            Err(error) => Err(error),
        }
    }

    const fn number_after(&mut self, mark: u8) -> Result<usize, Error> {
        match self.json.expect(mark) {
            Ok(()) => self.json.number(),
            Err(error) => Err(error),
        }
    }
}

/// Puts what was read into its place.
const fn set<T: Copy>(place: &mut Option<T>, read: Result<T, Error>) -> Result<(), Error> {
    match read {
        Ok(value) => {
            *place = Some(value);
            Ok(())
        }
        Err(error) => Err(error),
    }
}

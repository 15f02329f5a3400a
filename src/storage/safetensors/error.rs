//! What can be wrong with a file.

use super::text::Text;
use core::fmt::{Display, Formatter};

/// The name of a tensor, cut after 60 bytes.
pub type Name = Text<60>;

/// The shape of a tensor.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Shape {
    sizes: [u32; 4],
    rank: u8,
}

impl Shape {
    pub(super) const fn new() -> Self {
        Self {
            sizes: [0; 4],
            rank: 0,
        }
    }

    /// The shape with one more size. Numbers stop at the largest that they can be.
    pub(super) const fn with(mut self, size: usize) -> Self {
        if (self.rank as usize) < self.sizes.len() {
            let size = size as u64;
            let in_range = size <= u32::MAX as u64;
            let low = (size & 0xffff_ffff) as u32;
            self.sizes[self.rank as usize] = if in_range { low } else { u32::MAX };
        }
        self.rank = self.rank.saturating_add(1);
        self
    }

    pub(super) const fn of(mut sizes: &[usize]) -> Self {
        let mut shape = Self::new();
        while let [size, rest @ ..] = sizes {
            shape = shape.with(*size);
            sizes = rest;
        }
        shape
    }

    /// The sizes; none if there are more than four.
    ///
    /// ```
    /// use stackprop::{Mse, net, safetensors::{Error, SafeTensors}};
    ///
    /// let header = r#"{"0.weight":{"dtype":"F32","shape":[1,2],"data_offsets":[0,8]}}"#;
    /// let mut bytes = (header.len() as u64).to_le_bytes().to_vec();
    /// bytes.extend(header.as_bytes());
    /// bytes.extend([0; 8]);
    ///
    /// let mut network = <net![bias = false; 3 => 1, Mse]>::zeros();
    /// let Err(Error::Shape { file, network, .. }) = SafeTensors::new(&bytes)?.load(&mut network)
    /// else {
    ///     unreachable!()
    /// };
    /// assert_eq!((file.sizes(), network.sizes()), (&[1, 2][..], &[1, 3][..]));
    /// # Ok::<(), Error>(())
    /// ```
    #[must_use]
    pub const fn sizes(&self) -> &[u32] {
        match self.sizes.split_at_checked(self.rank as usize) {
            Some((sizes, _)) => sizes,
            None => &[],
        }
    }

    pub(super) const fn is(&self, other: &[usize]) -> bool {
        let other = Self::of(other);
        let ([a, b, c, d], [e, f, g, h]) = (self.sizes, other.sizes);
        self.rank == other.rank && a == e && b == f && c == g && d == h
    }

    const fn push_to<const N: usize>(&self, text: Text<N>) -> Text<N> {
        let mut text = text.push("[");
        if self.rank as usize > self.sizes.len() {
            return text.push_number(self.rank as usize).push(" dimensions]");
        }
        let mut sizes = self.sizes();
        while let [size, rest @ ..] = sizes {
            text = text.push_number(*size as usize);
            if !rest.is_empty() {
                text = text.push(", ");
            }
            sizes = rest;
        }
        text.push("]")
    }
}

/// Why a file was refused. Nothing has been read from it into a network.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub enum Error {
    /// The first eight bytes are not the length of a header that is in the file, begins with `{`
    /// and has at most 100,000,000 bytes.
    Header,
    /// The header is not UTF-8.
    Utf8,
    /// The header is not the JSON of this format.
    Json {
        /// The first byte of the header that does not belong there.
        at: usize,
    },
    /// The header lists more than [`MAX_TENSORS`](super::MAX_TENSORS).
    TooManyTensors,
    /// Two tensors have this name.
    Duplicate(Name),
    /// The numbers of the tensor have a type that the format does not know, or not `F32`.
    Dtype {
        /// The tensor.
        name: Name,
        /// The type of its numbers.
        dtype: Text<16>,
    },
    /// The bytes of the tensor are not as many as its shape asks for, or not in the file.
    Offsets(Name),
    /// Bytes of the file belong to two tensors, or to none.
    Holes,
    /// The file has not this tensor, which the network has. Its names may be others: see
    /// [`Names`](super::Names) and [`prefix`](super::SafeTensors::prefix).
    Missing(Name),
    /// The tensor of the network has a name, given here in part, that is longer than a [`Name`] can
    /// be.
    LongName(Name),
    /// The file has this tensor, which the network has not.
    Unexpected(Name),
    /// The tensor has another shape.
    Shape {
        /// The tensor.
        name: Name,
        /// Its shape in the file.
        file: Shape,
        /// Its shape in the network.
        network: Shape,
    },
    /// There are not as many names as layers with tensors.
    Modules {
        /// How many names there are.
        names: usize,
        /// How many layers.
        layers: usize,
    },
    /// A number of the tensor is NaN or infinite.
    NotFinite {
        /// The tensor.
        name: Name,
        /// The number, counted row by row.
        index: usize,
    },
}

/// The longest message.
type Message = Text<256>;

impl Error {
    /// The message, also for the compiler.
    pub(super) const fn message(&self) -> Message {
        let text = Message::new().push("safetensors: ");
        match self {
            Self::Header => text.push("the file does not begin with a header and its length"),
            Self::Utf8 => text.push("the header is not UTF-8"),
            Self::Json { at } => {
                let text = text.push("the header is wrong at byte ");
                text.push_number(*at)
            }
            Self::TooManyTensors => {
                let text = text.push("more than ").push_number(super::MAX_TENSORS);
                text.push(" tensors")
            }
            Self::Holes => text.push("bytes of the file belong to two tensors, or to none"),
            Self::Modules { names, layers } => {
                let text = text.push_number(*names).push(" names for ");
                text.push_number(*layers).push(" layers with tensors")
            }
            _ => self.message_of_tensor(text.push("the tensor ")),
        }
    }

    const fn message_of_tensor(&self, text: Message) -> Message {
        match self {
            Self::Duplicate(name) => text.push(name.as_str()).push(" is there twice"),
            Self::Dtype { name, dtype } => {
                let text = text.push(name.as_str()).push(" has numbers of type ");
                text.push(dtype.as_str()).push(", not F32")
            }
            Self::Offsets(name) => text
                .push(name.as_str())
                .push(" has bytes that are not in the file, or not as many as its shape asks for"),
            Self::Missing(name) => text.push(name.as_str()).push(" is missing in the file"),
            Self::LongName(name) => text.push(name.as_str()).push("... has too long a name"),
            Self::Unexpected(name) => {
                let text = text.push(name.as_str());
                text.push(" of the file is not in the network")
            }
            Self::Shape {
                name,
                file,
                network,
            } => {
                let text = file.push_to(text.push(name.as_str()).push(" is "));
                let text = network.push_to(text.push(" in the file and "));
                text.push(" in the network")
            }
            Self::NotFinite { name, index } => {
                let text = text.push(name.as_str());
                text.push(" has NaN or an infinity as number ")
                    .push_number(*index)
            }
            _ => text,
        }
    }
}

impl Display for Error {
    fn fmt(&self, f: &mut Formatter<'_>) -> core::fmt::Result {
        f.write_str(self.message().as_str())
    }
}

impl core::error::Error for Error {}

//! A file in memory, and reading it into a network.

use super::error::{Error, Name};
use super::header::{Entries, Entry};
use super::names::Names;
use super::rules;
use crate::model::params::Params;
use core::fmt::{Debug, Formatter};

/// A file whose form is right, in memory or in flash. Nothing is copied until it is read into a
/// network.
///
/// The names are those of an `nn.Sequential` unless [`names`](Self::names) and
/// [`prefix`](Self::prefix) say otherwise. All tensors of the file have to be used unless
/// [`allow_unused`](Self::allow_unused) says otherwise, and numbers have to be finite unless
/// [`allow_non_finite`](Self::allow_non_finite) says otherwise.
///
/// ```
/// use stackprop::{Mse, net, safetensors::{Error, Names, SafeTensors}};
///
/// let header = r#"{"net.out.weight":{"dtype":"F32","shape":[1,1],"data_offsets":[0,4]},
///     "net.out.bias":{"dtype":"F32","shape":[1],"data_offsets":[4,8]},
///     "net.steps":{"dtype":"F32","shape":[1],"data_offsets":[8,12]}}"#;
/// let mut bytes = (header.len() as u64).to_le_bytes().to_vec();
/// bytes.extend(header.as_bytes());
/// [0.5, f32::INFINITY, 7.0].iter().for_each(|number| bytes.extend(number.to_le_bytes()));
/// let mut network = <net![1 => 1, Mse]>::zeros();
///
/// let file = SafeTensors::new(&bytes)?.prefix("net.").names(Names::Listed(&["out"]));
/// assert!(matches!(file.load(&mut network), Err(Error::NotFinite { index: 0, .. })));
/// let file = file.allow_non_finite(true);
/// assert!(matches!(file.load(&mut network), Err(Error::Unexpected(_)))); // net.steps
/// file.allow_unused(true).load(&mut network)?;
/// assert_eq!(network.layers.bias, [f32::INFINITY]);
/// # Ok::<(), Error>(())
/// ```
#[derive(Clone, Copy)]
pub struct SafeTensors<'a> {
    pub(super) entries: Entries<'a>,
    data: &'a [u8],
    pub(super) prefix: &'a str,
    pub(super) names: Names<'a>,
    pub(super) unused: bool,
    pub(super) non_finite: bool,
}

/// A file that is known when the program is compiled.
/// [`safetensors!`](crate::safetensors!) writes it.
#[doc(hidden)]
pub trait File {
    const FILE: SafeTensors<'static>;
}

impl<'a> SafeTensors<'a> {
    /// The file in `bytes`, if it keeps the rules of the format.
    ///
    /// The header has a length, is UTF-8 and JSON of the right form. No name is there twice, each
    /// tensor has the bytes of its shape, and each byte after the header belongs to one tensor.
    ///
    /// # Errors
    /// The rule that the file breaks: [`Error::Header`], `Utf8`, `Json`, `TooManyTensors`,
    /// `Duplicate`, `Dtype`, `Offsets` or `Holes`.
    ///
    /// ```
    /// use stackprop::safetensors::{Error, SafeTensors};
    ///
    /// assert_eq!(SafeTensors::new(b"not a file").unwrap_err(), Error::Header);
    /// ```
    pub const fn new(bytes: &'a [u8]) -> Result<Self, Error> {
        let (header, data) = match rules::split(bytes) {
            Ok(parts) => parts,
            Err(error) => return Err(error),
        };
        match rules::check(header, data.len()) {
            Ok(entries) => Ok(Self {
                entries,
                data,
                prefix: "",
                names: Names::Sequential,
                unused: false,
                non_finite: false,
            }),
            Err(error) => Err(error),
        }
    }

    /// Looks only at tensors whose names begin like this, as `net.0.weight` with `net.`.
    #[must_use]
    pub const fn prefix(mut self, prefix: &'a str) -> Self {
        self.prefix = prefix;
        self
    }

    /// Finds the layers by these names.
    #[must_use]
    pub const fn names(mut self, names: Names<'a>) -> Self {
        self.names = names;
        self
    }

    /// Whether the file may have tensors that the network has not: `strict=False`, but none of the
    /// network's may be missing.
    #[must_use]
    pub const fn allow_unused(mut self, allow: bool) -> Self {
        self.unused = allow;
        self
    }

    /// Whether NaN and infinities are taken, too.
    #[must_use]
    pub const fn allow_non_finite(mut self, allow: bool) -> Self {
        self.non_finite = allow;
        self
    }

    /// Reads the tensors of a network, or of a layer. The file has to have just these, as PyTorch's
    /// `load_state_dict` asks for: by name, with their shapes, of type `F32`. Frozen parts are
    /// left as they are; their layers count in the names.
    ///
    /// # Errors
    /// What does not fit, by the name of the tensor: [`Error::Missing`], `Unexpected`, `Shape`,
    /// `Dtype`, `NotFinite`; or [`Error::Modules`]. The network is unchanged then.
    ///
    /// ```
    /// use stackprop::{Mse, net, safetensors::{Error, SafeTensors}};
    ///
    /// let header = r#"{"0.weight":{"dtype":"F32","shape":[1,2],"data_offsets":[0,8]},
    ///     "0.bias":{"dtype":"F32","shape":[1],"data_offsets":[8,12]}}"#;
    /// let mut bytes = (header.len() as u64).to_le_bytes().to_vec();
    /// bytes.extend(header.as_bytes());
    /// [0.5_f32, -2.0, 1.0].iter().for_each(|number| bytes.extend(number.to_le_bytes()));
    ///
    /// let file = SafeTensors::new(&bytes)?;
    /// let mut network = <net![2 => 1, Mse]>::zeros();
    /// file.load(&mut network)?;
    /// assert_eq!((network.layers.weight, network.layers.bias), ([[0.5, -2.0]], [1.0]));
    ///
    /// let error = file.load(&mut <net![3 => 1, Mse]>::zeros()).unwrap_err();
    /// let text = "the tensor 0.weight is [1, 2] in the file and [1, 3] in the network";
    /// assert_eq!(error.to_string(), format!("safetensors: {text}"));
    /// # Ok::<(), Error>(())
    /// ```
    pub fn load<P: Params>(&self, params: &mut P) -> Result<(), Error> {
        self.check(&P::ARCHITECTURE)?;
        let (mut modules, mut layer) = (0, None);
        let mut at = self.start();
        for index in 0..P::TENSORS {
            let Some(tensor) = params.tensor_mut(index) else {
                continue;
            };
            if layer.is_some_and(|layer| layer != tensor.name.layer) {
                modules += 1;
            }
            layer = Some(tensor.name.layer);
            at = self.at(at, tensor.name.layer, modules);
            let name = self.name(at, tensor.name.field).unwrap_or_else(|name| name);
            let (numbers, _) = self.bytes(&name).as_chunks();
            for (number, bytes) in tensor.values.iter_mut().zip(numbers) {
                *number = f32::from_le_bytes(*bytes);
            }
        }
        Ok(())
    }

    pub(super) const fn find(&self, name: &Name) -> Option<Entry<'a>> {
        let mut entries = self.entries;
        while let Ok(Some(entry)) = entries.next() {
            if entry.is_called(name.as_str()) {
                return Some(entry);
            }
        }
        None
    }

    /// The bytes of a tensor; none if there is no such tensor.
    pub(super) const fn bytes(&self, name: &Name) -> &'a [u8] {
        match self.find(name) {
            Some(entry) => self.bytes_of(&entry),
            None => &[],
        }
    }

    pub(super) const fn bytes_of(&self, entry: &Entry<'_>) -> &'a [u8] {
        match self.data.split_at_checked(entry.begin) {
            Some((_, rest)) => match rest.split_at_checked(entry.end - entry.begin) {
                Some((bytes, _)) => bytes,
                None => &[],
            },
            None => &[],
        }
    }
}

/// What was asked for.
impl Debug for SafeTensors<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("SafeTensors")
            .field("prefix", &self.prefix)
            .field("names", &self.names)
            .finish_non_exhaustive()
    }
}

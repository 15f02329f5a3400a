//! Weights in: files of the format safetensors, which `safetensors.torch.save_file` writes.
//!
//! A file that is known when the program is compiled becomes a `static` network in flash, by
//! [`safetensors!`](crate::safetensors!): no RAM, no code to read it, and a file that does not fit
//! does not compile. A file that comes later, as an update over the air, is read by
//! [`SafeTensors`], which gives an error for each file that does not fit, and never panics.
//!
//! Read here in this order: `text` and `chars`, strings in `const fn`; `json` and `header`, what a
//! header says; `rules`, what every file keeps; `names` and `order`, which tensor is whose; `fit`,
//! whether a file has those of a network; `file`, reading at run time; `constant`, at compile time.
//!
//! Source: the format's description and its reference code, safetensors 0.8. Where that is silent
//! or lenient this reader is strict: a name that is there twice, a key that the format does not
//! know, and a number with a sign, a point or an exponent are refused.

mod chars;
mod constant;
mod error;
mod file;
mod fit;
mod header;
mod json;
mod macros;
mod names;
mod order;
mod rules;
mod text;

pub use error::{Error, Name, Shape};
pub use file::SafeTensors;
pub use names::Names;
pub use text::Text;

#[doc(hidden)]
pub use constant::{FieldFromTensors, FieldName, FromFile, FromTensors, Place};
#[doc(hidden)]
pub use file::File;

/// The most tensors of a file. Each is compared with every other, so this bounds the time that a
/// hostile file can take.
pub const MAX_TENSORS: usize = 256;

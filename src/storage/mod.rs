//! Part 5: a model as numbers, to look at, to take along and to bring back.
//!
//! [`weights`] reads the tensors of a network by PyTorch's names, and copies them out and in.
//! [`safetensors`] brings weights in from files. [`record`] is all that has to outlive a reset, as
//! bytes. `flash`, with the feature of that name, keeps these bytes through cuts of the power.

#[cfg(feature = "flash")]
pub mod flash;
pub mod record;
pub mod safetensors;
pub mod weights;

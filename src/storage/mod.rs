//! Part 5: a model as numbers, to look at, to take along and to bring back.
//!
//! [`weights`] reads the tensors of a network by PyTorch's names, and copies them out and in.
//! [`safetensors`] brings weights in from files. [`record`] is all that has to outlive a reset, as
//! bytes.

pub mod record;
pub mod safetensors;
pub mod weights;

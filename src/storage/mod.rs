//! Part 5: a model as numbers, to look at, to take along and to bring back.
//!
//! [`weights`] reads the tensors of a network by PyTorch's names, and copies them out and in.

pub mod safetensors;
pub mod weights;

//! Part 1: everything that computes on vectors of samples. Nothing in here uses networks.
//!
//! Read [`simd`] first: a vector holds one `f32` for each of several samples. [`math`] has the
//! elementary functions on vectors and `matmul` the three products of a linear layer. `outline`
//! decides which kernels are compiled out of line on chips, `numbers` has loops that they call, and
//! `soft` computes floats in integers where there is no float unit. `exact_sum` has sums and means
//! that do not round, `checksum` a CRC-32. [`bce_loss`] is the loss on probabilities that the
//! notebook uses.

pub mod bce_loss;
pub mod math;
pub mod simd;

pub(crate) mod checksum;
pub(crate) mod each;
pub(crate) mod exact_sum;
pub(crate) mod matmul;
pub(crate) mod numbers;
pub(crate) mod outline;
pub(crate) mod size;
pub(crate) mod soft;
pub(crate) mod zero;

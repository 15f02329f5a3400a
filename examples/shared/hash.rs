//! A hash of the weights: two targets give the same one only if every bit is the same.

use core::hash::Hasher;
use fnv::FnvHasher;
use stackprop::{Params, weights};

/// FNV-1a, 64 bits, over the bits of the weights, little-endian, in PyTorch's order.
pub(crate) fn hash<P: Params>(params: &P) -> u64 {
    let mut hasher = FnvHasher::default();
    for value in weights::tensors(params).flat_map(|tensor| tensor.values) {
        hasher.write(&value.to_le_bytes());
    }
    hasher.finish()
}

//! A hash of what was learned: the same on two targets only if every bit is.

use core::hash::Hasher;
use fnv::FnvHasher;
use stackprop::Params;

/// FNV-1a, 64 bits, over the parameters' bits, little-endian, in PyTorch's order.
pub(crate) fn hash<L: Params>(layers: &L) -> u64 {
    let mut hasher = FnvHasher::default();
    let mut each = |tensor: &mut [f32], _: &[()], _: &mut [()]| {
        for value in tensor {
            hasher.write(&value.to_le_bytes());
        }
    };
    let (none, mut nothing) = (L::fill(()), L::fill(()));
    L::zip(&mut layers.params(), &none, &mut nothing, &mut each);
    hasher.finish()
}

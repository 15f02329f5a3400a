//! The square root of one number, correctly rounded: the same bits from every way to compute it.

#[cfg(any(
    target_feature = "sse2",
    target_feature = "simd128",
    all(target_feature = "neon", target_arch = "aarch64")
))]
use wide::f32x4;

/// The square root, correctly rounded, by the target's instruction.
///
/// IEEE 754 asks of SSE2's, NEON's and WebAssembly's instruction for this rounding, so these are
/// the bits of `libm::sqrtf`. It takes the root of a vector with zeros beside `x`: LLVM drops the
/// zeros, and turns a loop over numbers into one over vectors.
#[cfg(any(
    target_feature = "sse2",
    target_feature = "simd128",
    all(target_feature = "neon", target_arch = "aarch64")
))]
#[inline(always)]
pub(crate) fn sqrt(x: f32) -> f32 {
    let [root, ..] = f32x4::new([x, 0.0, 0.0, 0.0]).sqrt().to_array();
    root
}

/// The square root, correctly rounded, in software. On these targets `wide` has no instruction for
/// it; NEON of 32 bits only estimates roots.
#[cfg(not(any(
    target_feature = "sse2",
    target_feature = "simd128",
    all(target_feature = "neon", target_arch = "aarch64")
)))]
#[inline(always)]
pub(crate) fn sqrt(x: f32) -> f32 {
    libm::sqrtf(x)
}

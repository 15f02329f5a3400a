//! The vectors that fit the target of this build.
//!
//! rustc gives Cortex-M55 the feature `neon`, where it shows it at all, for its vectors are part of
//! LLVM's; they are Helium's, not NEON's. `mclass` tells them apart.

#[cfg(target_feature = "avx512f")]
type Widest = super::F32x16;
#[cfg(all(target_feature = "avx", not(target_feature = "avx512f")))]
type Widest = super::F32x8;
#[cfg(all(
    any(
        target_feature = "sse2",
        all(target_feature = "neon", not(target_feature = "mclass")),
        target_feature = "simd128"
    ),
    not(target_feature = "avx")
))]
type Widest = super::F32x4;
#[cfg(not(any(
    target_feature = "sse2",
    all(target_feature = "neon", not(target_feature = "mclass")),
    target_feature = "simd128"
)))]
type Widest = f32;

/// The widest vector whose operations are single instructions on the target of this build:
/// [`F32x16`](super::F32x16) with AVX-512, [`F32x8`](super::F32x8) with AVX,
/// [`F32x4`](super::F32x4) with SSE2, NEON or WebAssembly SIMD, else `f32`.
///
/// ```
/// use stackprop::simd::{Native, Vector};
///
/// let squares = Native::from_fn(|l| (l * l) as f32);
/// assert_eq!(squares.extract(Native::LANES - 1), ((Native::LANES - 1).pow(2)) as f32);
/// ```
pub type Native = Widest;

/// The vector of single samples and of sums: [`Native`], but 8 lanes with AVX-512. A layer of 16
/// outputs or fewer hardly fills 16 lanes, and 16 partial sums of a gradient leave the L1 cache.
#[cfg(target_feature = "avx")]
pub(crate) type Narrow = super::F32x8;
#[cfg(not(target_feature = "avx"))]
pub(crate) type Narrow = Native;

/// Several groups in flight. Two of 16 lanes and four of 8 are as many samples.
#[cfg(any(
    target_feature = "sse2",
    all(target_feature = "neon", not(target_feature = "mclass")),
    target_feature = "simd128"
))]
mod tiles {
    use super::{Narrow, Native};
    use crate::kernels::simd::{PARTIAL_SUMS, Tile, Vector};

    pub(super) type Outputs = Tile<Native, { if Native::LANES == PARTIAL_SUMS { 2 } else { 4 } }>;
    pub(super) type Gradients = Tile<Narrow, 4>;
}

/// One sample after another.
#[cfg(not(any(
    target_feature = "sse2",
    all(target_feature = "neon", not(target_feature = "mclass")),
    target_feature = "simd128"
)))]
mod tiles {
    pub(super) type Outputs = f32;
    pub(super) type Gradients = f32;
}

/// The vector that outputs of batches are computed with by default. With SIMD it is a
/// [`Tile`](super::Tile) of several [`Native`] groups, so that an operation need not wait for the
/// one before it, and one load of a weight serves all groups. Without SIMD it is `f32`: one sample
/// after another.
///
/// ```
/// use stackprop::simd::{DefaultVector, Native, Vector};
///
/// assert!(DefaultVector::LANES.is_multiple_of(Native::LANES));
/// assert_eq!(DefaultVector::splat(0.5).extract(0), 0.5);
/// ```
pub type DefaultVector = tiles::Outputs;

/// The vector that gradients of batches are computed with by default. As [`DefaultVector`], but
/// with AVX-512 its groups have 8 lanes: there is a partial sum of the gradient for each lane of a
/// group, and those of 16 lanes leave the L1 cache.
///
/// ```
/// use stackprop::simd::{PARTIAL_SUMS, SumVector, Vector};
///
/// let lanes = <SumVector as Vector>::Partial::LANES;
/// assert!(PARTIAL_SUMS.is_multiple_of(lanes));
/// ```
pub type SumVector = tiles::Gradients;

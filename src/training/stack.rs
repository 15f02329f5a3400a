//! The stack of a step, as a constant: what the types tell, and an allowance for what only the
//! compiler knows.
//!
//! `tests/host_stack` holds the constants against measurements on hosts, in debug and release
//! builds, and `cargo chip m4f::stack_bound` on a Cortex-M4F at three opt-levels.

use crate::kernels::simd::{Native, PARTIAL_SUMS, SumVector, Vector};
use crate::training::optim::{NAdamStep, Optimizer};
use crate::training::sums::Sums;
use crate::training::sweep::room;
use crate::training::together;
use crate::training::walk::Walk;

/// How often the numbers of a sample lie in the frames of a step: values that move between
/// functions are copies. Measured: up to 5.1 with optimisation, on AVX-512, up to 6 without.
const COPIES: usize = if cfg!(debug_assertions) { 10 } else { 6 };

/// Bytes of frames for each layer, and for each layer and lane. With optimisation they are part of
/// [`REST`]; without it the calls of all layers lie within each other.
const FRAMES: (usize, usize) = if cfg!(debug_assertions) {
    (4096, 640)
} else {
    (0, 0)
};

/// Bytes of everything else: saved registers, arguments, spilled vectors.
const REST: usize = if Native::LANES > 1 || cfg!(debug_assertions) {
    16_384
} else {
    1536
};

/// The most bytes that an optimiser without groups prepares, those of [`NAdam`](crate::NAdam): part
/// of [`REST`].
const PLAIN: usize = size_of::<NAdamStep>();

/// How often what is prepared for a tensor lies in the frames of a step. Measured: up to 3.2 times
/// what is beyond [`PLAIN`], with two and three groups of Adam on a Cortex-M4F.
const PREPARED: usize = 4;

/// Bytes of stack for a step on one sample.
pub(crate) const fn of_sample<N: Walk>() -> usize {
    in_lanes::<N>(1)
}

/// Bytes of stack for a step on a batch of any length.
pub(crate) const fn of_batch<N: Walk>() -> usize {
    let (lanes, partial) = room::<SumVector, N>();
    // The rows of an incomplete last group, padded. Twice, for opt-level s copies them.
    let padded = if Native::LANES > 1 {
        2 * PARTIAL_SUMS * (size_of::<N::Input>() + size_of::<N::Output>())
    } else {
        0
    };
    let together = together::stack::<SumVector, N>();
    // Beyond a block the sum of one more.
    size_of::<Sums<N>>() + partial + padded + together + in_lanes::<N>(lanes)
}

/// Bytes of what an optimiser prepares, if it is more than without groups: each tensor has its own.
pub(crate) const fn of_prepared<N: Walk, Opt: Optimizer>() -> usize {
    PREPARED * N::TENSORS * size_of::<Opt::Prepared>().saturating_sub(PLAIN)
}

/// Bytes of the activations of so many samples, with their rows, targets and outputs.
const fn in_lanes<N: Walk>(lanes: usize) -> usize {
    let sample = size_of::<N::Input>() + 2 * size_of::<N::Output>() + N::ACTIVATION_BYTES;
    let frames = N::LAYERS * (FRAMES.0 + FRAMES.1 * lanes);
    COPIES * sample * lanes + frames + REST
}

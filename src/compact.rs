//! Code that stays small: on chips without SIMD the work of a large layer is calls and loops, not straight lines.
//!
//! Inlined into what calls it, the work of a small layer becomes straight lines, the fastest that it can be. That of a
//! large one would fill a chip's flash, and gain next to nothing.

use crate::lane::{Lane, Native};
use core::hint::black_box;

/// From how many weights or numbers on a layer is large. A call costs some ten instructions, less than a twentieth of this.
const LARGE: usize = 64;

/// Whether work on so many lanes of `V` is large.
#[inline(always)]
pub(crate) const fn is_large<V: Lane>(lanes: usize) -> bool {
    Native::LANES == 1 && V::Acc::LANES == 1 && lanes >= LARGE
}

/// Calls `f`; where that is large, it is not inlined, and serves all that call it with these types. Its arguments stay
/// references, of which the compiler knows that they do not overlap.
#[inline(always)]
pub(crate) fn call<A, B, C, D, R>(
    large: bool,
    f: impl FnOnce(A, B, C, D) -> R,
    a: A,
    b: B,
    c: C,
    d: D,
) -> R {
    if large {
        apart(f, a, b, c, d)
    } else {
        f(a, b, c, d)
    }
}

#[inline(never)]
fn apart<A, B, C, D, R>(f: impl FnOnce(A, B, C, D) -> R, a: A, b: B, c: C, d: D) -> R {
    f(a, b, c, d)
}

/// How often a loop runs; in a large layer the compiler is not told, and does not unroll it.
#[inline(always)]
pub(crate) fn times<const LARGE: bool>(n: usize) -> usize {
    if LARGE { black_box(n) } else { n }
}

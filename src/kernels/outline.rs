//! Code size. On targets without SIMD, kernels of large layers are called, not inlined, and their
//! loops are not unrolled: inlined, a network of a thousand parameters would fill a chip's flash
//! and be hardly faster.
//!
//! ARCHITECTURE.md lists the tricks against the optimiser, and the test that guards each.

use crate::kernels::simd::{Native, Vector};
use core::hint::black_box;

/// A layer with this many weights or more is large. A call costs about ten instructions, less than
/// a twentieth of the work of such a layer.
const LARGE: usize = 64;

/// Whether the target has Helium, vectors that LLVM makes of loops over single floats. Set by
/// `build.rs`.
pub(crate) const HAS_HELIUM: bool = cfg!(helium);

/// Whether loops are written for Helium: not at opt-level s or z, which has few vectors. What is
/// behind it would cost chips with scalar floats stack or flash.
pub(crate) const HELIUM: bool = HAS_HELIUM && !cfg!(small);

/// Whether work on `elements` elements of `V` is large.
#[inline(always)]
pub(crate) const fn is_large<V: Vector>(elements: usize) -> bool {
    Native::LANES == 1 && V::Partial::LANES == 1 && elements >= LARGE
}

/// Calls `f`, out of line if `large`, so that all callers with these types share one copy. The
/// arguments stay separate references, which keeps LLVM's `noalias`.
#[inline(always)]
pub(crate) fn call_if<A, B, C, D, R>(
    large: bool,
    f: impl FnOnce(A, B, C, D) -> R,
    a: A,
    b: B,
    c: C,
    d: D,
) -> R {
    if large {
        out_of_line(f, a, b, c, d)
    } else {
        f(a, b, c, d)
    }
}

// Out of line: keeps the kernels of large layers out of their callers, which saves the flash of one
// copy per layer. Guarded by the flash column of `cargo bench --bench cortex_m`.
#[inline(never)]
fn out_of_line<A, B, C, D, R>(f: impl FnOnce(A, B, C, D) -> R, a: A, b: B, c: C, d: D) -> R {
    f(a, b, c, d)
}

/// `n`, hidden from the optimiser if `LARGE`, so that the loop is not unrolled.
// `black_box` keeps out the loop's length, which saves the flash of the unrolled copies. Guarded by
// the flash column of `cargo bench --bench cortex_m`.
#[inline(always)]
pub(crate) fn opaque_count<const LARGE: bool>(n: usize) -> usize {
    if LARGE { black_box(n) } else { n }
}

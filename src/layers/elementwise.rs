//! What activations do: the same to each number.

use crate::compact::{call, is_large};
use crate::lane::Lane;

/// What the least work on a number costs, in weights.
const WEIGHTS: usize = 4;

/// y\[n\] = f(a\[n\], b\[n\]) for each n, overwriting `y`.
#[inline(always)]
pub(super) fn each<V: Lane, const N: usize>(
    a: &[V; N],
    b: &[V; N],
    y: &mut [V; N],
    f: impl Fn(V, V) -> V,
) {
    // As slices: one copy for all sizes.
    let large = is_large::<V>(N * V::LANES * WEIGHTS);
    call(large, slices, &a[..], &b[..], &mut y[..], f);
}

/// The same, for as many as there are of each.
#[inline(always)]
fn slices<V: Lane>(a: &[V], b: &[V], y: &mut [V], f: impl Fn(V, V) -> V) {
    for ((a, b), y) in a.iter().zip(b).zip(y) {
        *y = f(*a, *b);
    }
}

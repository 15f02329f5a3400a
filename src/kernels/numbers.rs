//! Loops over the numbers of a tensor, as functions that a chip calls for each tensor of a large
//! network. They take several numbers at a time: not every chip's loops are unrolled. On Helium
//! LLVM makes vectors of a plain loop.

use crate::kernels::each::each;
use crate::kernels::outline::HELIUM;

/// Numbers in an iteration.
const UNROLL: usize = if HELIUM { 1 } else { 8 };

/// Calls `f` on each number of `a` and the same number of `b`.
#[inline(always)]
pub(crate) fn zip_numbers<A, B: Copy>(a: &mut [A], b: &[B], mut f: impl FnMut(&mut A, B), (): ()) {
    let ((a, a_rest), (b, b_rest)) = (a.as_chunks_mut::<UNROLL>(), b.as_chunks::<UNROLL>());
    for (a, b) in a.iter_mut().zip(b) {
        each!(n < UNROLL, f(&mut a[n], b[n]));
    }
    a_rest.iter_mut().zip(b_rest).for_each(|(a, b)| f(a, *b));
}

/// Folds `each` over parameters with their gradients and their state.
#[inline(always)]
pub(crate) fn fold_numbers<S, A>(
    w: &mut [f32],
    g: &[f32],
    s: &mut [S],
    (mut acc, each): (A, impl Fn(A, &mut f32, f32, &mut S) -> A),
) -> A {
    let (w, w_rest) = w.as_chunks_mut::<UNROLL>();
    let (g, g_rest) = g.as_chunks::<UNROLL>();
    let (s, s_rest) = s.as_chunks_mut::<UNROLL>();
    for ((w, g), s) in w.iter_mut().zip(g).zip(s) {
        for ((w, g), s) in w.iter_mut().zip(g).zip(s) {
            acc = each(acc, w, *g, s);
        }
    }
    for ((w, g), s) in w_rest.iter_mut().zip(g_rest).zip(s_rest) {
        acc = each(acc, w, *g, s);
    }
    acc
}

/// Sets each number to `value`.
#[inline(always)]
pub(crate) fn set_numbers<T: Copy>(numbers: &mut [T], value: T, (): (), (): ()) {
    let (chunks, rest) = numbers.as_chunks_mut::<8>();
    for chunk in chunks {
        each!(n < 8, chunk[n] = value);
    }
    rest.iter_mut().for_each(|number| *number = value);
}

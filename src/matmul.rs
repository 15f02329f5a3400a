//! The three products of a linear layer, on lanes.
//!
//! With the weight as PyTorch's `[out][in]`, for each sample:
//! ```text
//! forward          z[o]      = b[o] + sum over i of w[o][i] x[i]
//! backward_input   dx[i]     =        sum over o of w[o][i] dz[o]
//! backward_weight  dw[o][i] += dz[o] x[i]
//! descend          w[o][i], dz[o] x[i] -> w[o][i]
//! ```
//! Sums run in index order, products and sums rounded separately; without a bias a sum starts from
//! [`NOTHING`]. The loops run over blocks of [`BLOCK`] outputs, so that one load of `x[i]` (or
//! `dz[o]`) serves a whole block while its sums stay in registers.
//!
//! Inlined into what calls them, the products of a small layer become straight lines. Those of a larger one, sample
//! by sample, are functions of their own whose outer loops stay loops: so they take little of a chip's flash.

#![expect(
    clippy::needless_range_loop,
    reason = "in a counted loop the compiler sees that no index leaves its array, so that no panic path is left"
)]

use crate::lane::{Lane, NOTHING};
use core::hint::black_box;

/// Outputs computed together.
const BLOCK: usize = 4;

/// From how many weights on a layer is large. The call costs some ten instructions, less than a twentieth of its work.
const LARGE: usize = 64;

/// Whether a product of these sizes is a call.
const fn is_large<V: Lane, const I: usize, const O: usize>() -> bool {
    V::LANES == 1 && I * O >= LARGE
}

/// Calls `f`, which is not inlined; its arguments stay references, of which the compiler knows that they do not overlap.
#[inline(never)]
fn call<A, B, C, D, R>(f: impl FnOnce(A, B, C, D) -> R, a: A, b: B, c: C, d: D) -> R {
    f(a, b, c, d)
}

/// How often a loop runs; in a large layer the compiler is not told, and does not unroll it.
#[inline(always)]
fn times<const LARGE: bool>(n: usize) -> usize {
    if LARGE { black_box(n) } else { n }
}

/// z = w x + b, overwriting `z`. `bias` has `O` numbers, or none for a layer without bias.
#[inline(always)]
pub(crate) fn forward<V: Lane, const I: usize, const O: usize>(
    weight: &[[f32; I]; O],
    bias: &[f32],
    x: &[V; I],
    z: &mut [V; O],
) {
    if is_large::<V, I, O>() {
        call(forward_here::<V, I, O, true>, weight, bias, x, z);
    } else {
        forward_here::<V, I, O, false>(weight, bias, x, z);
    }
}

#[inline(always)]
fn forward_here<V: Lane, const I: usize, const O: usize, const LARGE: bool>(
    weight: &[[f32; I]; O],
    bias: &[f32],
    x: &[V; I],
    z: &mut [V; O],
) {
    let (rows, rest) = weight.as_chunks::<BLOCK>();
    let (z_rows, z_rest) = z.as_chunks_mut::<BLOCK>();
    let (b_rows, b_rest) = bias.as_chunks::<BLOCK>();
    let blocks = rows.iter().zip(z_rows).enumerate();
    for (o, (rows, z)) in blocks.take(times::<LARGE>(O / BLOCK)) {
        *z = products(start(b_rows, o), |r, i| rows[r][i], x);
    }
    for (o, (row, z)) in rest.iter().zip(z_rest).enumerate() {
        [*z] = products(start(b_rest.as_chunks::<1>().0, o), |_, i| row[i], x);
    }
}

/// Where the sums of a block start: from its bias, or from nothing.
#[inline(always)]
fn start<V: Lane, const R: usize>(bias: &[[f32; R]], block: usize) -> [V; R] {
    bias.get(block).unwrap_or(&[NOTHING; R]).map(V::splat)
}

/// dx = w^T dz, overwriting `dx`.
#[inline(always)]
pub(crate) fn backward_input<V: Lane, const I: usize, const O: usize>(
    weight: &[[f32; I]; O],
    dz: &[V; O],
    dx: &mut [V; I],
) {
    if is_large::<V, I, O>() {
        let here = |w, dz, dx, ()| backward_input_here::<V, I, O, true>(w, dz, dx);
        call(here, weight, dz, dx, ());
    } else {
        backward_input_here::<V, I, O, false>(weight, dz, dx);
    }
}

#[inline(always)]
fn backward_input_here<V: Lane, const I: usize, const O: usize, const LARGE: bool>(
    weight: &[[f32; I]; O],
    dz: &[V; O],
    dx: &mut [V; I],
) {
    let whole = I - I % BLOCK;
    let (blocks, rest) = dx.as_chunks_mut::<BLOCK>();
    for (b, dx) in blocks
        .iter_mut()
        .enumerate()
        .take(times::<LARGE>(I / BLOCK))
    {
        // No block is beyond the last, which the compiler does not see without the minimum.
        let first = (BLOCK * b).min(I.saturating_sub(BLOCK));
        *dx = products([V::splat(NOTHING); BLOCK], |r, o| weight[o][first + r], dz);
    }
    for (r, dx) in rest.iter_mut().enumerate() {
        [*dx] = products([V::splat(NOTHING)], |_, o| weight[o][whole + r], dz);
    }
}

/// dw += dz x^T over the samples of the lanes.
#[inline(always)]
pub(crate) fn backward_weight<V: Lane, const I: usize, const O: usize>(
    dz: &[V; O],
    x: &[V; I],
    dweight: &mut [[V::Acc; I]; O],
) {
    if is_large::<V, I, O>() {
        let here = |dz, x, dw, ()| backward_weight_here::<V, I, O, true>(dz, x, dw);
        call(here, dz, x, dweight, ());
    } else {
        backward_weight_here::<V, I, O, false>(dz, x, dweight);
    }
}

#[inline(always)]
fn backward_weight_here<V: Lane, const I: usize, const O: usize, const LARGE: bool>(
    dz: &[V; O],
    x: &[V; I],
    dweight: &mut [[V::Acc; I]; O],
) {
    for (dz, dweight) in dz.iter().zip(dweight).take(times::<LARGE>(O)) {
        for i in 0..I {
            dweight[i] = V::sum_into(dweight[i], *dz, x[i]);
        }
    }
}

/// Folds `f` over the weights, each with its gradient for one sample, `dz[o] x[i]`, and its state, in order.
#[inline(always)]
pub(crate) fn descend<S: Copy, A: Copy, const I: usize, const O: usize>(
    weight: &mut [[f32; I]; O],
    state: &mut [[S; I]; O],
    dz: &[f32; O],
    x: &[f32; I],
    acc: A,
    f: impl Fn(A, &mut f32, f32, &mut S) -> A + Copy,
) -> A {
    if is_large::<f32, I, O>() {
        let here = move |w, s, dz, x| descend_here::<S, A, I, O, true>(w, s, dz, x, acc, f);
        call(here, weight, state, dz, x)
    } else {
        descend_here::<S, A, I, O, false>(weight, state, dz, x, acc, f)
    }
}

#[inline(always)]
fn descend_here<S: Copy, A: Copy, const I: usize, const O: usize, const LARGE: bool>(
    weight: &mut [[f32; I]; O],
    state: &mut [[S; I]; O],
    dz: &[f32; O],
    x: &[f32; I],
    mut acc: A,
    f: impl Fn(A, &mut f32, f32, &mut S) -> A + Copy,
) -> A {
    let rows = weight.iter_mut().zip(state).zip(dz);
    for ((row, state), dz) in rows.take(times::<LARGE>(O)) {
        for i in 0..I {
            acc = f(acc, &mut row[i], *dz * x[i], &mut state[i]);
        }
    }
    acc
}

/// sums += the sums over n of w(r, n) x\[n\].
#[inline(always)]
fn products<V: Lane, const R: usize, const N: usize>(
    mut sums: [V; R],
    w: impl Fn(usize, usize) -> f32,
    x: &[V; N],
) -> [V; R] {
    for n in 0..N {
        for r in 0..R {
            sums[r] = sums[r] + V::splat(w(r, n)) * x[n];
        }
    }
    sums
}

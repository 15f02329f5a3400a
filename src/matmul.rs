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
//! On a chip the products of a large layer are functions of their own whose outer loops stay loops; on a target with SIMD
//! those of a single sample are computed [`across`] it.

#![expect(
    clippy::needless_range_loop,
    reason = "in a counted loop the compiler sees that no index leaves its array, so that no panic path is left"
)]

mod across;

use crate::compact::{call, is_large, times};
use crate::lane::{Lane, NOTHING, Native};

/// Outputs computed together.
const BLOCK: usize = 4;

/// Outputs computed together where a lane is so wide that the sums of more would not stay in registers.
const NARROW: usize = 2;

/// Whether the sums of [`BLOCK`] outputs are more than half of 16 vector registers.
const fn is_wide<V: Lane>() -> bool {
    V::Acc::LANES > 1 && BLOCK * V::LANES > 8 * V::Acc::LANES
}

/// Terms of a sum between two looks at a counter: enough for that to cost little.
const CHUNK: usize = 8;

/// z = w x + b, overwriting `z`. `bias` has `O` numbers, or none for a layer without bias.
#[inline(always)]
pub(crate) fn forward<V: Lane, const I: usize, const O: usize>(
    weight: &[[f32; I]; O],
    bias: &[f32],
    x: &[V; I],
    z: &mut [V; O],
) {
    if across::serves::<V>(O) {
        across::forward(weight, bias, x, z);
    } else if is_wide::<V>() {
        forward_by::<V, I, O, NARROW>(weight, bias, x, z);
    } else {
        forward_by::<V, I, O, BLOCK>(weight, bias, x, z);
    }
}

#[inline(always)]
fn forward_by<V: Lane, const I: usize, const O: usize, const R: usize>(
    weight: &[[f32; I]; O],
    bias: &[f32],
    x: &[V; I],
    z: &mut [V; O],
) {
    let large = is_large::<V>(I * O);
    let (rows, rest) = weight.as_chunks::<R>();
    let (b_rows, b_rest) = bias.as_chunks::<R>();
    let (z_rows, z_rest) = z.as_chunks_mut::<R>();
    call(large, forward_blocks, rows, b_rows, x, z_rows);
    if !O.is_multiple_of(R) {
        let (rest, b_rest) = (rest.as_chunks::<1>().0, b_rest.as_chunks::<1>().0);
        call(
            large,
            forward_blocks,
            rest,
            b_rest,
            x,
            z_rest.as_chunks_mut::<1>().0,
        );
    }
}

#[inline(always)]
fn forward_blocks<V: Lane, const I: usize, const R: usize>(
    weight: &[[[f32; I]; R]],
    bias: &[[f32; R]],
    x: &[V; I],
    z: &mut [[V; R]],
) {
    for (block, (rows, z)) in weight.iter().zip(z).enumerate() {
        let start = bias.get(block).unwrap_or(&[NOTHING; R]);
        *z = products(start, |r, i| rows[r][i], x);
    }
}

/// dx = w^T dz, overwriting `dx`.
#[inline(always)]
pub(crate) fn backward_input<V: Lane, const I: usize, const O: usize>(
    weight: &[[f32; I]; O],
    dz: &[V; O],
    dx: &mut [V; I],
) {
    if is_large::<V>(I * O) {
        let here = |w, dz, dx, ()| backward_columns::<V, I, O, BLOCK, true>(w, dz, dx);
        call(true, here, weight, dz, dx, ());
    } else if across::serves::<V>(I) {
        across::backward_input(weight, dz, dx);
    } else if is_wide::<V>() {
        backward_columns::<V, I, O, NARROW, false>(weight, dz, dx);
    } else {
        backward_columns::<V, I, O, BLOCK, false>(weight, dz, dx);
    }
}

#[inline(always)]
fn backward_columns<V: Lane, const I: usize, const O: usize, const R: usize, const LARGE: bool>(
    weight: &[[f32; I]; O],
    dz: &[V; O],
    dx: &mut [V; I],
) {
    let whole = I - I % R;
    let (blocks, rest) = dx.as_chunks_mut::<R>();
    let blocks = blocks.iter_mut().enumerate();
    for (b, dx) in blocks.take(times::<LARGE>(I / R)) {
        // No block is beyond the last, which the compiler does not see without the minimum.
        let first = (R * b).min(I.saturating_sub(R));
        *dx = products(&[NOTHING; R], |r, o| weight[o][first + r], dz);
    }
    for (r, dx) in rest.iter_mut().enumerate() {
        [*dx] = products(&[NOTHING], |_, o| weight[o][whole + r], dz);
    }
}

/// dw += dz x^T over the samples of the lanes.
#[inline(always)]
pub(crate) fn backward_weight<V: Lane, const I: usize, const O: usize>(
    dz: &[V; O],
    x: &[V; I],
    dweight: &mut [[V::Acc; I]; O],
) {
    if is_large::<V>(I * O) {
        backward_weight_by::<V, I, O, BLOCK>(dz, x, dweight);
    } else {
        backward_weight_by::<V, I, O, NARROW>(dz, x, dweight);
    }
}

#[inline(always)]
fn backward_weight_by<V: Lane, const I: usize, const O: usize, const R: usize>(
    dz: &[V; O],
    x: &[V; I],
    dweight: &mut [[V::Acc; I]; O],
) {
    let large = is_large::<V>(I * O);
    let (rows, rest) = dweight.as_chunks_mut::<R>();
    let (dz_rows, dz_rest) = dz.as_chunks::<R>();
    call(large, backward_blocks, dz_rows, x, rows, ());
    if !O.is_multiple_of(R) {
        let (dz_rest, rest) = (dz_rest.as_chunks::<1>().0, rest.as_chunks_mut::<1>().0);
        call(large, backward_blocks, dz_rest, x, rest, ());
    }
}

#[inline(always)]
fn backward_blocks<V: Lane, const I: usize, const R: usize>(
    dz: &[[V; R]],
    x: &[V; I],
    dweight: &mut [[[V::Acc; I]; R]],
    (): (),
) {
    for (dz, rows) in dz.iter().zip(dweight) {
        for i in 0..I {
            for r in 0..R {
                rows[r][i] = V::sum_into(rows[r][i], dz[r], x[i]);
            }
        }
    }
}

/// Folds `f` over the weights, each with its gradient for one sample, `dz[o] x[i]`, and its state, in order.
#[inline(always)]
pub(crate) fn descend<S: Copy, A, const I: usize, const O: usize>(
    weight: &mut [[f32; I]; O],
    state: &mut [[S; I]; O],
    dz: &[f32; O],
    x: &[f32; I],
    acc: A,
    f: impl Fn(A, &mut f32, f32, &mut S) -> A + Copy,
) -> A {
    let large = is_large::<f32>(I * O);
    let (rows, state) = (&mut weight[..], &mut state[..]);
    call(large, descend_rows, rows, state, &dz[..], (x, acc, f))
}

#[inline(always)]
fn descend_rows<S: Copy, A, const I: usize>(
    weight: &mut [[f32; I]],
    state: &mut [[S; I]],
    dz: &[f32],
    (x, mut acc, f): (&[f32; I], A, impl Fn(A, &mut f32, f32, &mut S) -> A),
) -> A {
    for ((row, state), dz) in weight.iter_mut().zip(state).zip(dz) {
        // With SIMD on a copy, of which the compiler knows that nothing else points into it: so it takes several at once.
        let mut copy = *row;
        let own = Native::LANES > 1;
        let weights = if own { &mut copy } else { &mut *row };
        for i in 0..I {
            acc = f(acc, &mut weights[i], *dz * x[i], &mut state[i]);
        }
        if own {
            *row = copy;
        }
    }
    acc
}

/// start\[r\] + the sum over n of w(r, n) x\[n\].
#[inline(always)]
fn products<V: Lane, const R: usize, const N: usize>(
    start: &[f32; R],
    w: impl Fn(usize, usize) -> f32,
    x: &[V; N],
) -> [V; R] {
    let mut sums = [V::ZERO; R];
    for r in 0..R {
        sums[r] = V::splat(start[r]);
    }
    let mut add = |n: usize| {
        for r in 0..R {
            sums[r] = sums[r] + V::splat(w(r, n)) * x[n];
        }
    };
    if Native::LANES == 1 {
        // So many are straight lines, and therefore not the loops around them.
        let size = (CHUNK / V::LANES).max(1);
        for chunk in 0..N / size {
            (0..size).for_each(|n| add(size * chunk + n));
        }
        (N - N % size..N).for_each(add);
    } else {
        (0..N).for_each(add);
    }
    sums
}

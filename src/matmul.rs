//! The three products of a linear layer, on lanes.
//!
//! With the weight as PyTorch's `[out][in]`, for each sample:
//! ```text
//! forward          z[o]      = b[o] + sum over i of w[o][i] x[i]
//! backward_input   dx[i]     =        sum over o of w[o][i] dz[o]
//! backward_weight  dw[o][i] += dz[o] x[i]
//! ```
//! Sums run in index order, products and sums rounded separately; without a bias a sum starts from
//! [`NOTHING`]. The loops run over blocks of [`BLOCK`] outputs, so that one load of `x[i]` (or
//! `dz[o]`) serves a whole block while its sums stay in registers.

#![expect(
    clippy::needless_range_loop,
    clippy::manual_memcpy,
    reason = "in a counted loop the compiler sees that no index leaves its array, so that no panic path is left"
)]

use crate::lane::{Lane, NOTHING};

/// Outputs computed together.
const BLOCK: usize = 4;

/// z = w x + b, overwriting `z`. `bias` has `O` numbers, or none for a layer without bias.
#[inline(always)]
pub(crate) fn forward<V: Lane, const I: usize, const O: usize>(
    weight: &[[f32; I]; O],
    bias: &[f32],
    x: &[V; I],
    z: &mut [V; O],
) {
    let (rows, rest) = weight.as_chunks::<BLOCK>();
    let (z_rows, z_rest) = z.as_chunks_mut::<BLOCK>();
    let (b_rows, b_rest) = bias.as_chunks::<BLOCK>();
    for (o, (rows, z)) in rows.iter().zip(z_rows).enumerate() {
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
    let whole = I - I % BLOCK;
    for first in (0..whole).step_by(BLOCK) {
        let block: [V; BLOCK] =
            products([V::splat(NOTHING); BLOCK], |r, o| weight[o][first + r], dz);
        for r in 0..BLOCK {
            dx[first + r] = block[r];
        }
    }
    for i in whole..I {
        [dx[i]] = products([V::splat(NOTHING)], |_, o| weight[o][i], dz);
    }
}

/// dw += dz x^T over the samples of the lanes.
#[inline(always)]
pub(crate) fn backward_weight<V: Lane, const I: usize, const O: usize>(
    dz: &[V; O],
    x: &[V; I],
    dweight: &mut [[V::Acc; I]; O],
) {
    for (dz, dweight) in dz.iter().zip(dweight) {
        for (x, dw) in x.iter().zip(dweight) {
            *dw = V::sum_into(*dw, *dz, *x);
        }
    }
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

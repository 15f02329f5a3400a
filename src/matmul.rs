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
//!
//! Inlined into what calls them, the products of a small layer become straight lines. Those of a larger one, sample
//! by sample, are functions of their own: a chip's flash holds one copy of each, and its loops stay loops.

#![expect(
    clippy::needless_range_loop,
    clippy::manual_memcpy,
    reason = "in a counted loop the compiler sees that no index leaves its array, so that no panic path is left"
)]

use crate::lane::{Lane, NOTHING};

/// Outputs computed together.
const BLOCK: usize = 4;

/// From how many weights on a layer's products are functions of their own where a lane is one sample: beyond some 50
/// a call costs less than a hundredth of the work.
const LARGE: usize = 64;

/// A product under the first name, which is inlined if the layer is small, and otherwise a call.
macro_rules! product {
    ($(#[$doc:meta])* $name:ident, $inlined:ident, $apart:ident($($arg:ident: $type:ty),+)) => {
        $(#[$doc])*
        #[inline(always)]
        pub(crate) fn $name<V: Lane, const I: usize, const O: usize>($($arg: $type),+) {
            if V::LANES == 1 && I * O >= LARGE {
                $apart($($arg),+);
            } else {
                $inlined($($arg),+);
            }
        }

        #[inline(never)]
        fn $apart<V: Lane, const I: usize, const O: usize>($($arg: $type),+) {
            $inlined($($arg),+);
        }
    };
}

product! {
    /// z = w x + b, overwriting `z`. `bias` has `O` numbers, or none for a layer without bias.
    forward, forward_inlined, forward_apart(weight: &[[f32; I]; O], bias: &[f32], x: &[V; I], z: &mut [V; O])
}

#[inline(always)]
fn forward_inlined<V: Lane, const I: usize, const O: usize>(
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

product! {
    /// dx = w^T dz, overwriting `dx`.
    backward_input, backward_input_inlined, backward_input_apart(weight: &[[f32; I]; O], dz: &[V; O], dx: &mut [V; I])
}

#[inline(always)]
fn backward_input_inlined<V: Lane, const I: usize, const O: usize>(
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

product! {
    /// dw += dz x^T over the samples of the lanes.
    backward_weight, backward_weight_inlined, backward_weight_apart(dz: &[V; O], x: &[V; I], dweight: &mut [[V::Acc; I]; O])
}

#[inline(always)]
fn backward_weight_inlined<V: Lane, const I: usize, const O: usize>(
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

/// Calls `f` on each weight with its gradient for one sample, `dz[o] x[i]`, and its state, in order.
#[inline(always)]
pub(crate) fn descend<S: Copy, A: Copy, const I: usize, const O: usize>(
    weight: &mut [[f32; I]; O],
    state: &mut [[S; I]; O],
    dz: &[f32; O],
    x: &[f32; I],
    acc: A,
    f: impl Fn(A, &mut f32, f32, &mut S) -> A + Copy,
) -> A {
    if I * O >= LARGE {
        descend_apart(weight, state, dz, x, acc, f)
    } else {
        descend_inlined(weight, state, dz, x, acc, f)
    }
}

#[inline(never)]
fn descend_apart<S: Copy, A: Copy, const I: usize, const O: usize>(
    weight: &mut [[f32; I]; O],
    state: &mut [[S; I]; O],
    dz: &[f32; O],
    x: &[f32; I],
    acc: A,
    f: impl Fn(A, &mut f32, f32, &mut S) -> A + Copy,
) -> A {
    descend_inlined(weight, state, dz, x, acc, f)
}

#[inline(always)]
fn descend_inlined<S: Copy, A: Copy, const I: usize, const O: usize>(
    weight: &mut [[f32; I]; O],
    state: &mut [[S; I]; O],
    dz: &[f32; O],
    x: &[f32; I],
    mut acc: A,
    f: impl Fn(A, &mut f32, f32, &mut S) -> A + Copy,
) -> A {
    for ((row, state), dz) in weight.iter_mut().zip(state).zip(dz) {
        for ((w, s), x) in row.iter_mut().zip(state).zip(x) {
            acc = f(acc, w, *dz * *x, s);
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

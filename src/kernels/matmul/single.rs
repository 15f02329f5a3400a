//! The products for a single sample on targets with SIMD: the sums of several outputs (or inputs)
//! are the lanes of one vector. Each sum runs in the same order as in a batch, so the bits are the
//! same.

use super::{dot_block, forward_blocks};
use crate::kernels::simd::{F32x4, Narrow, SUM_START, Vector};

/// How many sums are computed together.
const L: usize = Narrow::LANES;

/// Whether `V` is a single sample and there are enough sums to fill a vector.
#[inline(always)]
pub(super) const fn applies<V: Vector>(sums: usize) -> bool {
    fills::<V>(sums, L)
}

/// Whether [`forward`] computes a single sample: four outputs are enough for it.
#[inline(always)]
pub(super) const fn applies_forward<V: Vector>(outputs: usize) -> bool {
    fills::<V>(outputs, F32x4::LANES)
}

const fn fills<V: Vector>(sums: usize, lanes: usize) -> bool {
    V::LANES == 1 && L > 1 && sums >= lanes
}

/// z = w x + b with outputs as lanes, [`L`] or four of them.
#[inline(always)]
pub(super) fn forward<V: Vector, const I: usize, const O: usize>(
    weight: &[[f32; I]; O],
    bias: &[f32],
    x: &[V; I],
    z: &mut [V; O],
) {
    if applies::<V>(O) {
        forward_by::<Narrow, V, I, O, L>(weight, bias, x, z);
    } else {
        forward_by::<F32x4, V, I, O, 4>(weight, bias, x, z);
    }
}

/// The same with `L` outputs. The weights are loaded in squares, which are transposed.
#[inline(always)]
fn forward_by<N: Vector, V: Vector, const I: usize, const O: usize, const L: usize>(
    weight: &[[f32; I]; O],
    bias: &[f32],
    x: &[V; I],
    z: &mut [V; O],
) {
    let (w_blocks, w_rest) = weight.as_chunks::<L>();
    let (b_blocks, b_rest) = bias.as_chunks::<L>();
    let (z_blocks, z_rest) = z.as_chunks_mut::<L>();
    let (x_parts, x_rest) = x.as_chunks::<L>();
    for (block, (weights, z)) in w_blocks.iter().zip(z_blocks).enumerate() {
        let bias = b_blocks.get(block).unwrap_or(&[SUM_START; L]);
        let mut sums = N::from_fn(|l| bias[l]);
        for (part, x) in x_parts.iter().enumerate() {
            let square = weights.each_ref().map(|w| w.as_chunks::<L>().0[part]);
            for (w, x) in N::load(&square, L).into_iter().zip(x) {
                sums = sums + w * N::splat(x.extract(0));
            }
        }
        for (i, x) in x_rest.iter().enumerate() {
            let w = N::from_fn(|l| weights[l].as_chunks::<L>().1[i]);
            sums = sums + w * N::splat(x.extract(0));
        }
        *z = core::array::from_fn(|l| V::splat(sums.extract(l)));
    }
    let (w_rest, b_rest) = (w_rest.as_chunks::<1>().0, b_rest.as_chunks::<1>().0);
    forward_blocks(w_rest, b_rest, x, z_rest.as_chunks_mut::<1>().0);
}

/// dx = w^T dz with inputs as lanes.
#[inline(always)]
pub(super) fn input_grad<V: Vector, const I: usize, const O: usize>(
    weight: &[[f32; I]; O],
    dz: &[V; O],
    dx: &mut [V; I],
) {
    let (blocks, rest) = dx.as_chunks_mut::<L>();
    for (block, dx) in blocks.iter_mut().enumerate() {
        let mut sums = Narrow::splat(SUM_START);
        for (w, dz) in weight.iter().zip(dz) {
            let w = &w.as_chunks::<L>().0[block];
            sums = sums + Narrow::from_fn(|l| w[l]) * Narrow::splat(dz.extract(0));
        }
        *dx = core::array::from_fn(|l| V::splat(sums.extract(l)));
    }
    for (i, dx) in rest.iter_mut().enumerate() {
        [*dx] = dot_block(&[SUM_START], |_, o| weight[o].as_chunks::<L>().1[i], dz);
    }
}

/// dw += dz x^T with inputs as lanes.
#[inline(always)]
pub(super) fn weight_grad<V: Vector, const I: usize, const O: usize>(
    dz: &[V; O],
    x: &[V; I],
    dweight: &mut [[V::Partial; I]; O],
) {
    let (x_blocks, x_rest) = x.as_chunks::<L>();
    for (dw, dz) in dweight.iter_mut().zip(dz) {
        let (blocks, rest) = dw.as_chunks_mut::<L>();
        let lanes = Narrow::splat(dz.extract(0));
        for (dw, x) in blocks.iter_mut().zip(x_blocks) {
            let product = lanes * Narrow::from_fn(|l| x[l].extract(0));
            let sum = Narrow::from_fn(|l| dw[l].extract(0)) + product;
            *dw = core::array::from_fn(|l| V::Partial::splat(sum.extract(l)));
        }
        for (dw, x) in rest.iter_mut().zip(x_rest) {
            *dw = V::accumulate_product(*dw, *dz, *x);
        }
    }
}

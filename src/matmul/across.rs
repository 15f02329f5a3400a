//! The products for one sample, where the target has SIMD: the sums of several outputs, or inputs, as the lanes of one
//! vector. Each is computed in the order in which a lane of a batch computes it.

use super::{forward_blocks, products};
use crate::lane::{Lane, NOTHING, Native};

/// How many sums are computed together.
const L: usize = Native::LANES;

/// Whether `V` is one sample, and `sums` are enough to fill the lanes.
#[inline(always)]
pub(super) const fn serves<V: Lane>(sums: usize) -> bool {
    V::LANES == 1 && L > 1 && sums >= L
}

/// z = w x + b, with outputs in the place of samples. The weights are loaded as the columns of squares.
#[inline(always)]
pub(super) fn forward<V: Lane, const I: usize, const O: usize>(
    weight: &[[f32; I]; O],
    bias: &[f32],
    x: &[V; I],
    z: &mut [V; O],
) {
    let (blocks, rows_rest) = weight.as_chunks::<L>();
    let (biases, bias_rest) = bias.as_chunks::<L>();
    let (z_blocks, z_rest) = z.as_chunks_mut::<L>();
    let (x_parts, x_rest) = x.as_chunks::<L>();
    for (block, (rows, z)) in blocks.iter().zip(z_blocks).enumerate() {
        let bias = biases.get(block).unwrap_or(&[NOTHING; L]);
        let mut sums = Native::from_fn(|l| bias[l]);
        for (part, x) in x_parts.iter().enumerate() {
            let square = rows.each_ref().map(|row| row.as_chunks::<L>().0[part]);
            for (w, x) in Native::load(&square, L).into_iter().zip(x) {
                sums += w * Native::splat(x.lane(0));
            }
        }
        for (i, x) in x_rest.iter().enumerate() {
            let w = Native::from_fn(|l| rows[l].as_chunks::<L>().1[i]);
            sums += w * Native::splat(x.lane(0));
        }
        *z = core::array::from_fn(|l| V::splat(sums.lane(l)));
    }
    let (rows, bias) = (rows_rest.as_chunks::<1>().0, bias_rest.as_chunks::<1>().0);
    forward_blocks(rows, bias, x, z_rest.as_chunks_mut::<1>().0);
}

/// dx = w^T dz, with inputs in the place of samples.
#[inline(always)]
pub(super) fn backward_input<V: Lane, const I: usize, const O: usize>(
    weight: &[[f32; I]; O],
    dz: &[V; O],
    dx: &mut [V; I],
) {
    let (blocks, rest) = dx.as_chunks_mut::<L>();
    for (block, dx) in blocks.iter_mut().enumerate() {
        let mut sums = Native::splat(NOTHING);
        for (row, dz) in weight.iter().zip(dz) {
            let row = &row.as_chunks::<L>().0[block];
            sums += Native::from_fn(|l| row[l]) * Native::splat(dz.lane(0));
        }
        *dx = core::array::from_fn(|l| V::splat(sums.lane(l)));
    }
    for (i, dx) in rest.iter_mut().enumerate() {
        [*dx] = products(&[NOTHING], |_, o| weight[o].as_chunks::<L>().1[i], dz);
    }
}

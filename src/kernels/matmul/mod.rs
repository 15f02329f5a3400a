//! The three products of a linear layer.
//!
//! The weight is PyTorch's `[out][in]`. For each sample:
//! ```text
//! forward        z[o]      = b[o] + sum over i of w[o][i] x[i]
//! input_grad     dx[i]     =        sum over o of w[o][i] dz[o]
//! weight_grad    dw[o][i] += dz[o] x[i]
//! fold_gradient  f(w[o][i], dz[o] x[i]) for each weight, without dw in memory
//! ```
//! Sums run in index order, with products and sums rounded separately; without a bias a sum starts
//! from [`SUM_START`]. [`OUTPUTS`] outputs are computed together: one load of `x[i]` (or `dz[o]`)
//! serves all of them while their sums stay in registers.
//!
//! Without SIMD, large layers are compiled as separate functions with real loops
//! ([`outline`](crate::kernels::outline)). With SIMD, a single sample is computed with outputs as
//! lanes ([`single`]). Four samples are computed together by [`together`]. Short loops are written
//! out ([`each`](mod@crate::kernels::each)), which opt-level s would not do.

mod fold;
mod gather;
mod outer;
mod single;
mod software;
pub(crate) mod together;

pub(crate) use fold::fold_gradient;

use crate::kernels::each::each;
use crate::kernels::outline::{call_if, is_large, opaque_count};
use crate::kernels::simd::{Native, SUM_START, Vector};

/// Outputs computed together.
const OUTPUTS: usize = 4;

/// Outputs computed together where the vector is so wide that the sums of [`OUTPUTS`] would leave
/// the registers.
const OUTPUTS_WIDE: usize = 2;

/// Whether the sums of [`OUTPUTS`] outputs need more than half of 16 vector registers.
const fn would_spill<V: Vector>() -> bool {
    V::Group::LANES > 1 && OUTPUTS * V::LANES > 8 * V::Group::LANES
}

/// Terms of a sum per iteration of its loop on chips, so that the loop's own instructions cost
/// little.
const UNROLL: usize = 4;

/// z = w x + b, overwriting `z`. `bias` has `O` numbers, or none for a layer without bias.
#[inline(always)]
pub(crate) fn forward<V: Vector, const I: usize, const O: usize>(
    weight: &[[f32; I]; O],
    bias: &[f32],
    x: &[V; I],
    z: &mut [V; O],
) {
    if software::applies::<V>() {
        software::forward(weight, bias, x, z);
    } else if gather::applies::<V>(I, O) {
        gather::forward(weight, bias, x, z);
    } else if single::applies_forward::<V>(O) {
        single::forward(weight, bias, x, z);
    } else if would_spill::<V>() {
        forward_by::<V, I, O, OUTPUTS_WIDE>(weight, bias, x, z);
    } else {
        forward_by::<V, I, O, OUTPUTS>(weight, bias, x, z);
    }
}

#[inline(always)]
fn forward_by<V: Vector, const I: usize, const O: usize, const R: usize>(
    weight: &[[f32; I]; O],
    bias: &[f32],
    x: &[V; I],
    z: &mut [V; O],
) {
    let large = is_large::<V>(I * O);
    let (w_blocks, w_rest) = weight.as_chunks::<R>();
    let (b_blocks, b_rest) = bias.as_chunks::<R>();
    let (z_blocks, z_rest) = z.as_chunks_mut::<R>();
    call_if(large, forward_blocks, w_blocks, b_blocks, x, z_blocks);
    if !O.is_multiple_of(R) {
        let (w_rest, b_rest) = (w_rest.as_chunks::<1>().0, b_rest.as_chunks::<1>().0);
        let z_rest = z_rest.as_chunks_mut::<1>().0;
        call_if(large, forward_blocks, w_rest, b_rest, x, z_rest);
    }
}

#[inline(always)]
fn forward_blocks<V: Vector, const I: usize, const R: usize>(
    weight: &[[[f32; I]; R]],
    bias: &[[f32; R]],
    x: &[V; I],
    z: &mut [[V; R]],
) {
    for (block, (w, z)) in weight.iter().zip(z).enumerate() {
        let start = bias.get(block).unwrap_or(&[SUM_START; R]);
        *z = dot_block(start, |r, i| w[r][i], x);
    }
}

/// dx = w^T dz, overwriting `dx`.
#[inline(always)]
pub(crate) fn input_grad<V: Vector, const I: usize, const O: usize>(
    weight: &[[f32; I]; O],
    dz: &[V; O],
    dx: &mut [V; I],
) {
    if software::applies::<V>() {
        software::input_grad(weight, dz, dx);
    } else if is_large::<V>(I * O) {
        let here = |w, dz, dx, ()| input_grad_by::<V, I, O, OUTPUTS, true>(w, dz, dx);
        call_if(true, here, weight, dz, dx, ());
    } else if single::applies::<V>(I) {
        single::input_grad(weight, dz, dx);
    } else if would_spill::<V>() {
        input_grad_by::<V, I, O, OUTPUTS_WIDE, false>(weight, dz, dx);
    } else {
        input_grad_by::<V, I, O, OUTPUTS, false>(weight, dz, dx);
    }
}

#[inline(always)]
fn input_grad_by<V: Vector, const I: usize, const O: usize, const R: usize, const LARGE: bool>(
    weight: &[[f32; I]; O],
    dz: &[V; O],
    dx: &mut [V; I],
) {
    let whole = I - I % R;
    let (blocks, rest) = dx.as_chunks_mut::<R>();
    let blocks = blocks.iter_mut().enumerate();
    for (b, dx) in blocks.take(opaque_count::<LARGE>(I / R)) {
        // The minimum changes nothing, but it shows LLVM that no index leaves its array: no panic
        // path. Guarded by `cargo chip m4f::no_panic_links_small`.
        let first = (R * b).min(I.saturating_sub(R));
        *dx = columns_block(weight, first, dz);
    }
    for (r, dx) in rest.iter_mut().enumerate() {
        [*dx] = columns_block(weight, whole + r, dz);
    }
}

/// The sum over o of weight\[o\]\[first + r\] dz\[o\], for each r.
#[inline(always)]
fn columns_block<V: Vector, const I: usize, const O: usize, const R: usize>(
    weight: &[[f32; I]; O],
    first: usize,
    dz: &[V; O],
) -> [V; R] {
    if Native::LANES > 1 {
        return dot_block(&[SUM_START; R], |r, o| weight[o][first + r], dz);
    }
    let mut sums = [V::splat(SUM_START); R];
    for (row, dz) in weight.iter().zip(dz) {
        // There always is such a part: an index that LLVM cannot follow would be a panic path.
        if let Some(part) = row.get(first..).and_then(<[f32]>::first_chunk::<R>) {
            each!(
                r < R,
                sums[r] = sums[r].plus_product(V::splat(part[r]), *dz)
            );
        }
    }
    sums
}

/// dw += dz x^T, summed over the samples in the lanes.
#[inline(always)]
pub(crate) fn weight_grad<V: Vector, const I: usize, const O: usize>(
    dz: &[V; O],
    x: &[V; I],
    dweight: &mut [[V::Partial; I]; O],
) {
    if software::applies::<V>() {
        software::weight_grad(dz, x, dweight.as_flattened_mut());
    } else if V::accumulate_products(dweight, dz, x) {
    } else if is_large::<V>(I * O) {
        weight_grad_by::<V, I, O, OUTPUTS, false>(dz, x, dweight);
    } else if single::applies::<V>(I) {
        single::weight_grad(dz, x, dweight);
    } else {
        weight_grad_by::<V, I, O, OUTPUTS_WIDE, false>(dz, x, dweight);
    }
}

/// dw = dz x^T of the first sample of a sum, overwriting `dweight`.
#[inline(always)]
pub(crate) fn first_weight_grad<const I: usize, const O: usize>(
    dz: &[f32; O],
    x: &[f32; I],
    dweight: &mut [[f32; I]; O],
) {
    if software::applies::<f32>() && is_large::<f32>(I * O) {
        software::first_weight_grad(dz, x, dweight);
    } else if is_large::<f32>(I * O) {
        weight_grad_by::<f32, I, O, OUTPUTS, true>(dz, x, dweight);
    } else {
        weight_grad_by::<f32, I, O, OUTPUTS_WIDE, true>(dz, x, dweight);
    }
}

/// With `FIRST` the sums start here.
#[inline(always)]
fn weight_grad_by<V: Vector, const I: usize, const O: usize, const R: usize, const FIRST: bool>(
    dz: &[V; O],
    x: &[V; I],
    dweight: &mut [[V::Partial; I]; O],
) {
    let large = is_large::<V>(I * O);
    let (dw_blocks, dw_rest) = dweight.as_chunks_mut::<R>();
    let (dz_blocks, dz_rest) = dz.as_chunks::<R>();
    let blocks = weight_grad_blocks::<V, I, R, FIRST>;
    call_if(large, blocks, dz_blocks, x, dw_blocks, ());
    if !O.is_multiple_of(R) {
        let (dz_rest, dw_rest) = (dz_rest.as_chunks::<1>().0, dw_rest.as_chunks_mut::<1>().0);
        let rest = weight_grad_blocks::<V, I, 1, FIRST>;
        call_if(large, rest, dz_rest, x, dw_rest, ());
    }
}

#[inline(always)]
fn weight_grad_blocks<V: Vector, const I: usize, const R: usize, const FIRST: bool>(
    dz: &[[V; R]],
    x: &[V; I],
    dweight: &mut [[[V::Partial; I]; R]],
    (): (),
) {
    let start = V::Partial::splat(SUM_START);
    for (dz, dw) in dz.iter().zip(dweight) {
        for i in 0..I {
            each!(r < R, {
                let sum = if FIRST { start } else { dw[r][i] };
                dw[r][i] = V::accumulate_product(sum, dz[r], x[i]);
            });
        }
    }
}

/// start\[r\] + the sum over n of w(r, n) x\[n\], for each r.
#[inline(always)]
fn dot_block<V: Vector, const R: usize, const N: usize>(
    start: &[f32; R],
    w: impl Fn(usize, usize) -> f32,
    x: &[V; N],
) -> [V; R] {
    let mut sums = [V::ZERO; R];
    each!(r < R, sums[r] = V::splat(start[r]));
    let mut add = |n: usize| {
        // As in `input_grad_by`: vectors on chips are not inlined.
        let n = if Native::LANES == 1 && V::LANES > 1 {
            n.min(N.saturating_sub(1))
        } else {
            n
        };
        each!(
            r < R,
            sums[r] = sums[r].plus_product(V::splat(w(r, n)), x[n])
        );
    };
    if Native::LANES == 1 {
        // Unrolls this many terms; LLVM then leaves the loops around them alone, which saves flash.
        // Guarded by the flash column of `cargo bench --bench cortex_m`.
        for chunk in 0..N / UNROLL {
            each!(n < UNROLL, add(UNROLL * chunk + n));
        }
        (N - N % UNROLL..N).for_each(add);
    } else {
        for n in 0..N {
            add(n);
        }
    }
    sums
}

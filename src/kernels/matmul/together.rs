//! The three products of a linear layer for [`SAMPLES`] samples together, one number after the
//! other: for targets without SIMD, and for Helium, whose vectors the compiler makes of loops.
//!
//! Each sum takes its terms in index order, as in [`matmul`](super), so the bits are the same. The
//! gradients of the samples are added to `dw` with one load and one store of it, in the order that
//! the [sums over samples](bracket) have.
//!
//! On Helium one shape serves all: a row of sums takes in several rows of numbers, each times a
//! number of its own. Forward needs the columns of the weight for that: see [`columns`].
//! [`take_in`] says what LLVM wants.

use super::{OUTPUTS, UNROLL, outer};
use crate::kernels::each::each;
use crate::kernels::outline::HELIUM;
use crate::kernels::simd::SUM_START;
use core::hint::black_box;

/// Samples that are computed together where lanes are scalar, as on a Cortex-M:
/// [`Layer::forward_together`](crate::Layer::forward_together) and its fellows.
pub const SAMPLES: usize = 4;

/// Rows taken in together on Helium: with two samples, as many factors as there are registers for.
const TERMS: usize = 4;

/// `total` and what [`SAMPLES`] samples add to it, where `PER_SUM` of them make a partial sum: 1, 2
/// or 4. A partial sum starts from -0, so its first term costs no addition.
#[inline(always)]
pub(crate) fn bracket<const PER_SUM: usize>(total: f32, parts: [f32; SAMPLES]) -> f32 {
    let [a, b, c, d] = parts;
    match PER_SUM {
        1 => total + a + b + c + d,
        2 => total + (a + b) + (c + d),
        _ => total + (a + b + c + d),
    }
}

/// Copies the columns of `weight`, one after the other, into a tensor of its size.
#[inline(always)]
pub(crate) fn columns<const I: usize, const O: usize>(
    weight: &[[f32; I]; O],
    columns: &mut [[f32; I]; O],
) {
    let (columns, _) = columns.as_flattened_mut().as_chunks_mut::<O>();
    // Guarded by the flash column of `cargo bench --bench cortex_m`: opaque, the loop is short.
    for (i, column) in columns.iter_mut().enumerate().take(black_box(I)) {
        for (number, row) in column.iter_mut().zip(weight) {
            *number = row[i.min(I - 1)];
        }
    }
}

/// z = w x + b, overwriting `z`; with the [`columns`] of w if there are any. `bias` has `O` numbers
/// or none.
#[inline(always)]
pub(crate) fn forward<const I: usize, const O: usize>(
    (weight, columns): (&[[f32; I]; O], Option<&[[f32; I]; O]>),
    bias: &[f32],
    [x0, x1, x2, x3]: [&[f32; I]; SAMPLES],
    [z0, z1, z2, z3]: [&mut [f32; O]; SAMPLES],
) {
    let columns = columns.filter(|_| HELIUM);
    let columns = columns.map(|columns| columns.as_flattened().as_chunks::<O>().0);
    if let Some(columns) = columns.and_then(<[_]>::first_chunk::<I>) {
        forward_columns(columns, bias, [x0, x1], z0, z1);
        forward_columns(columns, bias, [x2, x3], z2, z3);
    } else {
        forward_pair(weight, bias, [x0, x1], z0, z1);
        forward_pair(weight, bias, [x2, x3], z2, z3);
    }
}

/// dx = w^T dz, overwriting `dx`.
#[inline(always)]
pub(crate) fn input_grad<const I: usize, const O: usize>(
    weight: &[[f32; I]; O],
    [dz0, dz1, dz2, dz3]: [&[f32; O]; SAMPLES],
    [dx0, dx1, dx2, dx3]: [&mut [f32; I]; SAMPLES],
) {
    if HELIUM {
        input_grad_rows(weight, [dz0, dz1], dx0, dx1);
        input_grad_rows(weight, [dz2, dz3], dx2, dx3);
    } else {
        input_grad_pair(weight, [dz0, dz1], dx0, dx1);
        input_grad_pair(weight, [dz2, dz3], dx2, dx3);
    }
}

/// Adds dz x^T of all samples to dw, in the order of [`bracket`].
#[inline(always)]
pub(crate) fn weight_grad<const PER_SUM: usize, const I: usize, const O: usize>(
    dz: [&[f32; O]; SAMPLES],
    [x0, x1, x2, x3]: [&[f32; I]; SAMPLES],
    dweight: &mut [[f32; I]; O],
) {
    outer::weight_grad_rows::<PER_SUM, I, O>(dz, x0, x1, x2, x3, dweight);
}

// Out of line, here and below: one copy of a kernel for each shape, however often a network has it.
// Guarded by the flash column of `cargo bench --bench cortex_m`.
#[inline(never)]
fn forward_pair<const I: usize, const O: usize>(
    weight: &[[f32; I]; O],
    bias: &[f32],
    x: [&[f32; I]; 2],
    za: &mut [f32; O],
    zb: &mut [f32; O],
) {
    let bias = bias.first_chunk::<O>().unwrap_or(&[SUM_START; O]);
    pair_of_products(|o, i| weight[o][i], bias, x, za, zb);
}

#[inline(never)]
fn input_grad_pair<const I: usize, const O: usize>(
    weight: &[[f32; I]; O],
    dz: [&[f32; O]; 2],
    dxa: &mut [f32; I],
    dxb: &mut [f32; I],
) {
    pair_of_products(|i, o| weight[o][i], &[SUM_START; I], dz, dxa, dxb);
}

/// z\[r\] = start\[r\] + the sum over n of w(r, n) x\[n\] of two samples, [`OUTPUTS`] sums at a
/// time.
#[inline(always)]
fn pair_of_products<const N: usize, const R: usize>(
    w: impl Fn(usize, usize) -> f32,
    start: &[f32; R],
    x: [&[f32; N]; 2],
    za: &mut [f32; R],
    zb: &mut [f32; R],
) {
    let whole = R - R % OUTPUTS;
    let (blocks_a, rest_a) = za.as_chunks_mut::<OUTPUTS>();
    let (blocks_b, rest_b) = zb.as_chunks_mut::<OUTPUTS>();
    let starts = start.as_chunks::<OUTPUTS>().0;
    let blocks = blocks_a.iter_mut().zip(blocks_b).zip(starts).enumerate();
    for (b, ((za, zb), start)) in blocks.take(black_box(R / OUTPUTS)) {
        // The minimum changes nothing: it shows LLVM that no index leaves its array.
        let first = (OUTPUTS * b).min(R.saturating_sub(OUTPUTS));
        [*za, *zb] = sums_of_pair(start, |r, n| w(first + r, n), x);
    }
    for (r, (za, zb)) in rest_a.iter_mut().zip(rest_b).enumerate() {
        [[*za], [*zb]] = sums_of_pair(&[start[whole + r]], |_, n| w(whole + r, n), x);
    }
}

/// The sums of one block.
#[inline(always)]
fn sums_of_pair<const N: usize, const R: usize>(
    start: &[f32; R],
    w: impl Fn(usize, usize) -> f32,
    [xa, xb]: [&[f32; N]; 2],
) -> [[f32; R]; 2] {
    let mut sums = [*start, *start];
    for chunk in 0..N / UNROLL {
        let n = UNROLL * chunk;
        add_to_pair(&mut sums, |r| w(r, n), [xa[n], xb[n]]);
        add_to_pair(&mut sums, |r| w(r, n + 1), [xa[n + 1], xb[n + 1]]);
        add_to_pair(&mut sums, |r| w(r, n + 2), [xa[n + 2], xb[n + 2]]);
        add_to_pair(&mut sums, |r| w(r, n + 3), [xa[n + 3], xb[n + 3]]);
    }
    for n in N - N % UNROLL..N {
        add_to_pair(&mut sums, |r| w(r, n), [xa[n], xb[n]]);
    }
    sums
}

/// Adds a term to each sum of two samples.
#[inline(always)]
fn add_to_pair<const R: usize>(
    [a, b]: &mut [[f32; R]; 2],
    w: impl Fn(usize) -> f32,
    [xa, xb]: [f32; 2],
) {
    each!(r < R, {
        let w = w(r);
        a[r] += w * xa;
        b[r] += w * xb;
    });
}

/// sums\[j\] = start(j) + the sum over k of rows\[k\]\[j\] factors\[k\], of two samples.
// LLVM makes Helium's vectors of a loop over neighbours, the innermost one, with one exit, and too
// long to be unrolled before. Guarded by `cargo bench --bench cortex_m -- m55`.
#[inline(always)]
fn take_in<const K: usize, const N: usize>(
    start: impl Fn(usize, f32) -> f32,
    (a, b): (&mut [f32; N], &mut [f32; N]),
    rows: &[[f32; N]; K],
    (fa, fb): (&[f32; K], &[f32; K]),
) {
    let (fa, fb) = (*fa, *fb);
    for j in 0..times(N) {
        let (mut sa, mut sb) = (start(j, a[j]), start(j, b[j]));
        for k in 0..K {
            sa += rows[k][j] * fa[k];
            sb += rows[k][j] * fb[k];
        }
        a[j] = sa;
        b[j] = sb;
    }
}

/// The same for any number of rows.
#[inline(always)]
fn take_in_all<const K: usize, const N: usize>(
    start: impl Fn(usize, f32) -> f32,
    (a, b): (&mut [f32; N], &mut [f32; N]),
    rows: &[[f32; N]; K],
    (fa, fb): (&[f32; K], &[f32; K]),
) {
    let (blocks, rest) = rows.as_chunks::<TERMS>();
    let ((fa, fa_rest), (fb, fb_rest)) = (fa.as_chunks::<TERMS>(), fb.as_chunks::<TERMS>());
    if let ([rows, blocks @ ..], [fa, all_fa @ ..], [fb, all_fb @ ..]) = (blocks, fa, fb) {
        take_in(start, (a, b), rows, (fa, fb));
        // More sums than registers stay in memory.
        let many = N > 16;
        if many {
            black_box((&mut *a, &mut *b));
        }
        // The compiler is not told how many blocks there are: unrolled, their addresses would be
        // too far apart for one register.
        let factors = black_box(all_fa).iter().zip(black_box(all_fb));
        for (rows, factors) in black_box(blocks).iter().zip(factors) {
            if many {
                black_box(());
            }
            take_in(|_, sum| sum, (a, b), rows, factors);
        }
    } else {
        (0..N).for_each(|j| a[j] = start(j, a[j]));
        (0..N).for_each(|j| b[j] = start(j, b[j]));
    }
    if !K.is_multiple_of(TERMS) {
        let rest = rest.as_chunks::<1>().0;
        let (fa, fb) = (fa_rest.as_chunks::<1>().0, fb_rest.as_chunks::<1>().0);
        for (row, factors) in rest.iter().zip(fa.iter().zip(fb)) {
            take_in(|_, sum| sum, (a, b), row, factors);
        }
    }
}

/// How often a loop along a row of `n` runs. The compiler is not told of few: it would write them
/// out one by one.
#[inline(always)]
fn times(n: usize) -> usize {
    if n < 8 { black_box(n).min(n) } else { n }
}

#[inline(never)]
fn forward_columns<const I: usize, const O: usize>(
    columns: &[[f32; O]; I],
    bias: &[f32],
    [xa, xb]: [&[f32; I]; 2],
    za: &mut [f32; O],
    zb: &mut [f32; O],
) {
    let bias = bias.first_chunk::<O>().unwrap_or(&[SUM_START; O]);
    if O < 8 {
        *za = few_sums(bias, columns, xa);
        *zb = few_sums(bias, columns, xb);
    } else {
        take_in_all(|o, _| bias[o], (za, zb), columns, (xa, xb));
    }
}

/// A few sums of one sample, in registers.
#[inline(always)]
fn few_sums<const K: usize, const N: usize>(
    start: &[f32; N],
    rows: &[[f32; N]; K],
    factors: &[f32; K],
) -> [f32; N] {
    let mut sums = *start;
    for k in 0..K {
        for j in 0..N {
            sums[j] += rows[k][j] * factors[k];
        }
    }
    sums
}

#[inline(never)]
fn input_grad_rows<const I: usize, const O: usize>(
    weight: &[[f32; I]; O],
    [da, db]: [&[f32; O]; 2],
    xa: &mut [f32; I],
    xb: &mut [f32; I],
) {
    take_in_all(|_, _| SUM_START, (xa, xb), weight, (da, db));
}

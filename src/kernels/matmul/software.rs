//! The products on targets without a float unit. Each sum runs in the same order as elsewhere, so
//! the bits are the same.
//!
//! A number takes a call here, so loops over slices cost little, and one copy of them serves all
//! layers. `black_box` hides how long the slices are, or LLVM unrolls the loops of small networks.
//! In a large layer, what all sums share is taken apart once.

use crate::kernels::outline::is_large;
use crate::kernels::simd::{SUM_START, Vector};
use crate::kernels::soft::{self, SOFT, Sum, Term, products};
use core::hint::black_box;
use core::mem::take;

/// Whether there is no float unit, and `V` is a single sample.
#[inline(always)]
pub(super) const fn applies<V: Vector>() -> bool {
    SOFT && V::LANES == 1
}

/// z = w x + b
#[inline(always)]
pub(super) fn forward<V: Vector, const I: usize, const O: usize>(
    weight: &[[f32; I]; O],
    bias: &[f32],
    x: &[V; I],
    z: &mut [V; O],
) {
    if is_large::<V>(I * O) {
        forward_large(weight, bias, x, z);
    } else {
        forward_small(weight.as_flattened(), bias, x, z);
    }
}

#[inline(never)]
fn forward_large<V: Vector, const I: usize, const O: usize>(
    weight: &[[f32; I]; O],
    bias: &[f32],
    x: &[V; I],
    z: &mut [V; O],
) {
    let x = x.map(|x| Term::new(x.extract(0)));
    for o in 0..O {
        let start = bias.get(o).unwrap_or(&SUM_START);
        z[o] = V::splat(products(*start, &weight[o], &x));
    }
}

#[inline(never)]
fn forward_small<V: Vector>(weight: &[f32], bias: &[f32], x: &[V], z: &mut [V]) {
    let mut weights = weight.iter();
    for (o, z) in black_box(z).iter_mut().enumerate() {
        let start = V::splat(*bias.get(o).unwrap_or(&SUM_START));
        *z = x
            .iter()
            .zip(&mut weights)
            .fold(start, |sum, (x, w)| sum.plus_product(V::splat(*w), *x));
    }
}

/// dx = w^T dz
#[inline(always)]
pub(super) fn input_grad<V: Vector, const I: usize, const O: usize>(
    weight: &[[f32; I]; O],
    dz: &[V; O],
    dx: &mut [V; I],
) {
    if is_large::<V>(I * O) {
        input_grad_large(weight, dz, dx);
    } else {
        input_grad_small(weight.as_flattened(), dz, dx);
    }
}

#[inline(never)]
fn input_grad_large<V: Vector, const I: usize, const O: usize>(
    weight: &[[f32; I]; O],
    dz: &[V; O],
    dx: &mut [V; I],
) {
    let dz = dz.map(|dz| Term::new(dz.extract(0)));
    for i in 0..I {
        let mut sum = Sum::new(SUM_START);
        for o in 0..O {
            sum = sum.plus(weight[o][i], &dz[o]);
        }
        dx[i] = V::splat(sum.value());
    }
}

#[inline(never)]
fn input_grad_small<V: Vector>(weight: &[f32], dz: &[V], dx: &mut [V]) {
    let inputs = dx.len();
    for (i, dx) in black_box(dx).iter_mut().enumerate() {
        let mut at = i;
        *dx = V::splat(SUM_START);
        for dz in dz {
            let w = weight.get(at).unwrap_or(&SUM_START);
            *dx = dx.plus_product(V::splat(*w), *dz);
            at += inputs;
        }
    }
}

/// dw += dz x^T
#[inline(never)]
pub(super) fn weight_grad<V: Vector>(dz: &[V], x: &[V], mut dweight: &mut [V::Partial]) {
    for dz in dz {
        let Some((row, rest)) = take(&mut dweight).split_at_mut_checked(x.len()) else {
            return;
        };
        for (dw, x) in row.iter_mut().zip(x) {
            *dw = V::accumulate_product(*dw, *x, *dz);
        }
        dweight = rest;
    }
}

/// dw = dz x^T
#[inline(always)]
pub(super) fn first_weight_grad<const I: usize, const O: usize>(
    dz: &[f32; O],
    x: &[f32; I],
    dweight: &mut [[f32; I]; O],
) {
    let (weight, state) = (dweight.as_flattened_mut(), &mut [[(); I]; O]);
    let set = |(), dw: &mut f32, g, _: &mut ()| *dw = g;
    fold(weight, state.as_flattened_mut(), (dz, x), ((), set));
}

/// The fold over the weights of all rows, each with the state and the gradient of one output.
#[inline(never)]
pub(super) fn fold<S: Copy, A>(
    mut weight: &mut [f32],
    mut state: &mut [S],
    (dz, x): (&[f32], &[f32]),
    (mut acc, f): (A, impl Fn(A, &mut f32, f32, &mut S) -> A),
) -> A {
    let x = black_box(x);
    let finite = soft::all_finite(x);
    for dz in dz {
        let (Some((w, weights)), Some((s, states))) = (
            take(&mut weight).split_at_mut_checked(x.len()),
            take(&mut state).split_at_mut_checked(x.len()),
        ) else {
            return acc;
        };
        // Behind a ReLU half of them are 0.
        let dead = finite && soft::is_zero(*dz);
        let live = soft::is_finite(*dz);
        for ((w, s), x) in w.iter_mut().zip(s).zip(x) {
            let g = if dead || (live && soft::is_zero(*x)) {
                soft::signed_zero(*dz, *x)
            } else {
                soft::mul(*dz, *x)
            };
            acc = f(acc, w, g, s);
        }
        (weight, state) = (weights, states);
    }
    acc
}

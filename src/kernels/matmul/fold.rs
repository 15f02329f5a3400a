//! A step of one sample: a fold over the weights, where each gets its gradient as it is computed.

use super::{UNROLL, software};
use crate::kernels::outline::{call_if, is_large};
use crate::kernels::simd::{Native, Vector};
use core::hint::black_box;

/// Folds `f` over the weights in order, each with its gradient for one sample, `dz[o] x[i]`, and
/// with its state. `weight` has all `O` rows, or none.
#[inline(always)]
pub(crate) fn fold_gradient<S: Copy, A, const I: usize, const O: usize>(
    weight: &mut [[f32; I]],
    state: &mut [[S; I]; O],
    dz: &[f32; O],
    x: &[f32; I],
    acc: A,
    f: impl Fn(A, &mut f32, f32, &mut S) -> A + Copy,
) -> A {
    if software::applies::<f32>() {
        let (weight, state) = (weight.as_flattened_mut(), state.as_flattened_mut());
        return software::fold(weight, state, (dz, x), (acc, f));
    }
    let large = is_large::<f32>(I * O);
    call_if(
        large,
        fold_rows,
        weight,
        &mut state[..],
        &dz[..],
        (x, acc, f),
    )
}

/// The fold over rows of the weight, each with the state and the gradient of one output.
#[inline(always)]
fn fold_rows<S: Copy, A, const I: usize>(
    weight: &mut [[f32; I]],
    state: &mut [[S; I]],
    dz: &[f32],
    (x, mut acc, f): (&[f32; I], A, impl Fn(A, &mut f32, f32, &mut S) -> A),
) -> A {
    for ((w, state), dz) in weight.iter_mut().zip(state).zip(dz) {
        // With SIMD, on a copy: nothing else can point into it, so LLVM vectorises the loop.
        // Guarded by the steps of `cargo bench --bench instructions`.
        let mut copy = *w;
        let own = Native::LANES > 1;
        let weights = if own { &mut copy } else { &mut *w };
        // With AVX-512 LLVM would compute several rows together, gathered number by number, unless
        // each has an opaque factor. Guarded by `tests/machine_code`.
        let gathers = Native::LANES == 16 && I >= 8;
        let dz = if gathers { black_box(*dz) } else { *dz };
        // A step with a state is so long that the loop around it costs little.
        if !own && size_of::<S>() == 0 {
            acc = fold_row(weights, state, dz, x, (acc, &f));
            continue;
        }
        for i in 0..I {
            acc = f(acc, &mut weights[i], dz * x[i], &mut state[i]);
        }
        if own {
            *w = copy;
        }
    }
    acc
}

/// The fold over one row on a chip, [`UNROLL`] numbers at a time.
#[inline(always)]
fn fold_row<S: Copy, A, const I: usize>(
    w: &mut [f32; I],
    state: &mut [S; I],
    dz: f32,
    x: &[f32; I],
    (mut acc, f): (A, &impl Fn(A, &mut f32, f32, &mut S) -> A),
) -> A {
    for chunk in 0..I / UNROLL {
        let i = UNROLL * chunk;
        acc = f(acc, &mut w[i], dz * x[i], &mut state[i]);
        acc = f(acc, &mut w[i + 1], dz * x[i + 1], &mut state[i + 1]);
        acc = f(acc, &mut w[i + 2], dz * x[i + 2], &mut state[i + 2]);
        acc = f(acc, &mut w[i + 3], dz * x[i + 3], &mut state[i + 3]);
    }
    for i in I - I % UNROLL..I {
        acc = f(acc, &mut w[i], dz * x[i], &mut state[i]);
    }
    acc
}

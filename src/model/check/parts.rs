//! Compares the parts of backward with the whole.

use super::{Wrong, gradients, number, same};
use crate::kernels::simd::SUM_START;
use crate::model::layers::{Activations, Layer, Pass};
use crate::model::params::{Grad, Params, TensorId, Visit, zip_with};

/// Checks that `backward`, with or without dx, adds `grad` to the gradient it is given, that it
/// gives the same `dx` without a gradient, and that `fold_gradient` meets the numbers of `grad` in
/// order and changes nothing itself.
pub(super) fn agree<L: Layer<I, O>, const I: usize, const O: usize>(
    layer: &L,
    x: &[f32; I],
    dy: &[f32; O],
    grad: &Grad<L>,
    dx: &[f32; I],
) -> Result<(), Wrong> {
    let (mut activations, mut delta) = (Activations::zero(), Activations::zero());
    let mut y = [f32::NAN; O];
    layer.forward(x, &mut activations, &mut y);
    let activations = &activations;
    let pass = Pass {
        x,
        activations,
        y: &y,
    };
    let (sizes, dx_sizes) = sizes(layer, x, dy);
    // Only the start at 1 shows that a gradient of 0 is added. Only the start at `grad` shows what
    // is added if it is small.
    for start in [L::fill(1.0), *grad] {
        let mut short = start;
        layer.backward(pass, dy, Some(&mut short), &mut delta, None);
        let (long, _) = gradients(layer, x, dy, start);
        for index in 0..L::COUNT {
            let [start, added, size, short, long] =
                [&start, grad, &sizes, &short, &long].map(|all| number::<L>(all, index));
            let right = |found| same(found, start + added, size.max(start.abs()));
            if !(right(short) && right(long)) {
                return Err(Wrong::NotAdded { index });
            }
        }
    }
    let mut input = [f32::NAN; I];
    layer.backward(pass, dy, None, &mut Activations::zero(), Some(&mut input));
    if let Some(index) = (0..I).find(|&i| !same(input[i], dx[i], dx_sizes[i])) {
        return Err(Wrong::InputGrad { index });
    }
    descent(layer, pass, dy, grad, &sizes)
}

/// How large the terms of each gradient are: the sums, over the outputs, of the sizes of what each
/// output adds. The rounding error is relative to them, even if the terms cancel.
fn sizes<L: Layer<I, O>, const I: usize, const O: usize>(
    layer: &L,
    x: &[f32; I],
    dy: &[f32; O],
) -> (Grad<L>, [f32; I]) {
    let (mut sizes, mut dx_sizes) = (L::fill(0.0), [0.0; I]);
    for (o, dy_o) in dy.iter().enumerate() {
        let mut one = [0.0; O];
        one[o] = *dy_o;
        let (grad, dx) = gradients(layer, x, &one, L::fill(SUM_START));
        zip_with::<L, f32, f32>(&mut sizes, &grad, |size, g| *size += g.abs());
        for (size, dx) in dx_sizes.iter_mut().zip(&dx) {
            *size += dx.abs();
        }
    }
    (sizes, dx_sizes)
}

/// Compares `fold_gradient` with `grad`, and the tensors that it asks for with those of
/// `zip_params`.
fn descent<L: Layer<I, O>, const I: usize, const O: usize>(
    layer: &L,
    pass: Pass<'_, f32, L::Activations<f32>, I, O>,
    dy: &[f32; O],
    grad: &Grad<L>,
    sizes: &Grad<L>,
) -> Result<(), Wrong> {
    let mut delta = Activations::zero();
    layer.backward(pass, dy, None, &mut delta, None);
    let values = &layer.values();
    let start: (usize, Option<usize>) = (0, None);
    let visit = |id, learns| {
        let each = move |(at, wrong): (usize, Option<usize>), w: &mut f32, g, (): &mut ()| {
            let [value, expected, size] = [values, grad, sizes].map(|all| number::<L>(all, at));
            let here = *w == value && same(g, expected, size) && tensor(layer, at) == Some(id);
            (at + 1, wrong.or((!here).then_some(at)))
        };
        Visit { each, learns }
    };
    let fold = |learns| {
        let (mut copy, mut nothing) = (*layer, L::fill(()));
        let f = |id| visit(id, learns);
        copy.fold_gradient(pass, dy, &delta, &mut nothing, start, f)
    };
    match (fold(true), fold(false)) {
        ((_, Some(index)), _) => Err(Wrong::FoldGradient { index }),
        ((at, None), (0, _)) if at == L::COUNT => Ok(()),
        ((at, None), _) => Err(Wrong::FoldGradient { index: at }),
    }
}

/// The tensor that parameter `index` belongs to.
fn tensor<L: Params>(layer: &L, index: usize) -> Option<TensorId> {
    let (mut copy, mut before, mut found) = (*layer, 0, None);
    let mut look = |id, w: &mut [f32], _: &[()], _: &mut [()]| {
        if (before..before + w.len()).contains(&index) {
            found = Some(id);
        }
        before += w.len();
    };
    copy.zip_params(&L::fill(()), &mut L::fill(()), &mut look);
    found
}

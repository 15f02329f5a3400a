//! Compares the parts of backward with the whole.

use super::{Wrong, gradients, number, same};
use crate::model::layers::{Activations, Layer, Pass};
use crate::model::params::Grad;

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
    let mut short = L::fill(1.0);
    layer.backward(pass, dy, Some(&mut short), &mut delta, None);
    let (long, _) = gradients(layer, x, dy, 1.0);
    for index in 0..L::COUNT {
        let expected = 1.0 + number::<L>(grad, index);
        let all = [number::<L>(&short, index), number::<L>(&long, index)];
        if !all.into_iter().all(|found| same(found, expected)) {
            return Err(Wrong::NotAdded { index });
        }
    }
    let mut input = [f32::NAN; I];
    layer.backward(pass, dy, None, &mut Activations::zero(), Some(&mut input));
    if let Some(index) = (0..I).find(|&i| !same(input[i], dx[i])) {
        return Err(Wrong::InputGrad { index });
    }
    descent(layer, pass, dy, grad)
}

/// Compares `fold_gradient` with `grad`.
fn descent<L: Layer<I, O>, const I: usize, const O: usize>(
    layer: &L,
    pass: Pass<'_, f32, L::Activations<f32>, I, O>,
    dy: &[f32; O],
    grad: &Grad<L>,
) -> Result<(), Wrong> {
    let mut delta = Activations::zero();
    layer.backward(pass, dy, None, &mut delta, None);
    let values = &layer.values();
    let start: (usize, Option<usize>) = (0, None);
    let look = |(at, wrong): (usize, Option<usize>), w: &mut f32, g, (): &mut ()| {
        let here = same(g, number::<L>(grad, at)) && same(*w, number::<L>(values, at));
        (at + 1, wrong.or((!here).then_some(at)))
    };
    let mut copy = *layer;
    let (at, wrong) = copy.fold_gradient(pass, dy, &delta, &mut L::fill(()), start, look);
    match wrong {
        Some(index) => Err(Wrong::FoldGradient { index }),
        None if at != L::COUNT => Err(Wrong::FoldGradient { index: at }),
        None => Ok(()),
    }
}

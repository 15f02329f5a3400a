//! The parts of backward against the whole.

use super::{Wrong, gradients, number, same};
use crate::layers::{Hidden, Layer, Pass};
use crate::params::Grad;

/// Whether `backward` and `backward_params` add `grad` to what is there, `backward_input` gives `dx`, and `descend`
/// meets the numbers of `grad` in their order, and changes nothing by itself.
pub(super) fn agree<L: Layer<I, O>, const I: usize, const O: usize>(
    layer: &L,
    x: &[f32; I],
    dy: &[f32; O],
    grad: &Grad<L>,
    dx: &[f32; I],
) -> Result<(), Wrong> {
    let (mut hidden, mut delta) = (Hidden::zero(), Hidden::zero());
    let mut y = [f32::NAN; O];
    layer.forward(x, &mut hidden, &mut y);
    let hidden = &hidden;
    let pass = Pass { x, hidden, y: &y };
    let mut short = L::fill(1.0);
    layer.backward_params(pass, dy, &mut short, &mut delta);
    let (long, _) = gradients(layer, x, dy, 1.0);
    for index in 0..L::COUNT {
        let expected = 1.0 + number::<L>(grad, index);
        let all = [number::<L>(&short, index), number::<L>(&long, index)];
        if !all.into_iter().all(|found| same(found, expected)) {
            return Err(Wrong::NotAdded { index });
        }
    }
    let mut input = [f32::NAN; I];
    layer.backward_input(pass, dy, &mut Hidden::zero(), &mut input);
    if let Some(index) = (0..I).find(|&i| !same(input[i], dx[i])) {
        return Err(Wrong::BackwardInput { index });
    }
    descent(layer, pass, dy, grad)
}

/// `descend` against `grad`.
fn descent<L: Layer<I, O>, const I: usize, const O: usize>(
    layer: &L,
    pass: Pass<'_, f32, L::Hidden<f32>, I, O>,
    dy: &[f32; O],
    grad: &Grad<L>,
) -> Result<(), Wrong> {
    let mut delta = Hidden::zero();
    layer.backward_hidden(pass, dy, &mut delta);
    let values = &layer.params();
    let start: (usize, Option<usize>) = (0, None);
    let look = |(at, wrong): (usize, Option<usize>), w: &mut f32, g, (): &mut ()| {
        let here = same(g, number::<L>(grad, at)) && same(*w, number::<L>(values, at));
        (at + 1, wrong.or((!here).then_some(at)))
    };
    let mut copy = *layer;
    let (at, wrong) = copy.descend(pass, dy, &delta, &mut L::fill(()), start, look);
    match wrong {
        Some(index) => Err(Wrong::Descend { index }),
        None if at != L::COUNT => Err(Wrong::Descend { index: at }),
        None => Ok(()),
    }
}

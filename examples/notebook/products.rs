//! The matrix products that the notebook writes out, by the crate's own linear layer.

use stackprop::layers::Pass;
use stackprop::{Layer, Linear, NoBias, Params};

/// W x: a linear layer forward.
pub(crate) fn mat_vec<const I: usize, const O: usize>(
    layer: &Linear<I, O, NoBias>,
    x: &[f32; I],
) -> [f32; O] {
    let mut y = [0.0; O];
    layer.forward(x, &mut (), &mut y);
    y
}

/// d W: the gradient of its input, from that of its output.
pub(crate) fn vec_mat<const I: usize, const O: usize>(
    d: &[f32; O],
    layer: &Linear<I, O, NoBias>,
) -> [f32; I] {
    let (x, mut dx) = ([0.0; I], [0.0; I]);
    let mut grad = Linear::<I, O, NoBias>::fill(0.0);
    layer.backward(pass(&x), d, &mut grad, &mut (), &mut dx);
    dx
}

/// d^T x, the outer product of two rows: the gradient of its weight.
pub(crate) fn outer<const I: usize, const O: usize>(d: &[f32; O], x: &[f32; I]) -> [[f32; I]; O] {
    let layer = Linear::<I, O, NoBias>::fill(0.0);
    let mut grad = layer;
    layer.backward_params(pass(x), d, &mut grad, &mut ());
    grad.weight
}

/// What a linear layer needs of its forward pass: its input.
fn pass<const I: usize, const O: usize>(x: &[f32; I]) -> Pass<'_, f32, (), I, O> {
    Pass {
        x,
        hidden: &(),
        y: &[0.0; O],
    }
}

//! The matrix products that the notebook writes out, by the crate's own linear layer.

use stackprop::layers::Pass;
use stackprop::{Layer, Linear, NoBias};

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
    let mut dx = [0.0; I];
    layer.backward(pass(&[0.0; I]), d, None, &mut (), Some(&mut dx));
    dx
}

/// d^T x, the outer product of two rows: the gradient of its weight.
pub(crate) fn outer<const I: usize, const O: usize>(d: &[f32; O], x: &[f32; I]) -> [[f32; I]; O] {
    let layer = Linear::<I, O, NoBias>::default();
    let mut grad = layer;
    layer.backward(pass(x), d, Some(&mut grad), &mut (), None);
    grad.weight
}

/// A forward pass as a linear layer needs it for backward: only its input counts.
fn pass<const I: usize, const O: usize>(x: &[f32; I]) -> Pass<'_, f32, (), I, O> {
    Pass {
        x,
        activations: &(),
        y: &[0.0; O],
    }
}

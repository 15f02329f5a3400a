//! What the crate computes, for any network.

use crate::json::Json;
use crate::nets::Tensor;
use stackprop::math::bce_with_logits;
use stackprop::{Error, Layer, Network, Params, SigmoidBce};

/// Sets the parameters from tensors in PyTorch's order, which have to have the right sizes.
pub(crate) fn set<L: Params<Of<f32> = L>>(layers: &mut L, tensors: &[Vec<f32>]) {
    let mut tensors = tensors.iter();
    let mut next = |parameters: &mut [f32], _: &[()], _: &mut [()]| {
        if let Some(values) = tensors.next() {
            parameters.copy_from_slice(values);
        }
    };
    layers.update(&L::fill(()), &mut L::fill(()), &mut next);
}

/// Everything, in the order in which it is printed.
pub(crate) fn evaluate<L: Layer<I, O> + Params<Of<f32> = L>, const I: usize, const O: usize>(
    network: &Network<L, SigmoidBce, I, O>,
    tensors: &[Tensor],
    rows: &[[f32; I]],
    targets: &[[f32; O]],
) -> Result<Vec<(String, Json)>, Error> {
    let mut y_hat = vec![[0.0; O]; rows.len()];
    network.forward_batch(rows, &mut y_hat)?;
    let logits: Vec<[f32; O]> = rows.iter().map(|x| network.logits(x)).collect();
    let mut grad = L::fill::<f32>(0.0);
    let loss = network.gradient_batch(rows, targets, &mut grad)?;
    let all = [
        ("forward", Json::rows(&y_hat)),
        ("logits", Json::rows(&logits)),
        ("loss_per_sample", Json::rows(&losses(&logits, targets))),
        ("loss", Json::Number(loss)),
        ("grad", named::<L>(&grad, tensors)),
        (
            "grad_input",
            Json::rows(&input_gradients(network, rows, targets)),
        ),
    ];
    Ok(all.map(|(name, value)| (String::from(name), value)).into())
}

/// The loss of each output: `reduction='none'`.
fn losses<const O: usize>(logits: &[[f32; O]], targets: &[[f32; O]]) -> Vec<[f32; O]> {
    let samples = logits.iter().zip(targets);
    let losses = samples.map(|(z, y)| core::array::from_fn(|o| bce_with_logits(z[o], y[o])));
    losses.collect()
}

/// The gradient of the mean loss with respect to each sample, which only the sample's own loss depends on.
fn input_gradients<L: Layer<I, O>, const I: usize, const O: usize>(
    network: &Network<L, SigmoidBce, I, O>,
    rows: &[[f32; I]],
    targets: &[[f32; O]],
) -> Vec<[f32; I]> {
    let factor = 1.0 / rows.len() as f32;
    let samples = rows.iter().zip(targets);
    let gradients = samples.map(|(x, y)| network.backward(x, &network.trace(x), y).input);
    gradients.map(|dx| dx.map(|d| d * factor)).collect()
}

/// The tensors of a gradient, or of the parameters, by their names.
pub(crate) fn named<L: Params<Of<f32> = L>>(grad: &L, tensors: &[Tensor]) -> Json {
    let mut entries = Vec::new();
    let mut tensors = tensors.iter();
    let mut next = |_: &mut [()], values: &[f32], _: &mut [()]| {
        if let Some(Tensor { name, shape }) = tensors.next() {
            entries.push((name.clone(), Json::nested(values, shape)));
        }
    };
    L::zip(&mut L::fill(()), grad, &mut L::fill(()), &mut next);
    Json::Object(entries)
}

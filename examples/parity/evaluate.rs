//! Forward pass, losses and gradients, for any network.

use crate::json::Json;
use crate::nets::with_names;
use stackprop::math::bce_with_logits;
use stackprop::params::Tensor;
use stackprop::{Error, Layer, Network, SigmoidBce, weights};

/// All results, in the order in which they are printed.
pub(crate) fn evaluate<L: Layer<I, O>, const I: usize, const O: usize>(
    network: &Network<L, SigmoidBce, I, O>,
    rows: &[[f32; I]],
    targets: &[[f32; O]],
) -> Result<Vec<(&'static str, Json)>, Error> {
    let mut y_hat = vec![[0.0; O]; rows.len()];
    network.forward_batch(rows, &mut y_hat)?;
    let logits: Vec<[f32; O]> = rows.iter().map(|x| network.logits(x)).collect();
    let losses = losses(&logits, targets);
    let mut grad = Network::<L, SigmoidBce, I, O>::zero_grad();
    let loss = network.gradient_batch(rows, targets, &mut grad)?;
    let grad_input = input_gradients(network, rows, targets);
    Ok(vec![
        ("forward", Json::rows(&y_hat)),
        ("logits", Json::rows(&logits)),
        ("loss_per_sample", Json::rows(&losses)),
        ("loss", Json::Number(loss)),
        ("grad", by_name(weights::tensors_of::<L, _>(&grad))),
        ("grad_input", Json::rows(&grad_input)),
    ])
}

/// The loss of each output: `reduction='none'`.
fn losses<const O: usize>(logits: &[[f32; O]], targets: &[[f32; O]]) -> Vec<[f32; O]> {
    let samples = logits.iter().zip(targets);
    let losses = samples.map(|(z, y)| core::array::from_fn(|o| bce_with_logits(z[o], y[o])));
    losses.collect()
}

/// The gradient of the mean loss with respect to each sample. Only the sample's own loss depends on
/// it, so this is the gradient of that loss, divided by the number of samples.
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

/// Tensors by their names.
pub(crate) fn by_name<'a>(tensors: impl Iterator<Item = Tensor<'a>>) -> Json {
    let entries = with_names(tensors).map(|(name, t)| (name, Json::nested(t.values, t.shape)));
    Json::Object(entries.collect())
}

//! The comparison of a network with the reference.

use super::golden::numbers;
use super::nets::{Shape, wide};
use super::reference;
use super::tolerance::NETWORK;
use serde_json::Value;
use stackprop::{Head, Layer, Network, weights};

/// The worst of `got` against `exact`, as a share of what [`NETWORK`] allows. `sizes` are the
/// numbers that `exact` is a difference or a sum of.
pub fn share(got: &[f32], exact: &[f64], sizes: &[f64]) -> f64 {
    assert_eq!(got.len(), exact.len(), "tensors of different sizes");
    let largest = exact
        .iter()
        .chain(sizes)
        .fold(0.0, |largest: f64, v| largest.max(v.abs()));
    let allowed = |v: f64| NETWORK * v.abs().max(largest / 4.0) + f64::MIN_POSITIVE;
    let shares = got
        .iter()
        .zip(exact)
        .map(|(got, v)| (f64::from(*got) - v).abs() / allowed(*v));
    // f64::max would let NaN pass.
    shares.fold(
        0.0,
        |worst: f64, share| if share <= worst { worst } else { share },
    )
}

/// The worst share of the tolerance so far, over batches of this many rows.
struct Worst {
    share: f64,
    rows: usize,
}

impl Worst {
    fn check(
        &mut self,
        name: &str,
        got: &[f32],
        exact: &[f64],
        sizes: &[f64],
    ) -> Result<(), String> {
        let share = share(got, exact, sizes);
        self.share = self.share.max(share);
        if share <= 1.0 {
            return Ok(());
        }
        let rows = self.rows;
        Err(format!(
            "{name} of {rows} rows is {share:.1} times the tolerance off"
        ))
    }
}

/// Forward, loss and gradients of a batch against the reference; the worst share of the tolerance,
/// or what is off.
pub fn against_reference<L: Layer<I, O>, H: Head<O>, const I: usize, const O: usize>(
    shape: &Shape,
    net: &Network<L, H, I, O>,
    rows: &[[f32; I]],
    targets: &[[f32; O]],
) -> Result<f64, String> {
    let layers = shape.reference(&net.layers);
    let (x, y) = (wide(rows), wide(targets));
    let exact = reference::gradients(&layers, &x, &y);
    let sizes = reference::sizes(&layers, &x, &y);
    let mut worst = Worst {
        share: 0.0,
        rows: rows.len(),
    };
    forward(net, &layers, rows, &mut worst)?;
    let mut grad = L::fill::<f32>(f32::NAN);
    let loss = net.gradient_batch(rows, targets, &mut grad).unwrap();
    worst.check("loss", &[loss], &[exact.loss], &[])?;
    for (k, tensor) in weights::tensors_of::<L, f32>(&grad).enumerate() {
        let name = format!("gradient of {}", tensor.name);
        worst.check(&name, tensor.values, &exact.params[k], &sizes.params[k])?;
    }
    let backward = |(x, y)| net.backward(x, &net.trace(x), y).input;
    let all = rows.iter().zip(targets).flat_map(backward);
    let input: Vec<f32> = all.map(|dx| dx / rows.len() as f32).collect();
    let (exact, sizes) = (exact.input.concat(), sizes.input.concat());
    worst.check("input gradient", &input, &exact, &sizes)?;
    Ok(worst.share)
}

/// Logits and outputs.
fn forward<L: Layer<I, O>, H: Head<O>, const I: usize, const O: usize>(
    net: &Network<L, H, I, O>,
    layers: &[reference::Layer],
    rows: &[[f32; I]],
    worst: &mut Worst,
) -> Result<(), String> {
    let z = wide(rows);
    let z: Vec<f64> = z
        .iter()
        .flat_map(|x| reference::logits(layers, x))
        .collect();
    let logits: Vec<f32> = rows.iter().flat_map(|x| net.logits(x)).collect();
    worst.check("logits", &logits, &z, &[1.0])?;
    let mut y_hat = vec![[0.0; O]; rows.len()];
    net.forward_batch(rows, &mut y_hat).unwrap();
    let exact: Vec<f64> = z.into_iter().map(reference::sigmoid).collect();
    worst.check("y_hat", y_hat.as_flattened(), &exact, &[])
}

/// Compares a quantity with PyTorch's f64. z3 of the linear network is a difference of 2e-1 and
/// 2e-1 that leaves 3e-4, so what it is relative to is a number of that size.
pub fn near(name: &str, got: &[f32], golden: &Value) {
    let share = share(got, &numbers(golden), &[0.01]);
    assert!(
        share <= 1.0,
        "{name}: {got:?} is {share:.1} times the tolerance off {golden}"
    );
}

//! The comparison of a network with the reference.

use super::golden::numbers;
use super::nets::{Shape, wide};
use super::reference;
use super::tolerance::NETWORK;
use serde_json::Value;
use stackprop::{Head, Layer, Network};

/// The worst of `got` against `exact`, as a share of what [`NETWORK`] allows. `sizes` are the numbers that
/// `exact` is a difference or a sum of.
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

/// Forward, loss and gradients of a batch against the reference; the worst share of the tolerance, or what is off.
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
    let mut worst: f64 = 0.0;
    let mut check = |name: &str, got: &[f32], exact: &[f64], sizes: &[f64]| {
        let share = share(got, exact, sizes);
        worst = worst.max(share);
        let off = || {
            format!(
                "{name} of {} rows is {share:.1} times the tolerance off",
                rows.len()
            )
        };
        if share <= 1.0 { Ok(()) } else { Err(off()) }
    };

    let z: Vec<f64> = x
        .iter()
        .flat_map(|x| reference::logits(&layers, x))
        .collect();
    let logits: Vec<f32> = rows.iter().flat_map(|x| net.logits(x)).collect();
    check("logits", &logits, &z, &[1.0])?;
    let mut y_hat = vec![[0.0; O]; rows.len()];
    net.forward_batch(rows, &mut y_hat).unwrap();
    check(
        "y_hat",
        y_hat.as_flattened(),
        &z.into_iter().map(reference::sigmoid).collect::<Vec<_>>(),
        &[],
    )?;
    let mut grad = L::fill::<f32>(f32::NAN);
    let loss = net.gradient_batch(rows, targets, &mut grad).unwrap();
    check("loss", &[loss], &[exact.loss], &[])?;
    let params = super::tensors::<L>(&grad);
    for (k, got) in params.iter().enumerate() {
        check(
            &format!("gradient of tensor {k}"),
            got,
            &exact.params[k],
            &sizes.params[k],
        )?;
    }
    let backward = |(x, y)| {
        net.backward(x, &net.trace(x), y)
            .input
            .map(|dx| dx / rows.len() as f32)
    };
    let input: Vec<f32> = rows.iter().zip(targets).flat_map(backward).collect();
    check(
        "input gradient",
        &input,
        &exact.input.concat(),
        &sizes.input.concat(),
    )?;
    Ok(worst)
}

/// Compares a quantity with PyTorch's f64. z3 of the linear network is a difference of 2e-1 and 2e-1 that leaves
/// 3e-4, so what it is relative to is a number of that size.
pub fn near(name: &str, got: &[f32], golden: &Value) {
    let share = share(got, &numbers(golden), &[0.01]);
    assert!(
        share <= 1.0,
        "{name}: {got:?} is {share:.1} times the tolerance off {golden}"
    );
}

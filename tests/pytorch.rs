//! PyTorch's results for the notebook's networks and 16-32-16-4.

#![allow(
    clippy::cast_possible_truncation,
    reason = "numbers of f32 stand as f64 in the files"
)]
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test fails by panicking"
)]

mod common;

use common::check::near;
use common::golden::{numbers, read, rows};
use common::nets::Mlp16;
use serde_json::Value;
use stackprop::notebook::{Activations, BOOK_NET, Deltas, NET, Net, NetBook, X, Y};
use stackprop::weights;

/// Every quantity of a notebook network: single samples by trace and backward, their batch beside
/// them.
macro_rules! notebook {
    ($test:ident, $type:ty, $net:expr, $one:literal, $all:literal) => {
        #[test]
        fn $test() {
            let golden = &read("notebook.json")["cases"];
            let one = &golden[$one]["f64"];
            let trace = $net.trace(&X[0]);
            let g = $net.backward(&X[0], &trace, &Y[0]);
            near("loss", &[g.loss], &one["loss_mean"]);
            activations(&[trace.into()], one);
            let d = Deltas::from(g);
            near("delta3", &d.delta3, &one["grad_z3"]);
            near("delta2", &d.delta2, &one["grad_z2"]);
            near("delta1", &d.delta1, &one["grad_z1"]);
            near("delta0", &d.delta0, &one["grad_x"]);
            gradients(
                &[
                    d.fc1.as_flattened(),
                    d.fc2.as_flattened(),
                    d.fc3.as_flattened(),
                ],
                one,
            );

            let all = &golden[$all]["f64"];
            activations(&X.map(|x| $net.trace(&x).into()), all);
            let mut y_hat = [[0.0]; 4];
            $net.forward_batch(&X, &mut y_hat).unwrap();
            near("h3", y_hat.as_flattened(), &all["h3"]);
            let mut grad = <$type>::zero_grad();
            let loss = $net.gradient_batch(&X, &Y, &mut grad).unwrap();
            near("loss", &[loss], &all["loss_mean"]);
            near("fused loss", &[loss], &all["with_logits"]["loss_mean"]);
            let losses: Vec<f32> = X.iter().zip(&Y).map(|(x, y)| $net.loss(x, y)).collect();
            near("losses", &losses, &all["loss_none"]);
            let fc = weights::tensors_of::<$type, f32>(&grad).map(|tensor| tensor.values);
            gradients(&fc.collect::<Vec<_>>(), all);
        }
    };
}

fn activations(traces: &[Activations], golden: &Value) {
    let all =
        |f: fn(&Activations) -> &[f32]| traces.iter().flat_map(f).copied().collect::<Vec<_>>();
    near("z1", &all(|a| &a.z1), &golden["z1"]);
    near("h1", &all(|a| &a.h1), &golden["h1"]);
    near("z2", &all(|a| &a.z2), &golden["z2"]);
    near("h2", &all(|a| &a.h2), &golden["h2"]);
    near("z3", &all(|a| &a.z3), &golden["z3"]);
    near("h3", &all(|a| &a.h3), &golden["h3"]);
}

fn gradients(tensors: &[&[f32]], golden: &Value) {
    for (k, tensor) in tensors.iter().enumerate() {
        near(
            &format!("fc{}", k + 1),
            tensor,
            &golden[format!("grad_w{}", k + 1)],
        );
    }
}

notebook!(net, Net, NET, "linear_x", "linear_X");
notebook!(net_book, NetBook, BOOK_NET, "book_x", "book_X");

#[test]
fn net16() {
    let golden = read("net16.json");
    let (x, y) = (rows::<16>(&golden["X"]), rows::<4>(&golden["Y"]));
    let values = ["w1", "b1", "w2", "b2", "w3", "b3"]
        .into_iter()
        .flat_map(|name| numbers(&golden["weights"][name]));
    let values: Vec<f32> = values.map(|value| value as f32).collect();
    let mut net = Mlp16::zeros();
    net.copy_from_slice(&values).unwrap();
    let case = &golden["case"]["f64"];

    let logits: Vec<f32> = x.iter().flat_map(|x| net.logits(x)).collect();
    near("z3", &logits, &case["z3"]);
    let mut y_hat = [[0.0; 4]; 8];
    net.forward_batch(&x, &mut y_hat).unwrap();
    near("h3", y_hat.as_flattened(), &case["h3"]);
    let mut grad = Mlp16::zero_grad();
    let loss = net.gradient_batch(&x, &y, &mut grad).unwrap();
    near("loss", &[loss], &case["loss_mean"]);
    let names = [
        "grad_w1", "grad_b1", "grad_w2", "grad_b2", "grad_w3", "grad_b3",
    ];
    for (name, tensor) in names.iter().zip(weights::tensors_of::<Mlp16, f32>(&grad)) {
        near(name, tensor.values, &case[name]);
    }
    let input = x
        .iter()
        .zip(&y)
        .flat_map(|(x, y)| net.backward(x, &net.trace(x), y).input.map(|dx| dx / 8.0));
    near("grad_x", &input.collect::<Vec<_>>(), &case["grad_x"]);
}

//! PyTorch's results: the notebook's networks, 16-32-16-4, and the losses at and beyond their edges.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test fails by panicking"
)]

mod common;

use common::check::share;
use common::golden::{numbers, read, rows};
use common::nets::Mlp16;
use common::tolerance::{BCE, BCE_GRAD, BCE_LOSS, BCE_LOSS_GRAD, SIGMOID, TINY};
use common::{bit, tensors};
use serde_json::Value;
use stackprop::bce_loss::{self, Reduction};
use stackprop::math::{bce_with_logits, bce_with_logits_grad, sigmoid};
use stackprop::notebook::{Activations, Deltas, NET, NET_BOOK, X, Y};
use stackprop::{Error, Layer, Params, Relu};

/// Compares a quantity with PyTorch's f64. z3 of the linear network is a difference of 2e-1 and 2e-1 that leaves
/// 3e-4, so what it is relative to is a number of that size.
fn near(name: &str, got: &[f32], golden: &Value) {
    let share = share(got, &numbers(golden), &[0.01]);
    assert!(
        share <= 1.0,
        "{name}: {got:?} is {share:.1} times the tolerance off {golden}"
    );
}

/// Every quantity of a notebook network: single samples by trace and backward, their batch beside them.
macro_rules! notebook {
    ($test:ident, $net:expr, $one:literal, $all:literal) => {
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
            let mut grad = $net.layers;
            let loss = $net.gradient_batch(&X, &Y, &mut grad).unwrap();
            near("loss", &[loss], &all["loss_mean"]);
            near("fused loss", &[loss], &all["with_logits"]["loss_mean"]);
            let losses: Vec<f32> = X.iter().zip(&Y).map(|(x, y)| $net.loss(x, y)).collect();
            near("losses", &losses, &all["loss_none"]);
            let fc: Vec<Vec<f32>> = flat(&grad);
            gradients(&fc.iter().map(Vec::as_slice).collect::<Vec<_>>(), all);
        }
    };
}

/// The tensors of a gradient.
fn flat<L: Layer<3, 1> + Params<Of<f32> = L>>(grad: &L) -> Vec<Vec<f32>> {
    tensors::<L>(grad)
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

notebook!(net, NET, "linear_x", "linear_X");
notebook!(net_book, NET_BOOK, "book_x", "book_X");

#[test]
fn net16() {
    let golden = read("net16.json");
    let (x, y) = (rows::<16>(&golden["X"]), rows::<4>(&golden["Y"]));
    let mut values = ["w1", "b1", "w2", "b2", "w3", "b3"]
        .into_iter()
        .flat_map(|name| numbers(&golden["weights"][name]));
    let mut net = Mlp16::zeros();
    common::each::<_, 16, 4>(&mut net.layers, |w| *w = values.next().unwrap() as f32);
    assert_eq!(values.next(), None);
    let case = &golden["case"]["f64"];

    let logits: Vec<f32> = x.iter().flat_map(|x| net.logits(x)).collect();
    near("z3", &logits, &case["z3"]);
    let mut y_hat = [[0.0; 4]; 8];
    net.forward_batch(&x, &mut y_hat).unwrap();
    near("h3", y_hat.as_flattened(), &case["h3"]);
    let mut grad = net.layers;
    let loss = net.gradient_batch(&x, &y, &mut grad).unwrap();
    near("loss", &[loss], &case["loss_mean"]);
    let names = [
        "grad_w1", "grad_b1", "grad_w2", "grad_b2", "grad_w3", "grad_b3",
    ];
    for (name, tensor) in names.iter().zip(flat_of::<_, 16, 4>(&grad)) {
        near(name, &tensor, &case[name]);
    }
    let input = x
        .iter()
        .zip(&y)
        .flat_map(|(x, y)| net.backward(x, &net.trace(x), y).input.map(|dx| dx / 8.0));
    near("grad_x", &input.collect::<Vec<_>>(), &case["grad_x"]);
}

fn flat_of<L: Layer<I, O> + Params<Of<f32> = L>, const I: usize, const O: usize>(
    grad: &L,
) -> Vec<Vec<f32>> {
    tensors::<L>(grad)
}

/// `got` is within `ulps` of `exact`, or where that is subnormal within the least normal float.
fn within(name: &str, got: f32, exact: f64, ulps: f64) {
    let same = f64::from(got) == exact || got.is_nan() && exact.is_nan();
    let ulp = 2f64.powi(exact.abs().max(TINY).log2().floor() as i32 - 23);
    let allowed = if exact.abs() < TINY { TINY } else { ulps * ulp };
    // PyTorch has infinite f64 where f32 overflows later, never the other way round here.
    assert!(
        same || (f64::from(got) - exact).abs() <= allowed,
        "{name}: {got:?}, PyTorch has {exact:?}"
    );
}

/// The rows of a table whose first `arguments` numbers f32 holds: the f64 run has some of its own.
fn table(value: &Value, arguments: usize) -> Vec<Vec<f64>> {
    let fits = |x: &f64| x.is_nan() || f64::from(*x as f32) == *x;
    let rows = value["rows"].as_array().unwrap().iter().map(numbers);
    rows.filter(|row| row[..arguments].iter().all(fits))
        .collect()
}

/// `nn.BCELoss` of single elements. Its f64 run guards the gradient with 1e-12 as f32 has it.
#[test]
fn bce_loss_of_each_element() {
    let golden = read("loss_edges.json");
    let mut rows = 0;
    // f32 rows have arguments that f64 does not, as 1 - 2^-24; f64 rows are exact.
    for row in table(&golden["bce"]["f64"], 2) {
        let [p, y] = [row[0] as f32, row[1] as f32];
        within(&format!("bce({p}, {y})"), one(p, y).0, row[2], BCE_LOSS);
        within(
            &format!("dbce({p}, {y})"),
            one(p, y).1,
            row[3],
            BCE_LOSS_GRAD,
        );
        rows += 1;
    }
    for row in golden["bce"]["f32"]["rows"]
        .as_array()
        .unwrap()
        .iter()
        .map(numbers)
    {
        let [p, y] = [row[0] as f32, row[1] as f32];
        // PyTorch's f32 run has an error of its own.
        within(
            &format!("bce({p}, {y})"),
            one(p, y).0,
            row[2],
            BCE_LOSS + 2.0,
        );
        within(
            &format!("dbce({p}, {y})"),
            one(p, y).1,
            row[3],
            BCE_LOSS_GRAD + 2.0,
        );
        rows += 1;
    }
    assert!(rows > 45, "{rows} rows");
}

/// Loss and gradient of one element.
fn one(p: f32, y: f32) -> (f32, f32) {
    let mut dp = [0.0];
    bce_loss::backward(&[p], &[y], Reduction::Mean, &mut dp).unwrap();
    (
        bce_loss::forward(&[p], &[y], Reduction::Mean).unwrap(),
        dp[0],
    )
}

#[test]
fn bce_loss_reductions() {
    let golden = read("loss_edges.json");
    for (name, case) in golden["reductions"]["f64"].as_object().unwrap() {
        let narrow = |value: &Value| {
            numbers(value)
                .into_iter()
                .map(|v| v as f32)
                .collect::<Vec<_>>()
        };
        let (p, y) = (narrow(&case["p"]), narrow(&case["y"]));
        let mut each = vec![0.0; p.len()];
        bce_loss::forward_each(&p, &y, &mut each).unwrap();
        near(&format!("{name} none"), &each, &case["none"]["bce"]);
        for (reduction, key) in [(Reduction::Mean, "mean"), (Reduction::Sum, "sum")] {
            let loss = bce_loss::forward(&p, &y, reduction).unwrap();
            near(&format!("{name} {key}"), &[loss], &case[key]["bce"]);
            bce_loss::backward(&p, &y, reduction, &mut each).unwrap();
            near(
                &format!("{name} {key} gradient"),
                &each,
                &case[key]["bce_grad_p"],
            );
        }
    }
}

/// What PyTorch refuses, and what it takes.
#[test]
fn bce_loss_refuses_what_pytorch_refuses() {
    let golden = read("loss_edges.json");
    let mut refused = 0;
    for (call, result) in golden["bce_bad_input"].as_object().unwrap() {
        let Some((p, y)) = call
            .strip_prefix("p=")
            .and_then(|call| call.split_once(" y="))
        else {
            continue;
        };
        let (p, y): (f32, f32) = (p.parse().unwrap(), y.parse().unwrap());
        assert!(
            result.as_str().unwrap().starts_with("RuntimeError"),
            "{call}"
        );
        let expected = if (0.0..=1.0).contains(&p) {
            Error::Target { index: 1 }
        } else {
            Error::Probability { index: 1 }
        };
        assert_eq!(
            bce_loss::forward(&[0.5, p], &[0.5, y], Reduction::Sum),
            Err(expected),
            "{call}"
        );
        assert_eq!(
            bce_loss::forward_each(&[0.5, p], &[0.5, y], &mut [0.0; 2]),
            Err(expected),
            "{call}"
        );
        assert_eq!(
            bce_loss::backward(&[0.5, p], &[0.5, y], Reduction::Mean, &mut [0.0; 2]),
            Err(expected),
            "{call}"
        );
        refused += 1;
    }
    assert_eq!(refused, 6);
    assert_eq!(
        bce_loss::forward(&[], &[], Reduction::Mean),
        Err(Error::Empty)
    );
    let length = Err(Error::Length {
        expected: 2,
        found: 1,
    });
    assert_eq!(
        bce_loss::forward(&[0.5; 2], &[0.5], Reduction::Mean),
        length
    );
    assert_eq!(
        bce_loss::forward_each(&[0.5; 2], &[0.5; 2], &mut [0.0]).map(|()| 0.0),
        length
    );
}

/// On the logit the crate gives the exact value, which PyTorch's f64 run has wherever it is finite.
#[test]
fn bce_with_logits_of_each_element() {
    let golden = read("loss_edges.json");
    let rows = table(&golden["with_logits"]["f64"], 2);
    for row in &rows {
        let [z, y] = [row[0] as f32, row[1] as f32];
        let (loss, dz) = bce_with_logits_grad(z, y);
        if z.is_infinite() && row[2].is_nan() {
            // PyTorch multiplies inf by 0; the limit is 0 on the right side, and inf on the wrong one.
            let wrong = if z > 0.0 { 1.0 - y } else { y };
            assert_eq!(
                loss,
                if wrong == 0.0 { 0.0 } else { f32::INFINITY },
                "bce({z}, {y})"
            );
            continue;
        }
        // PyTorch's f64 loses what is below 2^-53 of the terms it subtracts: tests/kernels.rs looks there.
        let lost = f64::EPSILON * (1.0 + row[0].abs());
        if (f64::from(loss) - row[2]).abs() > lost {
            within(&format!("bce({z}, {y})"), loss, row[2], BCE);
        }
        if (f64::from(dz) - row[3]).abs() > f64::EPSILON {
            within(&format!("dbce({z}, {y})"), dz, row[3], BCE_GRAD);
        }
        assert_eq!(bit(loss), bit(bce_with_logits(z, y)));
    }
    assert!(rows.len() > 100, "{} rows", rows.len());
}

#[test]
fn sigmoid_of_each_element() {
    let golden = read("loss_edges.json");
    let rows = table(&golden["sigmoid"]["f64"], 1);
    rows.iter().for_each(|row| {
        within(
            &format!("sigmoid({})", row[0]),
            sigmoid(row[0] as f32),
            row[1],
            SIGMOID,
        )
    });
    assert!(rows.len() > 30, "{} rows", rows.len());
}

#[test]
fn relu() {
    let golden = &read("loss_edges.json")["relu_f32"];
    let narrow = |value: &Value| -> [f32; 7] {
        numbers(value)
            .iter()
            .map(|v| *v as f32)
            .collect::<Vec<_>>()
            .try_into()
            .unwrap()
    };
    let x = narrow(&golden["z"]);
    let (mut y, mut dx) = ([0.0; 7], [7.0; 7]);
    Relu.forward(&x, &mut (), &mut y);
    let pass = stackprop::layers::Pass {
        x: &x,
        hidden: &(),
        y: &y,
    };
    Relu.backward(pass, &[1.0; 7], &mut Relu, &mut (), &mut dx);
    assert_eq!(y.map(bit), narrow(&golden["relu"]).map(bit));
    assert_eq!(dx.map(bit), narrow(&golden["grad"]).map(bit));
}

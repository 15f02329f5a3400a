//! PyTorch's losses, sigmoid and ReLU, at and beyond their edges.

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

use common::bit;
use common::check::near;
use common::golden::{numbers, read};
use common::tolerance::{BCE, BCE_GRAD, BCE_LOSS, BCE_LOSS_GRAD, SIGMOID, TINY, ulp};
use serde_json::Value;
use stackprop::bce_loss::{self, Error, Reduction};
use stackprop::math::{bce_with_logits, bce_with_logits_grad, sigmoid};
use stackprop::{Layer, Relu};

/// `got` is within `ulps` of `exact`, or where that is subnormal within the least normal float.
fn within(name: &str, got: f32, exact: f64, ulps: f64) {
    let same = f64::from(got) == exact || got.is_nan() && exact.is_nan();
    let allowed = if exact.abs() < TINY {
        TINY
    } else {
        ulps * ulp(exact)
    };
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
        let (p, y) = ([0.5, p], [0.5, y]);
        let forward = bce_loss::forward(&p, &y, Reduction::Sum);
        assert_eq!(forward, Err(expected), "{call}");
        let each = bce_loss::forward_each(&p, &y, &mut [0.0; 2]);
        assert_eq!(each, Err(expected), "{call}");
        let backward = bce_loss::backward(&p, &y, Reduction::Mean, &mut [0.0; 2]);
        assert_eq!(backward, Err(expected), "{call}");
        refused += 1;
    }
    assert_eq!(refused, 6);
}

#[test]
fn bce_loss_refuses_wrong_lengths() {
    assert_eq!(
        bce_loss::forward(&[], &[], Reduction::Mean),
        Err(Error::Empty)
    );
    let length = Err(Error::Length {
        probabilities: 2,
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
            // PyTorch multiplies inf by 0; the limit is 0 on the right side, and inf on the wrong
            // one.
            let wrong = if z > 0.0 { 1.0 - y } else { y };
            assert_eq!(
                loss,
                if wrong == 0.0 { 0.0 } else { f32::INFINITY },
                "bce({z}, {y})"
            );
            continue;
        }
        // PyTorch's f64 loses what is below 2^-53 of the terms it subtracts: tests/every_float
        // looks there.
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
        activations: &(),
        y: &y,
    };
    Relu.backward(pass, &[1.0; 7], Some(&mut ()), &mut (), Some(&mut dx));
    assert_eq!(y.map(bit), narrow(&golden["relu"]).map(bit));
    assert_eq!(dx.map(bit), narrow(&golden["grad"]).map(bit));
}

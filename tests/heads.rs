//! The heads against PyTorch in f64, where they saturate, in every lane, and by the gradient
//! checker.
//!
//! `tests/data/layers_heads.json`: `loss = f(z, y); dz, = torch.autograd.grad(loss, z)` in float64;
//! its note names f.

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

use common::tolerance::{HEADS, SATURATED, TINY};
use common::{bit, golden};
use serde_json::Value;
use stackprop::simd::{F32x4, F32x8, F32x16, Tile, Vector};
use stackprop::{
    Head, Mse, Sgd, SigmoidBce, SoftmaxCe, Trainer, Weighted, WeightedBce, check, net,
};

const RARE: WeightedBce = WeightedBce { pos_weight: 7.5 };

/// The rows of a head: logits, target, loss, gradient.
fn rows(name: &str) -> Vec<([f32; 3], [f32; 3], Vec<f64>)> {
    let row = |row: &Value| {
        let [z, y] = [0, 1].map(|k| golden::numbers(&row[k]));
        let three = |v: Vec<f64>| core::array::from_fn(|k| v[k] as f32);
        let exact = [golden::numbers(&row[2]), golden::numbers(&row[3])].concat();
        (three(z), three(y), exact)
    };
    let file = golden::read("layers_heads.json");
    let rows = file["heads"][name]["rows"].as_array().unwrap();
    assert!(rows.len() >= 40);
    rows.iter().map(row).collect()
}

/// Loss, then gradient.
fn all<H: Head<3>, V: Vector>(head: &H, z: &[V; 3], y: &[V; 3]) -> [V; 4] {
    let mut dz = [V::splat(f32::NAN); 3];
    let loss = head.loss_grad(z, y, &mut dz);
    [loss, dz[0], dz[1], dz[2]]
}

/// How far `got` is off, relative to the value, or to `size` if that is larger.
fn off(got: f32, exact: f64, size: f64) -> f64 {
    let got = f64::from(got);
    if got == exact || (got.is_nan() && exact.is_nan()) {
        0.0
    } else {
        ((got - exact).abs() - TINY).max(0.0) / exact.abs().max(size)
    }
}

fn is_pytorch<H: Head<3>>(name: &str, head: H) {
    let mut worst: f64 = 0.0;
    for (z, y, exact) in rows(name) {
        let got = all(&head, &z, &y);
        // PyTorch has NaN for the loss of an infinite logit, where ours is the limit; the gradients
        // agree.
        let from = usize::from(exact[0].is_nan() && z.iter().all(|z| !z.is_nan()));
        for k in from..4 {
            // PyTorch's own error, of f64, counts where its gradient cancels.
            let size = if k == 0 {
                1e-9
            } else {
                0.25 * y.iter().fold(1e-9, |a, y| y.abs().max(a))
            };
            if name == "weighted_bce" && k == 0 && 3.0 * exact[0] > f64::from(f32::MAX) {
                assert_eq!(got[0], f32::INFINITY, "the sum is before the mean");
                continue;
            }
            let off = off(got[k], exact[k], f64::from(size));
            assert!(
                off <= HEADS,
                "{name} {k} of {z:?}, {y:?}: {got:?}, not {exact:?}"
            );
            worst = worst.max(off);
        }
    }
    println!("{name}: at most {worst:.1e}");
}

#[test]
fn losses_and_gradients_are_pytorchs() {
    is_pytorch("mse", Mse);
    is_pytorch("softmax_ce", SoftmaxCe);
    is_pytorch("bce", SigmoidBce);
    is_pytorch("bce", WeightedBce::default());
    is_pytorch("weighted_bce", RARE);
}

/// One class far ahead: loss and gradient are of the size of e^-d and keep their digits.
#[test]
fn saturated_heads_keep_their_digits() {
    let mut worst: f64 = 0.0;
    let mut close = |what: &str, got: f32, exact: f64| {
        let off = off(got, exact, 1e-30);
        worst = worst.max(off);
        assert!(off <= SATURATED, "{what}: {got:e}, not {exact:e}");
    };
    for d in [1.0_f64, 5.5, 17.25, 29.5, 40.0] {
        let (z, e) = ([d as f32, 0.0, -1.0], [(-d).exp(), (-d - 1.0).exp()]);
        let rest = e[0] + e[1];
        let got = all(&SoftmaxCe, &z, &[1.0, 0.0, 0.0]);
        close("loss", got[0], rest.ln_1p());
        close("dz of the right class", got[1], -rest / (1.0 + rest));
        close("dz of another", got[2], e[0] / (1.0 + rest));
        close("dz of a third", got[3], e[1] / (1.0 + rest));
        let mut dz = [f32::NAN];
        let loss = RARE.loss_grad(&[d as f32], &[1.0], &mut dz);
        close("weighted BCE", loss, 7.5 * e[0].ln_1p());
        close("its gradient", dz[0], -7.5 * e[0] / (1.0 + e[0]));
        let loss = RARE.loss_grad(&[-d as f32], &[0.0], &mut dz);
        close("weighted BCE of a negative", loss, e[0].ln_1p());
        close("its gradient", dz[0], e[0] / (1.0 + e[0]));
    }
    println!("at most {worst:.1e}");
}

#[test]
fn infinite_logits_give_the_limit() {
    let (inf, one) = (f32::INFINITY, [1.0, 0.0, 0.0]);
    assert_eq!(all(&SoftmaxCe, &[inf, 0.0, -inf], &one), [0.0; 4]);
    assert_eq!(
        all(&SoftmaxCe, &[0.0, inf, 0.0], &one),
        [inf, -1.0, 1.0, 0.0]
    );
    assert_eq!(all(&SoftmaxCe, &[0.0, -inf, -inf], &one), [0.0; 4]);
    let mut y_hat = [f32::NAN; 2];
    SoftmaxCe.predict(&[-inf, -inf], &mut y_hat);
    assert_eq!(y_hat, [0.5; 2]);
    assert_eq!(
        all(&RARE, &[inf, -inf, 0.0], &[1.0, 0.0, 0.0])[1..3],
        [0.0; 2]
    );
    assert!(all(&RARE, &[inf, -inf, -40.0], &[1.0, 0.0, 0.0])[0] < 1e-17);
}

#[test]
fn predictions() {
    let (mut p, z) = ([f32::NAN; 3], [2.0, -1.0, 0.5]);
    SoftmaxCe.predict(&z, &mut p);
    let e = z.map(|z| f64::from(z).exp());
    for (p, e_k) in p.into_iter().zip(e) {
        assert!(off(p, e_k / e.iter().sum::<f64>(), 0.0) <= HEADS);
    }
    Mse.predict(&z, &mut p);
    assert_eq!(p, z);
    let mut q = p;
    RARE.predict(&z, &mut p);
    SigmoidBce.predict(&z, &mut q);
    assert_eq!(p, q);
}

/// Without a weight, and with targets 0 and 1, the weighted heads are `SigmoidBce` bit by bit.
#[test]
fn a_weight_of_one_changes_no_bit() {
    for (z, y, _) in rows("bce").into_iter().filter(|row| row.1[0] % 1.0 == 0.0) {
        let plain = all(&SigmoidBce, &z, &y).map(bit);
        assert_eq!(all(&WeightedBce::default(), &z, &y).map(bit), plain);
        assert_eq!(
            all(&Weighted::<SigmoidBce>::default(), &z, &y).map(bit),
            plain
        );
    }
}

/// Samples of different weight, one by one, through the trainer: the network's weight is the
/// identity.
#[test]
fn sample_weights_are_pytorchs() {
    let file = golden::read("layers_heads.json");
    let case = &file["heads"]["weighted"];
    let (z, y) = (golden::rows::<2>(&case["z"]), golden::rows::<2>(&case["y"]));
    let mut net = <net![2 => 2, Weighted<SigmoidBce>]>::zeros();
    net.layers.weight = [[1.0, 0.0], [0.0, 1.0]];
    let mut trainer = Trainer::new(net, Sgd::new(1.0));
    let dz = golden::numbers(&case["dz"]);
    for (k, weight) in golden::numbers(&case["weight"]).into_iter().enumerate() {
        trainer.network.head.weight = weight as f32;
        trainer.accumulate(&[z[k]], &[y[k]]).unwrap();
        let net = trainer.network;
        let found = net.backward(&z[k], &net.trace(&z[k]), &y[k]).logits;
        for (found, dz) in found.into_iter().zip(&dz[2 * k..]) {
            assert!(off(found / 3.0, *dz, 0.01) <= HEADS);
        }
    }
    let loss = trainer.update().unwrap();
    assert!(
        off(loss, golden::numbers(&case["loss"])[0], 0.0) <= HEADS,
        "{loss}"
    );
    // db is the sum of dz over the rows, and the step is 1.
    for o in 0..2 {
        let db: f64 = dz.iter().skip(o).step_by(2).sum();
        assert!(off(-trainer.network.layers.bias[o], db, 0.1) <= HEADS);
    }
}

/// Each lane of a `V` holds the bits of one sample.
fn lanes_agree<H: Head<3>, V: Vector>(head: &H) {
    let rows = [rows("softmax_ce"), rows("weighted_bce")].concat();
    for first in 0..rows.len() {
        let at = |l: usize| &rows[(first + l) % rows.len()];
        let z: [V; 3] = core::array::from_fn(|o| V::from_fn(|l| at(l).0[o]));
        let y: [V; 3] = core::array::from_fn(|o| V::from_fn(|l| at(l).1[o]));
        let (wide, mut y_hat) = (all(head, &z, &y), [V::ZERO; 3]);
        head.predict(&z, &mut y_hat);
        for l in 0..V::LANES {
            let (narrow, mut one) = (all(head, &at(l).0, &at(l).1), [0.0; 3]);
            head.predict(&at(l).0, &mut one);
            assert_eq!(
                wide.map(|v| bit(v.extract(l))),
                narrow.map(bit),
                "{:?}",
                at(l)
            );
            assert_eq!(
                y_hat.map(|v| bit(v.extract(l))),
                one.map(bit),
                "{:?}",
                at(l)
            );
        }
    }
}

fn all_vectors_agree<H: Head<3>>(head: H) {
    lanes_agree::<H, F32x4>(&head);
    lanes_agree::<H, F32x8>(&head);
    lanes_agree::<H, F32x16>(&head);
    lanes_agree::<H, Tile<F32x4, 2>>(&head);
}

#[test]
fn every_lane_gives_the_bits_of_one_sample() {
    all_vectors_agree(Mse);
    all_vectors_agree(SoftmaxCe);
    all_vectors_agree(RARE);
    all_vectors_agree(Weighted::new(SoftmaxCe, 0.3));
}

#[test]
fn the_checker_agrees() {
    let (z, y) = ([0.7, -1.2, 2.0], [0.0, 1.0, 0.0]);
    let weighted = Weighted::new(Mse, 0.3);
    for report in [
        check::head(&Mse, &z, &y),
        check::head(&SoftmaxCe, &z, &y),
        check::head(&SoftmaxCe, &z, &[0.5, 1.5, 0.25]),
        check::head(&SigmoidBce, &z, &y),
        check::head(&RARE, &z, &y),
        check::head(&weighted, &z, &y),
    ] {
        println!("{report:?}");
        assert_eq!(report.unwrap().input.compared, 3);
    }
}

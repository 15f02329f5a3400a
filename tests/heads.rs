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

use common::heads::{self, Row, all, all_vectors_agree, off};
use common::tolerance::{HEADS, SATURATED};
use common::{bit, golden};
use stackprop::{
    Head, Mse, Sgd, SigmoidBce, SoftmaxCe, Trainer, Weighted, WeightedBce, check, net,
};

const RARE: WeightedBce<3> = WeightedBce::new([7.5; 3]);

/// The rows of a head.
fn rows(name: &str) -> Vec<Row> {
    let rows = heads::rows(&golden::read("layers_heads.json")["heads"][name]["rows"]);
    assert!(rows.len() >= 40);
    rows
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
    is_pytorch("bce", WeightedBce::<3>::default());
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
        let (mut dz, rare) = ([f32::NAN], WeightedBce::new([7.5]));
        let loss = rare.loss_grad(&[d as f32], &[1.0], &mut dz);
        close("weighted BCE", loss, 7.5 * e[0].ln_1p());
        close("its gradient", dz[0], -7.5 * e[0] / (1.0 + e[0]));
        let loss = rare.loss_grad(&[-d as f32], &[0.0], &mut dz);
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
        assert_eq!(all(&WeightedBce::<3>::default(), &z, &y).map(bit), plain);
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

#[test]
fn every_lane_gives_the_bits_of_one_sample() {
    let rows = [rows("softmax_ce"), rows("weighted_bce")].concat();
    all_vectors_agree(Mse, &rows);
    all_vectors_agree(SoftmaxCe, &rows);
    all_vectors_agree(RARE, &rows);
    all_vectors_agree(Weighted::new(SoftmaxCe, 0.3), &rows);
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

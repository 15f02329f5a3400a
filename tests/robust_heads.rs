//! Huber, smooth L1 and L1, and the weights of outputs and classes: against PyTorch in f64, at
//! their edges, in every lane, and by the gradient checker. `tests/data/losses.py` makes the
//! values.

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
use common::tolerance::{HEADS, ulp};
use common::{bit, golden};
use fastrand::Rng;
use serde_json::Value;
use stackprop::{
    Head, Huber, L1, SigmoidBce, SmoothL1, SoftmaxCe, Weighted, WeightedBce, WeightedCe, check,
};

const INF: f32 = f32::INFINITY;

fn rows(name: &str) -> Vec<Row> {
    heads::rows(&golden::read("losses.json")["heads"][name])
}

fn three(value: &Value) -> [f32; 3] {
    core::array::from_fn(|k| golden::numbers(value)[k] as f32)
}

/// The weights of classes and outputs of the file.
fn weighted_ce() -> WeightedCe<3> {
    WeightedCe::new(three(&golden::read("losses.json")["weight"]))
}

fn weighted_bce() -> WeightedBce<3> {
    let file = golden::read("losses.json");
    WeightedBce::new(three(&file["pos_weight"])).weight(three(&file["weight"]))
}

/// Relative to the value or, where PyTorch's own f64 cancels, to 1e-9; gradients also to a quarter
/// of the largest number of the target with its weights, which `weigh` gives.
fn is_pytorch<H: Head<3>>(name: &str, head: H, weigh: impl Fn(usize, f32) -> f32) {
    let (mut worst, rows): (f64, _) = (0.0, rows(name));
    assert!(rows.len() >= 20);
    for (z, y, exact) in rows {
        let got = all(&head, &z, &y);
        let largest = (0..3).map(|o| weigh(o, y[o])).fold(0.0, f32::max);
        for k in 0..4 {
            let size = if k == 0 {
                0.0
            } else {
                0.25 * f64::from(largest)
            };
            let off = off(got[k], exact[k], size.max(1e-9));
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
    let none = |_, _| 0.0;
    is_pytorch("huber", Huber::default(), none);
    is_pytorch("huber_0_3", Huber { delta: 0.3 }, none);
    is_pytorch("smooth_l1", SmoothL1::default(), none);
    is_pytorch("smooth_l1_0_3", SmoothL1 { beta: 0.3 }, none);
    is_pytorch("smooth_l1_0", SmoothL1 { beta: 0.0 }, none);
    is_pytorch("smooth_l1_0", L1, none);
    is_pytorch("l1", L1, none);
    let (bce, ce) = (weighted_bce(), weighted_ce());
    let shares = |o: usize, y: f32| bce.weight[o] * (bce.pos_weight[o] * y).max(1.0 - y) / 3.0;
    is_pytorch("weighted_bce", bce, shares);
    is_pytorch("weighted_ce", ce, |o, y| ce.weight[o] * y);
    let smooth = ce.label_smoothing(0.1);
    let target = |o: usize, y: f32| ce.weight[o] * (0.9 * y + 0.1 / 3.0);
    is_pytorch("weighted_ce_smooth", smooth, target);
}

/// Straight lines: an infinite distance has a slope. What is no number stays none.
#[test]
fn infinities_and_nan() {
    let third = 1.0 / 3.0;
    let (z, y) = ([INF, -INF, 0.0], [0.0; 3]);
    assert_eq!(all(&L1, &z, &y), [INF, third, -third, 0.0]);
    assert_eq!(
        all(&SmoothL1 { beta: 0.5 }, &z, &y),
        [INF, third, -third, 0.0]
    );
    let huber = Huber { delta: 3.0 };
    assert_eq!(all(&huber, &z, &y), [INF, 1.0, -1.0, 0.0]);
    assert_eq!(all(&huber, &y, &z), [INF, -1.0, 1.0, 0.0]);
    // NaN, and equal infinities.
    for (z, y) in [
        ([0.0, f32::NAN, 5.0], [0.0; 3]),
        ([0.0, INF, 5.0], [0.0, INF, 0.0]),
    ] {
        let is_nan = |all: [f32; 4]| all.map(f32::is_nan) == [true, false, true, false];
        assert!(is_nan(all(&L1, &z, &y)));
        assert!(is_nan(all(&huber, &z, &y)));
        assert!(is_nan(all(&SmoothL1 { beta: 0.0 }, &z, &y)));
        assert!(is_nan(all(&SmoothL1 { beta: 0.5 }, &z, &y)));
    }
}

/// The sum of three would overflow, and the square of one; the mean and the line do not.
#[test]
fn no_overflow_where_the_result_is_finite() {
    let (z, y) = ([3e38, -3e38, 3e38], [0.0; 3]);
    for [loss, dz, ..] in [
        all(&L1, &z, &y),
        all(&SmoothL1 { beta: 1e-45 }, &z, &y),
        all(&Huber { delta: 1.0 }, &z, &y),
    ] {
        assert!(off(loss, f64::from(3e38f32), 0.0) <= HEADS, "{loss}");
        assert!(off(dz, 1.0 / 3.0, 0.0) <= HEADS, "{dz}");
    }
    let wide = Huber { delta: 1e30 };
    let [loss, dz, ..] = all(&wide, &[1e6, -1e6, 1e6], &y);
    assert!(off(loss, 5e11, 0.0) <= HEADS && off(dz, 1e6 / 3.0, 0.0) <= HEADS);
}

/// At the distance where they change, and next to it, on both sides of 0.
#[test]
fn corners() {
    for (size, near) in [
        (1.0_f32, true),
        (1.0_f32.next_down(), true),
        (1.0_f32.next_up(), false),
    ] {
        for sign in [1.0, -1.0] {
            let one = |head: &dyn Fn(&[f32; 1], &mut [f32; 1]) -> f32| {
                let mut dz = [f32::NAN];
                (head(&[sign * size], &mut dz), dz[0] * sign)
            };
            let huber = one(&|z, dz| Huber::default().loss_grad(z, &[0.0], dz));
            let smooth = one(&|z, dz| SmoothL1::default().loss_grad(z, &[0.0], dz));
            let exact = if near { size * size * 0.5 } else { size - 0.5 };
            assert_eq!(huber, (exact, size.min(1.0)));
            assert_eq!(smooth, huber, "with delta = beta = 1 they are one function");
        }
    }
}

/// The worst errors over differences of all sizes, in ulp: of the loss, and of the gradient.
fn errors<H: Head<3>>(head: H, exact: impl Fn(f64) -> (f64, f64)) -> [f64; 2] {
    let (mut rng, mut worst) = (Rng::with_seed(5), [0.0_f64; 2]);
    for _ in 0..20_000 {
        let z = [(); 3].map(|()| (rng.f32() - 0.5) * 2f32.powi(rng.i32(-12..6)));
        let got = all(&head, &z, &[0.0; 3]);
        let parts = z.map(|z| exact(f64::from(z)));
        let loss = parts.iter().map(|(loss, _)| loss).sum::<f64>() / 3.0;
        let off = |got: f32, exact: f64| (f64::from(got) - exact).abs() / ulp(exact);
        worst[0] = worst[0].max(off(got[0], loss));
        for (dz, (_, exact)) in got[1..].iter().zip(parts) {
            worst[1] = worst[1].max(off(*dz, exact / 3.0));
        }
    }
    worst
}

/// What the documentation says of a sum of three.
#[test]
fn errors_are_within_the_bounds() {
    for distance in [1.0_f32, 0.3, 7.7] {
        let d = f64::from(distance);
        let huber = |z: f64| {
            let near = z.abs().min(d);
            (near * (z.abs() - near / 2.0), near.copysign(z))
        };
        let smooth = |z: f64| (huber(z).0 / d, huber(z).1 / d);
        let [loss, dz] = errors(Huber { delta: distance }, huber);
        println!("Huber: {loss:.2} and {dz:.2} ulp");
        assert!(loss <= 4.5 && dz <= 1.5);
        let [loss, dz] = errors(SmoothL1 { beta: distance }, smooth);
        println!("SmoothL1: {loss:.2} and {dz:.2} ulp");
        assert!(loss <= 4.5 && dz <= 2.5);
    }
    let [loss, dz] = errors(L1, |z| (z.abs(), z.signum()));
    println!("L1: {loss:.2} and {dz:.2} ulp");
    assert!(loss <= 3.0 && dz <= 0.5);
}

/// Without weights and smoothing the weighted heads are the plain ones, bit by bit.
#[test]
fn weights_of_one_change_no_bit() {
    for (z, y, _) in [rows("weighted_ce"), rows("weighted_bce")].concat() {
        let plain = all(&SoftmaxCe, &z, &y).map(bit);
        assert_eq!(all(&WeightedCe::default(), &z, &y).map(bit), plain);
        // Between 0 and 1, y + (1 - y) may not be 1.
        if y.iter().all(|y| y % 1.0 == 0.0) {
            let plain = all(&SigmoidBce, &z, &y).map(bit);
            assert_eq!(all(&WeightedBce::default(), &z, &y).map(bit), plain);
        }
    }
}

/// Nothing of an ignored sample is left, also where a logit is infinite or labels are smoothed; of
/// a class with the weight 0 neither.
#[test]
fn ignored_samples_have_no_loss() {
    let none = [0.0; 4].map(bit);
    let head = weighted_ce().label_smoothing(0.1);
    for z in [
        [1.0, -2.0, 0.5],
        [INF, 0.0, -INF],
        [-INF; 3],
        [3e38, -3e38, 0.0],
    ] {
        assert_eq!(all(&head, &z, &[0.0; 3]).map(bit), none, "{z:?}");
        let free = WeightedCe::new([1.0, 0.0, 1.0]);
        assert_eq!(all(&free, &z, &[0.0, 1.0, 0.0]).map(bit), none, "{z:?}");
    }
    assert_eq!(head.weight(&[0.0; 3]), 0.0);
    let limit = all(&weighted_ce(), &[INF, 0.0, -INF], &[1.0, 0.0, 0.0]);
    assert_eq!(limit, [0.0; 4]);
    let wrong = all(&weighted_ce(), &[0.0, INF, 0.0], &[0.0, 0.0, 1.0]);
    assert_eq!(wrong, [INF, 0.0, 6.5, -6.5]);
    assert!(all(&head, &[f32::NAN, 0.0, 0.0], &[1.0, 0.0, 0.0])[0].is_nan());
    // An output with the weight 0 is not looked at, however wrong.
    let free = WeightedBce::new([1.0; 3]).weight([0.0, 1.0, 1.0]);
    let got = all(&free, &[INF, 0.0, 0.0], &[0.0; 3]);
    assert!(got[0].is_finite() && got[1] == 0.0);
}

#[test]
fn predictions() {
    let (z, mut y_hat, mut plain) = ([2.0, -1.0, 0.5], [f32::NAN; 3], [f32::NAN; 3]);
    Huber::default().predict(&z, &mut y_hat);
    assert_eq!(y_hat, z);
    SmoothL1::default().predict(&z, &mut y_hat);
    assert_eq!(y_hat, z);
    L1.predict(&z, &mut y_hat);
    assert_eq!(y_hat, z);
    weighted_ce().predict(&z, &mut y_hat);
    SoftmaxCe.predict(&z, &mut plain);
    assert_eq!(y_hat, plain);
    weighted_bce().predict(&z, &mut y_hat);
    SigmoidBce.predict(&z, &mut plain);
    assert_eq!(y_hat, plain);
}

#[test]
fn every_lane_gives_the_bits_of_one_sample() {
    let names = ["huber", "weighted_ce", "weighted_bce"];
    let rows = names.map(rows).concat();
    all_vectors_agree(Huber { delta: 0.7 }, &rows);
    all_vectors_agree(SmoothL1 { beta: 0.7 }, &rows);
    all_vectors_agree(SmoothL1 { beta: 0.0 }, &rows);
    all_vectors_agree(L1, &rows);
    all_vectors_agree(weighted_bce(), &rows);
    all_vectors_agree(weighted_ce(), &rows);
    all_vectors_agree(weighted_ce().label_smoothing(0.3), &rows);
}

#[test]
fn the_checker_agrees() {
    let (z, y) = ([0.7, -1.2, 2.0], [0.0, 1.0, 0.0]);
    let smooth = weighted_ce().label_smoothing(0.2);
    for report in [
        check::head(&Huber::default(), &z, &y),
        check::head(&Huber { delta: 1.5 }, &z, &y),
        check::head(&SmoothL1::default(), &z, &y),
        check::head(&SmoothL1 { beta: 1.5 }, &z, &y),
        check::head(&SmoothL1 { beta: 0.0 }, &z, &y),
        check::head(&L1, &z, &y),
        check::head(&weighted_bce(), &z, &y),
        check::head(&weighted_ce(), &z, &y),
        check::head(&smooth, &z, &y),
        check::head(&smooth, &z, &[0.5, 0.25, 0.25]),
        check::head(&Weighted::new(smooth, 0.3), &z, &y),
    ] {
        println!("{report:?}");
        assert_eq!(report.unwrap().input.compared, 3);
    }
}

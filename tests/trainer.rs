//! The trainer: its steps are the optimiser's on the mean gradient of what it is to learn from, and the best is kept.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test fails by panicking"
)]

mod common;

use common::bits;
use common::nets::{self, Mlp16};
use fastrand::Rng;
use stackprop::notebook::{NET_BOOK, X, Y};
use stackprop::{Adam, Best, Error, Params, Sgd, Trainer};

/// The parameters' bits.
fn weights<P: Params>(layers: &P) -> Vec<u32> {
    bits::<P>(&layers.params())
}

/// A mini-batch's step is `w - lr g` with the batch's own gradient.
#[test]
fn a_step_is_the_optimisers() {
    let mut trainer = Trainer::new(NET_BOOK, Sgd::new(0.5));
    let mut grad = NET_BOOK.layers;
    let loss = NET_BOOK.gradient_batch(&X, &Y, &mut grad).unwrap();
    assert_eq!(trainer.step(&X, &Y), Ok(loss));
    let w = weights(&NET_BOOK.layers).into_iter().map(f32::from_bits);
    let g = weights(&grad).into_iter().map(f32::from_bits);
    let expected: Vec<u32> = w.zip(g).map(|(w, g)| (w - 0.5 * g).to_bits()).collect();
    assert_eq!(weights(&trainer.network.layers), expected);
}

/// Samples that arrive one by one, up to 16, make the step of a mini-batch; an epoch is its mini-batches' steps.
#[test]
fn one_by_one_and_epochs() {
    let mut rng = Rng::with_seed(3);
    let start: Mlp16 = nets::random(&mut rng);
    let (rows, targets) = (nets::rows(&mut rng, 40), nets::targets(&mut rng, 40));
    let mut batches = Trainer::new(start, Adam::new(0.01));
    let mut single = Trainer::new(start, Adam::new(0.01));
    let mut epoch = Trainer::new(start, Adam::new(0.01));
    let mut sum = 0.0;
    for (x, y) in rows.chunks(16).zip(targets.chunks(16)) {
        let loss = batches.step(x, y).unwrap();
        sum += loss * x.len() as f32;
        for k in 0..x.len() {
            single.accumulate(&x[k..=k], &y[k..=k]).unwrap();
        }
        assert_eq!(single.update(), Ok(loss));
    }
    assert_eq!(epoch.epoch(&rows, &targets, 16), Ok(sum / 40.0));
    assert_eq!(
        weights(&single.network.layers),
        weights(&batches.network.layers)
    );
    assert_eq!(
        weights(&epoch.network.layers),
        weights(&batches.network.layers)
    );
    assert_eq!(single.update(), Err(Error::Empty));
    assert_eq!(epoch.epoch(&[], &[], 16), Err(Error::Empty));
    assert_eq!(
        epoch.step(&rows, &targets[1..]),
        Err(Error::Length {
            expected: 40,
            found: 39
        })
    );
}

#[test]
fn clipping_shortens_the_gradient() {
    let mut grad = NET_BOOK.layers;
    NET_BOOK.gradient_batch(&X, &Y, &mut grad).unwrap();
    let length = norm(NET_BOOK.layers, &grad);
    let mut trainer = Trainer::new(NET_BOOK, Sgd::new(1.0));
    trainer.guard.max_norm = Some(length / 4.0);
    trainer.step(&X, &Y).unwrap();
    let moved = weights(&NET_BOOK.layers)
        .into_iter()
        .zip(weights(&trainer.network.layers));
    let squares =
        moved.map(|(a, b)| (f64::from(f32::from_bits(a)) - f64::from(f32::from_bits(b))).powi(2));
    let ratio = squares.sum::<f64>().sqrt() / f64::from(length);
    assert!((ratio - 0.25).abs() < 1e-5, "{ratio}");
}

#[test]
fn the_best_is_kept_and_restored() {
    let mut layers = NET_BOOK.layers;
    let mut best = Best::new(&layers, 3);
    assert!(!best.observe(0.5, &layers));
    let kept = weights(&layers);
    common::each::<_, 3, 1>(&mut layers, |w| *w = 7.0);
    assert!(!best.observe(0.6, &layers));
    assert!(!best.observe(f32::NAN, &layers));
    assert!(
        best.observe(0.5, &layers),
        "three observations without progress"
    );
    best.restore(&mut layers);
    assert_eq!(weights(&layers), kept);
    assert_eq!(best.loss(), 0.5);
}

fn norm<P: Params>(_: P, grad: &P::Of<f32>) -> f32 {
    stackprop::params::norm::<P>(grad)
}

/// Samples that were accumulated before a step are no part of it, and a step that cannot begin leaves them.
#[test]
fn a_step_forgets_what_was_accumulated() {
    let mut trainer = Trainer::new(NET_BOOK, Sgd::new(0.5));
    let mut undisturbed = trainer.clone();
    trainer.accumulate(&X[..2], &Y[..2]).unwrap();
    assert!(trainer.step(&X, &Y[1..]).is_err());
    let mut kept = trainer.clone();
    let mut expected = undisturbed.clone();
    assert_eq!(kept.update(), expected.step(&X[..2], &Y[..2]));
    assert_eq!(trainer.step(&X, &Y), undisturbed.step(&X, &Y));
    assert_eq!(trainer.network, undisturbed.network);
}

/// With a trainer, as its documentation shows: what is restored has the loss that was observed.
#[test]
fn the_best_of_a_training_run() {
    for lr in [0.1, 20.0, 100.0] {
        let mut trainer = Trainer::new(NET_BOOK, Sgd::new(lr));
        let mut best = Best::new(&NET_BOOK.layers, 20);
        for _ in 0..300 {
            let layers = trainer.network.layers;
            if best.observe(trainer.step(&X, &Y).unwrap(), &layers) {
                break;
            }
        }
        best.restore(&mut trainer.network.layers);
        assert_eq!(trainer.step(&X, &Y), Ok(best.loss()));
    }
}

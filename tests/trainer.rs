//! The trainer: its steps are the optimiser's on the mean gradient, and nothing that is not finite gets in.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test fails by panicking"
)]

mod common;

use common::bits;
use common::nets::{self, Mlp16};
use fastrand::Rng;
use stackprop::guard::MAX_WEIGHT;
use stackprop::notebook::{NET_BOOK, X, Y};
use stackprop::{Adam, AdamW, Best, Error, NotFinite, Optimizer, Params, RmsProp, Sgd, Trainer};

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

/// Whatever is refused leaves parameters, optimiser and state as they were: the next step is the one that
/// would have come without it.
fn refused<Opt: Optimizer>(
    optimizer: Opt,
    spoil: impl Fn(&mut [[f32; 3]; 4], &mut [[f32; 1]; 4], &mut Opt),
    error: Error,
) {
    let mut trainer = Trainer::new(NET_BOOK, optimizer);
    let mut undisturbed = trainer;
    trainer.step(&X, &Y).unwrap();
    undisturbed.step(&X, &Y).unwrap();
    let (mut x, mut y) = (X, Y);
    let kept = trainer.optimizer;
    spoil(&mut x, &mut y, &mut trainer.optimizer);
    assert_eq!(trainer.step(&x, &y), Err(error));
    trainer.optimizer = kept;
    assert_eq!(
        weights(&trainer.network.layers),
        weights(&undisturbed.network.layers)
    );
    assert_eq!(trainer.step(&X, &Y), undisturbed.step(&X, &Y));
    assert_eq!(
        weights(&trainer.network.layers),
        weights(&undisturbed.network.layers)
    );
}

fn all_refusals<Opt: Optimizer>(optimizer: Opt) {
    for value in [f32::NAN, f32::INFINITY, f32::NEG_INFINITY] {
        refused(
            optimizer,
            |x, _, _| x[2][1] = value,
            Error::NotFinite(NotFinite::Input),
        );
        refused(
            optimizer,
            |_, y, _| y[3][0] = value,
            Error::NotFinite(NotFinite::Target),
        );
    }
    let overflow = |x: &mut [[f32; 3]; 4], y: &mut [[f32; 1]; 4], _: &mut Opt| {
        x[0] = [1e30; 3];
        y[0] = [f32::MAX];
    };
    refused(optimizer, overflow, Error::NotFinite(NotFinite::Loss));
}

#[test]
fn nothing_that_is_not_finite_is_learned() {
    all_refusals(Sgd::new(0.1));
    all_refusals(Sgd::new(0.1).momentum(0.9).nesterov());
    all_refusals(Adam::new(0.01));
    all_refusals(Adam::new(0.01).amsgrad());
    all_refusals(AdamW::new(0.01));
    all_refusals(RmsProp::new(0.01));
}

#[test]
fn rates_that_blow_up_are_refused() {
    refused(
        Sgd::new(0.1),
        |_, _, optimizer| optimizer.set_lr(1e30),
        Error::Diverged,
    );
    refused(
        Adam::new(0.1),
        |_, _, optimizer| optimizer.set_lr(1e30),
        Error::Diverged,
    );
    refused(
        Sgd::new(0.1),
        |_, _, optimizer| optimizer.set_lr(f32::NAN),
        Error::NotFinite(NotFinite::Step),
    );
    refused(
        Sgd::new(0.1),
        |_, _, optimizer| optimizer.set_lr(f32::INFINITY),
        Error::Diverged,
    );
}

/// Doubling the rate for ever: at some step nothing is learned any more, and what is there stays finite.
#[test]
fn a_rate_that_doubles_for_ever_loses_nothing() {
    let mut trainer = Trainer::new(NET_BOOK, Sgd::new(0.1));
    let mut refusals = 0;
    for _ in 0..200 {
        refusals += u32::from(trainer.step(&X, &Y).is_err());
        trainer.optimizer.set_lr(trainer.optimizer.lr() * 2.0);
    }
    assert!(refusals > 0);
    let all = weights(&trainer.network.layers);
    assert!(
        all.into_iter()
            .all(|w| f32::from_bits(w).abs() <= MAX_WEIGHT)
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

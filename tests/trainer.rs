//! The trainer: its steps are the optimiser's on the mean gradient of what it is to learn from, and
//! the best is kept.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test fails by panicking"
)]

mod common;

use common::nets::{self, Mlp16};
use common::{bits, weight_bits};
use fastrand::Rng;
use stackprop::notebook::{BOOK_NET, NetBook, X, Y};
use stackprop::{Adam, EarlyStopping, Error, Guard, Mean, NotFinite, Sgd, Trainer, params};

/// A mini-batch's step is `w - lr g` with the batch's own gradient.
#[test]
fn a_step_is_the_optimisers() {
    let mut trainer = Trainer::new(BOOK_NET, Sgd::new(0.5));
    let mut grad = NetBook::zero_grad();
    let loss = BOOK_NET.gradient_batch(&X, &Y, &mut grad).unwrap();
    assert_eq!(trainer.step(&X, &Y), Ok(loss));
    let w = weight_bits(&BOOK_NET).into_iter().map(f32::from_bits);
    let g = bits::<NetBook>(&grad).into_iter().map(f32::from_bits);
    let expected: Vec<u32> = w.zip(g).map(|(w, g)| (w - 0.5 * g).to_bits()).collect();
    assert_eq!(weight_bits(&trainer.network), expected);
}

/// Samples that arrive one by one, up to 16, make the step of a mini-batch; an epoch is its
/// mini-batches' steps.
#[test]
fn one_by_one_and_epochs() {
    let mut rng = Rng::with_seed(3);
    let start: Mlp16 = nets::random(&mut rng);
    let (rows, targets) = (nets::rows(&mut rng, 40), nets::targets(&mut rng, 40));
    let mut batches = Trainer::new(start, Adam::new(0.01));
    let mut single = Trainer::new(start, Adam::new(0.01));
    let mut epoch = Trainer::new(start, Adam::new(0.01));
    let mut mean = Mean::new();
    for (x, y) in rows.chunks(16).zip(targets.chunks(16)) {
        let loss = batches.step(x, y).unwrap();
        mean.push_times(loss, x.len() as u64);
        for k in 0..x.len() {
            single.accumulate(&x[k..=k], &y[k..=k]).unwrap();
        }
        assert_eq!(single.update(), Ok(loss));
    }
    assert_eq!(epoch.epoch(&rows, &targets, 16).ok(), mean.mean());
    assert_eq!(weight_bits(&single.network), weight_bits(&batches.network));
    assert_eq!(weight_bits(&epoch.network), weight_bits(&batches.network));
    assert_eq!(single.update(), Err(Error::Empty));
    assert_eq!(epoch.epoch(&[], &[], 16), Err(Error::Empty));
    assert_eq!(
        epoch.step(&rows, &targets[1..]),
        Err(Error::Length {
            rows: 40,
            targets: 39
        })
    );
}

#[test]
fn clipping_shortens_the_gradient() {
    let mut grad = NetBook::zero_grad();
    BOOK_NET.gradient_batch(&X, &Y, &mut grad).unwrap();
    let length = params::norm::<NetBook>(&grad);
    let mut trainer = Trainer::new(BOOK_NET, Sgd::new(1.0));
    trainer.guard = Guard::new().max_norm(length / 4.0);
    trainer.step(&X, &Y).unwrap();
    let moved = weight_bits(&BOOK_NET)
        .into_iter()
        .zip(weight_bits(&trainer.network));
    let squares =
        moved.map(|(a, b)| (f64::from(f32::from_bits(a)) - f64::from(f32::from_bits(b))).powi(2));
    let ratio = squares.sum::<f64>().sqrt() / f64::from(length);
    assert!((ratio - 0.25).abs() < 1e-5, "{ratio}");
}

#[test]
fn the_best_is_kept_and_restored() {
    let mut network = BOOK_NET;
    let mut best = EarlyStopping::new(&network, 3);
    assert!(!best.observe(0.5, &network));
    let kept = weight_bits(&network);
    network.visit_mut(|tensor| tensor.values.fill(7.0));
    assert!(!best.observe(0.6, &network));
    assert!(!best.observe(f32::NAN, &network));
    assert!(
        best.observe(0.5, &network),
        "three observations without progress"
    );
    best.restore(&mut network);
    assert_eq!(weight_bits(&network), kept);
    assert_eq!(best.loss(), 0.5);
}

/// A loss has to be less by more than `min_delta`; what is less by just that is no progress, and
/// progress starts the count anew.
#[test]
fn progress_is_more_than_min_delta() {
    let mut best = EarlyStopping::new(&BOOK_NET, 2).min_delta(0.25);
    for (loss, stops, least) in [
        (1.0, false, 1.0),
        (0.75, false, 1.0),
        (0.5, false, 0.5),
        (0.25, false, 0.5),
        (0.3, true, 0.5),
    ] {
        assert_eq!(best.observe(loss, &BOOK_NET), stops, "{loss}");
        assert_eq!(best.loss(), least, "{loss}");
    }
}

/// Samples that were accumulated before a step are no part of it, and a step that cannot begin
/// leaves them.
#[test]
fn a_step_forgets_what_was_accumulated() {
    let mut trainer = Trainer::new(BOOK_NET, Sgd::new(0.5));
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
        let mut trainer = Trainer::new(BOOK_NET, Sgd::new(lr));
        let mut best = EarlyStopping::new(&BOOK_NET, 20);
        for _ in 0..300 {
            let network = trainer.network;
            if best.observe(trainer.step(&X, &Y).unwrap(), &network) {
                break;
            }
        }
        best.restore(&mut trainer.network);
        assert_eq!(trainer.step(&X, &Y), Ok(best.loss()));
    }
}

/// A batch of several blocks is looked at block by block: what is refused is named by its row in
/// the whole batch, nothing is learned, and the next step is that of the good rows alone.
#[test]
fn a_late_row_of_a_long_batch_is_refused() {
    let mut rng = Rng::with_seed(4);
    let start: Mlp16 = nets::random(&mut rng);
    let good = (nets::rows(&mut rng, 9000), nets::targets(&mut rng, 9000));
    let mut trainer = Trainer::new(start, Adam::new(0.01));
    let mut spoilt = good.clone();
    spoilt.1[8500][2] = 1.5;
    let target = Err(Error::Target { row: 8500 });
    assert_eq!(trainer.step(&spoilt.0, &spoilt.1), target);
    // Of two faults the one that a look at all rows finds first, on every target.
    spoilt.0[8999][15] = f32::NAN;
    let (row, column) = (8999, 15);
    let input = Err(Error::NotFinite(NotFinite::Input { row, column }));
    assert_eq!(trainer.step(&spoilt.0, &spoilt.1), input);
    assert_eq!(weight_bits(&trainer.network), weight_bits(&start));
    assert_eq!(trainer.update(), Err(Error::Empty));
    let mut only_good = Trainer::new(start, Adam::new(0.01));
    let loss = only_good.step(&good.0, &good.1);
    assert_eq!(trainer.step(&good.0, &good.1), loss);
    assert_eq!(
        weight_bits(&trainer.network),
        weight_bits(&only_good.network)
    );
}

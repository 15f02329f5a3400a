//! A step in slices is the step.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test fails by panicking"
)]

mod common;

use common::nets::{self, Mlp16};
use fastrand::Rng;
use stackprop::batch::ROWS_PER_BLOCK;
use stackprop::notebook::{BOOK_NET, X, Y};
use stackprop::{Adam, Error, NotFinite, Optimizer, Sgd, Trainer};

/// Advances to the end, and counts the calls.
fn finish(
    trainer: &mut Trainer<Mlp16, Adam>,
    rows: &[[f32; 16]],
    targets: &[[f32; 4]],
    slice: usize,
) -> (f32, usize) {
    let mut step = trainer.begin_step(rows, targets).unwrap();
    let mut calls = 1;
    loop {
        match step.advance(slice).unwrap() {
            Some(loss) => return (loss, calls),
            None => calls += 1,
        }
    }
}

#[test]
fn any_slices_give_the_bits_of_the_step() {
    let mut rng = Rng::with_seed(11);
    let net: Mlp16 = nets::random(&mut rng);
    let (rows, targets) = (nets::rows(&mut rng, 200), nets::targets(&mut rng, 200));
    let mut cut = Trainer::new(net, Adam::new(0.01));
    let mut whole = Trainer::new(net, Adam::new(0.01));
    for length in (1..=40).chain([64, 127, 200]) {
        let (rows, targets) = (&rows[..length], &targets[..length]);
        let slice = 1 + length % 5;
        let (loss, calls) = finish(&mut cut, rows, targets, slice);
        assert_eq!(Ok(loss), whole.step(rows, targets), "{length} rows");
        assert_eq!(cut.network, whole.network, "{length} rows by {slice}");
        // Rows, their mean, and twice all parameters, of which a sixteenth counts as a row.
        let updates = 1140usize.div_ceil(1140usize.div_ceil(16) * slice);
        let expected = length.div_ceil(slice) + 1 + 2 * updates;
        assert_eq!(calls, expected, "{length} rows by {slice}");
    }
    assert_ne!(cut.network, net);
    let (_, calls) = finish(&mut cut, &rows[..3], &targets[..3], 0);
    assert_eq!(calls, 3 + 1 + 2 * 16, "0 counts as 1");
}

#[test]
fn a_step_not_finished_changes_nothing() {
    let mut trainer = Trainer::new(BOOK_NET, Sgd::new(0.5));
    let mut undisturbed = trainer.clone();
    let mut step = trainer.begin_step(&X, &Y).unwrap();
    assert_eq!(step.advance(3), Ok(None));
    assert_eq!(step.network(), &BOOK_NET);
    drop(step);
    assert_eq!(trainer.network, BOOK_NET);
    assert_eq!(trainer.update(), Err(Error::Empty));
    assert_eq!(trainer.step(&X, &Y), undisturbed.step(&X, &Y));
    assert_eq!(trainer.network, undisturbed.network);
}

/// Dropped while the parameters change, it changes them all; leaked half-way, it leaves nothing for
/// the next step.
#[test]
fn dropped_late_or_leaked() {
    let mut trainer = Trainer::new(BOOK_NET, Sgd::new(0.5));
    let mut whole = trainer.clone();
    whole.step(&X, &Y).unwrap();
    let mut step = trainer.begin_step(&X, &Y).unwrap();
    // The rows, the mean, the look at 22 parameters by twos, and the first two.
    for _ in 0..4 + 1 + 11 + 1 {
        assert_eq!(step.advance(1), Ok(None));
    }
    assert_ne!(step.network(), &BOOK_NET);
    assert_ne!(step.network(), &whole.network);
    drop(step);
    assert_eq!(trainer.network, whole.network);
    let mut step = trainer.begin_step(&X, &Y).unwrap();
    step.advance(3).unwrap();
    std::mem::forget(step);
    assert_eq!(trainer.update(), Err(Error::Empty));
    trainer.accumulate(&X[..1], &Y[..1]).unwrap();
    assert_eq!(trainer.update(), whole.step(&X[..1], &Y[..1]));
    assert_eq!(trainer.network, whole.network);
}

/// A step that the guard refuses when all is summed changes nothing.
#[test]
fn refused_at_the_look() {
    let mut trainer = Trainer::new(BOOK_NET, Adam::new(0.1));
    let mut undisturbed = trainer.clone();
    trainer.optimizer.set_lr(1e30);
    let mut step = trainer.begin_step(&X, &Y).unwrap();
    let refused = loop {
        match step.advance(4) {
            Ok(None) => {}
            other => break other,
        }
    };
    assert_eq!(refused, Err(Error::Diverged));
    assert_eq!(step.advance(4), Err(Error::Empty));
    drop(step);
    trainer.optimizer.set_lr(0.1);
    assert_eq!(trainer.step(&X, &Y), undisturbed.step(&X, &Y));
    assert_eq!(trainer.network, undisturbed.network);
}

#[test]
fn refused_rows() {
    let mut trainer = Trainer::new(BOOK_NET, Sgd::new(0.5));
    let (mut x, mut y) = (X, Y);
    x[2][0] = f32::NAN;
    y[3][0] = f32::INFINITY;
    let mut step = trainer.begin_step(&x, &Y).unwrap();
    assert_eq!(step.advance(2), Ok(None));
    let error = Err(Error::NotFinite(NotFinite::Input { row: 2, column: 0 }));
    assert_eq!(step.advance(2), error);
    assert_eq!(step.advance(2), Err(Error::Empty));
    drop(step);
    let mut step = trainer.begin_step(&X, &y).unwrap();
    let error = Err(Error::NotFinite(NotFinite::Target { row: 3, column: 0 }));
    assert_eq!(step.advance(4), error);
    drop(step);
    assert_eq!(trainer.network, BOOK_NET);
}

#[test]
fn refused_lengths() {
    let mut trainer = Trainer::new(BOOK_NET, Sgd::new(0.5));
    assert_eq!(trainer.begin_step(&[], &[]).err(), Some(Error::Empty));
    let long = (
        vec![X[0]; ROWS_PER_BLOCK + 1],
        vec![Y[0]; ROWS_PER_BLOCK + 1],
    );
    let (max, found) = (ROWS_PER_BLOCK, ROWS_PER_BLOCK + 1);
    let error = Error::TooLong { max, found };
    assert_eq!(trainer.begin_step(&long.0, &long.1).err(), Some(error));
    let (rows, targets) = (4, 3);
    let error = Error::Length { rows, targets };
    assert_eq!(trainer.begin_step(&X, &Y[1..]).err(), Some(error));
    let most = (&long.0[..ROWS_PER_BLOCK], &long.1[..ROWS_PER_BLOCK]);
    let mut step = trainer.begin_step(most.0, most.1).unwrap();
    assert_eq!(step.advance(ROWS_PER_BLOCK), Ok(None));
    // The mean, and a look at all parameters.
    assert_eq!(step.advance(ROWS_PER_BLOCK), Ok(None));
    assert_eq!(step.advance(ROWS_PER_BLOCK), Ok(None));
    assert!(step.advance(ROWS_PER_BLOCK).unwrap().is_some());
    assert_eq!(
        step.advance(ROWS_PER_BLOCK),
        Err(Error::Empty),
        "it is over"
    );
}

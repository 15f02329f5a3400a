//! The guard: what a trainer refuses, why, and that nothing is lost then.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test fails by panicking"
)]

mod common;

use common::nets::Mlp16;
use common::spoilt::{self, Spoilt};
use common::{in_slices, weight_bits};
use stackprop::guard::MAX_WEIGHT;
use stackprop::notebook::{BOOK_NET, X, Y};
use stackprop::{
    Adagrad, Adam, AdamW, Error, Mse, NAdam, NotFinite, Online, Optimizer, RmsProp, Sgd, Trainer,
    net,
};

/// One weight, without bias, and squared error: w = 0 and x give the gradient -2 x target.
const fn line<Opt: Optimizer>(optimizer: Opt) -> Trainer<net![bias = false; 1 => 1, Mse], Opt> {
    Trainer::new(<net![bias = false; 1 => 1, Mse]>::zeros(), optimizer)
}

/// A finite loss with a gradient that is not, and a finite gradient whose square is not.
#[test]
fn what_is_to_blame() {
    let (gradient, step) = (NotFinite::Gradient, NotFinite::Step);
    for (x, target, what) in [(3e35, 1e3, gradient), (1e5, 1e16, step)] {
        let error = Err(Error::NotFinite(what));
        let mut adam = line(Adam::new(0.1));
        assert_eq!(adam.step(&[[x]], &[[target]]), error);
        assert_eq!(adam.network.layers.weight, [[0.0]]);
        let mut online = Online::new(adam.network, Adam::new(0.1));
        assert_eq!(online.step(&[x], &[target]), error);
        // As if it had not been.
        let expected = line(Adam::new(0.1)).step(&[[1.0]], &[[1.0]]);
        assert_eq!(adam.step(&[[1.0]], &[[1.0]]), expected);
        assert_eq!(online.step(&[1.0], &[1.0]), expected);
        assert_eq!(adam.network, online.network);
    }
}

/// A state that would not be finite is refused, also where the parameter would be finite.
#[test]
fn squares_that_overflow_are_refused() {
    fn overflows<Opt: Optimizer>(optimizer: Opt) {
        let error = Err(Error::NotFinite(NotFinite::Step));
        let mut trainer = line(optimizer);
        assert_eq!(trainer.step(&[[1e5]], &[[1e16]]), error);
        assert_eq!(trainer.network.layers.weight, [[0.0]]);
    }
    let rmsprop = RmsProp::new(0.1);
    overflows(AdamW::new(0.1).amsgrad());
    overflows(NAdam::new(0.1));
    overflows(rmsprop);
    overflows(rmsprop.centered());
    overflows(rmsprop.momentum(0.9));
    overflows(rmsprop.centered().momentum(0.9));
    overflows(Adagrad::new(0.1));
}

/// Whatever is refused leaves parameters, optimiser and state as they were: the next step is the
/// one that would have come without it.
fn refused<Opt: Optimizer>(
    optimizer: Opt,
    spoil: impl Fn(&mut [[f32; 3]; 4], &mut [[f32; 1]; 4], &mut Opt),
    error: Error,
) {
    let mut trainer = Trainer::new(BOOK_NET, optimizer);
    let mut undisturbed = trainer.clone();
    trainer.step(&X, &Y).unwrap();
    undisturbed.step(&X, &Y).unwrap();
    let (mut x, mut y) = (X, Y);
    let lr = trainer.optimizer.lr();
    spoil(&mut x, &mut y, &mut trainer.optimizer);
    assert_eq!(trainer.step(&x, &y), Err(error));
    trainer.optimizer.set_lr(lr);
    assert_eq!(
        weight_bits(&trainer.network),
        weight_bits(&undisturbed.network)
    );
    assert_eq!(trainer.step(&X, &Y), undisturbed.step(&X, &Y));
    assert_eq!(
        weight_bits(&trainer.network),
        weight_bits(&undisturbed.network)
    );
}

fn all_refusals<Opt: Optimizer>(optimizer: Opt) {
    for value in [f32::NAN, f32::INFINITY, f32::NEG_INFINITY] {
        refused(
            optimizer,
            |x, _, _| x[2][1] = value,
            Error::NotFinite(NotFinite::Input { row: 2, column: 1 }),
        );
        refused(
            optimizer,
            |_, y, _| y[3][0] = value,
            Error::NotFinite(NotFinite::Target { row: 3, column: 0 }),
        );
    }
    let error = Err(Error::NotFinite(NotFinite::Loss));
    assert_eq!(line(optimizer).step(&[[1.0]], &[[1e30]]), error);
    for target in [-1e-7, 1.000_000_1] {
        let error = Error::Target { row: 2 };
        refused(optimizer, |_, y, _| y[2][0] = target, error);
    }
}

/// In an epoch a target is counted from the first row of all, and what came before its mini-batch
/// was learned.
#[test]
fn an_epoch_says_which_of_all_targets() {
    let (rows, mut targets) = ([[0.5, -1.0, 2.0]; 10], [[1.0]; 10]);
    targets[7] = [3.0];
    let mut trainer = Trainer::new(BOOK_NET, Sgd::new(0.1));
    let refused = trainer.epoch(&rows, &targets, 2);
    assert_eq!(refused, Err(Error::Target { row: 7 }));
    let mut other = Trainer::new(BOOK_NET, Sgd::new(0.1));
    other.epoch(&rows[..6], &targets[..6], 2).unwrap();
    assert_eq!(weight_bits(&trainer.network), weight_bits(&other.network));
}

#[test]
fn nothing_that_is_not_finite_is_learned() {
    all_refusals(Sgd::new(0.1));
    all_refusals(Sgd::new(0.1).momentum(0.9).nesterov());
    all_refusals(Adam::new(0.01));
    all_refusals(Adam::new(0.01).amsgrad());
    all_refusals(AdamW::new(0.01));
    all_refusals(AdamW::new(0.01).amsgrad());
    all_refusals(NAdam::new(0.01));
    all_refusals(RmsProp::new(0.01));
    all_refusals(RmsProp::new(0.01).centered());
    all_refusals(RmsProp::new(0.01).momentum(0.9));
    all_refusals(Adagrad::new(0.01));
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
    // Where no new number is finite, and where its square is not.
    for lr in [f32::MAX, 1e20] {
        refused(
            Sgd::new(0.1),
            |_, _, optimizer| optimizer.set_lr(lr),
            Error::Diverged,
        );
    }
}

/// Doubling the rate for ever: at some step nothing is learned any more, and what is there stays
/// finite.
#[test]
fn a_rate_that_doubles_for_ever_loses_nothing() {
    let mut trainer = Trainer::new(BOOK_NET, Sgd::new(0.1));
    let mut refusals = 0;
    for _ in 0..200 {
        refusals += u32::from(trainer.step(&X, &Y).is_err());
        trainer.optimizer.set_lr(trainer.optimizer.lr() * 2.0);
    }
    assert!(refusals > 0);
    let all = weight_bits(&trainer.network);
    assert!(
        all.into_iter()
            .all(|w| f32::from_bits(w).abs() <= MAX_WEIGHT)
    );
}

/// A velocity that a huge gradient left proposes the same step for ever, until it is reset.
#[test]
fn a_velocity_can_be_reset() {
    let sgd = Sgd::new(0.1).momentum(0.9);
    let mut trainer = line(sgd);
    let mut online = Online::new(trainer.network, sgd);
    assert!(trainer.step(&[[1.0]], &[[4e6]]).is_ok());
    assert!(online.step(&[1.0], &[4e6]).is_ok());
    for _ in 0..3 {
        assert_eq!(trainer.step(&[[1.0]], &[[1.0]]), Err(Error::Diverged));
        assert_eq!(online.step(&[1.0], &[1.0]), Err(Error::Diverged));
    }
    trainer.reset_state();
    online.reset_state();
    for _ in 0..500 {
        trainer.step(&[[1.0]], &[[1.0]]).unwrap();
        online.step(&[1.0], &[1.0]).unwrap();
    }
    assert!(trainer.network.loss(&[1.0], &[1.0]) < 1e-6);
    assert_eq!(trainer.network, online.network);
}

/// Every way to learn says which row and which column, and learns nothing from that batch.
#[test]
fn the_place_is_said() {
    let start = Mlp16::new(1);
    for Spoilt {
        rows,
        targets,
        place: (row, column),
        error,
    } in spoilt::batches()
    {
        let mut trainer = Trainer::new(start, Sgd::new(0.1));
        assert_eq!(trainer.step(&rows, &targets), Err(error));
        assert_eq!(trainer.accumulate(&rows, &targets), Err(error));
        assert_eq!(trainer.network, start, "row {row}, column {column}");

        // The row of a mini-batch, and the row of the epoch.
        let first = row / 7 * 7;
        let last = (first + 7).min(spoilt::ROWS);
        let part = trainer.step(&rows[first..last], &targets[first..last]);
        assert_eq!(part, Err(spoilt::at_row(error, row - first)));
        assert_eq!(trainer.epoch(&rows, &targets, 7), Err(error));
        let mut before = Trainer::new(start, Sgd::new(0.1));
        for (rows, targets) in rows[..first].chunks(7).zip(targets[..first].chunks(7)) {
            before.step(rows, targets).unwrap();
        }
        assert_eq!(trainer.network, before.network, "what came before it");

        let mut online = Online::new(start, Sgd::new(0.1));
        let one = Err(spoilt::at_row(error, 0));
        assert_eq!(online.step(&rows[row], &targets[row]), one);
        assert_eq!(online.network, start);
    }
}

/// A sliced step too, whatever the slices, though it takes the rows in another order.
#[test]
fn the_place_is_said_by_a_sliced_step() {
    let start = Mlp16::new(1);
    for (slice, batch) in spoilt::batches().into_iter().enumerate() {
        let mut trainer = Trainer::new(start, Sgd::new(0.1));
        let refused = in_slices(&mut trainer, &batch.rows, &batch.targets, 1 + slice % 9);
        assert_eq!(refused, Err(batch.error));
        assert_eq!(trainer.network, start);
    }
}

/// Of several numbers that are not finite, the first of the first row.
#[test]
fn the_first_place_is_said() {
    let (mut rows, mut targets) = ([[0.5; 16]; 40], [[1.0; 4]; 40]);
    for (row, column) in [(38, 1), (21, 3), (21, 2), (30, 0)] {
        targets[row][column] = f32::NAN;
    }
    let mut trainer = Trainer::new(Mlp16::new(1), Sgd::new(0.1));
    let (row, column) = (21, 2);
    let error = Error::NotFinite(NotFinite::Target { row, column });
    assert_eq!(trainer.step(&rows, &targets), Err(error));
    assert_eq!(trainer.epoch(&rows, &targets, 16), Err(error));
    for (row, column) in [(39, 1), (24, 14), (24, 9), (30, 0)] {
        rows[row][column] = f32::INFINITY;
    }
    let (row, column) = (24, 9);
    let error = Error::NotFinite(NotFinite::Input { row, column });
    assert_eq!(trainer.step(&rows, &targets), Err(error));
}

//! All ways to train with an optimiser.

use core::hint::black_box;
use stackprop::notebook::{BOOK_NET, X, Y};
use stackprop::{Error, Online, Optimizer, Trainer};

/// Steps on a mini-batch, on samples that arrive one by one, and on each of them.
pub(crate) fn training<Opt: Optimizer>(optimizer: Opt) -> Result<(), Error> {
    let (rows, targets) = (black_box(&X[..]), black_box(&Y[..]));
    let mut trainer = Trainer::new(black_box(BOOK_NET), black_box(optimizer));
    black_box(trainer.step(rows, targets)?);
    trainer.accumulate(rows, targets)?;
    black_box(trainer.update()?);
    black_box(trainer.epoch(rows, targets, black_box(2))?);
    black_box(trainer.network.layers);
    let mut step = trainer.begin_step(rows, targets)?;
    while black_box(step.advance(black_box(1))?).is_none() {}
    let mut online = Online::new(black_box(BOOK_NET), black_box(optimizer));
    for (x, y) in rows.iter().zip(targets) {
        black_box(online.test_then_train(x, y)?);
    }
    black_box(online);
    Ok(())
}

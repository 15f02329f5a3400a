//! The ways to take one step.

use core::array::from_ref;
use core::fmt::Debug;
use stackprop::{
    Error, Guard, Model, NotFinite, Online, Optimizer, Record, Trainable, Trainer, Zero,
};

/// Rows and targets.
type Batch<'a, N> = (&'a [<N as Model>::Input], &'a [<N as Model>::Output]);

/// A step on rows and targets.
type Step<'a, T> = &'a dyn Fn(&mut T) -> Result<f32, Error>;

/// One step by each way, from the same trainer: all give the same loss and leave the same bits, or
/// give the same error and change nothing. `fine` are settings that a record takes. Gives whether
/// the step was taken, and whether the trainer had a record.
pub(crate) fn step<N: Trainable + Zero, Opt: Optimizer + Debug>(
    trainer: &mut Trainer<N, Opt>,
    fine: &Opt,
    (rows, targets): Batch<'_, N>,
    slice: usize,
) -> (bool, bool)
where
    Trainer<N, Opt>: Record,
{
    let before = all(trainer, fine);
    let start = trainer.clone();
    let expected = trainer.step(rows, targets);
    let after = all(trainer, fine);
    match expected {
        Ok(loss) => {
            assert!(loss.is_finite());
            assert!(weights(trainer).all(f32::is_finite), "a bad weight");
        }
        Err(_) => assert!(before == after, "{expected:?} has changed something"),
    }
    let faults = faults(&start, (rows, targets));
    let same = |way: &str, is_whole: bool, step: Step<Trainer<N, Opt>>| {
        let mut other = start.clone();
        let found = step(&mut other);
        // Of several faults a way that does not see the whole batch names the first it meets.
        let both = [found, expected].map(|way| way.is_err_and(|error| faults.contains(&error)));
        if is_whole || both != [true; 2] {
            assert_eq!(found.map(f32::to_bits), expected.map(f32::to_bits), "{way}");
        }
        assert!(all(&other, fine) == after, "{way}: other bits");
    };
    same("in slices", false, &|t| sliced(t, (rows, targets), slice));
    same("an epoch", true, &|t| {
        t.epoch(rows, targets, rows.len().max(1))
    });
    same("from a record", true, &|t| {
        resumed(t);
        t.step(rows, targets)
    });
    if rows.len() <= 16 {
        same("row by row", false, &|t| added(t, (rows, targets)));
    }
    if let ([row], [target]) = (rows, targets) {
        same("online", true, &|t| online(t, row, target));
    }
    (expected.is_ok(), resumed(&mut start.clone()))
}

/// All that a trainer has learned and remembers, and its settings as text, for they may be NaN.
fn all<N: Trainable, Opt: Optimizer + Debug>(
    trainer: &Trainer<N, Opt>,
    fine: &Opt,
) -> (Vec<u8>, String)
where
    Trainer<N, Opt>: Record,
{
    let settings = format!("{:?} {:?}", trainer.optimizer, trainer.guard);
    let mut trainer = trainer.clone();
    trainer.optimizer = *fine;
    trainer.guard = Guard::new();
    trainer.forget();
    let mut bytes = vec![0; Trainer::<N, Opt>::RECORD_BYTES];
    trainer.to_bytes(0, &mut bytes).unwrap();
    (bytes, settings)
}

fn weights<N: Trainable, Opt: Optimizer>(trainer: &Trainer<N, Opt>) -> impl Iterator<Item = f32> {
    let tensors = stackprop::weights::tensors(&trainer.network);
    tensors.flat_map(|tensor| tensor.values.iter().copied())
}

fn sliced<N: Trainable, Opt: Optimizer>(
    trainer: &mut Trainer<N, Opt>,
    (rows, targets): Batch<'_, N>,
    slice: usize,
) -> Result<f32, Error> {
    let mut step = trainer.begin_step(rows, targets)?;
    loop {
        if let Some(loss) = step.advance(slice)? {
            return Ok(loss);
        }
    }
}

/// What is wrong with each row and its target by themselves.
fn faults<N: Trainable, Opt: Optimizer>(
    trainer: &Trainer<N, Opt>,
    (rows, targets): Batch<'_, N>,
) -> Vec<Error> {
    let mut trainer = trainer.clone();
    let mut fault = |at: usize| {
        let added = trainer.accumulate(&rows[at..=at], &targets[at..=at]);
        added.err().map(|error| in_row(error, at))
    };
    (0..rows.len()).filter_map(&mut fault).collect()
}

/// An error of a row alone as one of a batch, in which it is row `at`.
const fn in_row(error: Error, at: usize) -> Error {
    match error {
        Error::NotFinite(NotFinite::Input { column, .. }) => {
            Error::NotFinite(NotFinite::Input { row: at, column })
        }
        Error::NotFinite(NotFinite::Target { column, .. }) => {
            Error::NotFinite(NotFinite::Target { row: at, column })
        }
        Error::Target { .. } => Error::Target { row: at },
        other => other,
    }
}

/// Row by row into one gradient.
fn added<N: Trainable, Opt: Optimizer>(
    trainer: &mut Trainer<N, Opt>,
    (rows, targets): Batch<'_, N>,
) -> Result<f32, Error> {
    trainer.forget();
    for (at, (row, target)) in rows.iter().zip(targets).enumerate() {
        let added = trainer.accumulate(from_ref(row), from_ref(target));
        added.map_err(|error| in_row(error, at))?;
    }
    trainer.update()
}

fn online<N: Trainable, Opt: Optimizer>(
    trainer: &mut Trainer<N, Opt>,
    row: &N::Input,
    target: &N::Output,
) -> Result<f32, Error> {
    let mut online = Online::new(trainer.network, trainer.optimizer);
    (online.guard, online.state) = (trainer.guard, trainer.state);
    let loss = online.step(row, target);
    (trainer.network, trainer.state) = (online.network, online.state);
    loss
}

/// Replaces the trainer by one that was read from its record; one that has no record, for its
/// settings are refused, stays. Whether there is one.
fn resumed<N: Trainable + Zero, Opt: Optimizer>(trainer: &mut Trainer<N, Opt>) -> bool
where
    Trainer<N, Opt>: Record,
{
    trainer.forget();
    let mut bytes = vec![0; Trainer::<N, Opt>::RECORD_BYTES];
    let written = trainer.to_bytes(7, &mut bytes).is_ok();
    if written {
        let mut other = Trainer::<N, Opt>::unset();
        assert_eq!(other.from_bytes(&bytes), Ok(7));
        *trainer = other;
    }
    written
}

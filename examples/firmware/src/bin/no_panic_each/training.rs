//! Trainers, their data, and what goes with them.

use core::hint::black_box;
use stackprop::folds::Fold;
use stackprop::optim::OptimizerState;
use stackprop::{
    Dataset, EarlyStopping, Error, Guard, KFold, Mse, Online, Relu, Sgd, SlicedStep, Sums, Trainer,
    batch, net,
};

type Net = net![3 => 4, Relu => 1, Mse];
type X = [f32; 3];
type Y = [f32; 1];

/// All of them.
pub(crate) fn training() -> Result<(), Error> {
    let (x, y) = ([black_box([0.5; 3]); 40], [black_box([1.0]); 40]);
    let (x, y) = (black_box(&x[..]), black_box(&y[..]));
    trainer(x, y)?;
    in_slices(x, y)?;
    online(black_box(&[0.5; 3]), black_box(&[1.0]))?;
    early_stopping();
    sums(x, y)?;
    data(x, y)?;
    folds()
}

#[inline(never)]
fn trainer(x: &[X], y: &[Y]) -> Result<(), Error> {
    let mut trainer = Trainer::new(
        black_box(Net::zeros()),
        Sgd::new(black_box(0.1)).momentum(0.9),
    );
    trainer.guard = Guard::new()
        .max_norm(black_box(1.0))
        .max_weight(black_box(100.0));
    black_box(trainer.step(x, y)?);
    trainer.accumulate(x, y)?;
    trainer.accumulate_of(Dataset::new(x, y)?)?;
    trainer.accumulate_sums(black_box(&Sums::new()))?;
    black_box(trainer.update()?);
    black_box(trainer.step_of(Dataset::new(x, y)?)?);
    black_box(trainer.epoch(x, y, black_box(8))?);
    black_box(trainer.epoch_of(Dataset::new(x, y)?, black_box(8))?);
    trainer.gradients().for_each(|tensor| {
        black_box(tensor);
    });
    trainer.forget();
    trainer.reset_state();
    OptimizerState::reset(&mut trainer.state);
    trainer.guard = black_box(Guard::default());
    black_box(trainer);
    let mut trainer = Trainer::<Net, Sgd>::unset();
    black_box(&mut trainer).start(black_box(1), Sgd::new(0.1));
    black_box(trainer);
    Ok(())
}

/// A step in pieces, one of which is left unfinished.
#[inline(never)]
fn in_slices(x: &[X], y: &[Y]) -> Result<(), Error> {
    let mut trainer = Trainer::new(black_box(Net::zeros()), Sgd::new(black_box(0.1)));
    let mut step: SlicedStep<'_, Net, Sgd> = trainer.begin_step(x, y)?;
    while black_box(step.advance(black_box(1))?).is_none() {
        black_box(step.network());
    }
    drop(step);
    drop(black_box(trainer.begin_step(x, y)?));
    Ok(())
}

#[inline(never)]
fn online(x: &X, y: &Y) -> Result<(), Error> {
    let mut online = Online::new(
        black_box(Net::zeros()),
        Sgd::new(black_box(0.1)).momentum(0.9),
    );
    black_box(online.step(x, y)?);
    black_box(online.step_of(x, y)?);
    black_box(online.test_then_train(x, y)?);
    online.reset_state();
    online.guard = black_box(Guard::new().max_norm(1.0));
    black_box(online.step(x, y)?);
    black_box(online);
    let mut online = Online::<Net, Sgd>::unset();
    black_box(&mut online).start(black_box(1), Sgd::new(0.1));
    black_box(online);
    Ok(())
}

#[inline(never)]
fn early_stopping() {
    let mut net = black_box(Net::zeros());
    let mut best = EarlyStopping::new(&net, black_box(3)).min_delta(black_box(0.1));
    black_box(best.observe(black_box(0.5), &net));
    best.restore(&mut net);
    black_box((best.loss(), net.loss(&[0.5; 3], &[1.0])));
}

/// Sums of a share, which travel as numbers.
#[inline(never)]
fn sums(x: &[X], y: &[Y]) -> Result<(), Error> {
    let net = black_box(Net::zeros());
    let (mut sums, mut there) = (Sums::<Net>::new(), Sums::<Net>::default());
    let blocks = batch::blocks(x.len());
    let mine = batch::share(blocks.len(), black_box(1), black_box(3));
    for block in blocks.skip(mine.start).take(mine.len()).rev() {
        if let (Some(x), Some(y)) = (x.get(block.clone()), y.get(block)) {
            net.accumulate(x, y, &mut sums)?;
        }
    }
    let mut numbers = [0.0; Sums::<Net>::NUMBERS];
    sums.copy_to_slice(black_box(&mut numbers[..]))?;
    there.copy_from_slice(black_box(&numbers[..]), black_box(40))?;
    there.merge(&sums);
    black_box(there.mean());
    sums.clear();
    black_box(sums);
    Ok(())
}

/// A data set, cut and put in order.
#[inline(never)]
fn data(x: &[X], y: &[Y]) -> Result<(), Error> {
    let data = Dataset::new(x, y)?;
    let (order, short) = (black_box([3_usize, 1, 2]), black_box([2_u16, 0, 1]));
    black_box((data.len(), data.is_empty(), data.get(black_box(5))));
    for data in data.select(black_box(&order[..]))?.batches(black_box(2)) {
        black_box(data.get(black_box(1)));
    }
    let (train, test) = data.select(black_box(&short[..]))?.split_at(black_box(2));
    for (x, y) in train.iter().chain(test.iter()) {
        black_box((x, y));
    }
    Ok(())
}

#[inline(never)]
fn folds() -> Result<(), Error> {
    let mut folds = KFold::new(black_box(10), black_box(3))?;
    black_box(folds.size_hint());
    while let Some(fold) = Iterator::next(&mut folds) {
        parts(&fold)?;
    }
    Ok(())
}

#[inline(never)]
fn parts(fold: &Fold) -> Result<(), Error> {
    let (order, mut buffer) = (black_box([0_u16; 10]), [0; 10]);
    let split = fold.split(black_box(&order[..]), black_box(&mut buffer[..]))?;
    black_box((split, fold.test()));
    for row in fold.train() {
        black_box(row);
    }
    Ok(())
}

//! Optimisers, heads and shuffled epochs, each case as one number.

use super::cases::{Digest, ROWS, steps};
use stackprop::simd::Vector;
use stackprop::{
    Adagrad, Adam, AdamW, ConfusionMatrix, Dataset, Error, Groups, Head, Huber, L1, Linear, Mse,
    NAdam, Network, Random, Relu, RmsProp, SmoothL1, Trainer, WeightedBce, WeightedCe, net,
};

/// Calls `f` with the name and the digest of each case.
///
/// # Errors
/// Those of the batch functions.
pub(crate) fn learning<V: Vector>(f: &mut impl FnMut(&'static str, u64)) -> Result<(), Error> {
    f("book_nadam_300", steps::<V, _>(NAdam::new(0.01), 300)?);
    f("book_adagrad_300", steps::<V, _>(Adagrad::new(0.1), 300)?);
    let centered = RmsProp::new(0.001).centered().momentum(0.5);
    f("book_rmsprop_300", steps::<V, _>(centered, 300)?);
    f("heads", heads::<V>()?);
    f("shuffled_epochs", shuffled_epochs()?);
    f("groups", groups()?);
    Ok(())
}

/// Losses and gradients of the heads with settings.
fn heads<V: Vector>() -> Result<u64, Error> {
    let mut digest = Digest::new();
    let classes = WeightedCe::new([0.5, 1.0, 3.0]).label_smoothing(0.125);
    head::<V, _>(&mut digest, classes, [0.0, 0.75, 0.25])?;
    let weighted = WeightedBce::new([0.25, 1.0, 7.0]).weight([1.0, 2.0, 0.5]);
    head::<V, _>(&mut digest, weighted, [1.0, 0.0, 0.5])?;
    head::<V, _>(&mut digest, Huber { delta: 0.75 }, [-1.0, 0.5, 2.0])?;
    head::<V, _>(&mut digest, SmoothL1 { beta: 0.5 }, [-1.0, 0.5, 2.0])?;
    head::<V, _>(&mut digest, L1, [-1.0, 0.5, 2.0])?;
    Ok(digest.finish())
}

/// A linear layer with this head, over a batch.
fn head<V: Vector, H: Head<3>>(
    digest: &mut Digest,
    head: H,
    target: [f32; 3],
) -> Result<(), Error> {
    let mut network = Network::<Linear<16, 3>, H, 16, 3>::new(1);
    network.head = head;
    let mut grad = Network::<Linear<16, 3>, H, 16, 3>::zero_grad();
    let loss = network.gradient_batch_on::<V>(&ROWS, &[target; 64], &mut grad)?;
    digest.add(loss);
    digest.add_grad::<Linear<16, 3>>(&grad);
    Ok(())
}

/// Weights and biases with settings of their own, the weights frozen for a while.
fn groups() -> Result<u64, Error> {
    let adamw = AdamW::new(0.01).weight_decay(0.1);
    let groups = Groups::by_kind(adamw, adamw.weight_decay(0.0).betas(0.5, 0.9));
    let mut trainer = Trainer::new(<net![16 => 4, Relu => 1, Mse]>::new(1), groups);
    let mut digest = Digest::new();
    for step in 0..60 {
        match step {
            20 => trainer.optimizer.freeze(0)?,
            40 => trainer.optimizer.thaw(0)?,
            _ => {}
        }
        digest.add(trainer.step(&ROWS, &[[0.5]; 64])?);
    }
    digest.add_weights(&trainer.network);
    Ok(digest.finish())
}

/// Mini-batches of class labels in a random order, and what they come to.
fn shuffled_epochs() -> Result<u64, Error> {
    let labels: [u8; 64] = core::array::from_fn(|n| [0, 1, 2, 255][n * n / 3 % 4]);
    let data = Dataset::new(&ROWS, &labels)?;
    let mut network = <net![16 => 4, Relu => 3, WeightedCe<3>]>::new(1);
    network.head = WeightedCe::new([1.0, 2.0, 0.5]).ignore_index(255);
    let mut trainer = Trainer::new(network, Adam::new(0.01));
    let (mut random, mut digest) = (Random::new(1), Digest::new());
    let mut order = random.permutation::<64>();
    for _ in 0..10 {
        random.shuffle(&mut order);
        digest.add(trainer.epoch_of(data.select(&order)?, 9)?);
    }
    let mut seen = ConfusionMatrix::<3>::new();
    let look = |y_hat: &_, target: &_| seen.observe(y_hat, target);
    digest.add(trainer.network.evaluate_with(data, look)?);
    digest.add(seen.macro_f1());
    digest.add_weights(&trainer.network);
    Ok(digest.finish())
}

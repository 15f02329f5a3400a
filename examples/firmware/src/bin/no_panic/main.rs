//! Proof that no panic path is left in what runs on a device: this image links only if there is
//! none.
//!
//! Its panic handler calls a function that exists nowhere. Whatever might panic needs the handler,
//! the handler needs the function, and the linker says so. It takes the optimiser to see that a
//! check can not fail, so only release builds link. Nothing is logged: a logger panics when it is
//! re-entered. It is not meant to be run.

#![no_std]
#![no_main]

mod handler;
mod kept;
mod training;

use core::hint::black_box;
use handler::entry;
use stackprop::bce_loss::{self, Reduction};
use stackprop::init::Scheme;
use stackprop::layers::Layer;
use stackprop::notebook::{BOOK_NET, NET, NetBook, X, Y};
use stackprop::{Adam, AdamW, RmsProp, Sgd, Trainer};
use stackprop::{BinaryConfusionMatrix, Mean, Replay};
use stackprop::{
    Error, Network, Normalizer, Random, Relu, Samples, SigmoidBce, Sums, batch, math, net, weights,
};
use training::training;

/// 16-32-16-4 with ReLU and biases: sizes whose loops are not unrolled.
type Mlp = net![16 => 32, Relu => 16, Relu => 4, SigmoidBce];

#[entry]
fn main() -> ! {
    loop {
        // What happens to the results and errors is no matter; black_box keeps them.
        let _ = black_box(run());
    }
}

/// Everything once, on data of which the compiler knows neither the values nor the lengths.
fn run() -> Result<(), Error> {
    if cfg!(feature = "negative-control") {
        black_box(X[black_box(1)]);
        return Ok(());
    }
    network(black_box(&NET), &X, &Y)?;
    network(black_box(&BOOK_NET), &X, &Y)?;
    network(black_box(&Mlp::zeros()), &[[0.5; 16]; 40], &[[1.0; 4]; 40])?;
    training(Sgd::new(0.1))?;
    training(Sgd::new(0.1).momentum(0.9).nesterov())?;
    training(Adam::new(0.01))?;
    training(AdamW::new(0.01))?;
    training(RmsProp::new(0.01))?;
    shared()?;
    resident()?;
    in_the_hand()?;
    let _ = black_box(kept::from_a_file(&[0; 100]));
    let _ = black_box(kept::record());
    collected()?;
    scored()?;
    let _ = black_box(loss(&[0.25; 20], &[0.75; 20]));
    black_box(kernels(black_box(0.5)));
    Ok(())
}

/// One sample, a batch, and samples accumulated.
fn network<L: Layer<I, O>, const I: usize, const O: usize>(
    net: &Network<L, SigmoidBce, I, O>,
    rows: &[[f32; I]],
    targets: &[[f32; O]],
) -> Result<(), Error> {
    let (rows, targets) = (black_box(rows), black_box(targets));
    let (x, target) = (black_box(&[0.5; I]), black_box(&[1.0; O]));
    black_box(net.logits(x));
    black_box(net.forward(x));
    black_box(net.loss(x, target));
    let trace = net.trace(x);
    black_box(net.backward(x, black_box(&trace), target));
    let mut y_hat = [[0.0; O]; 40];
    net.forward_batch(rows, black_box(&mut y_hat))?;
    let mut grad = L::fill(0f32);
    black_box(net.gradient_batch(rows, targets, &mut grad)?);
    black_box(grad);
    let mut sums = Sums::new();
    net.accumulate(rows, targets, &mut sums)?;
    black_box(black_box(sums).mean());
    Ok(())
}

/// Sums of the blocks of a worker's share, which travel as numbers, and are merged and learned.
fn shared() -> Result<(), Error> {
    let (rows, targets) = (black_box(&X[..]), black_box(&Y[..]));
    let mut trainer = Trainer::new(black_box(BOOK_NET), Sgd::new(0.1));
    let mut numbers = [0.0; Sums::<NetBook>::NUMBERS];
    let numbers = black_box(&mut numbers[..]);
    let blocks = batch::blocks(rows.len());
    let mine = batch::share(blocks.len(), black_box(0), black_box(2));
    for block in blocks.skip(mine.start).take(mine.len()) {
        let (mut sums, mut there) = (Sums::<NetBook>::new(), Sums::new());
        let of_block = (rows.get(block.clone()), targets.get(block));
        if let (Some(rows), Some(targets)) = of_block {
            trainer.network.accumulate(rows, targets, &mut sums)?;
        }
        sums.copy_to_slice(numbers)?;
        there.copy_from_slice(numbers, sums.count)?;
        sums.merge(&there);
        trainer.accumulate_sums(black_box(&sums))?;
    }
    black_box(trainer.update()?);
    Ok(())
}

/// A trainer that lies in a static and is initialised there.
fn resident() -> Result<(), Error> {
    let mut trainer = Trainer::<Mlp, Adam>::unset();
    black_box(&mut trainer).start(black_box(1), Adam::new(0.01));
    black_box(trainer.step(&[[0.5; 16]; 4], &[[1.0; 4]; 4])?);
    black_box(trainer);
    Ok(())
}

/// Weights by name, copied out and in, and set at random.
fn in_the_hand() -> Result<(), Error> {
    let mut net = black_box(Mlp::new(black_box(1)));
    net.init(Scheme::KaimingUniform, &mut Random::new(black_box(2)));
    let mut values = [0.0; Mlp::PARAMETERS];
    net.copy_to_slice(black_box(&mut values[..]))?;
    net.copy_from_slice(black_box(&values[..]))?;
    net.visit_mut(|tensor| {
        black_box(tensor.values);
    });
    net.tensors().for_each(|tensor| {
        black_box(tensor);
    });
    let grad = black_box(Mlp::zero_grad());
    weights::tensors_of::<Mlp, _>(&grad).for_each(|tensor| {
        black_box(tensor);
    });
    Ok(())
}

/// Samples that arrive one by one, and are scaled.
fn collected() -> Result<(), Error> {
    let mut samples = Samples::<3, 1, 4>::new();
    let mut normalizer = Normalizer::new().half_life(black_box(100.0));
    for (row, target) in black_box(&X[..]).iter().zip(black_box(&Y[..])) {
        normalizer.observe(row)?;
        samples.push(normalizer.scale(row), *target)?;
    }
    black_box((samples.rows(), samples.targets()));
    black_box((normalizer.deviation(), normalizer.variance()));
    samples.clear();
    black_box(samples);
    Ok(())
}

/// Means and counts of a stream, and a random sample of it.
fn scored() -> Result<(), Error> {
    let (mut mean, mut seen) = (Mean::new(), BinaryConfusionMatrix::new());
    let (mut replay, mut random) = (Replay::<3, 1, 4>::new(), Random::new(black_box(3)));
    for (row, target) in black_box(&X[..]).iter().zip(black_box(&Y[..])) {
        let [x, y] = black_box([row[0], target[0]]);
        mean.push_times(x, black_box(5));
        seen.observe(x > 0.5, y > 0.5);
        replay.observe(*row, *target, &mut random)?;
    }
    black_box((mean.mean(), replay.sample(&mut random)));
    black_box([seen.accuracy(), seen.precision(), seen.recall(), seen.f1()]);
    Ok(())
}

/// The loss on probabilities.
fn loss(p: &[f32], y: &[f32]) -> Result<(), bce_loss::Error> {
    let (p, y, reduction) = (black_box(p), black_box(y), black_box(Reduction::Mean));
    let mut each = [0.0; 20];
    black_box(bce_loss::forward(p, y, reduction)?);
    bce_loss::forward_each(p, y, black_box(&mut each))?;
    bce_loss::backward(p, y, reduction, black_box(&mut each))?;
    black_box(each);
    Ok(())
}

/// The elementary functions.
fn kernels(x: f32) -> [f32; 8] {
    let (loss, dz) = math::bce_with_logits_grad(x, x);
    let logarithms = [math::ln(x), math::ln_1p(x)];
    let [ln, ln_1p] = logarithms;
    [
        math::exp(x),
        ln,
        ln_1p,
        math::sigmoid(x),
        math::tanh(x),
        math::softplus(x),
        loss,
        dz,
    ]
}

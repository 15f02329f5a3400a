//! MNIST-1D: ten digits, each drawn as a line of 40 numbers, moved, stretched and noisy. Logistic
//! regression and a network with two hidden layers, beside the figures of the paper.
//!
//! ```text
//! cargo run --release --example mnist1d        # seeds 1 to 10: some minutes on all cores
//! cargo run --release --example mnist1d -- 1   # seed 1 alone
//! ```
//!
//! prints the accuracy on the 1000 test rows after the last epoch and the hash of the weights, and
//! draws the curves of seed 1, as in `curves.svg`. The recipe is that of the paper's code: 4000
//! rows, 256 hidden units, Adam with 0.01, mini-batches of 100. But there are 100 epochs, not 200;
//! the learning rate falls to 0 along a cosine; and the first hidden layer is not added to the
//! second. Nothing is chosen by test rows.
//!
//! Greydanus and Kobak, "Scaling down deep learning with MNIST-1D", ICML 2024, give 32 % and 68 %.

#[path = "../shared/mod.rs"]
mod shared;

use chart::{Panel, Points};
use indicatif::ProgressBar;
use plotters::prelude::SeriesLabelPosition;
use rayon::prelude::*;
use shared::{bar, chart, hash};
use stackprop::optim::cosine_annealing_lr;
use stackprop::{
    Adam, Dataset, Error, Optimizer, Random, Relu, SoftmaxCe, Target, Trainable, Trainer, argmax,
    net,
};

type Logistic = net![40 => 10, SoftmaxCe];
type Mlp = net![40 => 256, Relu => 256, Relu => 10, SoftmaxCe];

/// 4000 rows to learn from, then 1000 to test with: `examples/data/README.md`.
static DATA: &[u8] = include_bytes!("mnist1d.bin");
const TRAIN: usize = 4000;

const LEARNING_RATE: f32 = 0.01;
const BATCH: usize = 100;
const EPOCHS: u16 = 100;

/// A network of 40 numbers and ten classes.
trait Classifier: Trainable<Input = [f32; 40], Output = [f32; 10]> {}
impl<N: Trainable<Input = [f32; 40], Output = [f32; 10]>> Classifier for N {}

type Set<'a> = Dataset<'a, [f32; 40], u8>;

/// What a training comes to.
struct Run {
    accuracy: f32,
    parameters: usize,
    hash: u64,
    /// Loss of the training rows and accuracy on the test rows after each epoch.
    curves: [Points; 2],
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let seeds = std::env::args().nth(1).map_or(Ok(10), |n| n.parse())?;
    if seeds == 0 {
        return Err("at least one seed".into());
    }
    // The larger trainer has 1.3 MB, and lies on the stack of its thread.
    let threads = rayon::ThreadPoolBuilder::new().stack_size(16 << 20);
    threads.build_global()?;
    let (rows, labels) = read();
    let data = Dataset::new(&rows, &labels)?;
    println!(
        "| model | paper | mean of {seeds} seeds | least | most | parameters | hash of seed 1 |"
    );
    println!("| --- | ---: | ---: | ---: | ---: | ---: | --- |");
    let logistic = line("logistic regression", 32, seeds, |seed, bar| {
        train(Logistic::new(seed), seed, data, bar)
    })?;
    let mlp = line("40-256-256-10", 68, seeds, |seed, bar| {
        train(Mlp::new(seed), seed, data, bar)
    })?;
    println!("\ncurves of seed 1: {}", draw(logistic, mlp)?);
    Ok(())
}

fn read() -> (Vec<[f32; 40]>, Vec<u8>) {
    let (samples, _) = DATA.as_chunks::<{ 4 * 40 + 1 }>();
    let sample = |bytes: &[u8; 161]| {
        let (numbers, label) = bytes.as_chunks::<4>();
        (
            core::array::from_fn(|n| f32::from_le_bytes(numbers[n])),
            label[0],
        )
    };
    samples.iter().map(sample).unzip()
}

/// A line of the table: all seeds, on all cores. Gives the run of seed 1.
fn line(
    name: &str,
    paper: u32,
    seeds: u16,
    run: impl Fn(u64, &ProgressBar) -> Result<Run, Error> + Send + Sync,
) -> Result<Run, Error> {
    let all = usize::from(seeds) * usize::from(EPOCHS);
    let bar = bar::bar(all, "epochs");
    let seeds = (1..=seeds).into_par_iter();
    let runs: Result<Vec<_>, _> = seeds.map(|seed| run(seed.into(), &bar)).collect();
    bar.finish_and_clear();
    let mut runs = runs?;
    let mut seen: Vec<f32> = runs.iter().map(|run| 100.0 * run.accuracy).collect();
    seen.sort_by(f32::total_cmp);
    let mean = seen.iter().sum::<f32>() / seen.len() as f32;
    let (least, most) = (seen[0], seen[seen.len() - 1]);
    let first = runs.swap_remove(0);
    let Run {
        parameters, hash, ..
    } = first;
    print!("| {name} | {paper} % | {mean:.1} % | {least:.1} % | {most:.1} % ");
    println!("| {parameters} | {hash:#018x} |");
    Ok(first)
}

/// Trains, and tests after each epoch.
fn train<N: Classifier>(
    network: N,
    seed: u64,
    data: Set<'_>,
    bar: &ProgressBar,
) -> Result<Run, Error>
where
    u8: Target<N>,
{
    let (known, test) = data.split_at(TRAIN);
    let mut random = Random::new(seed);
    let mut order = random.permutation::<TRAIN>();
    let mut trainer = Trainer::new(network, Adam::new(LEARNING_RATE));
    let (mut losses, mut right) = (Points::new(), Points::new());
    for epoch in 1..=EPOCHS {
        let lr = cosine_annealing_lr(LEARNING_RATE, (epoch - 1).into(), EPOCHS.into(), 0.0);
        trainer.optimizer.set_lr(lr);
        random.shuffle(&mut order);
        let loss = trainer.epoch_of(known.select(&order)?, BATCH)?;
        bar.set_message(format!("loss {loss:.4}"));
        bar.inc(1);
        losses.push((epoch.into(), loss));
        right.push((epoch.into(), accuracy(&trainer.network, test)?));
    }
    Ok(Run {
        accuracy: accuracy(&trainer.network, test)?,
        parameters: N::COUNT,
        hash: hash::hash(&trainer.network),
        curves: [losses, right],
    })
}

fn accuracy<N: Classifier>(network: &N, data: Set<'_>) -> Result<f32, Error>
where
    u8: Target<N>,
{
    let mut right = 0;
    network.evaluate_with(data, |y_hat, target| {
        right += u16::from(argmax(y_hat) == argmax(target));
    })?;
    Ok(f32::from(right) / data.len() as f32)
}

/// Draws the losses above and the accuracies below.
fn draw(logistic: Run, mlp: Run) -> Result<String, Box<dyn std::error::Error>> {
    let ([a_loss, a_right], [b_loss, b_right]) = (logistic.curves, mlp.curves);
    let panel = |y, range, legend, curves| Panel {
        y,
        range,
        legend,
        curves,
        pale: &[],
    };
    let losses = [("logistic regression", a_loss), ("40-256-256-10", b_loss)];
    let right = [("logistic regression", a_right), ("40-256-256-10", b_right)];
    let panels = [
        panel(
            "training loss",
            0.0..2.5,
            SeriesLabelPosition::UpperRight,
            &losses[..],
        ),
        panel(
            "test accuracy",
            0.0..1.0,
            SeriesLabelPosition::LowerRight,
            &right[..],
        ),
    ];
    let title = "MNIST-1D: two networks learn ten digits of 40 numbers";
    let path = chart::draw("mnist1d.svg", title, "epoch", &panels)?;
    Ok(path.display().to_string())
}

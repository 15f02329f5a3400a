//! The proof of `no_panic` for what did not fit into its flash: groups, further optimisers and
//! heads, data sets and figures.

#![no_std]
#![no_main]

#[path = "../no_panic/handler.rs"]
mod handler;
#[path = "../no_panic/training.rs"]
mod training;

use core::hint::black_box;
use handler::entry;
use stackprop::notebook::X;
use stackprop::{
    Adagrad, Adam, ConfusionMatrix, Dataset, Error, Groups, Head, Huber, KFold, L1, Linear, NAdam,
    Network, Online, Random, Regression, Relu, RmsProp, Sgd, SmoothL1, SoftmaxCe, Trainer,
    WeightedBce, WeightedCe, net, one_hot,
};
use training::training;

#[entry]
fn main() -> ! {
    loop {
        // What happens to the results and errors is no matter; black_box keeps them.
        let _ = black_box(run());
    }
}

/// Everything once, on data of which the compiler knows neither the values nor the lengths.
fn run() -> Result<(), Error> {
    training(NAdam::new(0.01))?;
    training(RmsProp::new(0.01).centered().momentum(0.9))?;
    training(Adagrad::new(0.01))?;
    let mut kinds = Groups::by_kind(Adam::new(0.01), Adam::new(0.02));
    black_box(&mut kinds).freeze(black_box(1))?;
    training(kinds)?;
    a_classifier()?;
    head(SoftmaxCe)?;
    head(WeightedCe::default().ignore_index(255))?;
    head(WeightedBce::<3>::default())?;
    head(Huber::default())?;
    head(SmoothL1::default())?;
    head(L1)?;
    Ok(())
}

/// Labels, an order of rows, folds, and figures of a test set.
fn a_classifier() -> Result<(), Error> {
    type Net = net![3 => 4, Relu => 3, WeightedCe<3>];
    let (rows, labels) = (black_box(&X[..]), black_box(&[0u8, 1, 2, 1][..]));
    let mut random = Random::new(black_box(3));
    let mut order = random.permutation::<4>();
    let mut buffer = order;
    let data = Dataset::new(rows, labels)?;
    let mut trainer = Trainer::new(Net::new(1), Sgd::new(0.1));
    let (mut seen, mut errors) = (ConfusionMatrix::<3>::new(), Regression::new());
    random.shuffle(black_box(&mut order[..]));
    for fold in KFold::new(order.len(), black_box(2))? {
        let (train, test) = fold.split(black_box(&order[..]), black_box(&mut buffer[..]))?;
        black_box(trainer.epoch_of(data.select(train)?, black_box(2))?);
        let look = |y_hat: &[f32; 3], target: &[f32; 3]| {
            seen.observe(y_hat, target);
            errors.observe(y_hat[0], target[0]);
        };
        black_box(trainer.network.evaluate_with(data.select(test)?, look)?);
    }
    seen.observe_class(black_box(1), black_box(2))?;
    black_box((
        seen.accuracy(),
        seen.macro_f1(),
        seen.precision(black_box(1)),
    ));
    black_box((
        seen.macro_recall(),
        seen.recall(black_box(1)),
        seen.f1(black_box(1)),
    ));
    black_box((errors.mae(), errors.rmse(), errors.r2()));
    for tensor in trainer.gradients() {
        black_box(tensor.stats());
    }
    let mut rows = [[0.0; 3]; 8];
    let mut targets = [black_box(one_hot::<3>(black_box(1))); 8];
    random.shuffle_together(black_box(&mut rows[..]), black_box(&mut targets[..]))
}

/// A step with this head, on a batch and on one sample.
fn head<H: Head<3>>(head: H) -> Result<(), Error> {
    let mut network = <Network<Linear<3, 3>, H, 3, 3>>::new(black_box(1));
    network.head = black_box(head);
    let (rows, targets) = (black_box(&X[..]), black_box(&[[1.0, 0.0, 0.0]; 4][..]));
    let mut trainer = Trainer::new(network, Sgd::new(0.1));
    black_box(trainer.step(rows, targets)?);
    let mut online = Online::new(trainer.network, Sgd::new(0.1));
    black_box(online.step(&rows[0], &targets[0])?);
    black_box(online.step_of(&rows[0], &black_box(2u8))?);
    black_box(online.network.sgd_step(&rows[0], &targets[0], 0.1));
    black_box(online.network.head.class_target(black_box(2)));
    Ok(())
}

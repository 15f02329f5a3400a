//! Full-batch training steps.

use crate::options::Training;
use stackprop::{Adam, AdamW, Guard, Optimizer, RmsProp, Sgd, Trainable, Trainer};

/// The losses before each step, and the network after the last.
type Run<N> = (Vec<f32>, N);

/// Trains with the optimiser that was asked for: momentum 0.9, the rest PyTorch's defaults.
pub(crate) fn train<N: Trainable>(
    network: N,
    rows: &[N::Input],
    targets: &[N::Output],
    training: &Training,
) -> Result<Run<N>, String> {
    let (lr, steps) = (training.lr, training.steps);
    let l2 = training.weight_decay.unwrap_or(0.0);
    let data = (rows, targets);
    let sgd = Sgd::new(lr).weight_decay(l2);
    let momentum = Sgd::new(lr).momentum(0.9).weight_decay(l2);
    match training.optimizer.as_str() {
        "sgd" => run(network, sgd, data, steps),
        "momentum" => run(network, momentum, data, steps),
        "nesterov" => run(network, momentum.nesterov(), data, steps),
        "adam" => run(network, Adam::new(lr).weight_decay(l2), data, steps),
        "adamw" => run(network, adamw(training), data, steps),
        "rmsprop" => run(network, RmsProp::new(lr).weight_decay(l2), data, steps),
        other => Err(format!(
            "--optimizer: \"{other}\" is not sgd, momentum, nesterov, adam, adamw or rmsprop"
        )),
    }
}

/// AdamW has a weight decay by default.
fn adamw(training: &Training) -> AdamW {
    let adamw = AdamW::new(training.lr);
    let decay = training.weight_decay;
    decay.map_or(adamw, |decay| adamw.weight_decay(decay))
}

fn run<N: Trainable, Opt: Optimizer>(
    network: N,
    optimizer: Opt,
    (rows, targets): (&[N::Input], &[N::Output]),
    steps: usize,
) -> Result<Run<N>, String> {
    let mut trainer = Trainer::new(network, optimizer);
    // PyTorch has no limit.
    trainer.guard = Guard::new().max_weight(f32::MAX);
    let mut losses = Vec::new();
    for k in 1..=steps {
        let loss = trainer.step(rows, targets);
        losses.push(loss.map_err(|error| format!("step {k}: {error}"))?);
    }
    Ok((losses, trainer.network))
}

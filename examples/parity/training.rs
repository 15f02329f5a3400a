//! Full-batch training steps.

use crate::options::Training;
use stackprop::{Adam, AdamW, Error, Layer, Network, Optimizer, RmsProp, Sgd, SigmoidBce, Trainer};

/// The losses before each step, and the layers after the last.
type Run<L> = (Vec<f32>, L);

/// Trains with the optimiser that was asked for: momentum 0.9, the rest PyTorch's defaults.
pub(crate) fn train<L: Layer<I, O>, const I: usize, const O: usize>(
    network: Network<L, SigmoidBce, I, O>,
    rows: &[[f32; I]],
    targets: &[[f32; O]],
    training: &Training,
) -> Result<Run<L>, String> {
    let lr = training.lr;
    let decay = training.weight_decay;
    let l2 = decay.unwrap_or(0.0);
    let sgd = Sgd::new(lr).weight_decay(l2);
    let momentum = Sgd::new(lr).momentum(0.9).weight_decay(l2);
    let adamw = AdamW::new(lr);
    let adamw = decay.map_or(adamw, |decay| adamw.weight_decay(decay));
    match training.optimizer.as_str() {
        "sgd" => run(Trainer::new(network, sgd), rows, targets, training.steps),
        "momentum" => run(
            Trainer::new(network, momentum),
            rows,
            targets,
            training.steps,
        ),
        "nesterov" => run(
            Trainer::new(network, momentum.nesterov()),
            rows,
            targets,
            training.steps,
        ),
        "adam" => run(
            Trainer::new(network, Adam::new(lr).weight_decay(l2)),
            rows,
            targets,
            training.steps,
        ),
        "adamw" => run(Trainer::new(network, adamw), rows, targets, training.steps),
        "rmsprop" => run(
            Trainer::new(network, RmsProp::new(lr).weight_decay(l2)),
            rows,
            targets,
            training.steps,
        ),
        other => Err(format!(
            "--optimizer: \"{other}\" is not sgd, momentum, nesterov, adam, adamw or rmsprop"
        )),
    }
}

fn run<L: Layer<I, O>, Opt: Optimizer, const I: usize, const O: usize>(
    mut trainer: Trainer<L, SigmoidBce, Opt, I, O>,
    rows: &[[f32; I]],
    targets: &[[f32; O]],
    steps: usize,
) -> Result<Run<L>, String> {
    // PyTorch would go on.
    trainer.guard.max_weight = f32::MAX;
    let losses: Result<Vec<f32>, String> = (1..=steps)
        .map(|k| {
            trainer
                .step(rows, targets)
                .map_err(|error: Error| format!("step {k}: {error}"))
        })
        .collect();
    Ok((losses?, trainer.network.layers))
}

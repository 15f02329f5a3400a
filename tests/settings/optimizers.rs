//! Settings of the optimisers.

use crate::{NOT_FINITE, refused, taken};
use stackprop::{Adagrad, Adam, AdamW, Mse, NAdam, Optimizer, RmsProp, Setting, Sgd, Trainer, net};

#[test]
fn rates() {
    for lr in NOT_FINITE.into_iter().chain([-0.1, -f32::MIN_POSITIVE]) {
        refused(Sgd::new(lr), Setting::Lr);
        refused(Sgd::new(lr).momentum(0.9), Setting::Lr);
        refused(Adam::new(lr), Setting::Lr);
        refused(Adam::new(lr).amsgrad(), Setting::Lr);
        refused(AdamW::new(lr), Setting::Lr);
        refused(AdamW::new(lr).amsgrad(), Setting::Lr);
        refused(NAdam::new(lr), Setting::Lr);
        refused(RmsProp::new(lr), Setting::Lr);
        refused(RmsProp::new(lr).centered().momentum(0.9), Setting::Lr);
        refused(Adagrad::new(lr), Setting::Lr);
    }
    for lr in [0.0, -0.0, 1e-45, 0.1] {
        taken(Sgd::new(lr));
        taken(Sgd::new(lr).momentum(0.9));
        taken(Adam::new(lr));
        taken(NAdam::new(lr));
        taken(RmsProp::new(lr));
        taken(Adagrad::new(lr));
    }
}

#[test]
fn sgd() {
    let sgd = Sgd::new(0.1);
    for value in NOT_FINITE.into_iter().chain([-0.1]) {
        refused(sgd.momentum(value), Setting::Momentum);
        refused(sgd.weight_decay(value), Setting::WeightDecay);
        refused(sgd.momentum(0.9).weight_decay(value), Setting::WeightDecay);
    }
    for value in NOT_FINITE {
        refused(sgd.momentum(0.9).dampening(value), Setting::Dampening);
    }
    let nesterov = sgd.momentum(0.9).nesterov();
    refused(nesterov.dampening(0.1), Setting::Nesterov);
    refused(sgd.momentum(0.0).nesterov(), Setting::Nesterov);
    taken(nesterov);
    taken(sgd.momentum(0.0));
    taken(sgd.momentum(1.5));
    taken(sgd.momentum(0.9).dampening(-0.5)); // PyTorch takes it too
}

#[test]
fn adam() {
    let adam = Adam::new(0.01);
    for value in NOT_FINITE.into_iter().chain([-0.1]) {
        refused(adam.eps(value), Setting::Eps);
        refused(adam.weight_decay(value), Setting::WeightDecay);
        refused(AdamW::new(0.01).weight_decay(value), Setting::WeightDecay);
    }
    for value in NOT_FINITE.into_iter().chain([-0.1, 1.0, 1.5]) {
        refused(adam.betas(value, 0.999), Setting::Beta1);
        refused(adam.betas(0.9, value), Setting::Beta2);
        refused(adam.amsgrad().betas(0.9, value), Setting::Beta2);
        refused(AdamW::new(0.01).betas(value, 0.999), Setting::Beta1);
    }
    taken(adam.betas(0.0, 0.0).eps(1e-3));
}

#[test]
fn rmsprop() {
    let rmsprop = RmsProp::new(0.01);
    for value in NOT_FINITE.into_iter().chain([-0.1]) {
        refused(rmsprop.alpha(value), Setting::Alpha);
        refused(rmsprop.eps(value), Setting::Eps);
        refused(rmsprop.weight_decay(value), Setting::WeightDecay);
        refused(rmsprop.momentum(value), Setting::Momentum);
        refused(rmsprop.centered().momentum(value), Setting::Momentum);
        refused(rmsprop.centered().alpha(value), Setting::Alpha);
        refused(rmsprop.momentum(0.9).eps(value), Setting::Eps);
    }
    refused(rmsprop.alpha(1.1), Setting::Alpha);
    taken(rmsprop.alpha(0.0).eps(1e-3));
    taken(rmsprop.alpha(1.0).eps(1e-3));
    taken(rmsprop.momentum(0.0));
    taken(rmsprop.centered().momentum(1.5));
}

#[test]
fn nadam() {
    let nadam = NAdam::new(0.01);
    for value in NOT_FINITE.into_iter().chain([-0.1]) {
        refused(nadam.eps(value), Setting::Eps);
        refused(nadam.weight_decay(value), Setting::WeightDecay);
        refused(nadam.momentum_decay(value), Setting::MomentumDecay);
    }
    for value in NOT_FINITE.into_iter().chain([-0.1, 1.0]) {
        refused(nadam.betas(value, 0.999), Setting::Beta1);
        refused(nadam.betas(0.9, value), Setting::Beta2);
    }
    taken(nadam.betas(0.0, 0.0).eps(1e-3).momentum_decay(0.0));
    taken(nadam.momentum_decay(f32::MAX).decoupled_weight_decay());
}

#[test]
fn adagrad() {
    let adagrad = Adagrad::new(0.01);
    for value in NOT_FINITE.into_iter().chain([-0.1]) {
        refused(adagrad.lr_decay(value), Setting::LrDecay);
        refused(adagrad.weight_decay(value), Setting::WeightDecay);
        let refusal = Setting::InitialAccumulatorValue;
        refused(adagrad.initial_accumulator_value(value), refusal);
        refused(adagrad.eps(value), Setting::Eps);
    }
    taken(adagrad.lr_decay(1.5).initial_accumulator_value(2.0));
}

/// A large `eps` beside the root, on the first step with the gradient 1, by PyTorch's formulas.
#[test]
fn eps_is_added_to_the_root() {
    fn step<Opt: Optimizer>(optimizer: Opt) -> f32 {
        let mut trainer = Trainer::new(<net![bias = false; 1 => 1, Mse]>::zeros(), optimizer);
        trainer.step(&[[1.0]], &[[-0.5]]).unwrap();
        -trainer.network.layers.weight[0][0]
    }
    let near = |found: f32, exact: f64| {
        assert!(
            (f64::from(found) - exact).abs() < 1e-6,
            "{found}, not {exact}"
        );
    };
    near(step(Adam::new(0.1).eps(0.5)), 0.1 / 1.5);
    near(step(Adam::new(0.1).amsgrad().eps(0.5)), 0.1 / 1.5);
    near(step(AdamW::new(0.1).weight_decay(0.0).eps(0.5)), 0.1 / 1.5);
    near(step(Adagrad::new(0.1).eps(0.5)), 0.1 / 1.5);
    // The average of the square is 0.01 after the first step.
    near(step(RmsProp::new(0.1).eps(0.5)), 0.1 / (0.1 + 0.5));
    near(
        step(RmsProp::new(0.1).momentum(0.9).eps(0.5)),
        0.1 / (0.1 + 0.5),
    );
    // Centred: 0.01 - 0.01^2.
    let root = (0.01f64 - 0.0001).sqrt();
    near(
        step(RmsProp::new(0.1).centered().eps(0.5)),
        0.1 / (root + 0.5),
    );
    let mu = [1, 2].map(|t| 0.9 * (1.0 - 0.5 * 0.96f64.powf(0.004 * f64::from(t))));
    let m = mu[1] * 0.1 / (1.0 - mu[0] * mu[1]) + 1.0;
    near(step(NAdam::new(0.1).eps(0.5)), 0.1 * m / 1.5);
}

//! What an optimiser remembers is one value: reset, kept and restored as a whole.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod common;

use common::in_slices;
use stackprop::notebook::{BOOK_NET, NetBook, X, Y};
use stackprop::optim::Centered;
use stackprop::{
    Adagrad, Adam, AdamW, Mse, NAdam, Online, Optimizer, RmsProp, Sgd, Trainer, Zero, net,
};

/// y = bias. The target is always 1 below the bias, so the gradient is always 2.
type Constant = net![1 => 1, Mse];

/// One row; its weight sees no gradient from x = 0.
const ROW: [f32; 1] = [0.0];

fn target(network: &Constant) -> [f32; 1] {
    [network.layers.bias[0] - 1.0]
}

/// How far the first step after a reset goes, the same by all three ways.
fn first_step_after_a_reset<Opt: Optimizer>(optimizer: Opt, steps: u32) -> f32 {
    let mut trainer = Trainer::new(Constant::zeros(), optimizer);
    let mut online = Online::new(Constant::zeros(), optimizer);
    for _ in 0..steps {
        let y = target(&trainer.network);
        trainer.step(&[ROW], &[y]).unwrap();
        online.step(&ROW, &y).unwrap();
    }
    trainer.reset_state();
    online.reset_state();
    let mut sliced = trainer.clone();
    let (before, y) = (trainer.network.layers.bias[0], target(&trainer.network));
    trainer.step(&[ROW], &[y]).unwrap();
    online.step(&ROW, &y).unwrap();
    assert!(in_slices(&mut sliced, &[ROW], &[y], 1).is_ok());
    assert_eq!(online.network, trainer.network);
    assert_eq!(sliced.network, trainer.network);
    before - trainer.network.layers.bias[0]
}

/// As far as the first step of a new optimiser, as PyTorch 2.15 goes with these.
#[test]
fn after_a_reset_the_next_step_is_the_first() {
    let near = |step: f32, right: f32| assert!((step - right).abs() < 4e-6, "{step}, not {right}");
    for steps in [0, 1, 50, 5000] {
        near(first_step_after_a_reset(Adam::new(0.01), steps), 0.01);
        near(
            first_step_after_a_reset(Adam::new(0.01).amsgrad(), steps),
            0.01,
        );
        let adamw = AdamW::new(0.01).weight_decay(0.0);
        near(first_step_after_a_reset(adamw, steps), 0.01);
        near(first_step_after_a_reset(adamw.amsgrad(), steps), 0.01);
        near(
            first_step_after_a_reset(NAdam::new(0.01), steps),
            0.010_564_52,
        );
        let adagrad = Adagrad::new(0.01).lr_decay(0.1);
        near(first_step_after_a_reset(adagrad, steps), 0.01);
    }
    for steps in [0, 1, 50] {
        let dampened = Sgd::new(0.01).momentum(0.9).dampening(0.5);
        near(first_step_after_a_reset(dampened, steps), 0.02);
        let nesterov = Sgd::new(0.01).momentum(0.9).nesterov();
        near(first_step_after_a_reset(nesterov, steps), 0.038);
        let rmsprop = RmsProp::new(0.01).momentum(0.9);
        near(first_step_after_a_reset(RmsProp::new(0.01), steps), 0.1);
        near(first_step_after_a_reset(rmsprop, steps), 0.1);
        let centered = rmsprop.centered().eps(0.1);
        near(first_step_after_a_reset(centered, steps), 0.066_890_4);
    }
}

/// `start` begins anew too.
#[test]
fn start_forgets_everything() {
    let mut used = Trainer::new(NetBook::new(3), Adam::new(0.01));
    assert!((0..10).all(|_| used.step(&X, &Y).is_ok()));
    used.start(7, Adam::new(0.01));
    let mut fresh = Trainer::new(NetBook::new(7), Adam::new(0.01));
    for _ in 0..10 {
        assert_eq!(used.step(&X, &Y), fresh.step(&X, &Y));
    }
    assert_eq!(used.network, fresh.network);
}

/// Network and state, kept and put back into new trainers, go on as if nothing had happened.
fn goes_on<Opt: Optimizer>(optimizer: Opt) {
    let mut trainer = Trainer::new(BOOK_NET, optimizer);
    let mut online = Online::new(BOOK_NET, optimizer);
    for _ in 0..7 {
        trainer.step(&X, &Y).unwrap();
        online.step(&X[0], &Y[0]).unwrap();
    }
    let mut later = Trainer::new(trainer.network, optimizer);
    later.state = trainer.state;
    let mut alone = Online::new(online.network, optimizer);
    alone.state = online.state;
    for _ in 0..7 {
        assert_eq!(later.step(&X, &Y), trainer.step(&X, &Y));
        assert_eq!(alone.step(&X[1], &Y[1]), online.step(&X[1], &Y[1]));
    }
    assert_eq!(later.network, trainer.network);
    assert_eq!(alone.network, online.network);
}

#[test]
fn training_goes_on_from_a_copy() {
    goes_on(Sgd::new(0.1));
    goes_on(Sgd::new(0.1).momentum(0.9).dampening(0.5));
    goes_on(Adam::new(0.01));
    goes_on(Adam::new(0.01).amsgrad());
    goes_on(AdamW::new(0.01));
    goes_on(AdamW::new(0.01).amsgrad());
    goes_on(NAdam::new(0.01));
    goes_on(RmsProp::new(0.01));
    goes_on(RmsProp::new(0.01).centered().momentum(0.9));
    goes_on(Adagrad::new(0.01).lr_decay(0.1));
}

/// Another optimiser of the same kind is other settings, not another memory: a step with a rate of
/// 0 between two others counts as a step, as in PyTorch.
#[test]
fn settings_are_not_memory() {
    let mut trainer = Trainer::new(BOOK_NET, Adam::new(0.01));
    let mut by_rate = trainer.clone();
    trainer.step(&X, &Y).unwrap();
    by_rate.step(&X, &Y).unwrap();
    trainer.optimizer = Adam::new(0.002);
    by_rate.optimizer.set_lr(0.002);
    assert_eq!(trainer.step(&X, &Y), by_rate.step(&X, &Y));
    assert_eq!(trainer.network, by_rate.network);
}

/// Adam's corrections are 1 - beta^t, after any number of steps.
#[test]
fn corrections_do_not_stand_still() {
    let mut trainer = Trainer::new(Constant::zeros(), Adam::new(0.0));
    let betas = [f64::from(0.9_f32), f64::from(0.999_f32)];
    let mut powers = [1.0; 2];
    for t in 1..=100_000 {
        trainer.step(&[ROW], &[[1.0]]).unwrap();
        let found = [trainer.state.shared.m, trainer.state.shared.v];
        for ((power, beta), found) in powers.iter_mut().zip(betas).zip(found) {
            *power *= beta;
            let error = (f64::from(found) - (1.0 - *power)) / (1.0 - *power);
            assert!(error.abs() <= 0.5f64.powi(22), "{t}: {error:e}");
        }
    }
}

/// Those of `NAdam` are 1 less the product of its mu and 1 - beta2^t, after any number of steps.
#[test]
fn corrections_of_nadam_do_not_stand_still() {
    for (beta1, decay) in [(0.9, 0.004), (0.999, 0.0), (0.999, 0.1), (0.999, 1000.0)] {
        let optimizer = NAdam::new(0.01).betas(beta1, 0.999).momentum_decay(decay);
        let mut shared = Zero::ZERO;
        let (beta1, beta2, decay) = (f64::from(beta1), f64::from(0.999_f32), f64::from(decay));
        let (mut product, mut power) = (1.0, 1.0);
        for t in 1..=10_000 {
            let _ = optimizer.prepare(&mut shared);
            assert_eq!(shared.steps, t);
            product *= beta1 * (1.0 - 0.5 * 0.96_f64.powf(f64::from(t) * decay));
            power *= beta2;
            let found = [shared.corrections.m, shared.corrections.v];
            for (exact, found) in [1.0 - product, 1.0 - power].into_iter().zip(found) {
                let error = (f64::from(found) - exact) / exact;
                assert!(error.abs() <= 0.5f64.powi(22), "{t}: {error:e}");
            }
        }
    }
}

/// While a gradient stays the same, the variance goes to 0 and not below: it is (1 - a^t) a^t g^2.
/// PyTorch 2.15 takes the difference of two averages, which is below 0 in step 24 of its f32.
#[test]
fn a_variance_is_never_negative() {
    let optimizer = RmsProp::new(0.01).alpha(0.5).centered();
    let mut state = Zero::ZERO;
    let mut w = 0.0_f32;
    for t in 1..=1000 {
        (w, state) = <RmsProp<Centered>>::update_parameter(&optimizer, w, 0.3, state);
        let Centered { mean, variance } = state;
        let power = 0.5_f64.powi(t);
        let exact = (1.0 - power) * power * 0.09;
        // The mean is 0.3 to an ulp at last, so its distance no longer shrinks by half.
        let error = f64::from(variance) - exact;
        assert!(error.abs() <= 1e-6 * exact + 1e-15, "{t}: {error:e}");
        assert!(variance >= 0.0 && mean <= 0.3 && w.is_finite());
    }
}

/// Without momentum dampening does nothing, as in PyTorch 2.15: w = 0, target 1, lr 0.1 go to
/// 0.2, 0.36, 0.488.
#[test]
fn dampening_needs_momentum() {
    let sgd = Sgd::new(0.1).momentum(0.0).dampening(0.5);
    let mut trainer = Trainer::new(<net![bias = false; 1 => 1, Mse]>::zeros(), sgd);
    for right in [0.2, 0.36, 0.488] {
        trainer.step(&[[1.0]], &[[1.0]]).unwrap();
        let [[w]] = trainer.network.layers.weight;
        assert!((w - right).abs() < 1e-6, "{w}");
    }
}

//! The bounds of the optimisers against their formulas in f64: those of `guide::contract` with the
//! largest sizes, and those of `training/optim/bound.rs`. That they hold is in `tests/bounds.rs`.

use stackprop::optim::{Amsgrad, Buffered, Centered, Moments};
use stackprop::{Adagrad, Adam, AdamW, NAdam, Optimizer, RmsProp, Sgd, Zero};

/// 2^-60, for what is lost where something is subnormal.
const TINY: f32 = f32::from_bits((127 - 60) << 23);

/// What a step after `before` others makes at most of parameters up to `w`, with gradients up to
/// `g`.
fn bound<O: Optimizer>(optimizer: O, before: u32, (w, g): (f32, f32), states: &[O::State]) -> f32 {
    let mut shared = O::Shared::ZERO;
    for _ in 0..before {
        let _ = optimizer.prepare(&mut shared);
    }
    O::bound(&optimizer.prepare(&mut shared), w, g, states)
}

/// Whether there is one on a first step.
fn is_known<O: Optimizer>(optimizer: O, (w, g): (f32, f32), states: &[O::State]) -> bool {
    bound(optimizer, 0, (w, g), states) < f32::INFINITY
}

#[track_caller]
fn near(found: f32, exact: f64) {
    let error = (f64::from(found) - exact).abs();
    assert!(error <= 2e-6 * exact, "{found:e}, not {exact:e}");
}

/// 1 - beta1 and 1 - beta2 by default, as floats have them.
fn shares() -> (f64, f64) {
    (f64::from(1.0 - 0.9_f32), f64::from(1.0 - 0.999_f32))
}

/// |m'| is at most this times the root of v'.
fn slope() -> f64 {
    let (c, d) = shares();
    69.0 * (1.0 + 1.0 / 0.999) + 0.51 * (1.0 + c * c / d)
}

const fn moments(v: f32) -> [Moments; 1] {
    [Moments { m: 0.0, v }]
}

#[test]
fn sgd() {
    let wg = (0.5, 0.25);
    near(bound(Sgd::new(0.1), 0, wg, &[(); 2]), 0.5 + 0.1 * 0.25);
    let decays = Sgd::new(0.1).weight_decay(0.3);
    near(bound(decays, 0, wg, &[(); 2]), 0.5 + 0.1 * 0.4);
    let momentum = decays.momentum(0.9).dampening(0.4);
    let velocities = [3.0, -5.0];
    near(bound(momentum, 0, wg, &velocities), 0.5 + 0.1 * (4.5 + 0.4));
    near(
        bound(momentum, 1, wg, &velocities),
        0.5 + 0.1 * (4.5 + 0.6 * 0.4),
    );
    near(
        bound(momentum.nesterov(), 1, wg, &velocities),
        0.5 + 0.1 * (0.4 + 0.9 * (4.5 + 0.6 * 0.4)),
    );
}

#[test]
fn adam() {
    let (wg, eps, (c, d)) = ((0.5, 0.25), 1e-15, shares());
    // Without eps beside it, 2^-53 would not be seen.
    let size = 0.01 * d.sqrt() / c;
    let ratio = slope() + 2f64.powi(-53) / (1e-15 * d.sqrt());
    let adam = Adam::new(0.01).eps(eps);
    near(bound(adam, 0, wg, &moments(1.0)), 0.5 + size * ratio);
    let largest = [Amsgrad::ZERO];
    near(bound(adam.amsgrad(), 0, wg, &largest), 0.5 + size * ratio);
    let adamw = AdamW::new(0.01).eps(eps).weight_decay(0.3);
    near(
        bound(adamw, 0, wg, &moments(1.0)),
        0.5 + 0.01 * 0.3 * 0.5 + size * ratio,
    );
    assert_eq!(bound(Adam::new(0.0), 0, (0.0, 0.0), &moments(1.0)), TINY);
}

#[test]
fn nadam() {
    let (wg, (c, d)) = ((0.5, 0.25), shares());
    let half = |t: f64| 0.5 * 0.96_f64.powf(t * 0.004);
    let share = |t| c + 0.9 * half(t);
    let following = share(1.0) + share(2.0) * (1.0 - share(1.0));
    let of_g = 0.01 * d.sqrt();
    let of_m = of_g * 0.9 * (1.0 - half(2.0)) / following;
    let rest = (of_g + of_m) * 2f64.powi(-53) / (1e-15 * d.sqrt());
    let moved = of_g * 0.51 * (1.0 + 1.0 / d) + of_m * slope() + rest;
    let nadam = NAdam::new(0.01).eps(1e-15);
    near(bound(nadam, 0, wg, &moments(1.0)), 0.5 + moved);
    let decays = nadam.weight_decay(0.3);
    near(bound(decays, 0, wg, &moments(1.0)), 0.5 + moved);
    near(
        bound(decays.decoupled_weight_decay(), 0, wg, &moments(1.0)),
        0.5 + 0.01 * 0.3 * 0.5 + moved,
    );
    assert_eq!(bound(NAdam::new(0.0), 0, (0.0, 0.0), &moments(1.0)), TINY);
}

/// Where v' or a numerator may be too large for a float, on both sides of the edge.
#[test]
fn what_adam_does_not_know() {
    let adam = Adam::new(0.01);
    for g in [1.8e19, 1.9e19] {
        let known = g < 1.85e19; // 0.999 MAX + 0.001 g^2 is MAX
        assert_eq!(is_known(adam, (0.5, g), &moments(f32::MAX)), known);
        assert_eq!(
            is_known(AdamW::new(0.01), (0.5, g), &moments(f32::MAX)),
            known
        );
        assert_eq!(
            is_known(NAdam::new(0.01), (0.5, g), &moments(f32::MAX)),
            known
        );
    }
    // Weight decay makes gradients of 5e20 and of 2e21 of these weights.
    for (decay, known) in [(0.5, true), (2.0, false)] {
        let wg = (1e21, 0.0);
        assert_eq!(is_known(adam.weight_decay(decay), wg, &moments(0.0)), known);
        let nadam = NAdam::new(0.01).weight_decay(decay);
        assert_eq!(is_known(nadam, wg, &moments(0.0)), known);
        assert!(is_known(nadam.decoupled_weight_decay(), wg, &moments(0.0)));
    }
    // 2 (g + 2^72) times a rate of 3.6e16.
    let fast = Adam::new(3.6e16 * 0.1 / 0.001_f32.sqrt());
    assert!(is_known(fast, (0.5, 0.0), &moments(0.0)));
    assert!(!is_known(fast, (0.5, 1.0e20), &moments(0.0)));
    // Moments that no history has, eps and betas that nothing is derived for.
    assert!(is_known(adam, (0.5, 1.0), &[Moments { m: 90.0, v: 1.0 }]));
    for m in [256.0, -256.0, f32::NAN, f32::INFINITY] {
        assert!(!is_known(adam, (0.5, 1.0), &[Moments { m, v: 1.0 }]));
    }
    for optimizer in [
        adam.eps(1e-20),
        adam.eps(f32::INFINITY),
        adam.betas(-0.1, 0.999),
        adam.betas(1.0, 0.999),
        adam.betas(0.9, 1e-7),
    ] {
        assert!(!is_known(optimizer, (0.5, 1.0), &moments(1.0)));
    }
}

#[test]
fn rmsprop() {
    let wg = (0.5, 0.25);
    let ratio = 0.51 * (1.0 + 1.0 / 0.1);
    let rmsprop = RmsProp::new(0.01).alpha(0.9).weight_decay(0.3);
    near(bound(rmsprop, 0, wg, &[1.0]), 0.5 + 0.01 * ratio);
    let buffers = [3.0, -5.0].map(|buffer| Buffered {
        averages: 1.0,
        buffer,
    });
    near(
        bound(rmsprop.momentum(0.7), 0, wg, &buffers),
        0.5 + 0.01 * (0.7 * 5.0 + ratio),
    );
    let centered = rmsprop.centered().eps(0.2);
    near(
        bound(centered, 0, wg, &[Centered::ZERO]),
        0.5 + 0.01 * 1.01 * 0.4 / 0.2,
    );
    let still = RmsProp::new(0.0);
    assert_eq!(bound(still, 0, (0.0, 0.0), &[1.0]), TINY);
    let centered = RmsProp::new(1.0).centered();
    let twice = bound(centered, 0, (0.0, 0.0), &[Centered::ZERO]);
    assert_eq!(twice, 2.0 * TINY);
}

#[test]
fn what_rmsprop_does_not_know() {
    let rmsprop = RmsProp::new(0.01);
    // 0.99 MAX + 0.01 g^2
    assert!(is_known(rmsprop, (0.5, 1.8e19), &[f32::MAX]));
    assert!(!is_known(rmsprop, (0.5, 1.9e19), &[f32::MAX]));
    // lr g
    assert!(!is_known(RmsProp::new(1e20), (0.5, 1e19), &[1.0]));
    assert!(!is_known(rmsprop.eps(1e-20), (0.5, 1.0), &[1.0]));
    assert!(!is_known(rmsprop.alpha(1.0), (0.5, 1.0), &[1.0]));
    let centered = |alpha, g, mean, variance| {
        let centered = rmsprop.alpha(alpha).centered();
        is_known(centered, (0.5, g), &[Centered { mean, variance }])
    };
    assert!(centered(0.99, 2e19, 0.0, 0.0));
    assert!(!centered(0.01, 2e19, 0.0, 0.0));
    assert!(!centered(0.01, 1.5e19, 1.5e19, 0.0));
    assert!(centered(0.01, 1e5, 1e18, 1e30));
    assert!(centered(0.5, 0.0, 0.0, 3e38));
    assert!(!centered(0.5, 1e19, 0.0, 3e38));
    assert!(centered(1.0, 1.0, 1.0, 1.0));
    assert!(!centered(1.1, 1.0, 1.0, 1.0));
    let eps = rmsprop.centered().eps(1e-20);
    assert!(!is_known(eps, (0.5, 1.0), &[Centered::ZERO]));
}

#[test]
fn adagrad() {
    let slower = Adagrad::new(0.01).lr_decay(0.5).weight_decay(0.3);
    near(bound(slower, 0, (0.5, 0.25), &[1.0]), 0.5 + 0.01 * 1.02);
    let third = 0.01 / (1.0 + 2.0 * 0.5);
    near(bound(slower, 2, (0.5, 0.25), &[1.0]), 0.5 + third * 1.02);
    assert_eq!(bound(Adagrad::new(0.0), 0, (0.0, 0.0), &[1.0]), TINY);
}

#[test]
fn what_adagrad_does_not_know() {
    let adagrad = Adagrad::new(0.01);
    assert!(is_known(adagrad, (0.5, 5e18), &[3e38]));
    assert!(!is_known(adagrad, (0.5, 1e19), &[3e38]));
    let begun = adagrad.initial_accumulator_value(3e38);
    assert!(is_known(begun, (0.5, 0.0), &[1e37]));
    assert!(!is_known(begun, (0.5, 0.0), &[1e38]));
    assert!(!is_known(Adagrad::new(1e30), (0.5, 1e9), &[1.0]));
    assert!(is_known(adagrad.weight_decay(0.5), (1e19, 0.0), &[1.0]));
    assert!(!is_known(adagrad.weight_decay(2.0), (1e19, 0.0), &[1.0]));
    assert!(!is_known(adagrad.eps(1e-20), (0.5, 1.0), &[1.0]));
}

/// An optimiser that says nothing about its steps.
#[derive(Clone, Copy)]
struct Silent;

impl Optimizer for Silent {
    type State = ();
    type Shared = ();
    type Prepared = ();
    const UNSET: Self = Self;

    fn prepare(&self, (): &mut ()) {}

    fn update_parameter((): &(), w: f32, g: f32, (): ()) -> (f32, ()) {
        (w - g, ())
    }

    fn lr(&self) -> f32 {
        1.0
    }

    fn set_lr(&mut self, _: f32) {}
}

#[test]
fn an_optimiser_that_says_nothing_has_no_bound() {
    assert!(!is_known(Silent, (1.0, 1.0), &[]));
}

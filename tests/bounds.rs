//! What an optimiser says that a step makes at most of a parameter is no less than what it makes,
//! over random histories and over states that no history has.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod common;

use common::numbers::Numbers;
use fastrand::Rng;
use stackprop::guard::MAX_WEIGHT;
use stackprop::optim::Finite;
use stackprop::{
    Adagrad, Adam, AdamW, Groups, NAdam, Optimizer, RmsProp, Sgd, Zero, params::TensorId,
};

/// Parameters that are looked at together.
const N: usize = 8;

/// A gradient or a weight: of any size, often of the same, sometimes 0.
fn number(rng: &mut Rng, exponent: i32) -> f32 {
    let sign = if rng.bool() { 1.0 } else { -1.0 };
    match rng.u8(..8) {
        0 => 0.0,
        1 => sign * 2f32.powi(rng.i32(-149..60)),
        _ => sign * (1.0 + rng.f32()) * 2f32.powi(exponent),
    }
}

/// A number that a user may have written into a state.
fn any_number(rng: &mut Rng) -> f32 {
    match rng.u8(..8) {
        0 => f32::from_bits(rng.u32(..)),
        1 => -(2f32.powi(rng.i32(-149..0))),
        _ => 2f32.powi(rng.i32(-149..127)),
    }
}

fn largest(all: &[f32]) -> f32 {
    all.iter().fold(0.0, |most: f32, v| most.max(v.abs()))
}

/// Takes the step, unless something of it is not finite; where there is a bound it has to be fine.
/// Gives whether the bound decides with a largest weight that is not much above the new ones.
fn step<Opt: Optimizer>(
    optimizer: &Opt,
    shared: &mut Opt::Shared,
    states: &mut [Opt::State; N],
    (w, g): (&[f32; N], &[f32; N]),
) -> bool {
    let mut after = *shared;
    let prepared = optimizer.prepare(&mut after);
    let prepared = Opt::prepared_for(&prepared, TensorId::new("weight")).unwrap();
    let bound = Opt::bound(&prepared, largest(w), largest(g), states);
    let mut next = *states;
    let (mut fine, mut most) = (true, 0f32);
    for k in 0..N {
        let (moved, state) = Opt::update_parameter(&prepared, w[k], g[k], states[k]);
        next[k] = state;
        fine &= moved.is_finite() && state.nan_unless_finite() == 0.0;
        most = most.max(moved.abs());
    }
    if bound < f32::INFINITY {
        assert!(fine && most <= bound, "{most} > {bound}: {w:?} {g:?}");
    }
    if fine {
        (*shared, *states) = (after, next);
    }
    bound < MAX_WEIGHT + 4.0 * most
}

/// How many of 200 steps the bound decides, on gradients some of which grow by `growth`.
fn history<Opt: Optimizer<State: Numbers>>(rng: &mut Rng, optimizer: &Opt, growth: f32) -> u32 {
    let (mut shared, mut states) = (Opt::Shared::ZERO, [Opt::State::ZERO; N]);
    let (mut g, mut decided, exponent) = ([0.0; N], 0, rng.i32(-80..12));
    for at in 0..200 {
        let w: [f32; N] = std::array::from_fn(|_| number(rng, 0));
        for (k, g) in g.iter_mut().enumerate() {
            // Those that grow evenly move a parameter furthest.
            let grown = *g * growth;
            let new = at == 0 || k > 3 || !(1e-44..1e18).contains(&grown.abs());
            *g = if new { number(rng, exponent) } else { grown };
        }
        let mut known = states;
        decided += u32::from(step(optimizer, &mut shared, &mut states, (&w, &g)));
        // And as if somebody had written on the state.
        let at = rng.usize(..N);
        for number in 0..Opt::State::ZERO.count().min(rng.usize(1..4)) {
            known[at].set(number, any_number(rng));
        }
        let _ = step(optimizer, &mut { shared }, &mut known, (&w, &g));
    }
    decided
}

/// The bound holds, and decides so large a part of the steps.
fn holds<Opt: Optimizer<State: Numbers>>(optimizer: Opt, growths: &[f32], at_least: f32) {
    assert!(Opt::HAS_BOUND);
    let mut rng = Rng::with_seed(5);
    let (mut decided, mut all) = (0, 0);
    for _ in 0..25 {
        for growth in growths {
            decided += history(&mut rng, &optimizer, *growth);
            all += 200;
        }
    }
    assert!(
        decided as f32 >= at_least * all as f32,
        "{decided} of {all}"
    );
}

#[test]
fn sgd() {
    holds(Sgd::new(0.1), &[1.0], 0.999);
    holds(Sgd::new(0.1).weight_decay(0.1), &[1.0], 0.999);
    let momentum = Sgd::new(0.1).momentum(0.9);
    holds(momentum, &[1.0, 1.1], 0.9);
    holds(momentum.nesterov(), &[1.0, 1.1], 0.9);
    holds(momentum.dampening(0.3).weight_decay(0.1), &[1.0, 1.1], 0.9);
    holds(Groups::by_kind(momentum, momentum), &[1.0], 0.9);
    // What no step is taken with has to be right, too.
    holds(Sgd::new(-0.1).weight_decay(-0.1), &[1.0], 0.0);
    holds(Sgd::new(0.1).momentum(-1.2).dampening(3.0), &[1.0], 0.0);
    holds(Sgd::new(f32::NAN), &[1.0], 0.0);
}

#[test]
fn adam() {
    for (beta1, beta2, at_least) in [
        (0.9, 0.999, 0.9),
        (0.9, 0.99, 0.9),
        (0.99, 0.9999, 0.9),
        (0.0, 0.999, 0.9),
        (0.9, 0.99999, 0.9),
        (0.5, 0.5, 0.9),
        (0.999, 0.9999, 0.9),
        (0.9, 0.5, 0.0),
        (0.9, 0.0, 0.0),
        (0.9, 1.0, 0.0),
        (1.1, 0.9, 0.0),
        (0.9, 1.5, 0.0),
        (-0.5, 0.9, 0.0),
    ] {
        let growths = [1.0, beta2 / beta1, 1.5, 0.9];
        for (eps, at_least) in [(1e-8, at_least), (1e-15, at_least), (0.0, 0.0)] {
            let adam = Adam::new(0.01).betas(beta1, beta2).eps(eps);
            let adamw = AdamW::new(0.01).betas(beta1, beta2).eps(eps);
            let nadam = NAdam::new(0.01).betas(beta1, beta2).eps(eps);
            holds(adam, &growths, at_least);
            holds(adam.amsgrad(), &growths, at_least);
            holds(adam.weight_decay(0.1), &growths, at_least);
            holds(adamw, &growths, at_least);
            holds(adamw.amsgrad().weight_decay(0.1), &growths, at_least);
            holds(nadam, &growths, at_least);
            holds(
                nadam.decoupled_weight_decay().weight_decay(0.1),
                &growths,
                at_least,
            );
        }
        holds(Adam::new(1e30).betas(beta1, beta2), &growths, 0.0);
    }
}

#[test]
fn rmsprop() {
    for (alpha, at_least) in [
        (0.99, 0.9),
        (0.9, 0.9),
        (0.0, 0.9),
        (0.9999, 0.9),
        (1.0, 0.0),
        (1.5, 0.0),
        (-0.5, 0.0),
    ] {
        for (eps, at_least) in [(1e-8, at_least), (1e-15, at_least), (0.0, 0.0)] {
            let rmsprop = RmsProp::new(0.01).alpha(alpha).eps(eps);
            let growths = [1.0, 1.5, 0.5];
            holds(rmsprop, &growths, at_least);
            holds(rmsprop.weight_decay(0.1), &growths, at_least);
            holds(rmsprop.momentum(0.9), &growths, at_least);
            // Bounded by g / eps, so only where gradients are not too large for that.
            holds(rmsprop.centered(), &growths, 0.0);
            holds(rmsprop.centered().momentum(0.9), &growths, 0.0);
        }
    }
}

#[test]
fn adagrad() {
    let adagrad = Adagrad::new(0.01);
    holds(adagrad, &[1.0, 1.5], 0.9);
    holds(adagrad.weight_decay(0.1).lr_decay(0.1), &[1.0, 1.5], 0.9);
    holds(adagrad.initial_accumulator_value(0.5), &[1.0], 0.9);
    holds(adagrad.initial_accumulator_value(-0.5), &[1.0], 0.0);
    holds(adagrad.eps(0.0), &[1.0], 0.0);
}

/// The root of a mean square has the bits of `libm::sqrtf`, whichever instruction takes it: for all
/// exponents, subnormals too.
#[test]
fn square_roots_are_rounded_correctly() {
    let adagrad = Adagrad::new(1.0).eps(0.0);
    let step = adagrad.prepare(&mut 0);
    // The square of this gradient is 0, so w becomes g / sqrt(sum).
    let g = -(2f32.powi(-75));
    let mut rng = Rng::with_seed(8);
    let holds = |bits: u32| {
        let sum = f32::from_bits(bits);
        let (w, _) = Adagrad::update_parameter(&step, 0.0, g, sum);
        let expected = 0.0 - g / (libm::sqrtf(sum) + 0.0);
        assert_eq!(w.to_bits(), expected.to_bits(), "{sum}");
    };
    for exponent in 0..255 {
        let special = [0, 1, 2, 0x40_0000, 0x7f_fffe, 0x7f_ffff];
        let random = (0..2000).map(|_| rng.u32(..1 << 23));
        special
            .into_iter()
            .chain(random)
            .for_each(|mantissa| holds((exponent << 23) | mantissa));
    }
}

/// Gradients of usual sizes are decided by the bound, also for a centred mean square.
#[test]
fn usual_gradients_are_decided() {
    let centered = RmsProp::new(1e-3).centered();
    let (mut states, mut rng) = ([Zero::ZERO; N], Rng::with_seed(3));
    for _ in 0..1000 {
        let [w, g]: [[f32; N]; 2] = std::array::from_fn(|_| [0; N].map(|_| rng.f32() - 0.5));
        assert!(step(&centered, &mut (), &mut states, (&w, &g)));
    }
}

//! A step that a bound decides is refused exactly where one without a bound is: whatever is written
//! into network, state, optimiser and guard between steps, in all three ways to learn.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod common;

use common::gain::Gain;
use common::numbers::Numbers;
use common::{in_slices, weight_bits};
use fastrand::Rng;
use stackprop::params::TensorId;
use stackprop::{
    Adagrad, Adam, AdamW, Chain, Error, Groups, Guard, Linear, Mse, NAdam, Network, Online,
    Optimizer, Params, Relu, RmsProp, Setting, Sgd, Trainer, Zero, net,
};
use std::fmt::Debug;

type Net = net![3 => 4, Relu => 2, Mse];

/// An optimiser of one's own: another one, of which no bound is known.
#[derive(Clone, Copy)]
struct Careful<Opt>(Opt);

impl<Opt: Optimizer> Optimizer for Careful<Opt> {
    type State = Opt::State;
    type Shared = Opt::Shared;
    type Prepared = Opt::Prepared;
    const UNSET: Self = Self(Opt::UNSET);
    const LAYERS: Option<usize> = Opt::LAYERS;

    fn check(&self) -> Result<(), Setting> {
        self.0.check()
    }

    fn check_tensor(&self, tensor: TensorId) -> Result<(), Setting> {
        self.0.check_tensor(tensor)
    }

    fn prepare(&self, shared: &mut Opt::Shared) -> Opt::Prepared {
        self.0.prepare(shared)
    }

    fn prepared_for(prepared: &Opt::Prepared, tensor: TensorId) -> Option<Opt::Prepared> {
        Opt::prepared_for(prepared, tensor)
    }

    fn update_parameter(step: &Opt::Prepared, w: f32, g: f32, s: Opt::State) -> (f32, Opt::State) {
        Opt::update_parameter(step, w, g, s)
    }

    fn lr(&self) -> f32 {
        self.0.lr()
    }

    fn set_lr(&mut self, lr: f32) {
        self.0.set_lr(lr);
    }
}

/// A number that does no good.
fn poison(rng: &mut Rng) -> f32 {
    let sign = if rng.bool() { 1.0 } else { -1.0 };
    sign * match rng.u8(..10) {
        0 => f32::NAN,
        1 => f32::INFINITY,
        2 => 1e38,
        3 => 1e19,
        4 => 1e-40,
        5 => f32::from_bits(rng.u32(..)),
        _ => 2f32.powi(rng.i32(-100..100)),
    }
}

/// Sets parameter `at`, or number `part` of its state, to `value`.
fn write<S: Numbers + Zero>(
    network: &mut Net,
    state: &mut <Net as Params>::Of<S>,
    (at, part): (usize, usize),
    value: f32,
) {
    let mut before = 0;
    network.zip_params(
        &Net::fill(()),
        state,
        &mut |_, w: &mut [f32], _: &[()], s: &mut [S]| {
            if let Some(index) = at.checked_sub(before).filter(|index| *index < w.len()) {
                match part.checked_sub(1) {
                    None => w[index] = value,
                    Some(part) => s[index].set(part % s[index].count().max(1), value),
                }
            }
            before += w.len();
        },
    );
}

/// The outcome of a step: what it gave, and the bits of all that it may have changed.
type Outcome = (Result<u32, Error>, Vec<u32>, String);

fn outcome(result: Result<f32, Error>, network: &Net, state: impl Debug) -> Outcome {
    let state = format!("{state:?}");
    (result.map(f32::to_bits), weight_bits(network), state)
}

/// One step from the same place in all three ways.
fn steps<Opt: Optimizer>(
    network: Net,
    state: (Opt::Shared, <Net as Params>::Of<Opt::State>),
    (optimizer, guard): (Opt, Guard),
    (x, target): ([f32; 3], [f32; 2]),
) -> [Outcome; 3]
where
    Opt::Shared: Debug,
    <Net as Params>::Of<Opt::State>: Debug,
{
    let mut trainer = Trainer::new(network, optimizer);
    (trainer.guard, trainer.state.shared, trainer.state.params) = (guard, state.0, state.1);
    let mut sliced = trainer.clone();
    let mut online = Online::new(network, optimizer);
    (online.guard, online.state) = (guard, trainer.state);
    let result = trainer.step(&[x], &[target]);
    let of_trainer = outcome(result, &trainer.network, trainer.state);
    let result = in_slices(&mut sliced, &[x], &[target], 1);
    let of_sliced = outcome(result, &sliced.network, sliced.state);
    let result = online.step(&x, &target);
    [
        of_trainer,
        of_sliced,
        outcome(result, &online.network, online.state),
    ]
}

/// Steps with and without a bound have the same outcome. Gives how many were taken and refused.
fn same<Opt: Optimizer<State: Numbers>>(seed: u64, optimizer: Opt) -> [u32; 2]
where
    Opt::Shared: Debug,
    <Net as Params>::Of<Opt::State>: Debug,
{
    let mut rng = Rng::with_seed(seed);
    let mut counts = [0; 2];
    for _ in 0..40 {
        let mut kept = Trainer::new(Net::new(rng.u64(..)), optimizer);
        for _ in 0..30 {
            let size = 2f32.powi(rng.i32(-3..4)) * if rng.u8(..8) == 0 { 1e15 } else { 1.0 };
            let x: [f32; 3] = std::array::from_fn(|_| size * (rng.f32() - 0.5));
            let target = [size * rng.f32(), rng.f32()];
            let (mut network, mut state) = (kept.network, kept.state);
            if rng.u8(..3) > 0 {
                let place = (rng.usize(..Net::COUNT), rng.usize(..4));
                write(&mut network, &mut state.params, place, poison(&mut rng));
            }
            let mut guard = Guard::new();
            match rng.u8(..6) {
                0 => guard = guard.max_weight(poison(&mut rng)),
                1 => guard = guard.max_weight(1.0),
                2 => guard = guard.max_norm(0.5),
                _ => (),
            }
            let (state, sample) = ((state.shared, state.params), (x, target));
            let found = steps(network, state, (optimizer, guard), sample);
            let expected = steps(network, state, (Careful(optimizer), guard), sample);
            assert_eq!(found, expected);
            assert_eq!(found[0], found[1]);
            assert_eq!(found[0].0, found[2].0);
            counts[usize::from(found[0].0.is_err())] += 1;
            // The good history goes on.
            let _ = kept.step(&[x.map(|x| x / size)], &[target]);
        }
    }
    counts
}

/// As [`same`]; steps of both kinds were seen.
fn holds<Opt: Optimizer<State: Numbers>>(optimizer: Opt)
where
    Opt::Shared: Debug,
    <Net as Params>::Of<Opt::State>: Debug,
{
    let [taken, refused] = same(7, optimizer);
    assert!(taken > 50 && refused > 100, "{taken} {refused}");
}

#[test]
fn sgd() {
    let sgd = Sgd::new(0.1);
    holds(sgd);
    holds(sgd.weight_decay(0.1));
    holds(sgd.momentum(0.9));
    holds(sgd.momentum(0.9).nesterov().weight_decay(0.1));
    holds(Sgd::new(0.0).momentum(0.0));
}

#[test]
fn adam() {
    let (adam, adamw, nadam) = (Adam::new(0.01), AdamW::new(0.01), NAdam::new(0.01));
    holds(adam);
    holds(adam.amsgrad().weight_decay(0.1));
    // Few or none of these steps are taken.
    let _ = (same(7, adam.eps(0.0)), same(7, Adam::new(1e30)));
    holds(adamw);
    holds(adamw.amsgrad());
    holds(nadam);
    holds(nadam.weight_decay(0.1).decoupled_weight_decay());
}

#[test]
fn rmsprop_and_adagrad() {
    let rmsprop = RmsProp::new(0.01);
    holds(rmsprop);
    holds(rmsprop.momentum(0.9));
    holds(rmsprop.centered());
    holds(rmsprop.centered().momentum(0.9));
    let _ = same(7, rmsprop.alpha(1.0));
    holds(Adagrad::new(0.01));
}

#[test]
fn groups() {
    let adam = Adam::new(0.01);
    let mut by_layer = Groups::by_layer([adam, adam.betas(0.5, 0.9)]);
    holds(by_layer);
    by_layer.freeze(0).unwrap();
    holds(by_layer);
    holds(Groups::by_kind(
        Sgd::new(0.1).momentum(0.9),
        Sgd::new(0.01).momentum(0.5),
    ));
}

/// A layer that says no bound of its gradient has one all the same.
#[test]
fn a_layer_of_ones_own() {
    let layers = Chain(Gain { gain: [1.0] }, Linear::without_bias([[1e6]]));
    let network = Network::from_layers(layers, Mse);
    // The gradient of the gain is 1.28e8, that of the weight is 128.
    let (x, target) = (1.0, 1e6 - 64.0);
    let mut online = Online::new(network, Sgd::new(0.1));
    let mut trainer = Trainer::new(network, Sgd::new(0.1));
    let error = trainer.step(&[[x]], &[[target]]);
    assert_eq!(error, Err(Error::Diverged));
    assert_eq!(online.step(&[x], &[target]), error);
    assert_eq!(online.network.layers.0.gain, [1.0]);
}

/// A trainer that was not started takes no step, though its bound is 0.
#[test]
fn not_started() {
    let mut trainer = Trainer::<net![bias = false; 1 => 1, Mse], Sgd>::unset();
    assert_eq!(trainer.step(&[[0.0]], &[[0.0]]), Err(Error::NotStarted));
    let mut online = Online::<net![bias = false; 1 => 1, Mse], Sgd>::unset();
    assert_eq!(online.step(&[0.0], &[0.0]), Err(Error::NotStarted));
}

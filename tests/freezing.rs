//! Parameter groups: the same bits by each way of training, and what is frozen stays as it is.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod common;

use common::nets::{Small, row};
use common::{in_slices, weight_bits};
use stackprop::optim::{Moments, OptimizerState};
use stackprop::{
    Adam, AdamW, Chain, Error, Groups, Guard, Linear, Mse, NotFinite, Online, Optimizer, RmsProp,
    Sgd, Trainer, net, weights,
};

/// The bits of weights and state after 30 steps on one row each, by each of the three ways;
/// `change` is told the step before each.
fn bits<Opt>(optimizer: Opt, guard: Guard, change: impl Fn(u8, &mut Opt)) -> [Vec<u32>; 2]
where
    Opt: Optimizer<State: Numbers>,
{
    let mut trainer = Trainer::new(Small::new(1), optimizer);
    let mut online = Online::new(Small::new(1), optimizer);
    (trainer.guard, online.guard) = (guard, guard);
    let mut sliced = trainer.clone();
    for k in 0..30 {
        let (x, y) = row(k);
        for optimizer in [
            &mut trainer.optimizer,
            &mut online.optimizer,
            &mut sliced.optimizer,
        ] {
            change(k, optimizer);
        }
        let loss = trainer.step(&[x], &[y]);
        assert!(loss.is_ok());
        assert_eq!(online.step(&x, &y), loss);
        assert_eq!(in_slices(&mut sliced, &[x], &[y], 1), loss);
    }
    let found = [
        (&trainer.network, &trainer.state),
        (&online.network, &online.state),
        (&sliced.network, &sliced.state),
    ]
    .map(|(network, state)| [weight_bits(network), state_bits::<Opt>(state)]);
    assert_eq!(found[1], found[0]);
    assert_eq!(found[2], found[0]);
    found[0].clone()
}

/// The numbers of a state.
trait Numbers: Copy {
    fn numbers(self) -> Vec<f32>;
}

impl Numbers for () {
    fn numbers(self) -> Vec<f32> {
        Vec::new()
    }
}

impl Numbers for f32 {
    fn numbers(self) -> Vec<f32> {
        vec![self]
    }
}

impl Numbers for Moments {
    fn numbers(self) -> Vec<f32> {
        vec![self.m, self.v]
    }
}

fn state_bits<Opt: Optimizer<State: Numbers>>(state: &OptimizerState<Small, Opt>) -> Vec<u32> {
    weights::tensors_of::<Small, Opt::State>(&state.params)
        .flat_map(|tensor| tensor.values)
        .flat_map(|number| number.numbers())
        .map(f32::to_bits)
        .collect()
}

/// Groups that are all alike give the bits of the optimiser itself.
fn like_plain<Opt: Optimizer<State: Numbers>>(optimizer: Opt) {
    for guard in [Guard::new(), Guard::new().max_norm(0.3)] {
        let plain = bits(optimizer, guard, |_, _| {});
        let kinds = Groups::by_kind(optimizer, optimizer);
        assert_eq!(bits(kinds, guard, |_, _| {}), plain);
        let layers = Groups::by_layer([optimizer; 2]);
        assert_eq!(bits(layers, guard, |_, _| {}), plain);
    }
}

#[test]
fn alike_they_give_the_bits_of_the_optimiser() {
    like_plain(Sgd::new(0.1));
    like_plain(Sgd::new(0.05).momentum(0.9).nesterov());
    like_plain(Sgd::new(0.1).weight_decay(0.1).momentum(0.5).dampening(0.1));
    like_plain(RmsProp::new(0.01));
    like_plain(Adam::new(0.01));
    like_plain(AdamW::new(0.01));
}

/// Groups that differ, and one that is frozen for a while, give the same bits by each way.
#[test]
fn the_same_bits_by_each_way() {
    let adam = [
        Adam::new(0.01).weight_decay(0.1),
        Adam::new(0.03).betas(0.5, 0.9),
    ];
    for guard in [Guard::new(), Guard::new().max_norm(0.3)] {
        let learned = bits(Groups::by_layer(adam), guard, |_, _| {});
        let frozen = bits(Groups::by_layer(adam), guard, |k, groups| match k {
            7 => groups.freeze(0).unwrap(),
            19 => groups.thaw(0).unwrap(),
            _ => {}
        });
        assert_ne!(frozen, learned);
        bits(Groups::by_kind(adam[0], adam[1]), guard, |_, _| {});
    }
}

/// All that a frozen layer has stays as it is, bit for bit, also what its group has counted.
#[test]
fn what_is_frozen_stays() {
    let adam = Adam::new(0.01).weight_decay(0.1);
    let mut online = Online::new(Small::new(1), Groups::by_layer([adam; 2]));
    let step = |online: &mut Online<_, _>, k| {
        let (x, y) = row(k);
        online.step(&x, &y).unwrap();
    };
    (0..5).for_each(|k| step(&mut online, k));
    online.optimizer.freeze(0).unwrap();
    assert!(online.optimizer.is_frozen(0) && !online.optimizer.is_frozen(1));
    let (network, state) = (online.network, online.state);
    (5..15).for_each(|k| step(&mut online, k));
    assert_eq!(online.network.layers.0, network.layers.0);
    assert_eq!(online.state.params.0, state.params.0);
    assert_eq!(online.state.shared[0], state.shared[0]);
    assert_ne!(online.network.layers.1, network.layers.1);
    assert_ne!(online.state.shared[1], state.shared[1]);

    // All of them: a step is taken, and changes nothing.
    online.optimizer.freeze(1).unwrap();
    let all = (online.network, online.state.shared);
    step(&mut online, 15);
    assert_eq!((online.network, online.state.shared), all);
}

/// The gradient of a frozen layer may be infinite, with and without clipping.
#[test]
fn a_frozen_gradient_does_not_matter() {
    type Pair = net![bias = false; 1 => 1 => 1, Mse];
    let mut network = Pair::zeros();
    network.copy_from_slice(&[1e-38, 1.0]).unwrap();
    let (x, y) = ([3e38], [0.0]); // dw of the first layer is 2 * 3 * 3e38
    for (guard, w) in [
        (Guard::new(), 1.0 - 0.01 * 18.0),
        (Guard::new().max_norm(0.5), 1.0 - 0.01 * 0.5),
    ] {
        let mut trainer = Trainer::new(network, Groups::by_layer([Sgd::new(0.01); 2]));
        let mut online = Online::new(network, trainer.optimizer);
        (trainer.guard, online.guard) = (guard, guard);
        let refused = Err(Error::NotFinite(NotFinite::Gradient));
        assert_eq!(trainer.step(&[x], &[y]), refused);
        assert_eq!(online.step(&x, &y), refused);
        trainer.optimizer.freeze(0).unwrap();
        online.optimizer.freeze(0).unwrap();
        trainer.step(&[x], &[y]).unwrap();
        online.step(&x, &y).unwrap();
        assert_eq!(online.network, trainer.network);
        let Chain(Linear { weight, .. }, last) = trainer.network.layers;
        assert_eq!(weight, [[1e-38]]);
        assert!((last.weight[0][0] - w).abs() < 1e-6, "{:?}", last.weight);
    }
}

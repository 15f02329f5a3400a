//! Settings that PyTorch's constructors refuse are refused by their name, before anything is
//! learned.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

#[path = "../common/mod.rs"]
mod common;
mod optimizers;

use common::{in_slices, weight_bits};
use stackprop::notebook::{BOOK_NET, X, Y};
use stackprop::{
    Error, Guard, Mse, Online, Optimizer, Setting, Sgd, SigmoidBce, SoftmaxCe, Trainable, Trainer,
    Weighted, WeightedBce, net,
};

pub(crate) const NOT_FINITE: [f32; 3] = [f32::NAN, f32::INFINITY, f32::NEG_INFINITY];

/// All three ways to learn refuse it, and nothing changes.
fn refused_in<N: Trainable, Opt: Optimizer>(
    network: N,
    optimizer: Opt,
    (rows, targets): (&[N::Input], &[N::Output]),
    guard: Guard,
    setting: Setting,
) {
    let error = Err(Error::Setting(setting));
    let mut trainer = Trainer::new(network, optimizer);
    let mut online = Online::new(network, optimizer);
    (trainer.guard, online.guard) = (guard, guard);
    assert_eq!(trainer.step(rows, targets), error);
    assert_eq!(online.step(&rows[0], &targets[0]), error);
    assert_eq!(in_slices(&mut trainer, rows, targets, 3), error);
    let same = |found: &N| assert_eq!(weight_bits(found), weight_bits(&network));
    same(&trainer.network);
    same(&online.network);
}

pub(crate) fn refused<Opt: Optimizer>(optimizer: Opt, setting: Setting) {
    refused_in(BOOK_NET, optimizer, (&X, &Y), Guard::new(), setting);
}

/// Learns, also where PyTorch's constructor is content.
pub(crate) fn taken<Opt: Optimizer>(optimizer: Opt) {
    let mut trainer = Trainer::new(BOOK_NET, optimizer);
    assert!(trainer.step(&X, &Y).is_ok());
    assert!(Online::new(BOOK_NET, optimizer).step(&X[0], &Y[0]).is_ok());
}

#[test]
fn limits_of_the_guard() {
    for value in [f32::NAN, f32::NEG_INFINITY, -1.0] {
        let guard = Guard::new().max_norm(value);
        refused_in(BOOK_NET, Sgd::new(0.1), (&X, &Y), guard, Setting::MaxNorm);
        let guard = Guard::new().max_weight(value);
        refused_in(BOOK_NET, Sgd::new(0.1), (&X, &Y), guard, Setting::MaxWeight);
    }
}

/// A weight is blamed, not the target.
#[test]
fn weights_of_samples() {
    type Single = net![1 => 1, Weighted<SigmoidBce>];
    type Rare = net![1 => 1, WeightedBce];
    type Both = net![1 => 1, Weighted<WeightedBce>];
    let data: (&[_], &[_]) = (&[[1.0]], &[[1.0]]);
    for value in NOT_FINITE.into_iter().chain([-0.5]) {
        let (guard, sgd) = (Guard::new(), Sgd::new(0.1));
        let mut single = Single::zeros();
        single.head.weight = value;
        refused_in(single, sgd, data, guard, Setting::Weight);
        let mut rare = Rare::zeros();
        rare.head.pos_weight = value;
        refused_in(rare, sgd, data, guard, Setting::PosWeight);
        let mut both = Both::zeros();
        both.head.head.pos_weight = value;
        refused_in(both, sgd, data, guard, Setting::PosWeight);
    }
    let mut free = Single::zeros();
    free.head.allow_negative = true;
    for value in NOT_FINITE {
        free.head.weight = value;
        refused_in(free, Sgd::new(0.1), data, Guard::new(), Setting::Weight);
    }
}

/// A negative weight by itself: the step of the weight 1 the other way round.
#[test]
fn negative_weights_are_taken_where_they_are_meant() {
    let mut trainer = Trainer::new(
        <net![2 => 3, Weighted<SoftmaxCe>]>::new(1),
        Sgd::new(0.1).momentum(0.9),
    );
    let (start, x, y) = (trainer.network, [[0.5, -1.0]], [[0.0, 1.0, 0.0]]);
    let mut towards = trainer.clone();
    trainer.network.head.allow_negative = true;
    trainer.network.head.weight = -1.0;
    assert_eq!(trainer.step(&x, &y), towards.step(&x, &y).map(|loss| -loss));
    let moved = |to: f32, from: f32| to - from;
    for o in 0..3 {
        let from = start.layers.bias[o];
        let away = moved(trainer.network.layers.bias[o], from);
        let near = moved(towards.network.layers.bias[o], from);
        assert!((away + near).abs() < 1e-7 && near != 0.0);
    }
}

/// Class weights of `nn.CrossEntropyLoss` in PyTorch 2.15, z = (1, 2, 0.5), (0, -1, 2), classes 0
/// and 2, weights 1, 1, 3: 0.9869535 with one-hot targets, a mean over the samples; 0.49347675 with
/// class indices, a mean over the sum of the weights.
#[test]
fn class_weights_of_pytorch() {
    let mut net = <net![3 => 3, Weighted<SoftmaxCe>]>::zeros();
    (0..3).for_each(|n| net.layers.weight[n][n] = 1.0);
    let mut trainer = Trainer::new(net, Sgd::new(0.0));
    let samples = [
        ([1.0, 2.0, 0.5], [1.0, 0.0, 0.0], 1.0),
        ([0.0, -1.0, 2.0], [0.0, 0.0, 1.0], 3.0),
    ];
    for (z, y, weight) in samples {
        trainer.network.head.weight = weight;
        trainer.accumulate(&[z], &[y]).unwrap();
    }
    let over_samples = trainer.update().unwrap();
    assert!((over_samples - 0.986_953_5).abs() < 1e-6);
    let over_weights = over_samples * 2.0 / (1.0 + 3.0);
    assert!((over_weights - 0.493_476_75).abs() < 1e-6);
}

/// Targets of a softmax that are no distribution.
#[test]
fn targets_of_softmax() {
    let mut trainer = Trainer::new(<net![1 => 3, SoftmaxCe]>::new(1), Sgd::new(0.1));
    let mut online = Online::new(trainer.network, Sgd::new(0.1));
    for target in [
        [0.0; 3],
        [1.0, 1.0, 0.0],
        [0.5, 0.0, 0.0],
        [0.4, 0.4, 0.25],
        [1.0; 3],
    ] {
        let rows = [[1.0]; 2];
        let error = Error::Target { row: 1 };
        let targets = [[1.0, 0.0, 0.0], target];
        assert_eq!(trainer.step(&rows, &targets), Err(error));
        assert_eq!(online.step(&[1.0], &target), Err(Error::Target { row: 0 }));
    }
    for target in [
        [0.0, 1.0, 0.0],
        [0.25, 0.25, 0.5],
        [1.0 / 3.0; 3],
        [0.33; 3],
        [0.1, 0.2, 0.7],
    ] {
        assert!(trainer.step(&[[1.0]], &[target]).is_ok());
        assert!(online.step(&[1.0], &target).is_ok());
    }
}

/// What a firmware engineer reads in the log.
#[test]
fn the_texts_name_the_setting() {
    for (setting, text) in [
        (
            Setting::Lr,
            "the setting lr has to be finite, and 0 or more",
        ),
        (Setting::Beta2, "the setting beta2 has to be 0 to below 1"),
        (
            Setting::Nesterov,
            "the setting nesterov needs a momentum above 0, and no dampening",
        ),
        (
            Setting::InitialAccumulatorValue,
            "the setting initial_accumulator_value has to be finite, and 0 or more",
        ),
        (
            Setting::Own("l1"),
            "the setting l1 is not one that a step can be taken with",
        ),
    ] {
        assert_eq!(Error::Setting(setting).to_string(), text);
    }
    assert_eq!(Error::from(Setting::Eps), Error::Setting(Setting::Eps));
}

/// An optimiser of one's own refuses its own settings.
#[test]
fn settings_of_ones_own() {
    #[derive(Clone, Copy)]
    struct Sign(f32);

    impl Optimizer for Sign {
        type State = ();
        type Shared = ();
        type Prepared = f32;
        const UNSET: Self = Self(0.0);

        fn check(&self) -> Result<(), Setting> {
            if self.0 > 1.0 {
                return Err(Setting::Own("step"));
            }
            Ok(())
        }

        fn prepare(&self, (): &mut ()) -> f32 {
            self.0
        }

        fn update_parameter(step: &f32, w: f32, g: f32, (): ()) -> (f32, ()) {
            (w - step * g.signum(), ())
        }

        fn lr(&self) -> f32 {
            self.0
        }

        fn set_lr(&mut self, lr: f32) {
            self.0 = lr;
        }
    }

    refused(Sign(2.0), Setting::Own("step"));
    taken(Sign(0.25));
    let mut trainer = Trainer::new(<net![bias = false; 1 => 1, Mse]>::zeros(), Sign(2.0));
    assert!(trainer.step(&[[1.0]], &[[1.0]]).is_err());
    trainer.optimizer.set_lr(0.5);
    assert!(trainer.step(&[[1.0]], &[[1.0]]).is_ok());
}

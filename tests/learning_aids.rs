//! Initialisation, schedules, frozen layers, and the aids for learning from a stream.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test fails by panicking"
)]

mod common;

use common::nets::Mlp16;
use common::weight_bits;
use stackprop::init::Scheme;
use stackprop::notebook::{BOOK_NET, NetBook, X, Y};
use stackprop::optim::{constant_lr, cosine_annealing_lr, step_lr};
use stackprop::{
    Chain, Dataset, EarlyStopping, Error, Frozen, Grad, Linear, Losses, Mean, Model, Network,
    NotFinite, Random, Relu, Replay, Sgd, SigmoidBce, Sums, Target, Trainable, Trainer, weights,
};

/// Uniform within the bounds, close to both ends, the same bits from the same seed.
#[test]
fn initialisation() {
    for (scheme, bounds) in [
        (Scheme::Default, [0.25, 1.0 / 32f32.sqrt(), 0.25]),
        (
            Scheme::KaimingUniform,
            [
                6f32.sqrt() / 4.0,
                6f32.sqrt() / 32f32.sqrt(),
                6f32.sqrt() / 4.0,
            ],
        ),
        (
            Scheme::XavierUniform,
            [0.125f32.sqrt(), 0.125f32.sqrt(), 0.3f32.sqrt()],
        ),
    ] {
        let mut net = Mlp16::zeros();
        net.init(scheme, &mut Random::new(7));
        let tensors: Vec<&[f32]> = weights::tensors(&net).map(|tensor| tensor.values).collect();
        for (k, bound) in bounds.into_iter().enumerate() {
            let largest = |tensor: &[f32]| tensor.iter().fold(0.0, |m: f32, w| m.max(w.abs()));
            assert!(
                largest(tensors[2 * k]) <= bound && largest(tensors[2 * k]) > 0.9 * bound,
                "{scheme:?} {k}"
            );
            let bias = if scheme == Scheme::Default {
                bound
            } else {
                0.0
            };
            assert!(largest(tensors[2 * k + 1]) <= bias);
        }
        let mut again = Mlp16::zeros();
        again.init(scheme, &mut Random::new(7));
        assert_eq!(weight_bits(&net), weight_bits(&again));
    }
}

#[test]
fn random_numbers() {
    let mut random = Random::new(1);
    let all: Vec<f32> = (0..10_000).map(|_| random.uniform(2.0)).collect();
    let mean = all.iter().map(|x| f64::from(*x)).sum::<f64>() / 10_000.0;
    // Four standard errors of the mean of 10,000 numbers uniform in +-2.
    assert!(mean.abs() < 4.0 * 2.0 / 3f64.sqrt() / 100.0, "{mean}");
    // Four of the mean of their squares, 2^2 / 3.
    let square = all.iter().map(|x| f64::from(x * x)).sum::<f64>() / 10_000.0;
    assert!((square - 4.0 / 3.0).abs() < 0.048, "{square}");
    assert!(all.iter().all(|x| (-2.0..2.0).contains(x)));
    let counts = (0..6000).fold([0u32; 6], |mut counts, _| {
        counts[random.below(6) as usize] += 1;
        counts
    });
    // Five standard deviations of a binomial with 6000 draws of 1/6.
    assert!(
        counts.into_iter().all(|n| n.abs_diff(1000) < 145),
        "{counts:?}"
    );
    assert_eq!(random.below(0), 0);
}

#[test]
fn schedules() {
    assert_eq!(constant_lr(0.5, 7), 0.5);
    for epoch in 0..40 {
        let exact = 0.1 * 0.5f64.powi(epoch / 10);
        assert!((f64::from(step_lr(0.1, epoch as u32, 10, 0.5)) - exact).abs() < 1e-8);
        let exact = 0.01
            + 0.09 * 0.5 * (1.0 + (std::f64::consts::PI * f64::from(epoch.min(30)) / 30.0).cos());
        let rate = cosine_annealing_lr(0.1, epoch as u32, 30, 0.01);
        assert!(
            (f64::from(rate) - exact).abs() < 2e-8,
            "{epoch}: {rate}, not {exact}"
        );
    }
}

/// Training behind a frozen part is training on what it gives: same losses, same weights, nothing
/// else moves.
#[test]
fn frozen_layers() {
    let front = Chain::<_, _, 4>(
        Linear::new([[0.2, -0.1, 0.3]; 4], [0.1, 0.2, 0.3, 0.4]),
        Relu,
    );
    let back = Linear::new([[0.5, -0.4, 0.3, -0.2]], [0.1]);
    let layers = Chain::<_, _, 4>(Frozen(&front), back);
    let mut frozen = Trainer::new(
        Network::<_, _, 3, 1>::from_layers(layers, SigmoidBce),
        Sgd::new(0.3),
    );
    let mut alone = Trainer::new(
        Network::<_, _, 4, 1>::from_layers(back, SigmoidBce),
        Sgd::new(0.3),
    );
    let whole = Network::<_, _, 3, 4>::from_layers(front, SigmoidBce);
    let between = X.map(|x| whole.logits(&x));
    for _ in 0..20 {
        assert_eq!(frozen.step(&X, &Y), alone.step(&between, &Y));
    }
    assert_eq!(frozen.network.layers.1, alone.network.layers);
    assert_ne!(frozen.network.layers.1, back);
    assert_eq!(
        size_of::<Grad<Chain<Frozen<'_, Chain<Linear<3, 4>, Relu, 4>>, Linear<4, 1>, 4>>>(),
        size_of_val(&back)
    );
}

/// A frozen layer behind one that learns passes the gradient on.
#[test]
fn frozen_in_the_middle() {
    let first = Linear::new([[0.2, -0.1, 0.3]; 4], [0.1, 0.2, 0.3, 0.4]);
    let last = Linear::new([[0.5, -0.4, 0.3, -0.2]], [0.1]);
    let frozen =
        Network::<_, _, 3, 1>::from_layers(Chain::<_, _, 4>(first, Frozen(&last)), SigmoidBce);
    let free = Network::<_, _, 3, 1>::from_layers(Chain::<_, _, 4>(first, last), SigmoidBce);
    let a = frozen.backward(&X[0], &frozen.trace(&X[0]), &Y[0]);
    let b = free.backward(&X[0], &free.trace(&X[0]), &Y[0]);
    assert_eq!((a.params.0, a.input, a.loss), (b.params.0, b.input, b.loss));
}

/// A reservoir keeps each of the samples that passed with the same probability.
#[test]
#[expect(clippy::cast_possible_truncation, reason = "whole numbers below 40")]
fn replay() {
    let mut random = Random::new(5);
    let mut kept = [0u32; 40];
    for _ in 0..4000 {
        let mut replay = Replay::<1, 1, 10>::new();
        assert!(replay.sample(&mut random).is_none());
        for k in (0..40u8).map(f32::from) {
            replay.observe([k], [k], &mut random).unwrap();
        }
        let (nan, inf) = (f32::NAN, f32::INFINITY);
        let input = Err(Error::NotFinite(NotFinite::Input { row: 0, column: 0 }));
        let target = Err(Error::NotFinite(NotFinite::Target { row: 0, column: 0 }));
        assert_eq!(replay.observe([nan], [0.0], &mut random), input);
        assert_eq!(replay.observe([0.0], [inf], &mut random), target);
        assert_eq!((replay.rows().len(), replay.rows()), (10, replay.targets()));
        replay.rows().iter().for_each(|[k]| kept[*k as usize] += 1);
        assert!(replay.sample(&mut random).is_some());
    }
    // Five standard deviations of a binomial with 4000 draws of 1/4.
    assert!(kept.into_iter().all(|n| n.abs_diff(1000) < 137), "{kept:?}");
}

#[test]
fn losses() {
    let mut losses = Losses::<3>::new();
    assert_eq!(losses.mean(), None);
    [4.0, 1.0, 2.0, 3.0]
        .into_iter()
        .for_each(|loss| losses.push(loss));
    assert_eq!(losses.iter().collect::<Vec<_>>(), [1.0, 2.0, 3.0]);
    assert_eq!(losses.mean(), Some(2.0));
    // The same losses that lie in another order.
    let mut others = Losses::<3>::new();
    [1.0, 2.0, 3.0]
        .into_iter()
        .for_each(|loss| others.push(loss));
    assert_eq!(losses, others);
    others.push(4.0);
    assert_ne!(losses, others);
}

#[test]
fn one_loss_and_none() {
    let (mut one, mut none) = (Losses::<1>::new(), Losses::<0>::new());
    for loss in [2.0, 5.0] {
        one.push(loss);
        none.push(loss);
    }
    assert_eq!((one.mean(), one.iter().count()), (Some(5.0), 1));
    assert_eq!((none.mean(), none.iter().count()), (None, 0));
}

/// What has learned is equal to a copy of itself, and not to what it was before.
#[test]
fn equal_only_if_all_is() {
    fn check<T: Clone + PartialEq + core::fmt::Debug>(mut this: T, change: impl Fn(&mut T)) {
        let before = this.clone();
        assert_eq!(this, before);
        change(&mut this);
        assert_ne!(this, before);
        assert_eq!(this, this.clone());
    }
    let mut trainer = Trainer::new(BOOK_NET, Sgd::new(0.1).momentum(0.9));
    let state = trainer.state;
    trainer.step(&X, &Y).unwrap();
    check(state, |state| *state = trainer.state);
    let best = EarlyStopping::new(&BOOK_NET, 3);
    check(best, |best| *best = EarlyStopping::new(&trainer.network, 3));
    check(best, |best| _ = best.observe(0.5, &BOOK_NET));
    check(best, |best| *best = EarlyStopping::new(&BOOK_NET, 4));
    let sums = Sums::<NetBook>::new();
    check(sums, |sums| BOOK_NET.accumulate(&X, &Y, sums).unwrap());
    check(sums, |sums| sums.count = 1);
    check(Mean::new(), |mean| mean.push(0.0));
    check(Replay::<1, 1, 2>::new(), |replay| {
        replay.observe([0.0], [0.0], &mut Random::new(1)).unwrap();
    });
}

/// A model behind its trait is the model.
#[test]
fn a_generic_model() {
    fn both<N: Model>(network: &N, x: &N::Input, target: &N::Output) -> (N::Output, f32) {
        (network.forward(x), network.loss(x, target))
    }
    fn evaluated<N>(network: &N, x: &[N::Input], y: &[N::Output]) -> [f32; 2]
    where
        N: Trainable,
        N::Output: Target<N>,
    {
        let data = Dataset::new(x, y).unwrap();
        let mut seen = 0;
        let looked = network.evaluate_with(data, |_, _| seen += 1).unwrap();
        assert_eq!(seen, x.len());
        [network.evaluate(data).unwrap(), looked]
    }
    let (x, y, net) = (&X[0], &Y[0], BOOK_NET);
    assert_eq!(both(&net, x, y), (net.forward(x), net.loss(x, y)));
    let loss = net.evaluate(Dataset::new(&X, &Y).unwrap()).unwrap();
    assert_eq!(evaluated(&net, &X, &Y), [loss; 2]);
}

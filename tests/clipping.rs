//! Clipping: what `max_norm` does to a gradient of any size, and that it makes steps on raw inputs
//! possible.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test fails by panicking"
)]

mod common;

use common::in_slices;
use common::nets::Mlp16;
use fastrand::Rng;
use stackprop::params::norm;
use stackprop::{
    Error, Guard, Mse, Normalizer, NotFinite, Online, Optimizer, Relu, Sgd, Trainer, net,
};

/// Two weights without bias: with w = 0 the gradient is -2 target x.
type Plane = net![bias = false; 2 => 1, Mse];

/// The weights after one step from 0, the same in a batch, alone and in slices.
fn step<Opt: Optimizer>(
    optimizer: Opt,
    max_norm: f32,
    x: [f32; 2],
    target: f32,
) -> Result<[f32; 2], Error> {
    let guard = Guard::new().max_norm(max_norm);
    let mut online = Online::new(Plane::zeros(), optimizer);
    let mut trainer = Trainer::new(Plane::zeros(), optimizer);
    (online.guard, trainer.guard) = (guard, guard);
    let mut sliced = trainer.clone();
    let loss = trainer.step(&[x], &[[target]]);
    assert_eq!(online.step(&x, &[target]), loss);
    assert_eq!(in_slices(&mut sliced, &[x], &[[target]], 1), loss);
    assert_eq!(online.network, trainer.network);
    assert_eq!(sliced.network, trainer.network);
    loss.map(|_| trainer.network.layers.weight[0])
}

/// A gradient of (3, 4) 10^k is clipped to (0.6, 0.8), for all k at which the loss is a float.
#[test]
fn a_gradient_of_any_size() {
    for (x, target) in [
        ([3.0, 4.0], 0.5),
        ([3e19, 4e19], 0.5), // the squares overflow
        ([3e37, 4e37], 0.5),
        ([3e30, 4e30], 1e7),
        ([3e10, 4e10], 1e18),
    ] {
        let [a, b] = step(Sgd::new(1.0), 1.0, x, target).unwrap();
        assert!((a - 0.6).abs() < 1e-6 && (b - 0.8).abs() < 1e-6, "{x:?}");
    }
    // Here the squares vanish.
    let [a, b] = step(Sgd::new(1.0), 1e-25, [3e-20, 4e-20], 0.5).unwrap();
    assert!((a - 6e-26).abs() < 1e-31 && (b - 8e-26).abs() < 1e-31);
    // Here a factor of 1e-68 would.
    let [a, b] = step(Sgd::new(1.0), 1e-30, [6e37, 8e37], 0.5).unwrap();
    assert!((a - 6e-31).abs() < 1e-36 && (b - 8e-31).abs() < 1e-36);
    // A gradient that is not finite is refused.
    let refused = Err(Error::NotFinite(NotFinite::Gradient));
    assert_eq!(step(Sgd::new(1.0), 1.0, [3e38, 4.0], 10.0), refused);
}

/// The length of a gradient, against PyTorch 2.15's `clip_grad_norm_` where its squares are finite,
/// else against the closed form.
#[test]
fn lengths() {
    for (grad, length) in [
        ([3.0, 4.0], 5.0),
        ([3e-20, 4e-20], 4.999_999_2e-20), // PyTorch
        ([3e19, 4e19], 5e19),
        ([-3e38, 1e38], 3.162_277_7e38),
        ([3e-39, 4e-39], 5e-39),
        ([0.0, 0.0], 0.0),
        ([f32::MAX, f32::MAX], f32::INFINITY),
        ([f32::NEG_INFINITY, 1.0], f32::INFINITY),
    ] {
        let mut all = Plane::zero_grad();
        all.weight = [grad];
        let found = norm::<Plane>(&all);
        let near = found == length || (found - length).abs() <= 2e-7 * length;
        assert!(near, "{grad:?}: {found:e}, not {length:e}");
    }
    let mut all = Plane::zero_grad();
    all.weight = [[f32::NAN, 1.0]];
    assert!(norm::<Plane>(&all).is_nan());
}

/// PyTorch divides by the length + 1e-6; `Guard::max_norm` by the length. For (3, 4) and 1 PyTorch
/// 2.15 gives 0.5999999 and 0.7999998.
#[test]
fn the_difference_to_pytorch() {
    let [a, b] = step(Sgd::new(1.0), 1.0, [3.0, 4.0], 0.5).unwrap();
    let shorter = 5.0 / (5.0 + 1e-6);
    assert!((a * shorter - 0.599_999_9).abs() <= 6e-8);
    assert!((b * shorter - 0.799_999_83).abs() <= 6e-8);
    // A gradient within the limit keeps its bits.
    assert_eq!(step(Sgd::new(1.0), 1.0, [0.6, 0.8], 0.5), Ok([0.6, 0.8]));
}

/// With 0 the gradient is 0, but momentum and decay act.
#[test]
fn a_limit_of_0() {
    assert_eq!(step(Sgd::new(0.1), 0.0, [3.0, 4.0], 0.5), Ok([0.0, 0.0]));
    let mut trainer = Trainer::new(Plane::zeros(), Sgd::new(0.1).momentum(0.5));
    trainer.step(&[[3.0, 4.0]], &[[0.5]]).unwrap(); // v = (-3, -4), w = (0.3, 0.4)
    trainer.guard = Guard::new().max_norm(0.0);
    trainer.step(&[[3.0, 4.0]], &[[0.5]]).unwrap(); // v = (-1.5, -2), w = (0.45, 0.6)
    let [[a, b]] = trainer.network.layers.weight;
    assert!((a - 0.45).abs() < 1e-6 && (b - 0.6).abs() < 1e-6);

    let mut trainer = Trainer::new(trainer.network, Sgd::new(0.1).weight_decay(1.0));
    trainer.guard = Guard::new().max_norm(0.0);
    trainer.step(&[[3.0, 4.0]], &[[0.5]]).unwrap();
    let [[a, b]] = trainer.network.layers.weight;
    assert!((a - 0.405).abs() < 1e-6 && (b - 0.54).abs() < 1e-6);
}

/// Counts of a 16-bit converter, and whether the first is above the second in each of four pairs.
fn counts() -> Vec<([f32; 16], [f32; 4])> {
    let mut rng = Rng::with_seed(16);
    let row = |_| {
        let x: [f32; 16] = core::array::from_fn(|_| f32::from(rng.u16(..)));
        let y = core::array::from_fn(|o| f32::from(u8::from(x[2 * o] > x[2 * o + 1])));
        (x, y)
    };
    (0..512).map(row).collect()
}

/// The share of right answers.
fn accuracy(net: &Mlp16, samples: &[([f32; 16], [f32; 4])]) -> f32 {
    let right = |(x, y): &&([f32; 16], [f32; 4])| {
        let y_hat = net.forward(x);
        y_hat.iter().zip(y).all(|(p, y)| (*p > 0.5) == (*y > 0.5))
    };
    samples.iter().filter(right).count() as f32 / samples.len() as f32
}

/// The mean loss of a pass over the samples, and how many steps were refused.
fn pass(online: &mut Online<Mlp16, Sgd>, samples: &[([f32; 16], [f32; 4])]) -> (f64, usize) {
    let (mut sum, mut refused) = (0.0, 0);
    for (x, y) in samples {
        match online.step(x, y) {
            Ok(loss) => sum += f64::from(loss),
            Err(error) => {
                assert_eq!(error, Error::Diverged);
                let text = error.to_string();
                assert!(text.contains("scale the inputs") && text.contains("max_norm"));
                refused += 1;
            }
        }
    }
    (sum / (samples.len() - refused) as f64, refused)
}

/// A network that is fed with raw counts takes a few huge steps and refuses all others, with a
/// text that says what to do. With clipping, steps from there are taken and the loss falls; only
/// scaled inputs and new weights learn the answers, see below.
#[test]
fn raw_counts() {
    let samples = counts();
    let mut online = Online::new(Mlp16::new(1), Sgd::new(0.1));
    assert!(pass(&mut online, &samples).1 > 400);
    let stuck = online.network;
    assert!(pass(&mut online, &samples).1 > 400, "for ever");

    online.network = stuck;
    online.guard = Guard::new().max_norm(1.0);
    let passes = (0..40).map(|_| pass(&mut online, &samples));
    let passes: Vec<_> = passes.collect();
    assert!(passes.iter().all(|(_, refused)| *refused == 0));
    assert!(passes[39].0 < passes[0].0 / 1e6, "{passes:?}");
}

/// Scaled, they are learned.
#[test]
fn scaled_counts() {
    let samples = counts();
    let mut normalizer = Normalizer::new();
    for (x, _) in &samples {
        normalizer.observe(x).unwrap();
    }
    let scaled = samples.iter().map(|(x, y)| (normalizer.scale(x), *y));
    let scaled: Vec<_> = scaled.collect();
    let mut online = Online::new(Mlp16::new(1), Sgd::new(0.1));
    assert!((0..30).all(|_| pass(&mut online, &scaled).1 == 0));
    assert!(accuracy(&online.network, &scaled) > 0.7);
}

/// Squared errors of raw numbers, at a rate that fits scaled ones: clipping learns.
#[test]
fn raw_regression() {
    type Line = net![2 => 8, Relu => 1, Mse];
    let (x, y) = ([4095.0, 65535.0], [40_000.0]);
    let mut online = Online::new(Line::new(1), Sgd::new(0.1));
    for _ in 0..10 {
        assert_eq!(online.step(&x, &y), Err(Error::Diverged));
    }
    assert_eq!(online.network, Line::new(1));
    online.guard = Guard::new().max_norm(1.0);
    online.optimizer.set_lr(1e-3);
    let first = online.step(&x, &y).unwrap();
    let last = (0..2000).map(|_| online.step(&x, &y).unwrap()).last();
    assert!(last.unwrap() < first / 1000.0, "{first} {last:?}");
}

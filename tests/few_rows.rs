//! Mini-batches of every length up to a few more than 64 rows. Targets with SIMD add some of them
//! in whole sweeps: the same bits as one sample after another, also for widths that fill no vector.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod common;

use common::gain::Gain;
use common::{bits, nets};
use stackprop::simd::{F32x4, F32x8, SumVector, Tile, Vector};
use stackprop::{Chain, Elu, Error, Head, Layer, Linear, Mse, Network, Relu, SoftmaxCe, Tanh, net};

/// Widths that are no multiples of a vector, enough parameters for every kind of whole sweep.
type Odd = net![19 => 35, Tanh => 13, Elu => 3, SoftmaxCe];

/// The loss and the gradient.
fn gradient<V: Vector, L: Layer<I, O>, H: Head<O>, const I: usize, const O: usize>(
    net: &Network<L, H, I, O>,
    rows: &[[f32; I]],
    targets: &[[f32; O]],
) -> Result<Vec<u32>, Error> {
    // What was there before is overwritten.
    let mut grad = L::fill(f32::NAN);
    let loss = net.gradient_batch_on::<V>(rows, targets, &mut grad)?;
    let mut all = bits::<L>(&grad);
    all.push(loss.to_bits());
    Ok(all)
}

/// Every length, against one sample after another.
fn check<L: Layer<I, O>, H: Head<O>, const I: usize, const O: usize>(
    net: &Network<L, H, I, O>,
    rows: &[[f32; I]],
    targets: &[[f32; O]],
) {
    for n in 1..=rows.len() {
        let (rows, targets) = (&rows[..n], &targets[..n]);
        let expected = gradient::<f32, L, H, I, O>(net, rows, targets).unwrap();
        let found = [
            gradient::<SumVector, L, H, I, O>(net, rows, targets),
            gradient::<Tile<F32x4, 4>, L, H, I, O>(net, rows, targets),
            gradient::<Tile<F32x8, 4>, L, H, I, O>(net, rows, targets),
        ];
        for found in found {
            assert_eq!(found.unwrap(), expected, "{n} rows");
        }
    }
}

#[test]
fn odd_widths() {
    let mut rng = fastrand::Rng::with_seed(11);
    let rows: Vec<[f32; 19]> = nets::rows(&mut rng, 70);
    let targets: Vec<[f32; 3]> = (0..70)
        .map(|k| std::array::from_fn(|o| f32::from(u8::from(k % 3 == o))))
        .collect();
    check(&Odd::new(5), &rows, &targets);
}

#[test]
fn whole_vectors() {
    let mut rng = fastrand::Rng::with_seed(12);
    let net: nets::Mlp16 = nets::random(&mut rng);
    let (rows, targets) = (nets::rows(&mut rng, 70), nets::targets(&mut rng, 70));
    check(&net, &rows, &targets);
}

/// Three blocks of a vector, and outputs that are stored as more than one.
#[test]
fn several_vectors() {
    let mut rng = fastrand::Rng::with_seed(13);
    let rows: Vec<[f32; 24]> = nets::rows(&mut rng, 70);
    let targets: Vec<[f32; 21]> = nets::rows(&mut rng, 70);
    let net = <net![24 => 40, Relu => 21, Mse]>::new(6);
    check(&net, &rows, &targets);
    let forward = |rows: &[[f32; 24]]| {
        let mut y_hat = vec![[0.0; 21]; rows.len()];
        net.forward_batch(rows, &mut y_hat).unwrap();
        y_hat
    };
    let one_by_one: Vec<[f32; 21]> = rows.iter().map(|x| net.forward(x)).collect();
    for n in 1..=rows.len() {
        assert_eq!(forward(&rows[..n]), one_by_one[..n], "{n} rows");
    }
}

/// A layer that adds its gradient product by product, as those of users do.
#[test]
fn a_layer_of_a_user() {
    let mut rng = fastrand::Rng::with_seed(14);
    let rows: Vec<[f32; 40]> = nets::rows(&mut rng, 70);
    let targets: Vec<[f32; 3]> = nets::rows(&mut rng, 70);
    let linear = Linear::new(
        [[0.25; 40]; 30].map(|row| row.map(|w: f32| w * (rng.f32() - 0.5))),
        [0.1; 30],
    );
    let last = Linear::new([[0.125; 30]; 3], [0.0; 3]);
    let net = Network::from_layers(Chain(linear, Chain(Gain { gain: [1.5; 30] }, last)), Mse);
    check(&net, &rows, &targets);
}

/// A sum of -0 stays -0, one of +0 and -0 is +0: the sign of what a dead unit gives.
#[test]
fn signs_of_zero() {
    let net = nets::Mlp16::zeros();
    let mut rng = fastrand::Rng::with_seed(15);
    let zero = |rng: &mut fastrand::Rng| if rng.bool() { 0.0 } else { -0.0 };
    let mixed: Vec<[f32; 16]> = (0..64)
        .map(|_| [0.0; 16].map(|_: f32| zero(&mut rng)))
        .collect();
    let targets = vec![[0.5; 4]; 64]; // at a logit of 0 the sigmoid gives just that
    check(&net, &[[-0.0; 16]; 64], &targets);
    check(&net, &mixed, &targets);
}

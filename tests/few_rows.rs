//! Mini-batches of every length up to a few more than 64 rows, which targets with SIMD add in whole
//! sweeps: the same bits as one sample after another, also for widths that fill no vector.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod common;

use common::{bits, nets};
use fastrand::Rng;
use stackprop::simd::{F32x4, F32x8, SumVector, Tile, Vector};
use stackprop::{Elu, Error, Head, Layer, Network, SoftmaxCe, Tanh, net};

/// Widths that are no multiples of a vector, enough parameters for every kind of whole sweep.
type Odd = net![19 => 35, Tanh => 13, Elu => 3, SoftmaxCe];

/// The loss and the gradient.
fn gradient<V: Vector, L: Layer<I, O>, H: Head<O>, const I: usize, const O: usize>(
    net: &Network<L, H, I, O>,
    rows: &[[f32; I]],
    targets: &[[f32; O]],
) -> Result<Vec<u32>, Error> {
    let mut grad = L::fill(0.0);
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
    let mut rng = Rng::with_seed(11);
    let rows: Vec<[f32; 19]> = nets::rows(&mut rng, 70);
    let targets: Vec<[f32; 3]> = (0..70)
        .map(|k| std::array::from_fn(|o| f32::from(u8::from(k % 3 == o))))
        .collect();
    check(&Odd::new(5), &rows, &targets);
}

#[test]
fn whole_vectors() {
    let mut rng = Rng::with_seed(12);
    let net: nets::Mlp16 = nets::random(&mut rng);
    let (rows, targets) = (nets::rows(&mut rng, 70), nets::targets(&mut rng, 70));
    check(&net, &rows, &targets);
}

/// A sum of -0 stays -0, one of +0 and -0 is +0: the sign of what a dead unit gives.
#[test]
fn signs_of_zero() {
    let net = nets::Mlp16::zeros();
    let rows = vec![[-0.0; 16]; 64];
    let targets = vec![[0.5; 4]; 64]; // at a logit of 0 the sigmoid gives just that
    check(&net, &rows, &targets);
}

//! The numeric contract: every lane width gives the same bits, for every number of rows; samples one by one
//! give the bits of a batch; a row's result does not depend on where it stands.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test fails by panicking"
)]

mod common;

use common::nets::{self, Shape};
use common::{bit, bits};
use fastrand::Rng;
use stackprop::batch::BLOCK;
use stackprop::lane::{LANES, Lane, Native, Tile, Wide, f32x4, f32x8, f32x16};
use stackprop::{Error, Head, Layer, Network, Params, Sums};

/// The bits of y_hat, the loss and the gradient of a batch.
type Bits = [Vec<u32>; 3];

const NAMES: [&str; 3] = ["y_hat", "loss", "gradient"];

/// A network with a batch.
struct Case<'a, L, H, const I: usize, const O: usize> {
    net: &'a Network<L, H, I, O>,
    rows: &'a [[f32; I]],
    targets: &'a [[f32; O]],
}

impl<L: Layer<I, O>, H: Head<O>, const I: usize, const O: usize> Case<'_, L, H, I, O> {
    /// The batch on lanes of `V`.
    fn on<V: Lane>(&self) -> Bits {
        let mut y_hat = vec![[0.0; O]; self.rows.len()];
        self.net
            .forward_batch_on::<V>(self.rows, &mut y_hat)
            .unwrap();
        let mut grad = L::fill::<f32>(f32::NAN);
        let loss = self
            .net
            .gradient_batch_on::<V>(self.rows, self.targets, &mut grad)
            .unwrap();
        [
            y_hat.as_flattened().iter().copied().map(bit).collect(),
            vec![bit(loss)],
            bits::<L>(&grad),
        ]
    }

    /// The batch one sample after the other, in plain code: the definition of the order of sums.
    fn by_definition(&self) -> Bits {
        let mut total = Sums::<L>::new();
        for (rows, targets) in self.rows.chunks(BLOCK).zip(self.targets.chunks(BLOCK)) {
            let mut partial = vec![Sums::<L>::new(); LANES];
            for (k, (x, y)) in rows.iter().zip(targets).enumerate() {
                let one = self.net.backward(x, &self.net.trace(x), y);
                let partial = &mut partial[k % LANES];
                partial.loss += one.loss;
                add::<L>(&mut partial.grad, &one.params);
            }
            let mut block = Sums::<L>::new();
            for partial in partial {
                block.loss += partial.loss;
                add::<L>(&mut block.grad, &partial.grad);
            }
            total.loss += block.loss;
            add::<L>(&mut total.grad, &block.grad);
        }
        total.count = self.rows.len();
        let (loss, grad) = total.mean();
        let y_hat = self.rows.iter().flat_map(|x| self.net.forward(x));
        [y_hat.map(bit).collect(), vec![bit(loss)], bits::<L>(&grad)]
    }

    fn check(&self) {
        let expected = self.by_definition();
        for (lanes, found) in [
            ("f32", self.on::<f32>()),
            ("f32x4", self.on::<f32x4>()),
            ("f32x8", self.on::<f32x8>()),
            ("f32x16", self.on::<f32x16>()),
            ("the default", self.on::<Wide>()),
            ("3 f32", self.on::<Tile<f32, 3>>()),
            ("2 f32x4", self.on::<Tile<f32x4, 2>>()),
            ("4 f32x8", self.on::<Tile<f32x8, 4>>()),
            ("2 f32x16", self.on::<Tile<f32x16, 2>>()),
        ] {
            for (name, (found, expected)) in NAMES.into_iter().zip(found.iter().zip(&expected)) {
                let differing = found
                    .iter()
                    .zip(expected)
                    .position(|(found, expected)| found != expected);
                assert_eq!(
                    differing,
                    None,
                    "{name} on lanes {lanes}, {} rows",
                    self.rows.len()
                );
            }
        }
    }
}

fn add<P: Params>(total: &mut P::Of<f32>, part: &P::Of<f32>) {
    P::zip(
        total,
        part,
        &mut P::fill(()),
        &mut |total: &mut [f32], part: &[f32], _: &mut [()]| {
            total
                .iter_mut()
                .zip(part)
                .for_each(|(total, part)| *total += part);
        },
    );
}

fn all_lengths<L: Layer<I, O>, H: Head<O>, const I: usize, const O: usize>(
    _: &Shape,
    net: Network<L, H, I, O>,
    rng: &mut Rng,
) {
    let (rows, targets) = (nets::rows(rng, 200), nets::targets(rng, 200));
    for length in (1..=70).chain([127, 128, 129, 200]) {
        Case {
            net: &net,
            rows: &rows[..length],
            targets: &targets[..length],
        }
        .check();
    }
}

test_each_net!(all_widths_give_the_same_bits, super::all_lengths);

/// Batches of one block and of more.
fn blocks<L: Layer<I, O>, H: Head<O>, const I: usize, const O: usize>(
    _: &Shape,
    net: Network<L, H, I, O>,
    rng: &mut Rng,
) {
    let (rows, targets) = (
        nets::rows(rng, 2 * BLOCK + 21),
        nets::targets(rng, 2 * BLOCK + 21),
    );
    for length in [BLOCK, BLOCK + 1, rows.len()] {
        Case {
            net: &net,
            rows: &rows[..length],
            targets: &targets[..length],
        }
        .check();
    }
}

test_each_net!(blocks_are_added_in_order, super::blocks);

/// Infinities and NaN go to the same places whatever the width.
fn not_finite<L: Layer<I, O>, H: Head<O>, const I: usize, const O: usize>(
    _: &Shape,
    net: Network<L, H, I, O>,
    rng: &mut Rng,
) {
    for value in [f32::INFINITY, f32::NEG_INFINITY, f32::NAN, 3e38, 1e-30] {
        for length in [1, 5, 16, 21, 40] {
            let (mut rows, mut targets) = (nets::rows(rng, length), nets::targets(rng, length));
            rows[rng.usize(..length)][rng.usize(..I)] = value;
            Case {
                net: &net,
                rows: &rows,
                targets: &targets,
            }
            .check();
            targets[rng.usize(..length)][rng.usize(..O)] = value;
            Case {
                net: &net,
                rows: &rows,
                targets: &targets,
            }
            .check();
            let mut net = net;
            let mut found = 0;
            let chosen = rng.usize(..L::COUNT);
            net.layers.update(
                &L::fill(()),
                &mut L::fill(()),
                &mut |all: &mut [f32], _: &[()], _: &mut [()]| {
                    if (found..found + all.len()).contains(&chosen) {
                        all[chosen - found] = value;
                    }
                    found += all.len();
                },
            );
            Case {
                net: &net,
                rows: &rows,
                targets: &targets,
            }
            .check();
        }
    }
}

test_each_net!(not_finite_numbers_too, super::not_finite);

/// Up to 16 samples accumulated one by one are a batch of them; and a later batch is added to them.
fn one_by_one<L: Layer<I, O>, H: Head<O>, const I: usize, const O: usize>(
    _: &Shape,
    net: Network<L, H, I, O>,
    rng: &mut Rng,
) {
    for length in 1..=LANES {
        let (rows, targets) = (
            nets::rows::<I>(rng, length),
            nets::targets::<O>(rng, length),
        );
        let mut sums = Sums::new();
        for k in 0..length {
            net.accumulate(&rows[k..=k], &targets[k..=k], &mut sums)
                .unwrap();
        }
        let mut batch = Sums::new();
        net.accumulate(&rows, &targets, &mut batch).unwrap();
        assert_eq!(
            (sums.loss.to_bits(), sums.count),
            (batch.loss.to_bits(), length)
        );
        assert_eq!(
            bits::<L>(&sums.grad),
            bits::<L>(&batch.grad),
            "{length} rows"
        );
        let mut grad = L::fill::<f32>(0.0);
        let loss = net.gradient_batch(&rows, &targets, &mut grad).unwrap();
        let (mean_loss, mean_grad) = sums.mean();
        assert_eq!(loss.to_bits(), mean_loss.to_bits());
        assert_eq!(bits::<L>(&grad), bits::<L>(&mean_grad));
    }
}

test_each_net!(one_by_one_is_a_batch, super::one_by_one);

/// y_hat of a row is the same wherever in a batch it stands.
fn anywhere<L: Layer<I, O>, H: Head<O>, const I: usize, const O: usize>(
    _: &Shape,
    net: Network<L, H, I, O>,
    rng: &mut Rng,
) {
    let x = nets::rows(rng, 1)[0];
    let alone = net.forward(&x).map(bit);
    for place in 0..70 {
        let mut rows = nets::rows(rng, 70);
        rows[place] = x;
        let mut y_hat = vec![[0.0; O]; rows.len()];
        net.forward_batch(&rows, &mut y_hat).unwrap();
        assert_eq!(y_hat[place].map(bit), alone, "row {place}");
    }
}

test_each_net!(a_row_gives_the_same_anywhere, super::anywhere);

#[test]
fn wrong_lengths_are_refused_and_change_nothing() {
    let net = stackprop::notebook::NET;
    let rows = [[1.0; 3]; 20];
    let mut y_hat = [[7.0]; 20];
    let mut grad = net.layers;
    let mut sums = Sums::new();
    assert_eq!(net.forward_batch(&[], &mut []), Err(Error::Empty));
    assert_eq!(
        net.forward_batch(&rows, &mut y_hat[1..]),
        Err(Error::Length {
            expected: 20,
            found: 19
        })
    );
    assert_eq!(net.gradient_batch(&[], &[], &mut grad), Err(Error::Empty));
    let found = net.gradient_batch(&rows[1..], &y_hat, &mut grad);
    assert_eq!(
        found,
        Err(Error::Length {
            expected: 19,
            found: 20
        })
    );
    assert_eq!(net.accumulate(&[], &[], &mut sums), Err(Error::Empty));
    assert_eq!((y_hat, grad, sums.count), ([[7.0]; 20], net.layers, 0));
}

/// What this build computes with, for the record of a run under other flags.
#[test]
fn native_lanes() {
    println!("lanes of this build: {} and {}", Native::LANES, Wide::LANES);
    assert_eq!(LANES % Native::LANES, 0);
}

//! The numeric contract: every width of vectors gives the same bits, for every number of rows;
//! samples one by one give the bits of a batch; a row's result does not depend on where it stands.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test fails by panicking"
)]

mod common;

use common::nets::{self, Shape};
use common::{bit, bits};
use fastrand::Rng;
use stackprop::batch::ROWS_PER_BLOCK;
use stackprop::notebook::{NET, Net};
use stackprop::simd::{DefaultVector, F32x4, F32x8, F32x16, Native, PARTIAL_SUMS, Tile, Vector};
use stackprop::{Error, Head, Layer, Network, Sums, weights};

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
    /// The batch on vectors `V`.
    fn on<V: Vector>(&self) -> Bits {
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
        let nothing = || vec![-0.0_f32; 1 + L::COUNT];
        let mut total = nothing();
        let blocks = self.rows.chunks(ROWS_PER_BLOCK);
        for (rows, targets) in blocks.zip(self.targets.chunks(ROWS_PER_BLOCK)) {
            let mut partial = vec![nothing(); PARTIAL_SUMS];
            for (k, (x, y)) in rows.iter().zip(targets).enumerate() {
                let one = self.net.backward(x, &self.net.trace(x), y);
                let tensors = weights::tensors_of::<L, f32>(&one.params);
                let grad = tensors.flat_map(|tensor| tensor.values);
                add(
                    &mut partial[k % PARTIAL_SUMS],
                    [&one.loss].into_iter().chain(grad),
                );
            }
            let mut block = nothing();
            partial.iter().for_each(|partial| add(&mut block, partial));
            add(&mut total, &block);
        }
        let factor = 1.0 / self.rows.len() as f32;
        let mean: Vec<u32> = total.iter().map(|sum| bit(sum * factor)).collect();
        let y_hat = self.rows.iter().flat_map(|x| self.net.forward(x));
        [y_hat.map(bit).collect(), vec![mean[0]], mean[1..].to_vec()]
    }

    fn check(&self) {
        let expected = self.by_definition();
        for (vector, found) in [
            ("f32", self.on::<f32>()),
            ("F32x4", self.on::<F32x4>()),
            ("F32x8", self.on::<F32x8>()),
            ("F32x16", self.on::<F32x16>()),
            ("the default", self.on::<DefaultVector>()),
            ("3 f32", self.on::<Tile<f32, 3>>()),
            ("2 F32x4", self.on::<Tile<F32x4, 2>>()),
            ("4 F32x8", self.on::<Tile<F32x8, 4>>()),
            ("2 F32x16", self.on::<Tile<F32x16, 2>>()),
        ] {
            for (name, (found, expected)) in NAMES.into_iter().zip(found.iter().zip(&expected)) {
                let differing = found
                    .iter()
                    .zip(expected)
                    .position(|(found, expected)| found != expected);
                assert_eq!(
                    differing,
                    None,
                    "{name} on {vector}, {} rows",
                    self.rows.len()
                );
            }
        }
    }
}

/// total += part, number by number.
fn add<'a>(total: &mut [f32], part: impl IntoIterator<Item = &'a f32>) {
    let pairs = total.iter_mut().zip(part);
    pairs.for_each(|(total, part)| *total += part);
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
        nets::rows(rng, 2 * ROWS_PER_BLOCK + 21),
        nets::targets(rng, 2 * ROWS_PER_BLOCK + 21),
    );
    for length in [ROWS_PER_BLOCK, ROWS_PER_BLOCK + 1, rows.len()] {
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
            let (mut net, mut values) = (net, vec![0.0; L::COUNT]);
            net.copy_to_slice(&mut values).unwrap();
            values[rng.usize(..L::COUNT)] = value;
            net.copy_from_slice(&values).unwrap();
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
    for length in 1..=PARTIAL_SUMS {
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
    let net = NET;
    let rows = [[1.0; 3]; 20];
    let mut y_hat = [[7.0]; 20];
    let mut grad = Net::zero_grad();
    let mut sums = Sums::new();
    assert_eq!(net.forward_batch(&[], &mut []), Err(Error::Empty));
    assert_eq!(
        net.forward_batch(&rows, &mut y_hat[1..]),
        Err(Error::Length {
            rows: 20,
            targets: 19
        })
    );
    assert_eq!(net.gradient_batch(&[], &[], &mut grad), Err(Error::Empty));
    let found = net.gradient_batch(&rows[1..], &y_hat, &mut grad);
    assert_eq!(
        found,
        Err(Error::Length {
            rows: 19,
            targets: 20
        })
    );
    assert_eq!(net.accumulate(&[], &[], &mut sums), Err(Error::Empty));
    assert_eq!(
        (y_hat, grad, sums.count),
        ([[7.0]; 20], Net::zero_grad(), 0)
    );
}

/// What this build computes with, for the record of a run under other flags.
#[test]
fn native_vectors() {
    println!(
        "lanes of this build: {} and {}",
        Native::LANES,
        DefaultVector::LANES
    );
    assert_eq!(PARTIAL_SUMS % Native::LANES, 0);
}

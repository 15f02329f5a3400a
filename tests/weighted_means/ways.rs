//! Every way to a mean gives the same bits.

use super::common::{bit, bits, in_slices};
use super::{Classes, HEAD, Net, after, network_of, samples};
use stackprop::batch::ROWS_PER_BLOCK;
use stackprop::heads::MeanOver;
use stackprop::simd::{F32x4, F32x8, F32x16, PARTIAL_SUMS, Tile, Vector};
use stackprop::{Adam, Error, Guard, Head, L1, Online, Sgd, SoftmaxCe, Sums, Trainer, WeightedCe};

/// The sum of the weights by its definition, in plain loops.
fn by_definition(head: &WeightedCe<3>, targets: &[[f32; 3]]) -> f32 {
    let mut total = -0.0;
    for block in targets.chunks(ROWS_PER_BLOCK) {
        let mut partial = [-0.0; PARTIAL_SUMS];
        for (n, target) in block.iter().enumerate() {
            partial[n % PARTIAL_SUMS] += head.weight(target);
        }
        total += partial.iter().fold(-0.0, |sum, part| sum + part);
    }
    total
}

/// Loss and gradient of a batch on `V`.
fn on<V: Vector>(net: &Classes, rows: &[[f32; 2]], targets: &[[f32; 3]]) -> (u32, Vec<u32>) {
    let mut grad = Classes::zero_grad();
    let loss = net
        .gradient_batch_on::<V>(rows, targets, &mut grad)
        .unwrap();
    let mut sums = Sums::new();
    net.accumulate_on::<V>(rows, targets, &mut sums).unwrap();
    let sum = by_definition(&net.head, targets);
    assert_eq!(sums.weight.to_bits(), sum.to_bits());
    assert_eq!(loss.to_bits(), (sums.loss * (1.0 / sum)).to_bits());
    (bit(loss), bits::<Classes>(&grad))
}

/// What `expected` is, and the mean of merged blocks.
fn merged(net: &Classes, rows: &[[f32; 2]], targets: &[[f32; 3]]) -> (u32, Vec<u32>) {
    let mut total = Sums::<Classes>::new();
    for (rows, targets) in rows
        .chunks(ROWS_PER_BLOCK)
        .zip(targets.chunks(ROWS_PER_BLOCK))
    {
        let mut sums = Sums::new();
        net.accumulate(rows, targets, &mut sums).unwrap();
        total.merge(&sums);
    }
    let (loss, grad) = total.mean();
    (bit(loss), bits::<Classes>(&grad))
}

#[test]
fn every_way_gives_the_same_bits() {
    let (rows, targets) = samples(2 * ROWS_PER_BLOCK + 77);
    let counts = [1, 2, 7, 16, 17, 33, 100, ROWS_PER_BLOCK, rows.len()];
    for head in [
        HEAD,
        HEAD.label_smoothing(0.2),
        HEAD.mean_over(MeanOver::Samples),
    ] {
        let net = network_of(head);
        // Long batches once: it is the same code.
        let few = if head == HEAD { usize::MAX } else { 100 };
        for count in counts.into_iter().filter(|count| *count <= few) {
            let (rows, targets) = (&rows[..count], &targets[..count]);
            let expected = on::<f32>(&net, rows, targets);
            assert_eq!(on::<F32x4>(&net, rows, targets), expected, "{count}");
            assert_eq!(on::<F32x8>(&net, rows, targets), expected, "{count}");
            assert_eq!(on::<F32x16>(&net, rows, targets), expected, "{count}");
            assert_eq!(
                on::<Tile<F32x8, 4>>(&net, rows, targets),
                expected,
                "{count}"
            );
            assert_eq!(merged(&net, rows, targets), expected, "{count}");
            let step = after(net, |trainer| trainer.step(rows, targets));
            assert_eq!(step.0.map(f32::to_bits), Ok(expected.0), "{count}");
            if count <= ROWS_PER_BLOCK {
                let sliced = after(net, |trainer| in_slices(trainer, rows, targets, 5));
                assert_eq!(sliced, step, "{count}");
            }
            if count <= PARTIAL_SUMS {
                let one_by_one = after(net, |trainer| {
                    for (x, y) in rows.iter().zip(targets) {
                        trainer.accumulate(&[*x], &[*y])?;
                    }
                    trainer.update()
                });
                assert_eq!(one_by_one, step, "{count}");
            }
        }
    }
}

/// Where all weights are 1, the mean is that of `SoftmaxCe`, bit by bit.
#[test]
fn weights_of_one_change_no_bit() {
    let (rows, mut targets) = samples(100);
    let seen = |target: &&mut [f32; 3]| **target == [0.0; 3];
    targets
        .iter_mut()
        .filter(seen)
        .for_each(|target| *target = [0.0, 0.0, 1.0]);
    let mut plain = Trainer::new(<Net<SoftmaxCe>>::new(5), Adam::new(0.1));
    let mut weighted = Trainer::new(network_of(WeightedCe::default()), Adam::new(0.1));
    for count in [1, 3, 16, 50, 100] {
        let (rows, targets) = (&rows[..count], &targets[..count]);
        assert_eq!(
            weighted.step(rows, targets),
            plain.step(rows, targets),
            "{count}"
        );
        assert_eq!(weighted.network.layers, plain.network.layers, "{count}");
    }
}

/// `Online`, and for plain SGD `sgd_step`, are a batch of one sample; with a clipped gradient too.
#[test]
fn online_is_a_batch_of_one() {
    let (rows, targets) = samples(60);
    for head in [HEAD, HEAD.mean_over(MeanOver::Samples)] {
        for guard in [Guard::new(), Guard::new().max_norm(0.2)] {
            let net = network_of(head);
            let mut trainer = Trainer::new(net, Sgd::new(0.3));
            let (mut online, mut bare) = (Online::new(net, Sgd::new(0.3)), net);
            (trainer.guard, online.guard) = (guard, guard);
            for (x, y) in rows.iter().zip(&targets) {
                let loss = trainer.step(&[*x], &[*y]);
                assert_eq!(online.step(x, y), loss);
                assert_eq!(online.network, trainer.network);
                assert_eq!(loss == Err(Error::Empty), *y == [0.0; 3]);
                if guard == Guard::new() {
                    assert_eq!(bare.sgd_step(x, y, 0.3), loss.unwrap_or(0.0));
                    assert_eq!(bare, trainer.network);
                }
            }
            assert_ne!(trainer.network, net);
        }
    }
}

/// In a batch of one sample its weight cancels, but for `MeanOver::Samples`.
#[test]
fn a_weight_cancels_in_a_batch_of_one() {
    let (x, y) = ([0.5, -1.0], [0.0, 0.0, 1.0]);
    let plain = network_of(WeightedCe::default()).loss(&x, &y);
    let net = network_of(HEAD);
    assert!((net.loss(&x, &y) - 3.3 * plain).abs() < 1e-6);
    let online = Online::new(net, Sgd::new(0.1)).step(&x, &y).unwrap();
    assert!((online - plain).abs() < 1e-6);
    let over_samples = network_of(HEAD.mean_over(MeanOver::Samples));
    let loss = Online::new(over_samples, Sgd::new(0.1)).step(&x, &y);
    assert_eq!(loss, Ok(net.loss(&x, &y)));
}

/// An epoch's loss: the mean of what the steps gave, each times its number of samples.
#[test]
fn the_mean_of_an_epoch() {
    let (rows, targets) = samples(10);
    let mut trainer = Trainer::new(network_of(HEAD), Sgd::new(0.3));
    let mut steps = trainer.clone();
    let mut total = 0.0;
    for (rows, targets) in rows.chunks(4).zip(targets.chunks(4)) {
        total += f64::from(steps.step(rows, targets).unwrap()) * rows.len() as f64;
    }
    let mean = trainer.epoch(&rows, &targets, 4).unwrap();
    assert_eq!(mean, (total / 10.0) as f32);
    assert_eq!(trainer.network, steps.network);
}

/// Where the head does not weigh, the sum of weights stays the -0 that it starts with.
#[test]
fn sums_of_other_heads_do_not_weigh() {
    let (rows, targets) = samples(20);
    let net = <Net<L1>>::new(1);
    let mut sums = Sums::new();
    net.accumulate(&rows, &targets, &mut sums).unwrap();
    let other = sums;
    sums.merge(&other);
    assert_eq!(sums.weight.to_bits(), (-0.0_f32).to_bits());
    assert_eq!(sums.mean().0, sums.loss * (1.0 / 40.0));
    // No sample of those that weigh: there is no mean.
    let mut sums = Sums::<Classes>::new();
    network_of(HEAD)
        .accumulate(&rows[..1], &[[0.0; 3]], &mut sums)
        .unwrap();
    assert_eq!(sums.weight.to_bits(), 0.0_f32.to_bits());
    assert!(sums.mean().0.is_nan());
}

/// A head of one's own that weighs: the second output of its target says how much.
#[derive(Clone, Copy)]
struct Own;

impl Head<3> for Own {
    const DEFAULT: Self = Self;
    const WEIGHTED: bool = true;

    fn predict<V: Vector>(&self, logits: &[V; 3], y_hat: &mut [V; 3]) {
        *y_hat = *logits;
    }

    fn loss_grad<V: Vector>(&self, logits: &[V; 3], target: &[V; 3], dz: &mut [V; 3]) -> V {
        *dz = [V::splat(1.0), V::ZERO, V::ZERO];
        logits[0] - target[0]
    }

    fn weight(&self, target: &[f32; 3]) -> f32 {
        target[1]
    }
}

#[test]
fn heads_of_ones_own_weigh() {
    let mut net = <Net<Own>>::zeros();
    net.layers.1.1.bias = [6.0, 0.0, 0.0];
    let mut sums = Sums::new();
    let rows = [[0.0; 2]; 2];
    net.accumulate(&rows, &[[0.0, -0.0, 0.0]; 2], &mut sums)
        .unwrap();
    assert_eq!(sums.weight.to_bits(), 0, "-0 says that nothing is weighed");
    assert_eq!(sums.mean().0, f32::INFINITY);
    let targets = [[2.0, 0.5, 0.0], [1.0, 1.5, 0.0]];
    let mut trainer = Trainer::new(net, Sgd::new(1.0));
    assert_eq!(trainer.step(&rows, &targets), Ok((4.0 + 5.0) / 2.0));
    assert_eq!(trainer.network.layers.1.1.bias[0], 6.0 - 2.0 / 2.0);
    let mut online = Online::new(net, Sgd::new(1.0));
    assert_eq!(online.step(&rows[0], &targets[0]), Ok(4.0 / 0.5));
    assert_eq!(online.network.layers.1.1.bias[0], 6.0 - 1.0 / 0.5);
    for weight in [0.0, -0.0, -1.0] {
        let target = [2.0, weight, 0.0];
        assert_eq!(online.step(&rows[0], &target), Err(Error::Empty));
        assert_eq!(trainer.step(&rows[..1], &[target]), Err(Error::Empty));
    }
}

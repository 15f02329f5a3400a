//! Batch throughput: forward and gradient of the notebook's networks and of 16-32-16-4, each beside plain
//! scalar Rust, what one would write by hand with const sizes and index loops.
//!
//! ```text
//! cargo bench --bench throughput         # what a plain build gets: SSE2 on x86-64
//! cargo bench-native --bench throughput  # what this machine can do
//! ```
//! One element is one sample. The report is `target/criterion/report/index.html`.

#![allow(
    missing_docs,
    reason = "criterion's macros make undocumented functions"
)]
#![allow(clippy::unwrap_used, reason = "a bench has nothing to recover")]

mod scalar;

use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use fastrand::Rng;
use scalar::Scalar;
use stackprop::notebook::{NET, NET_BOOK};
use stackprop::{Head, Layer, Network, Relu, SigmoidBce, net};
use std::hint::black_box;
use std::time::Duration;

type Mlp16 = net![16 => 32, Relu => 16, Relu => 4, SigmoidBce];

/// One sample, a small batch, one that fits the caches, one that does not.
const SMALL: [usize; 4] = [1, 64, 4096, 1_000_000];
const LARGE: [usize; 4] = [1, 64, 4096, 65_536];

/// Data for `count` samples.
fn batch<const I: usize, const O: usize>(count: usize) -> (Vec<[f32; I]>, Vec<[f32; O]>) {
    let mut rng = Rng::with_seed(1);
    let rows = (0..count)
        .map(|_| std::array::from_fn(|_| rng.f32() * 4.0 - 2.0))
        .collect();
    let targets = (0..count)
        .map(|_| std::array::from_fn(|_| f32::from(rng.bool())))
        .collect();
    (rows, targets)
}

/// The four lines of one network: forward and gradient, ours and scalar, for each batch size.
fn compare<L, H, const I: usize, const W: usize, const K: usize, const O: usize>(
    c: &mut Criterion,
    name: &str,
    net: &Network<L, H, I, O>,
    scalar: &Scalar<I, W, K, O>,
    sizes: [usize; 4],
) where
    L: Layer<I, O>,
    H: Head<O>,
{
    let mut group = c.benchmark_group(format!("{name}/forward"));
    for count in sizes {
        let (rows, _) = batch::<I, O>(count);
        let mut y_hat = vec![[0.0; O]; count];
        group.throughput(Throughput::Elements(count as u64));
        group.bench_function(BenchmarkId::new("stackprop", count), |b| {
            b.iter(|| {
                black_box(net)
                    .forward_batch(black_box(&rows), &mut y_hat)
                    .unwrap()
            });
        });
        group.bench_function(BenchmarkId::new("scalar", count), |b| {
            b.iter(|| black_box(scalar).forward(black_box(&rows), &mut y_hat));
        });
        black_box(y_hat);
    }
    group.finish();
    let mut group = c.benchmark_group(format!("{name}/gradient"));
    for count in sizes {
        let (rows, targets) = batch(count);
        let mut grad = L::fill(0.0_f32);
        let mut scalar_grad = Scalar::zeros(scalar.relu);
        group.throughput(Throughput::Elements(count as u64));
        group.bench_function(BenchmarkId::new("stackprop", count), |b| {
            b.iter(|| {
                black_box(net)
                    .gradient_batch(black_box(&rows), &targets, &mut grad)
                    .unwrap()
            });
        });
        group.bench_function(BenchmarkId::new("scalar", count), |b| {
            b.iter(|| black_box(scalar).gradient(black_box(&rows), &targets, &mut scalar_grad));
        });
        black_box((grad, scalar_grad));
    }
    group.finish();
}

/// 3-4-2-1 with the notebook's weights.
fn notebook(relu: bool) -> Scalar<3, 4, 2, 1> {
    let mut scalar = Scalar::zeros(relu);
    let stackprop::Chain(fc1, stackprop::Chain(fc2, fc3)) = NET.layers;
    (scalar.w1, scalar.w2, scalar.w3) = (fc1.weight, fc2.weight, fc3.weight);
    scalar
}

fn throughput(c: &mut Criterion) {
    let mut mlp16 = Mlp16::zeros();
    let mut scalar = Scalar::<16, 32, 16, 4>::zeros(true);
    let mut rng = Rng::with_seed(2);
    let mut weight = || rng.f32() * 0.5 - 0.25;
    scalar
        .w1
        .as_flattened_mut()
        .iter_mut()
        .for_each(|w| *w = weight());
    scalar
        .w2
        .as_flattened_mut()
        .iter_mut()
        .for_each(|w| *w = weight());
    scalar
        .w3
        .as_flattened_mut()
        .iter_mut()
        .for_each(|w| *w = weight());
    let stackprop::Chain(fc1, stackprop::Chain(_, stackprop::Chain(fc2, stackprop::Chain(_, fc3)))) =
        &mut mlp16.layers;
    (fc1.weight, fc2.weight, fc3.weight) = (scalar.w1, scalar.w2, scalar.w3);

    compare(c, "book", &NET_BOOK, &notebook(true), SMALL);
    compare(c, "linear", &NET, &notebook(false), SMALL);
    compare(c, "mlp16", &mlp16, &scalar, LARGE);
}

criterion_group! {
    name = benches;
    config = Criterion::default().warm_up_time(Duration::from_millis(500)).measurement_time(Duration::from_secs(2)).sample_size(20);
    targets = throughput
}
criterion_main!(benches);

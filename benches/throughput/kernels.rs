//! The elementary functions alone, on numbers that lie in the L1 cache, beside those of the
//! platform.

use crate::counted::{Counted, operations};
use crate::limits::Work;
use crate::table::{Line, OURS, YARDSTICK, group};
use crate::work::{KERNELS, NUMBERS, bce, numbers};
use criterion::{BenchmarkId, Criterion, Throughput};
use stackprop::Zero;
use stackprop::math;
use stackprop::simd::{DefaultVector, Vector};
use std::hint::black_box;

/// What a kernel is of the platform's functions, and the kernel again to count its operations.
type Plain = (fn(f32) -> f32, fn(Counted) -> Counted);

/// In the order of [`KERNELS`].
const PLAIN: [Plain; KERNELS.len()] = [
    (f32::exp, math::exp),
    (f32::ln, math::ln),
    (|x| 1.0 / (1.0 + (-x).exp()), math::sigmoid),
    (|x| x.max(0.0) + (-x.abs()).exp().ln_1p(), math::softplus),
    (plain_bce, bce),
    (f32::tanh, math::tanh),
];

fn plain_bce(z: f32) -> f32 {
    let loss = z.max(0.0) - z + (-z.abs()).exp().ln_1p();
    loss + (1.0 / (1.0 + (-z).exp()) - 1.0)
}

/// Measures all kernels.
pub(crate) fn bench(c: &mut Criterion) -> Vec<Line> {
    let x = numbers();
    let plain_x: Vec<f32> = x
        .iter()
        .flat_map(|x| (0..DefaultVector::LANES).map(|l| x.extract(l)))
        .collect();
    let (mut y, mut plain_y) = (vec![DefaultVector::ZERO; x.len()], vec![0.0; NUMBERS]);
    let mut lines = Vec::new();
    for ((name, kernel), (plain, count)) in KERNELS.into_iter().zip(PLAIN) {
        let mut group = c.benchmark_group(group("kernel", name));
        group.throughput(Throughput::Elements(NUMBERS as u64));
        group.bench_function(BenchmarkId::new(OURS, NUMBERS), |b| {
            b.iter(|| kernel(black_box(&x), black_box(&mut y)));
        });
        group.bench_function(BenchmarkId::new(YARDSTICK, NUMBERS), |b| {
            b.iter(|| {
                for (x, y) in plain_x.iter().zip(black_box(&mut plain_y)) {
                    *y = plain(*x);
                }
            });
        });
        group.finish();
        lines.push(Line {
            net: "kernel",
            operation: name,
            count: NUMBERS,
            work: Work {
                flops: operations(|| count(Counted::splat(1.0))),
                bytes: 8.0,
            },
        });
    }
    lines
}

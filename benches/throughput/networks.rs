//! Forward, gradient and step of a network, each beside plain scalar Rust, for each batch size.

use crate::counted::{Counted, operations};
use crate::limits::Work;
use crate::scalar::Scalar;
use crate::table::{Line, OURS, YARDSTICK, group};
use crate::work::{LR, batch};
use criterion::measurement::WallTime;
use criterion::{
    AxisScale, BenchmarkGroup, BenchmarkId, Criterion, PlotConfiguration, SamplingMode, Throughput,
};
use stackprop::simd::Vector;
use stackprop::{Head, Layer, Network, Sgd, Trainer};
use std::hint::black_box;
use std::time::Duration;

/// A network, and the same in plain Rust.
pub(crate) struct Case<L, H, const I: usize, const W: usize, const K: usize, const O: usize> {
    pub(crate) name: &'static str,
    pub(crate) net: Network<L, H, I, O>,
    pub(crate) scalar: Scalar<I, W, K, O>,
    pub(crate) sizes: [usize; 4],
}

impl<L, H, const I: usize, const W: usize, const K: usize, const O: usize> Case<L, H, I, W, K, O>
where
    L: Layer<I, O>,
    H: Head<O>,
{
    /// Measures all operations.
    pub(crate) fn bench(&self, c: &mut Criterion) -> Vec<Line> {
        self.forward(c);
        self.gradient(c);
        self.step(c);
        let operations = ["forward", "gradient", "step"];
        let lines = operations.map(|operation| {
            self.sizes.map(|count| Line {
                net: self.name,
                operation,
                count,
                work: self.work(operation, count),
            })
        });
        lines.into_iter().flatten().collect()
    }

    fn forward(&self, c: &mut Criterion) {
        let mut group = self.group(c, "forward");
        for count in self.sizes {
            let (rows, _) = batch::<I, O>(count);
            let mut y_hat = vec![[0.0; O]; count];
            set_size(&mut group, count);
            group.bench_function(BenchmarkId::new(OURS, count), |b| {
                let net = black_box(&self.net);
                b.iter(|| net.forward_batch(black_box(&rows), black_box(&mut y_hat)));
            });
            group.bench_function(BenchmarkId::new(YARDSTICK, count), |b| {
                let scalar = black_box(&self.scalar);
                b.iter(|| scalar.forward(black_box(&rows), black_box(&mut y_hat)));
            });
        }
        group.finish();
    }

    fn gradient(&self, c: &mut Criterion) {
        let mut group = self.group(c, "gradient");
        for count in self.sizes {
            let (rows, targets) = batch(count);
            let mut grad = L::fill(0.0);
            let mut scalar_grad = Scalar::zeros(self.scalar.relu);
            set_size(&mut group, count);
            group.bench_function(BenchmarkId::new(OURS, count), |b| {
                let net = black_box(&self.net);
                b.iter(|| net.gradient_batch(black_box(&rows), &targets, black_box(&mut grad)));
            });
            group.bench_function(BenchmarkId::new(YARDSTICK, count), |b| {
                let scalar = black_box(&self.scalar);
                let grad = black_box(&mut scalar_grad);
                b.iter(|| scalar.gradient(black_box(&rows), &targets, grad));
            });
        }
        group.finish();
    }

    /// A batch is a guarded step of a trainer, one sample a bare one.
    fn step(&self, c: &mut Criterion) {
        let mut group = self.group(c, "step");
        for count in self.sizes {
            let (rows, targets) = batch(count);
            set_size(&mut group, count);
            group.bench_function(BenchmarkId::new(OURS, count), |b| {
                if let ([x], [y]) = (&rows[..], &targets[..]) {
                    let mut net = self.net;
                    b.iter(|| black_box(&mut net).sgd_step(black_box(x), y, LR));
                } else {
                    let mut trainer = Trainer::new(self.net, Sgd::new(LR));
                    b.iter(|| black_box(&mut trainer).step(black_box(&rows), &targets));
                }
            });
            let (mut scalar, mut grad) = (self.scalar, Scalar::zeros(self.scalar.relu));
            group.bench_function(BenchmarkId::new(YARDSTICK, count), |b| {
                b.iter(|| {
                    let scalar = black_box(&mut scalar);
                    let loss = scalar.gradient(black_box(&rows), &targets, &mut grad);
                    scalar.descend(&grad, LR);
                    loss
                });
            });
        }
        group.finish();
    }

    /// The group of an operation, plotted on logarithmic axes, for the sizes are of all magnitudes.
    fn group<'a>(&self, c: &'a mut Criterion, operation: &str) -> BenchmarkGroup<'a, WallTime> {
        let mut group = c.benchmark_group(group(self.name, operation));
        let plots = PlotConfiguration::default().summary_scale(AxisScale::Logarithmic);
        group.plot_config(plots);
        group
    }

    /// What an operation must do for one sample of `count`; the table explains the formulas.
    fn work(&self, operation: &str, count: usize) -> Work {
        let (first, weights) = (I * W, I * W + W * K + K * O);
        let (z, y) = ([Counted::splat(1.0); O], [Counted::splat(1.0); O]);
        let predict = operations(|| self.net.head.predict(&z, &mut y.clone()));
        let loss = operations(|| self.net.head.loss_grad(&z, &y, &mut y.clone()));
        let gradient = (2 * (3 * weights - first)) as f64 + loss;
        let update = (2 * L::COUNT) as f64 / count as f64;
        Work {
            flops: match operation {
                "forward" => (2 * weights) as f64 + predict,
                "gradient" => gradient,
                _ => gradient + update,
            },
            bytes: (size_of::<[f32; I]>() + size_of::<[f32; O]>()) as f64,
        }
    }
}

/// The samples that are one call, and fewer calls of one that takes long.
fn set_size(group: &mut BenchmarkGroup<'_, WallTime>, count: usize) {
    group.throughput(Throughput::Elements(count as u64));
    if count > 4096 {
        group.sampling_mode(SamplingMode::Flat);
        group
            .sample_size(10)
            .measurement_time(Duration::from_secs(2));
    }
}

//! What one would write without a library: three layers of fixed sizes in plain Rust, with `expf`,
//! `logf` and `sqrtf` of libm. Nothing is checked or refused. The bench of chips counts it beside
//! the crate, with the same options in the same image, and `tests/plain.rs` compares the numbers.

mod learners;

pub(crate) use learners::{Adam, Trainer};

use stackprop::Random;
use stackprop::init::{Scheme, uniform};

/// w `[out][in]` and b of a linear layer, or their gradients, or a moment of these.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Layer<const I: usize, const O: usize> {
    /// The weights.
    pub(crate) w: [[f32; I]; O],
    /// The biases, all 0 in a network without.
    pub(crate) b: [f32; O],
}

/// A -> B -> C -> D, with or without ReLU after the first two, with or without biases; sigmoid
/// outputs and binary cross-entropy.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Net<
    const A: usize,
    const B: usize,
    const C: usize,
    const D: usize,
    const RELU: bool,
    const BIAS: bool,
>(
    pub(crate) Layer<A, B>,
    pub(crate) Layer<B, C>,
    pub(crate) Layer<C, D>,
);

impl<const I: usize, const O: usize> Layer<I, O> {
    const ZEROS: Self = Self {
        w: [[0.0; I]; O],
        b: [0.0; O],
    };

    /// Draws what `stackprop` draws.
    fn init(&mut self, random: &mut Random, with_bias: bool) {
        let (weight, bias) = Scheme::Default.bounds(I, O);
        for w in self.w.as_flattened_mut() {
            *w = uniform(random, weight);
        }
        for b in self.b.iter_mut().filter(|_| with_bias) {
            *b = uniform(random, bias);
        }
    }

    /// y = w x + b.
    fn forward<const BIAS: bool>(&self, x: &[f32; I]) -> [f32; O] {
        let mut y = [0.0; O];
        for ((y, row), b) in y.iter_mut().zip(&self.w).zip(&self.b) {
            let dot: f32 = row.iter().zip(x).map(|(w, x)| w * x).sum();
            *y = if BIAS { dot + b } else { dot };
        }
        y
    }

    /// dx = dy w.
    fn input_gradient(&self, dy: &[f32; O]) -> [f32; I] {
        let mut dx = [0.0; I];
        for (row, dy) in self.w.iter().zip(dy) {
            for (dx, w) in dx.iter_mut().zip(row) {
                *dx += dy * w;
            }
        }
        dx
    }

    /// Sets the gradient of one sample, or adds it.
    fn gradient<const BIAS: bool, const ADD: bool>(&mut self, x: &[f32; I], dy: &[f32; O]) {
        for ((row, b), dy) in self.w.iter_mut().zip(&mut self.b).zip(dy) {
            for (w, x) in row.iter_mut().zip(x) {
                *w = if ADD { *w + dy * x } else { dy * x };
            }
            if BIAS {
                *b = if ADD { *b + dy } else { *dy };
            }
        }
    }

    /// The step on one sample, without a gradient in memory.
    fn step<const BIAS: bool>(&mut self, x: &[f32; I], dy: &[f32; O], lr: f32) {
        for ((row, b), dy) in self.w.iter_mut().zip(&mut self.b).zip(dy) {
            let step = lr * dy;
            for (w, x) in row.iter_mut().zip(x) {
                *w -= step * x;
            }
            if BIAS {
                *b -= step;
            }
        }
    }

    /// w = w - lr g.
    fn descend<const BIAS: bool>(&mut self, gradient: &Self, lr: f32) {
        let weights = self.w.as_flattened_mut();
        for (w, g) in weights.iter_mut().zip(gradient.w.as_flattened()) {
            *w -= lr * g;
        }
        if BIAS {
            for (b, g) in self.b.iter_mut().zip(&gradient.b) {
                *b -= lr * g;
            }
        }
    }
}

/// x, or 0 where it is negative.
fn relu<const RELU: bool, const N: usize>(mut x: [f32; N]) -> [f32; N] {
    if RELU {
        for x in &mut x {
            *x = if *x > 0.0 { *x } else { 0.0 };
        }
    }
    x
}

/// The gradient of what went into `relu`, from that of what came out of it, `h`.
fn relu_gradient<const RELU: bool, const N: usize>(mut dh: [f32; N], h: &[f32; N]) -> [f32; N] {
    if RELU {
        for (dh, h) in dh.iter_mut().zip(h) {
            *dh = if *h > 0.0 { *dh } else { 0.0 };
        }
    }
    dh
}

/// The loss of the logits, a mean over the outputs, and its gradient.
fn loss<const D: usize>(z: &[f32; D], target: &[f32; D]) -> (f32, [f32; D]) {
    let (mut loss, mut dz) = (0.0, [0.0; D]);
    let share = 1.0 / D as f32;
    for ((dz, z), y) in dz.iter_mut().zip(z).zip(target) {
        // sigmoid(z) and -y ln(sigmoid(z)) - (1 - y) ln(1 - sigmoid(z)) from one exp.
        let e = libm::expf(-z.abs());
        let y_hat = if *z > 0.0 { 1.0 } else { e } / (1.0 + e);
        loss += if *z > 0.0 { *z } else { 0.0 } - z * y + libm::logf(1.0 + e);
        *dz = (y_hat - y) * share;
    }
    (loss * share, dz)
}

impl<
    const A: usize,
    const B: usize,
    const C: usize,
    const D: usize,
    const RELU: bool,
    const BIAS: bool,
> Net<A, B, C, D, RELU, BIAS>
{
    /// All numbers 0: a gradient, or a moment.
    pub(crate) const ZEROS: Self = Self(Layer::ZEROS, Layer::ZEROS, Layer::ZEROS);

    /// The weights of `Network::new` with this seed.
    #[must_use]
    pub(crate) fn new(seed: u64) -> Self {
        let (mut net, mut random) = (Self::ZEROS, Random::new(seed));
        net.0.init(&mut random, BIAS);
        net.1.init(&mut random, BIAS);
        net.2.init(&mut random, BIAS);
        net
    }

    /// The outputs of one row.
    #[must_use]
    pub(crate) fn forward(&self, x: &[f32; A]) -> [f32; D] {
        let (.., z) = self.trace(x);
        z.map(|z| 1.0 / (1.0 + libm::expf(-z)))
    }

    /// The outputs of many rows.
    pub(crate) fn forward_batch(&self, rows: &[[f32; A]], outputs: &mut [[f32; D]]) {
        for (x, y) in rows.iter().zip(outputs) {
            *y = self.forward(x);
        }
    }

    /// Both hidden layers and the logits.
    fn trace(&self, x: &[f32; A]) -> ([f32; B], [f32; C], [f32; D]) {
        let first = relu::<RELU, B>(self.0.forward::<BIAS>(x));
        let second = relu::<RELU, C>(self.1.forward::<BIAS>(&first));
        let z = self.2.forward::<BIAS>(&second);
        (first, second, z)
    }

    /// The loss of one sample; its gradient is set, or added.
    fn backward<const ADD: bool>(&self, x: &[f32; A], y: &[f32; D], into: &mut Self) -> f32 {
        let (first, second, z) = self.trace(x);
        let (loss, dz) = loss(&z, y);
        into.2.gradient::<BIAS, ADD>(&second, &dz);
        let dz = relu_gradient::<RELU, C>(self.2.input_gradient(&dz), &second);
        into.1.gradient::<BIAS, ADD>(&first, &dz);
        let dz = relu_gradient::<RELU, B>(self.1.input_gradient(&dz), &first);
        into.0.gradient::<BIAS, ADD>(x, &dz);
        loss
    }

    /// The loss of one sample and its gradient.
    pub(crate) fn gradient(&self, x: &[f32; A], y: &[f32; D], into: &mut Self) -> f32 {
        self.backward::<false>(x, y, into)
    }

    /// The sums of the losses and of the gradients of many samples.
    pub(crate) fn gradient_sum(
        &self,
        rows: &[[f32; A]],
        targets: &[[f32; D]],
        into: &mut Self,
    ) -> f32 {
        *into = Self::ZEROS;
        let samples = rows.iter().zip(targets);
        samples
            .map(|(x, y)| self.backward::<true>(x, y, into))
            .sum()
    }

    /// A step of SGD on one sample: its loss.
    pub(crate) fn sgd_step(&mut self, x: &[f32; A], y: &[f32; D], lr: f32) -> f32 {
        let (first, second, z) = self.trace(x);
        let (loss, dz) = loss(&z, y);
        let d_second = relu_gradient::<RELU, C>(self.2.input_gradient(&dz), &second);
        self.2.step::<BIAS>(&second, &dz, lr);
        let d_first = relu_gradient::<RELU, B>(self.1.input_gradient(&d_second), &first);
        self.1.step::<BIAS>(&first, &d_second, lr);
        self.0.step::<BIAS>(x, &d_first, lr);
        loss
    }

    /// w = w - lr g.
    pub(crate) fn descend(&mut self, gradient: &Self, lr: f32) {
        self.0.descend::<BIAS>(&gradient.0, lr);
        self.1.descend::<BIAS>(&gradient.1, lr);
        self.2.descend::<BIAS>(&gradient.2, lr);
    }
}

//! Steps on the mean gradient of many samples, and Adam.

use super::{Layer, Net};

/// A network and the sum of the gradients of a mini-batch.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Trainer<
    const A: usize,
    const B: usize,
    const C: usize,
    const D: usize,
    const RELU: bool,
    const BIAS: bool,
> {
    /// The network.
    pub(crate) net: Net<A, B, C, D, RELU, BIAS>,
    gradient: Net<A, B, C, D, RELU, BIAS>,
}

/// The same, with Adam's moments.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Adam<
    const A: usize,
    const B: usize,
    const C: usize,
    const D: usize,
    const RELU: bool,
    const BIAS: bool,
> {
    /// The network and the gradient.
    pub(crate) trainer: Trainer<A, B, C, D, RELU, BIAS>,
    m: Net<A, B, C, D, RELU, BIAS>,
    v: Net<A, B, C, D, RELU, BIAS>,
    /// beta1^t and beta2^t.
    powers: [f32; 2],
}

/// PyTorch's `betas`.
const BETAS: [f32; 2] = [0.9, 0.999];

/// PyTorch's `eps`.
const EPS: f32 = 1e-8;

impl<
    const A: usize,
    const B: usize,
    const C: usize,
    const D: usize,
    const RELU: bool,
    const BIAS: bool,
> Trainer<A, B, C, D, RELU, BIAS>
{
    /// Trains this network.
    #[must_use]
    pub(crate) const fn new(net: Net<A, B, C, D, RELU, BIAS>) -> Self {
        let gradient = Net::ZEROS;
        Self { net, gradient }
    }

    /// A step of SGD on the mean gradient: the mean loss.
    pub(crate) fn step(&mut self, rows: &[[f32; A]], targets: &[[f32; D]], lr: f32) -> f32 {
        let share = 1.0 / rows.len() as f32;
        let loss = self.net.gradient_sum(rows, targets, &mut self.gradient);
        self.net.descend(&self.gradient, lr * share);
        loss * share
    }
}

impl<
    const A: usize,
    const B: usize,
    const C: usize,
    const D: usize,
    const RELU: bool,
    const BIAS: bool,
> Adam<A, B, C, D, RELU, BIAS>
{
    /// Trains this network.
    #[must_use]
    pub(crate) const fn new(net: Net<A, B, C, D, RELU, BIAS>) -> Self {
        Self {
            trainer: Trainer::new(net),
            m: Net::ZEROS,
            v: Net::ZEROS,
            powers: [1.0; 2],
        }
    }

    /// A step on one sample: its loss.
    pub(crate) fn step_one(&mut self, x: &[f32; A], y: &[f32; D], lr: f32) -> f32 {
        let Trainer { net, gradient } = &mut self.trainer;
        let loss = net.gradient(x, y, gradient);
        self.update(lr, 1.0);
        loss
    }

    /// A step on the mean gradient: the mean loss.
    pub(crate) fn step(&mut self, rows: &[[f32; A]], targets: &[[f32; D]], lr: f32) -> f32 {
        let share = 1.0 / rows.len() as f32;
        let Trainer { net, gradient } = &mut self.trainer;
        let loss = net.gradient_sum(rows, targets, gradient);
        self.update(lr, share);
        loss * share
    }

    /// The step with `share` times the gradient.
    fn update(&mut self, lr: f32, share: f32) {
        let powers = [self.powers[0] * BETAS[0], self.powers[1] * BETAS[1]];
        self.powers = powers;
        let rates = Rates {
            share,
            m: lr / (1.0 - powers[0]),
            v: 1.0 / libm::sqrtf(1.0 - powers[1]),
        };
        let Trainer { net, gradient } = &mut self.trainer;
        rates.update::<BIAS, A, B>(&mut net.0, &gradient.0, &mut self.m.0, &mut self.v.0);
        rates.update::<BIAS, B, C>(&mut net.1, &gradient.1, &mut self.m.1, &mut self.v.1);
        rates.update::<BIAS, C, D>(&mut net.2, &gradient.2, &mut self.m.2, &mut self.v.2);
    }
}

/// The factors of a step: of the gradient, of m, of sqrt(v).
struct Rates {
    share: f32,
    m: f32,
    v: f32,
}

impl Rates {
    fn update<const BIAS: bool, const I: usize, const O: usize>(
        &self,
        net: &mut Layer<I, O>,
        gradient: &Layer<I, O>,
        m: &mut Layer<I, O>,
        v: &mut Layer<I, O>,
    ) {
        let (net_w, gradient_w) = (net.w.as_flattened_mut(), gradient.w.as_flattened());
        let moments =
            m.w.as_flattened_mut()
                .iter_mut()
                .zip(v.w.as_flattened_mut());
        for ((w, g), (m, v)) in net_w.iter_mut().zip(gradient_w).zip(moments) {
            self.update_one(w, *g, m, v);
        }
        if BIAS {
            let moments = m.b.iter_mut().zip(&mut v.b);
            for ((b, g), (m, v)) in net.b.iter_mut().zip(&gradient.b).zip(moments) {
                self.update_one(b, *g, m, v);
            }
        }
    }

    #[inline(always)]
    fn update_one(&self, w: &mut f32, g: f32, m: &mut f32, v: &mut f32) {
        let g = g * self.share;
        *m += (1.0 - BETAS[0]) * (g - *m);
        *v = BETAS[1] * *v + (1.0 - BETAS[1]) * g * g;
        *w -= self.m * *m / (libm::sqrtf(*v) * self.v + EPS);
    }
}

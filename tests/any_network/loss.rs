//! The losses in f64, by their plain formulas.

use super::model::{Model, Mutant};
use super::num::Num;

/// A loss with its settings, of one sample.
#[derive(Clone, Debug)]
pub(crate) enum Loss {
    /// Binary cross-entropy with `pos_weight` and `weight` of each output.
    Bce(Vec<f64>, Vec<f64>),
    /// Cross-entropy.
    Ce(Vec<f64>, Smoothing),
    Mse,
    Huber(f64),
    SmoothL1(f64),
    L1,
}

/// What a weighted cross-entropy has beside the weights of its classes.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Smoothing {
    pub(crate) label_smoothing: f64,
    /// Whether the mean is over the sum of the weights of the targets.
    pub(crate) over_weights: bool,
    /// Whether a target of zeros is a row that does not count.
    pub(crate) ignores: bool,
}

/// The loss of a sample and its gradient by the logits.
pub(crate) type Slopes = (Num, Vec<Num>);

fn sigmoid(z: f64) -> f64 {
    1.0 / (1.0 + (-z).exp())
}

impl Model {
    /// The outputs from the logits.
    pub(crate) fn predict(&self, z: &[Num]) -> Vec<Num> {
        match &self.loss {
            // 1.8 ulp of sigmoid are 3.6 units.
            Loss::Bce(..) => z
                .iter()
                .map(|z| {
                    let y = sigmoid(z.value);
                    z.map(y, y * (1.0 - y), 3.6)
                })
                .collect(),
            Loss::Ce(..) => softmax(z),
            _ => z.to_vec(),
        }
    }

    /// Loss and gradient of one sample, with the factor of `Weighted`.
    pub(crate) fn slopes(&self, z: &[Num], target: &[f64]) -> Slopes {
        let mut target = target.to_vec();
        if self.is(Mutant::TargetsInAnotherOrder) {
            target.rotate_left(1);
        }
        let (mut loss, mut dz) = match &self.loss {
            Loss::Bce(p, w) => self.bce(z, &target, p, w),
            Loss::Ce(w, smoothing) => cross_entropy(z, &smoothed(&target, w, *smoothing)),
            _ => self.regression(z, &target),
        };
        if let Some(factor) = self.factor {
            let forgotten = self.is(Mutant::WeightOfHeadForgotten);
            let factor = Num::exact(if forgotten { 1.0 } else { factor });
            loss = loss * factor;
            dz.iter_mut().for_each(|dz| *dz = *dz * factor);
        }
        (loss, dz)
    }

    /// 1 / O, rounded.
    fn mean(&self, outputs: usize) -> Num {
        let forgotten = self.is(Mutant::MeanOfOutputsForgotten);
        let share = if forgotten { 1.0 } else { 1.0 / outputs as f64 };
        Num::exact(share).off(1.0, share)
    }

    /// Means over the outputs: the crate states 4 ulp at most of the loss, and of the larger of the
    /// two numbers whose difference the gradient is.
    fn bce(&self, z: &[Num], y: &[f64], p: &[f64], w: &[f64]) -> Slopes {
        let (mut sum, mut dz) = (Num::ZERO, Vec::new());
        let mean = self.mean(z.len());
        for (o, z) in z.iter().enumerate() {
            let s = sigmoid(z.value);
            let (positive, negative) = (w[o] * p[o] * y[o], w[o] * (1.0 - y[o]));
            let softplus = |z: f64| z.max(0.0) + (-z.abs()).exp().ln_1p();
            let loss = positive * softplus(-z.value) + negative * softplus(z.value);
            let slope = negative * s - positive * (1.0 - s);
            sum = sum + z.map(loss, slope, 8.0);
            let parts = if z.value < 0.0 {
                ((positive + negative) * s).max(positive)
            } else {
                ((positive + negative) * (1.0 - s)).max(negative)
            };
            let curvature = (positive + negative) * s * (1.0 - s);
            dz.push(z.map(slope, curvature, 0.0).off(8.0, parts) * mean);
        }
        (sum * mean, dz)
    }

    /// Means over the outputs of a function of z - y.
    fn regression(&self, z: &[Num], y: &[f64]) -> Slopes {
        let (mut sum, mut dz) = (Num::ZERO, Vec::new());
        let mean = self.mean(z.len());
        for (z, y) in z.iter().zip(y) {
            let off = *z - Num::exact(*y);
            let size = off.value.abs();
            let sign = off.value.signum();
            // The value, the slope and the curvature of the loss by `off`.
            let (loss, slope, bend) = match self.loss {
                Loss::Mse => (size * size, 2.0 * size, 2.0),
                Loss::Huber(d) if size <= d => (0.5 * size * size, size, 1.0),
                Loss::Huber(d) => (d * (size - 0.5 * d), d, 0.0),
                Loss::SmoothL1(b) if size < b => (0.5 * size * size / b, size / b, 1.0 / b),
                Loss::SmoothL1(b) => (size - 0.5 * b, 1.0, 0.0),
                _ => (size, 1.0, 0.0),
            };
            // Of the straight parts, size - d / 2 may cancel.
            let rounded = off.map(loss, slope, 3.0).off(1.0, slope * size);
            sum = sum + rounded;
            dz.push(off.map(sign * slope, bend, 2.0) * mean);
        }
        (sum * mean, dz)
    }
}

/// e^(z - m) / sum of these.
fn softmax(z: &[Num]) -> Vec<Num> {
    let (e, total) = exponentials(z);
    e.into_iter().map(|e| e / total).collect()
}

/// e^(z - m), and their sum.
fn exponentials(z: &[Num]) -> (Vec<Num>, Num) {
    let first = z[0];
    let m = z
        .iter()
        .fold(first, |m, z| if z.value > m.value { *z } else { m });
    let power = |z: &Num| {
        let below = *z - m;
        let e = below.value.exp();
        below.map(e, e, 2.0)
    };
    let e: Vec<Num> = z.iter().map(power).collect();
    let total = e.iter().fold(Num::ZERO, |sum, e| sum + *e);
    (e, total)
}

/// w (y (1 - eps) + eps / O) of each class; nothing of a target that is ignored.
fn smoothed(target: &[f64], w: &[f64], smoothing: Smoothing) -> Vec<Num> {
    let eps = Num::exact(smoothing.label_smoothing);
    let ignored = target.iter().all(|y| *y == 0.0);
    let even = if ignored {
        Num::ZERO
    } else {
        eps / Num::exact(target.len() as f64)
    };
    let rest = Num::exact(1.0) - eps;
    let one = |(y, w): (&f64, &f64)| Num::exact(*w) * (rest * Num::exact(*y) + even);
    target.iter().zip(w).map(one).collect()
}

/// The sum of t (ln(sum of e^z) - z), and its gradient: T softmax(z) - t, where T is the sum of t.
fn cross_entropy(z: &[Num], t: &[Num]) -> Slopes {
    let (e, total) = exponentials(z);
    let m = z.iter().fold(f64::NEG_INFINITY, |m, z| m.max(z.value));
    let all = t.iter().fold(Num::ZERO, |sum, t| sum + *t);
    let log = total.map(total.value.ln(), 1.0 / total.value, 2.0);
    let mut loss = all * log;
    for (t, z) in t.iter().zip(z) {
        let below = Num {
            value: m - z.value,
            error: 2.0 * z.error,
        };
        loss = loss + *t * below.off(1.0, below.value);
    }
    // Where p is nearly 1, the crate takes 1 - p: two roundings more.
    let slope = |(e, t): (&Num, &Num)| (all * (*e / total) - *t).off(2.0, all.value);
    (loss, e.iter().zip(t).map(slope).collect())
}

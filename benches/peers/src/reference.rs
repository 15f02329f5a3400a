//! What is right: the same network in f64, and how far from it a peer may be.

use crate::nets::Case;
use anyhow::{Result, ensure};

/// The learning rate of the step that is checked. The change of a weight, divided by it, is the
/// gradient.
pub(crate) const RATE: f32 = 0.25;

/// Outputs, loss and gradients in f64.
pub(crate) struct Reference {
    y_hat: Vec<f64>,
    loss: f64,
    gradient: Vec<f64>,
    rows: f64,
}

/// How far a peer's number may be off, for all outputs, and for loss and gradients of small
/// batches.
const TOLERANCE: f64 = 2e-6;

impl Reference {
    /// With these weights in the place of the case's.
    pub(crate) fn new(case: &Case, weights: &[f32]) -> Self {
        let [i, _, _, o] = case.net.widths;
        let mut rest = weights;
        let weights = case.weights.each_ref().map(|w| {
            let (layer, behind) = rest.split_at(w.len());
            rest = behind;
            layer
        });
        let mut gradient = weights.map(|w| vec![0.0; w.len()]);
        let (mut y_hat, mut loss) = (Vec::new(), 0.0);
        let count = (case.rows * o) as f64;
        for (x, y) in case.x.chunks(i).zip(case.y.chunks(o)) {
            let h = activations(case, &weights, x);
            let mut delta = Vec::new();
            for (z, y) in h[3].iter().zip(y) {
                let (p, y) = (1.0 / (1.0 + (-z).exp()), f64::from(*y));
                loss += z.max(0.0) - z * y + (-z.abs()).exp().ln_1p();
                delta.push((p - y) / count);
                y_hat.push(p);
            }
            backward(case, &weights, &h, delta, &mut gradient);
        }
        Self {
            y_hat,
            loss: loss / count,
            gradient: gradient.concat(),
            rows: case.rows as f64,
        }
    }

    /// Refuses outputs that are off; gives the largest error.
    pub(crate) fn check_outputs(&self, y_hat: &[f32]) -> Result<f64> {
        largest("y_hat", widen(y_hat), &self.y_hat, TOLERANCE)
    }

    /// Refuses the loss of a step with [`RATE`], or weights after it, that are off; gives the
    /// largest error.
    pub(crate) fn check_step(&self, case: &Case, loss: f32, weights: &[f32]) -> Result<f64> {
        let before = case.weights.iter().flatten();
        let changes = before
            .zip(weights)
            .map(|(before, after)| f64::from(before - after) / f64::from(RATE));
        let loss = self.check_loss(loss)?;
        let gradient = largest("gradient", changes, &self.gradient, self.for_gradient())?;
        Ok(loss.max(gradient))
    }

    /// Refuses a loss that is off; gives its error.
    pub(crate) fn check_loss(&self, loss: f32) -> Result<f64> {
        // Some libraries add up all losses in one f32, whose error may grow with the number of
        // terms.
        let tolerance = TOLERANCE * (self.rows / 512.0).max(1.0);
        largest("loss", widen(&[loss]), &[self.loss], tolerance)
    }

    /// Between which numbers the gradient of a weight may be.
    pub(crate) fn gradient(&self, n: usize) -> [f64; 2] {
        let tolerance = self.for_gradient();
        [self.gradient[n] - tolerance, self.gradient[n] + tolerance]
    }

    /// Gradients come out of matrix products, which add in parts: their error grows like the root
    /// of the number of terms.
    fn for_gradient(&self) -> f64 {
        TOLERANCE * (self.rows / 4096.0).sqrt().max(1.0)
    }
}

/// The largest error, if all are within the tolerance.
fn largest(
    what: &str,
    found: impl Iterator<Item = f64>,
    expected: &[f64],
    tolerance: f64,
) -> Result<f64> {
    let mut largest: f64 = 0.0;
    for (n, (found, expected)) in found.zip(expected).enumerate() {
        let error = (found - expected).abs();
        // A NaN is not within anything.
        let within = error <= tolerance;
        ensure!(
            within,
            "{what} [{n}] is {found:?}, not {expected:?} within {tolerance:.1e}"
        );
        largest = largest.max(error);
    }
    Ok(largest)
}

fn widen(values: &[f32]) -> impl Iterator<Item = f64> {
    values.iter().map(|value| f64::from(*value))
}

/// The input, and what each layer gives.
fn activations(case: &Case, weights: &[&[f32]; 3], x: &[f32]) -> [Vec<f64>; 4] {
    let mut h = [const { Vec::new() }; 4];
    h[0] = widen(x).collect();
    for l in 0..3 {
        let rows = weights[l].chunks(case.net.widths[l]);
        h[l + 1] = rows
            .map(|w| {
                let z: f64 = widen(w).zip(&h[l]).map(|(w, h)| w * h).sum();
                if case.net.relu && l < 2 {
                    z.max(0.0)
                } else {
                    z
                }
            })
            .collect();
    }
    h
}

/// Adds the gradients of one sample, from the one with respect to its logits.
fn backward(
    case: &Case,
    weights: &[&[f32]; 3],
    h: &[Vec<f64>; 4],
    mut delta: Vec<f64>,
    gradient: &mut [Vec<f64>; 3],
) {
    for l in (0..3).rev() {
        let width = case.net.widths[l];
        let mut before = vec![0.0; width];
        let rows = gradient[l].chunks_mut(width).zip(weights[l].chunks(width));
        for (delta, (g, w)) in delta.iter().zip(rows) {
            for i in 0..width {
                g[i] += delta * h[l][i];
                before[i] += delta * f64::from(w[i]);
            }
        }
        for (before, h) in before.iter_mut().zip(&h[l]) {
            if case.net.relu && *h <= 0.0 {
                *before = 0.0;
            }
        }
        delta = before;
    }
}

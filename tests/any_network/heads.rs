//! The heads with random settings, for the crate and for the model at once; and their targets.

use super::loss::{Loss, Smoothing};
use fastrand::Rng;
use stackprop::heads::MeanOver;
use stackprop::{
    Head, Huber, L1, Mse, SigmoidBce, SmoothL1, SoftmaxCe, Weighted, WeightedBce, WeightedCe,
};

/// The loss of a head, and the factor of `Weighted`.
pub(crate) type Known = (Loss, Option<f64>);

/// A head that the model knows.
pub(crate) trait KnownHead<const O: usize>: Head<O> {
    /// One with random settings.
    fn random(rng: &mut Rng) -> (Self, Known);
}

/// A number from `low` to `high`.
pub(crate) fn between(rng: &mut Rng, low: f32, high: f32) -> f32 {
    low + (high - low) * rng.f32()
}

fn wide<const O: usize>(values: [f32; O]) -> Vec<f64> {
    values.map(f64::from).to_vec()
}

fn weights<const O: usize>(rng: &mut Rng) -> [f32; O] {
    core::array::from_fn(|_| between(rng, 0.25, 3.0))
}

impl<const O: usize> KnownHead<O> for SigmoidBce {
    fn random(_: &mut Rng) -> (Self, Known) {
        (Self, (Loss::Bce(vec![1.0; O], vec![1.0; O]), None))
    }
}

impl<const O: usize> KnownHead<O> for WeightedBce<O> {
    fn random(rng: &mut Rng) -> (Self, Known) {
        let (p, w) = (weights(rng), weights(rng));
        (Self::new(p).weight(w), (Loss::Bce(wide(p), wide(w)), None))
    }
}

impl<const O: usize> KnownHead<O> for SoftmaxCe {
    fn random(_: &mut Rng) -> (Self, Known) {
        let smoothing = Smoothing {
            label_smoothing: 0.0,
            over_weights: false,
            ignores: false,
        };
        (Self, (Loss::Ce(vec![1.0; O], smoothing), None))
    }
}

impl<const O: usize> KnownHead<O> for WeightedCe<O> {
    fn random(rng: &mut Rng) -> (Self, Known) {
        let w = weights(rng);
        let (eps, over_weights) = (between(rng, 0.0, 0.3), rng.bool());
        let mean_over = if over_weights {
            MeanOver::Weights
        } else {
            MeanOver::Samples
        };
        let smoothing = Smoothing {
            label_smoothing: f64::from(eps),
            over_weights,
            ignores: true,
        };
        let head = Self::new(w).label_smoothing(eps).mean_over(mean_over);
        (head, (Loss::Ce(wide(w), smoothing), None))
    }
}

impl<const O: usize> KnownHead<O> for Mse {
    fn random(_: &mut Rng) -> (Self, Known) {
        (Self, (Loss::Mse, None))
    }
}

impl<const O: usize> KnownHead<O> for Huber {
    fn random(rng: &mut Rng) -> (Self, Known) {
        let delta = between(rng, 0.3, 1.5);
        (Self { delta }, (Loss::Huber(f64::from(delta)), None))
    }
}

impl<const O: usize> KnownHead<O> for SmoothL1 {
    fn random(rng: &mut Rng) -> (Self, Known) {
        let beta = between(rng, 0.3, 1.5);
        (Self { beta }, (Loss::SmoothL1(f64::from(beta)), None))
    }
}

impl<const O: usize> KnownHead<O> for L1 {
    fn random(_: &mut Rng) -> (Self, Known) {
        (Self, (Loss::L1, None))
    }
}

impl<H: KnownHead<O>, const O: usize> KnownHead<O> for Weighted<H> {
    fn random(rng: &mut Rng) -> (Self, Known) {
        let weight = between(rng, 0.25, 3.0);
        let (head, (loss, _)) = H::random(rng);
        (Self::new(head, weight), (loss, Some(f64::from(weight))))
    }
}

impl Loss {
    /// Whether a row with this target counts in the mean.
    pub(crate) fn counts(&self, target: &[f32]) -> bool {
        !matches!(self, Self::Ce(..)) || target.iter().any(|y| *y != 0.0)
    }
}

/// A target that the loss takes: probabilities, a class, seldom several or none, or any number.
pub(crate) fn target<const O: usize>(rng: &mut Rng, loss: &Loss) -> [f32; O] {
    match loss {
        Loss::Bce(..) => core::array::from_fn(|_| match rng.u8(0..4) {
            0 => rng.f32(),
            _ => f32::from(rng.bool()),
        }),
        Loss::Ce(_, smoothing) if smoothing.ignores && rng.u8(0..8) == 0 => [0.0; O],
        Loss::Ce(..) if rng.u8(0..4) == 0 => {
            let parts: [f32; O] = core::array::from_fn(|_| rng.f32());
            let sum: f32 = parts.iter().sum();
            parts.map(|part| part / sum)
        }
        Loss::Ce(..) => {
            let class = rng.usize(..O);
            core::array::from_fn(|o| f32::from(o == class))
        }
        _ => core::array::from_fn(|_| between(rng, -2.0, 2.0)),
    }
}

//! What is right of Adam: three steps, each from the weights that the peer has.
//!
//! The change of a weight whose gradient is next to 0 depends on the last bits of it: m / sqrt(v)
//! is 1 or -1 for any gradient. So what is right is a range: of all gradients that a peer may find.

use crate::nets::Case;
use crate::reference::Reference;
use crate::worker::{Op, Worker};
use anyhow::{Result, ensure};

/// The learning rate of these steps.
const RATE: f32 = 0.0625;

/// PyTorch's defaults.
const BETA1: f64 = 0.9;
const BETA2: f64 = 0.999;
const EPS: f64 = 1e-8;

/// How far a change, divided by the rate, may be out of its range. The weight is rounded to 2^-25
/// or so, which is 5e-7 of the rate; the rest is for the rounding of the averages.
const TOLERANCE: f64 = 4e-6;

/// The least and the largest that a number may be.
type Range = [f64; 2];

/// Averages of a gradient and of its square.
#[derive(Clone, Copy, Default)]
struct Averages {
    m: Range,
    v: Range,
}

/// Refuses a peer, just set up for this case, whose steps are off; gives the largest error of the
/// loss.
pub(crate) fn check(worker: &mut Worker, case: &Case) -> Result<f64> {
    let mut before: Vec<f32> = case.weights.concat();
    let mut averages = vec![Averages::default(); before.len()];
    let mut off: f64 = 0.0;
    for steps in 1..=3 {
        let reference = Reference::new(case, &before);
        worker.time(Op::Adam, 1, RATE)?;
        let (loss, after) = worker.trained(before.len())?;
        off = off.max(reference.check_loss(loss)?);
        for (n, averages) in averages.iter_mut().enumerate() {
            let [least, most] = averages.change(reference.gradient(n), steps);
            let found = f64::from(before[n] - after[n]) / f64::from(RATE);
            // A NaN is within nothing.
            let within = found >= least - TOLERANCE && found <= most + TOLERANCE;
            ensure!(
                within,
                "Adam's step {steps} changes weight [{n}] by {found:?} of the rate, \
                 not by {least:?} to {most:?}"
            );
        }
        before = after;
    }
    Ok(off)
}

impl Averages {
    /// Takes a gradient in; the change of the weight, divided by the rate.
    fn change(&mut self, [low, high]: Range, steps: i32) -> Range {
        let smallest = if low < 0.0 && high > 0.0 {
            0.0
        } else {
            low.abs().min(high.abs())
        };
        let largest = low.abs().max(high.abs());
        let mean = |[a, b]: Range, beta: f64, [c, d]: Range| {
            [beta * a + (1.0 - beta) * c, beta * b + (1.0 - beta) * d]
        };
        self.m = mean(self.m, BETA1, [low, high]);
        self.v = mean(self.v, BETA2, [smallest * smallest, largest * largest]);
        let corrected = |range: Range, beta: f64| range.map(|x| x / (1.0 - beta.powi(steps)));
        let [low, high] = corrected(self.m, BETA1);
        let [short, long] = corrected(self.v, BETA2).map(|v| v.sqrt() + EPS);
        [
            low / if low < 0.0 { short } else { long },
            high / if high < 0.0 { long } else { short },
        ]
    }
}

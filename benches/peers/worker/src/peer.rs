//! What is measured of each peer, and how.

use anyhow::{Result, bail};
use cpu_time::ProcessTime;
use std::hint::black_box;
use std::time::Duration;

/// A library at work on one [`Problem`](crate::problem::Problem).
pub(crate) trait Peer {
    /// y_hat of all rows.
    fn forward(&mut self) -> Result<()>;

    /// Forward, mean binary cross-entropy, mean gradients, w -= rate * gradient.
    fn step(&mut self, rate: f32) -> Result<()>;

    /// [`step`](Self::step) with Adam and PyTorch's defaults in the place of plain descent.
    fn adam(&mut self, _rate: f32) -> Result<()> {
        bail!("no Adam")
    }

    /// A step that nothing guards, for one whose [`step`](Self::step) is guarded.
    fn bare(&mut self, _rate: f32) -> Result<()> {
        bail!("no other step")
    }

    /// What the last [`forward`](Self::forward) gave.
    fn outputs(&self) -> Result<Vec<f32>>;

    /// The loss of the last step, before it.
    fn loss(&self) -> Result<f32>;

    /// The weights after it, layer by layer, `[out][in]`.
    fn weights(&self) -> Result<Vec<f32>>;

    /// CPU time of this process, all its threads, for so many calls. The loop is in the trait, so
    /// that a call in it is not dynamic.
    fn time(&mut self, op: Op, calls: u64) -> Result<Duration> {
        let start = ProcessTime::try_now()?;
        for _ in 0..calls {
            match op {
                Op::Forward => black_box(&mut *self).forward()?,
                Op::Step(rate) => black_box(&mut *self).step(rate)?,
                Op::Adam(rate) => black_box(&mut *self).adam(rate)?,
                Op::Bare(rate) => black_box(&mut *self).bare(rate)?,
            }
        }
        Ok(start.try_elapsed()?)
    }
}

/// What is timed.
#[derive(Clone, Copy)]
pub(crate) enum Op {
    /// [`Peer::forward`].
    Forward,
    /// [`Peer::step`] with this learning rate.
    Step(f32),
    /// [`Peer::adam`].
    Adam(f32),
    /// [`Peer::bare`].
    Bare(f32),
}

//! candle: tensors on the CPU, automatic differentiation, its SGD.

use crate::peer::Peer;
use crate::problem::Problem;
use anyhow::{Context, Result};
use candle_core::{Device, Tensor, Var};
use candle_nn::loss::binary_cross_entropy_with_logit;
use candle_nn::ops::sigmoid;
use candle_nn::{Optimizer, SGD};

pub(super) struct Candle {
    relu: bool,
    w: Vec<Var>,
    /// The same numbers, without a graph of what is done with them.
    constants: Vec<Tensor>,
    sgd: SGD,
    x: Tensor,
    y: Tensor,
    y_hat: Option<Tensor>,
    loss: Option<Tensor>,
}

impl Candle {
    pub(super) fn new(problem: Problem) -> Result<Self> {
        let (rows, widths, cpu) = (problem.rows, problem.widths, &Device::Cpu);
        let mut w = Vec::new();
        for (weights, io) in problem.weights.into_iter().zip(widths.windows(2)) {
            w.push(Var::from_vec(weights, (io[1], io[0]), cpu)?);
        }
        Ok(Self {
            relu: problem.relu,
            constants: w.iter().map(|w| w.as_detached_tensor()).collect(),
            sgd: SGD::new(w.clone(), 0.0)?,
            w,
            x: Tensor::from_vec(problem.x, (rows, widths[0]), cpu)?,
            y: Tensor::from_vec(problem.y, (rows, widths[3]), cpu)?,
            y_hat: None,
            loss: None,
        })
    }

    fn logits<'a>(&self, weights: impl Iterator<Item = &'a Tensor>) -> Result<Tensor> {
        let mut h = self.x.clone();
        for (l, w) in weights.enumerate() {
            h = h.matmul(&w.t()?)?;
            if self.relu && l < 2 {
                h = h.relu()?;
            }
        }
        Ok(h)
    }
}

impl Peer for Candle {
    fn forward(&mut self) -> Result<()> {
        self.y_hat = Some(sigmoid(&self.logits(self.constants.iter())?)?);
        Ok(())
    }

    fn step(&mut self, rate: f32) -> Result<()> {
        let logits = self.logits(self.w.iter().map(Var::as_tensor))?;
        let loss = binary_cross_entropy_with_logit(&logits, &self.y)?;
        self.sgd.set_learning_rate(f64::from(rate));
        self.sgd.backward_step(&loss)?;
        self.loss = Some(loss);
        Ok(())
    }

    fn outputs(&self) -> Result<Vec<f32>> {
        let y_hat = self.y_hat.as_ref().context("no forward yet")?;
        Ok(y_hat.flatten_all()?.to_vec1()?)
    }

    fn loss(&self) -> Result<f32> {
        Ok(self.loss.as_ref().context("no step yet")?.to_scalar()?)
    }

    fn weights(&self) -> Result<Vec<f32>> {
        let mut all = Vec::new();
        for w in &self.w {
            all.extend(w.flatten_all()?.to_vec1::<f32>()?);
        }
        Ok(all)
    }
}

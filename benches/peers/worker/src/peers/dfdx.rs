//! dfdx: tensors whose widths are types, automatic differentiation, its SGD.

use super::sized;
use crate::peer::Peer;
use crate::problem::Problem;
use anyhow::{Context, Result, anyhow};
use dfdx::nn::modules::UnbiasedLinear;
use dfdx::optim::{Sgd, SgdConfig};
use dfdx::prelude::*;
use dfdx::tensor::Gradients;

pub(super) fn make(problem: Problem) -> Result<Box<dyn Peer>> {
    sized!(Dfdx, problem)
}

/// Any number of rows, and so many columns.
type Rows<const N: usize, T = NoneTape> = Tensor<(usize, Const<N>), f32, Cpu, T>;

type Layers<const I: usize, const H: usize, const K: usize, const O: usize> = (
    UnbiasedLinear<I, H, f32, Cpu>,
    UnbiasedLinear<H, K, f32, Cpu>,
    UnbiasedLinear<K, O, f32, Cpu>,
);

struct Dfdx<const I: usize, const H: usize, const K: usize, const O: usize, const RELU: bool> {
    layers: Layers<I, H, K, O>,
    sgd: Sgd<Layers<I, H, K, O>, f32, Cpu>,
    gradients: Option<Gradients<f32, Cpu>>,
    x: Rows<I>,
    y: Rows<O>,
    y_hat: Option<Rows<O>>,
    loss: f32,
}

impl<const I: usize, const H: usize, const K: usize, const O: usize, const RELU: bool>
    Dfdx<I, H, K, O, RELU>
{
    fn new(problem: Problem) -> Self {
        let (cpu, rows) = (Cpu::default(), problem.rows);
        let mut layers: Layers<I, H, K, O> = (
            BuildModule::build(&cpu),
            BuildModule::build(&cpu),
            BuildModule::build(&cpu),
        );
        layers.0.weight.copy_from(&problem.weights[0]);
        layers.1.weight.copy_from(&problem.weights[1]);
        layers.2.weight.copy_from(&problem.weights[2]);
        let config = SgdConfig {
            lr: 0.0,
            momentum: None,
            weight_decay: None,
        };
        Self {
            sgd: Sgd::new(&layers, config),
            gradients: Some(layers.alloc_grads()),
            layers,
            x: cpu.tensor_from_vec(problem.x, (rows, Const)),
            y: cpu.tensor_from_vec(problem.y, (rows, Const)),
            y_hat: None,
            loss: 0.0,
        }
    }

    fn logits<T: Tape<f32, Cpu>>(&self, x: Rows<I, T>) -> Rows<O, T> {
        let h1 = self.layers.0.forward(x);
        let h1 = if RELU { h1.relu() } else { h1 };
        let h2 = self.layers.1.forward(h1);
        let h2 = if RELU { h2.relu() } else { h2 };
        self.layers.2.forward(h2)
    }
}

impl<const I: usize, const H: usize, const K: usize, const O: usize, const RELU: bool> Peer
    for Dfdx<I, H, K, O, RELU>
{
    fn forward(&mut self) -> Result<()> {
        self.y_hat = Some(self.logits(self.x.clone()).sigmoid());
        Ok(())
    }

    fn step(&mut self, rate: f32) -> Result<()> {
        let mut gradients = self.gradients.take().context("no gradients")?;
        self.layers.zero_grads(&mut gradients);
        let logits = self.logits(self.x.clone().traced(gradients));
        let loss = binary_cross_entropy_with_logits_loss(logits, self.y.clone());
        self.loss = loss.array();
        let gradients = loss.backward();
        self.sgd.cfg.lr = f64::from(rate);
        let updated = self.sgd.update(&mut self.layers, &gradients);
        self.gradients = Some(gradients);
        updated.map_err(|error| anyhow!("{error:?}"))
    }

    fn outputs(&self) -> Result<Vec<f32>> {
        Ok(self.y_hat.as_ref().context("no forward yet")?.as_vec())
    }

    fn loss(&self) -> Result<f32> {
        Ok(self.loss)
    }

    fn weights(&self) -> Result<Vec<f32>> {
        let (fc1, fc2, fc3) = &self.layers;
        Ok([
            fc1.weight.as_vec(),
            fc2.weight.as_vec(),
            fc3.weight.as_vec(),
        ]
        .concat())
    }
}

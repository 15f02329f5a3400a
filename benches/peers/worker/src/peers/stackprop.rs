//! This crate: one sample with `forward` and `sgd_step`, more with `forward_batch` and
//! `gradient_batch` and w -= lr g: bare steps, which nothing guards.

use crate::peer::Peer;
use crate::problem::Problem;
use anyhow::{Result, bail};
use stackprop::notebook::{Net, NetBook};
use stackprop::{Grad, Layer, Network, Relu, SigmoidBce, net, weights};

type Mlp16 = net![bias = false; 16 => 32, Relu => 16, Relu => 4, SigmoidBce];

pub(super) fn make(problem: Problem) -> Result<Box<dyn Peer>> {
    Ok(match (problem.widths, problem.relu) {
        ([3, 4, 2, 1], false) => Box::new(Stackprop::new(Net::zeros(), problem)),
        ([3, 4, 2, 1], true) => Box::new(Stackprop::new(NetBook::zeros(), problem)),
        ([16, 32, 16, 4], true) => Box::new(Stackprop::new(Mlp16::zeros(), problem)),
        (widths, _) => bail!("not compiled for {widths:?}"),
    })
}

struct Stackprop<L: Layer<I, O>, const I: usize, const O: usize> {
    network: Network<L, SigmoidBce, I, O>,
    grad: Grad<L>,
    rows: Vec<[f32; I]>,
    targets: Vec<[f32; O]>,
    y_hat: Vec<[f32; O]>,
    loss: f32,
}

impl<L: Layer<I, O>, const I: usize, const O: usize> Stackprop<L, I, O> {
    fn new(mut network: Network<L, SigmoidBce, I, O>, problem: Problem) -> Self {
        let mut weights = problem.weights.iter();
        network.visit_mut(|tensor| {
            if let Some(weights) = weights.next() {
                tensor.values.copy_from_slice(weights);
            }
        });
        Self {
            network,
            grad: L::fill(0.0),
            rows: problem.x.as_chunks().0.to_vec(),
            targets: problem.y.as_chunks().0.to_vec(),
            y_hat: vec![[0.0; O]; problem.rows],
            loss: 0.0,
        }
    }
}

impl<L: Layer<I, O>, const I: usize, const O: usize> Peer for Stackprop<L, I, O> {
    #[inline(always)]
    fn forward(&mut self) -> Result<()> {
        if let ([x], [y_hat]) = (&self.rows[..], &mut self.y_hat[..]) {
            *y_hat = self.network.forward(x);
        } else {
            self.network.forward_batch(&self.rows, &mut self.y_hat)?;
        }
        Ok(())
    }

    #[inline(always)]
    fn step(&mut self, rate: f32) -> Result<()> {
        if let ([x], [y]) = (&self.rows[..], &self.targets[..]) {
            self.loss = self.network.sgd_step(x, y, rate);
            return Ok(());
        }
        let (network, grad) = (&mut self.network, &mut self.grad);
        self.loss = network.gradient_batch(&self.rows, &self.targets, grad)?;
        let mut gradients = weights::tensors_of::<L, _>(grad);
        network.visit_mut(|tensor| {
            let gradient = gradients.next().map_or(&[][..], |tensor| tensor.values);
            for (w, g) in tensor.values.iter_mut().zip(gradient) {
                *w -= rate * g;
            }
        });
        Ok(())
    }

    fn outputs(&self) -> Result<Vec<f32>> {
        Ok(self.y_hat.as_flattened().to_vec())
    }

    fn loss(&self) -> Result<f32> {
        Ok(self.loss)
    }

    fn weights(&self) -> Result<Vec<f32>> {
        Ok(self
            .network
            .tensors()
            .flat_map(|tensor| tensor.values)
            .copied()
            .collect())
    }
}

//! This crate. One sample: `forward`, `sgd_step` for the bare step, `Online` for the guarded ones.
//! More: `forward_batch`, `gradient_batch` and w -= lr g for the bare step, `Trainer` for the
//! guarded ones.

use crate::peer::Peer;
use crate::problem::Problem;
use anyhow::{Result, bail};
use stackprop::notebook::{Net, NetBook};
use stackprop::{
    Adam, Grad, Layer, Network, Online, Optimizer, Relu, Sgd, SigmoidBce, Trainer, net, weights,
};

type Mlp16 = net![bias = false; 16 => 32, Relu => 16, Relu => 4, SigmoidBce];

pub(super) fn make(problem: Problem) -> Result<Box<dyn Peer>> {
    Ok(match (problem.widths, problem.relu) {
        ([3, 4, 2, 1], false) => Box::new(Stackprop::new(Net::zeros(), problem)),
        ([3, 4, 2, 1], true) => Box::new(Stackprop::new(NetBook::zeros(), problem)),
        ([16, 32, 16, 4], true) => Box::new(Stackprop::new(Mlp16::zeros(), problem)),
        (widths, _) => bail!("not compiled for {widths:?}"),
    })
}

/// The network once for each kind of step. All begin with the same weights.
struct Stackprop<L: Layer<I, O>, const I: usize, const O: usize> {
    bare: Network<L, SigmoidBce, I, O>,
    grad: Grad<L>,
    sgd: Guarded<L, Sgd, I, O>,
    adam: Guarded<L, Adam, I, O>,
    rows: Vec<[f32; I]>,
    targets: Vec<[f32; O]>,
    y_hat: Vec<[f32; O]>,
    loss: f32,
    last: Last,
}

/// One trains with one sample, the other with more.
struct Guarded<L: Layer<I, O>, Opt: Optimizer, const I: usize, const O: usize> {
    online: Online<Network<L, SigmoidBce, I, O>, Opt>,
    trainer: Trainer<Network<L, SigmoidBce, I, O>, Opt>,
}

/// Which step was the last one.
enum Last {
    Bare,
    Sgd,
    Adam,
}

impl<L: Layer<I, O>, Opt: Optimizer, const I: usize, const O: usize> Guarded<L, Opt, I, O> {
    fn new(network: Network<L, SigmoidBce, I, O>, optimizer: Opt) -> Self {
        Self {
            online: Online::new(network, optimizer),
            trainer: Trainer::new(network, optimizer),
        }
    }

    #[inline(always)]
    fn step(&mut self, rows: &[[f32; I]], targets: &[[f32; O]], optimizer: Opt) -> Result<f32> {
        Ok(if let ([x], [y]) = (rows, targets) {
            self.online.optimizer = optimizer;
            self.online.step(x, y)?
        } else {
            self.trainer.optimizer = optimizer;
            self.trainer.step(rows, targets)?
        })
    }

    fn network(&self, rows: usize) -> &Network<L, SigmoidBce, I, O> {
        match rows {
            1 => &self.online.network,
            _ => &self.trainer.network,
        }
    }
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
            bare: network,
            grad: L::fill(0.0),
            sgd: Guarded::new(network, Sgd::new(0.0)),
            adam: Guarded::new(network, Adam::new(0.0)),
            rows: problem.x.as_chunks().0.to_vec(),
            targets: problem.y.as_chunks().0.to_vec(),
            y_hat: vec![[0.0; O]; problem.rows],
            loss: 0.0,
            last: Last::Bare,
        }
    }
}

impl<L: Layer<I, O>, const I: usize, const O: usize> Peer for Stackprop<L, I, O> {
    #[inline(always)]
    fn forward(&mut self) -> Result<()> {
        if let ([x], [y_hat]) = (&self.rows[..], &mut self.y_hat[..]) {
            *y_hat = self.bare.forward(x);
        } else {
            self.bare.forward_batch(&self.rows, &mut self.y_hat)?;
        }
        Ok(())
    }

    #[inline(always)]
    fn step(&mut self, rate: f32) -> Result<()> {
        self.last = Last::Sgd;
        self.loss = self.sgd.step(&self.rows, &self.targets, Sgd::new(rate))?;
        Ok(())
    }

    #[inline(always)]
    fn adam(&mut self, rate: f32) -> Result<()> {
        self.last = Last::Adam;
        self.loss = self.adam.step(&self.rows, &self.targets, Adam::new(rate))?;
        Ok(())
    }

    #[inline(always)]
    fn bare(&mut self, rate: f32) -> Result<()> {
        self.last = Last::Bare;
        if let ([x], [y]) = (&self.rows[..], &self.targets[..]) {
            self.loss = self.bare.sgd_step(x, y, rate);
            return Ok(());
        }
        let (network, grad) = (&mut self.bare, &mut self.grad);
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
        let network = match self.last {
            Last::Bare => &self.bare,
            Last::Sgd => self.sgd.network(self.rows.len()),
            Last::Adam => self.adam.network(self.rows.len()),
        };
        Ok(network
            .tensors()
            .flat_map(|tensor| tensor.values)
            .copied()
            .collect())
    }
}

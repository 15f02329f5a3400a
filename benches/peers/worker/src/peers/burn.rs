//! burn on its flex backend: modules, automatic differentiation, its SGD.

use crate::peer::Peer;
use crate::problem::Problem;
use anyhow::{Context, Result};
use burn::module::{Initializer, Module, Param};
use burn::nn::loss::{BinaryCrossEntropyLoss, BinaryCrossEntropyLossConfig};
use burn::nn::{Linear, LinearConfig};
use burn::optim::{GradientsParams, ModuleOptimizer, SgdConfig};
use burn::tensor::activation::{relu, sigmoid};
use burn::tensor::{Device, Int, Tensor, TensorData};

#[derive(Module, Debug)]
struct Mlp {
    fc1: Linear,
    fc2: Linear,
    fc3: Linear,
    relu: bool,
}

impl Mlp {
    fn new(problem: &Problem, device: &Device) -> Self {
        let [i, h, k, o] = problem.widths;
        let [w1, w2, w3] = &problem.weights;
        Self {
            fc1: linear([i, h], w1, device),
            fc2: linear([h, k], w2, device),
            fc3: linear([k, o], w3, device),
            relu: problem.relu,
        }
    }

    fn logits(&self, x: Tensor<2>) -> Tensor<2> {
        let activation = |z| if self.relu { relu(z) } else { z };
        let h1 = activation(self.fc1.forward(x));
        let h2 = activation(self.fc2.forward(h1));
        self.fc3.forward(h2)
    }
}

/// burn keeps weights as `[in][out]`.
fn linear([i, o]: [usize; 2], weight: &[f32], device: &Device) -> Linear {
    let config = LinearConfig::new(i, o).with_bias(false);
    let mut linear = config.with_initializer(Initializer::Zeros).init(device);
    let weight = Tensor::<2>::from_data(TensorData::new(weight.to_vec(), [o, i]), device);
    // Copied, so that it lies in memory as burn's own do.
    let columns = weight.transpose().into_data();
    linear.weight = Param::from_tensor(Tensor::from_data(columns, device));
    linear
}

pub(super) struct Burn {
    /// On the device that differentiates; `None` only while a step replaces it.
    network: Option<Mlp>,
    inference: Mlp,
    bce: BinaryCrossEntropyLoss,
    sgd: ModuleOptimizer,
    /// On the device that differentiates, and on the one that does not.
    x: [Tensor<2>; 2],
    y: Tensor<2, Int>,
    y_hat: Option<Tensor<2>>,
    loss: Option<Tensor<1>>,
}

impl Burn {
    pub(super) fn new(problem: Problem) -> Self {
        let plain = Device::flex();
        let device = plain.clone().autodiff();
        let (rows, [i, _, _, o]) = (problem.rows, problem.widths);
        let x = TensorData::new(problem.x.clone(), [rows, i]);
        let y: Vec<i64> = problem.y.iter().map(|y| *y as i64).collect();
        Self {
            network: Some(Mlp::new(&problem, &device)),
            inference: Mlp::new(&problem, &plain),
            bce: BinaryCrossEntropyLossConfig::new()
                .with_logits(true)
                .init(&device),
            sgd: SgdConfig::new().init(),
            x: [&device, &plain].map(|device| Tensor::from_data(x.clone(), device)),
            y: Tensor::from_data(TensorData::new(y, [rows, o]), &device),
            y_hat: None,
            loss: None,
        }
    }
}

impl Peer for Burn {
    fn forward(&mut self) -> Result<()> {
        self.y_hat = Some(sigmoid(self.inference.logits(self.x[1].clone())));
        Ok(())
    }

    fn step(&mut self, rate: f32) -> Result<()> {
        let network = self.network.take().context("no network")?;
        let logits = network.logits(self.x[0].clone());
        let loss = self.bce.forward(logits, self.y.clone());
        let gradients = GradientsParams::from_grads(loss.backward(), &network);
        self.loss = Some(loss.inner());
        self.network = Some(self.sgd.step(f64::from(rate), network, gradients));
        Ok(())
    }

    fn outputs(&self) -> Result<Vec<f32>> {
        let y_hat = self.y_hat.clone().context("no forward yet")?;
        floats(y_hat.into_data())
    }

    fn loss(&self) -> Result<f32> {
        let loss = self.loss.clone().context("no step yet")?;
        Ok(floats(loss.into_data())?[0])
    }

    fn weights(&self) -> Result<Vec<f32>> {
        let network = self.network.as_ref().context("no network")?;
        let mut all = Vec::new();
        for layer in [&network.fc1, &network.fc2, &network.fc3] {
            all.extend(floats(layer.weight.val().transpose().into_data())?);
        }
        Ok(all)
    }
}

fn floats(data: TensorData) -> Result<Vec<f32>> {
    let values = data.try_to_vec();
    values.map_err(|error| anyhow::anyhow!("{error:?}"))
}

//! Plain Rust as one writes it by hand: const sizes, index loops, one sample after the other.

use super::sized;
use crate::adam::Adam;
use crate::bce::{sigmoid, sigmoid_bce};
use crate::peer::Peer;
use crate::problem::Problem;
use anyhow::Result;

pub(super) fn make(problem: Problem) -> Result<Box<dyn Peer>> {
    sized!(Scalar, problem)
}

/// Three weights, or their gradients.
#[derive(Clone)]
struct Weights<const I: usize, const H: usize, const K: usize, const O: usize>(
    [[f32; I]; H],
    [[f32; H]; K],
    [[f32; K]; O],
);

impl<const I: usize, const H: usize, const K: usize, const O: usize> Weights<I, H, K, O> {
    const ZERO: Self = Self([[0.0; I]; H], [[0.0; H]; K], [[0.0; K]; O]);
}

struct Scalar<const I: usize, const H: usize, const K: usize, const O: usize, const RELU: bool> {
    w: Weights<I, H, K, O>,
    /// What Adam remembers.
    adam: Adam,
    m: Weights<I, H, K, O>,
    v: Weights<I, H, K, O>,
    rows: Vec<[f32; I]>,
    targets: Vec<[f32; O]>,
    y_hat: Vec<[f32; O]>,
    loss: f32,
}

impl<const I: usize, const H: usize, const K: usize, const O: usize, const RELU: bool>
    Scalar<I, H, K, O, RELU>
{
    fn new(problem: Problem) -> Self {
        let [w1, w2, w3] = &problem.weights;
        Self {
            w: Weights(matrix(w1), matrix(w2), matrix(w3)),
            adam: Adam::START,
            m: Weights::ZERO,
            v: Weights::ZERO,
            rows: problem.x.as_chunks().0.to_vec(),
            targets: problem.y.as_chunks().0.to_vec(),
            y_hat: vec![[0.0; O]; problem.rows],
            loss: 0.0,
        }
    }

    /// The mean loss and the gradient of it.
    #[inline(always)]
    fn gradient(&self) -> (f32, Weights<I, H, K, O>) {
        let Weights(w1, w2, w3) = &self.w;
        let mut g = Weights::ZERO;
        let scale = 1.0 / (self.rows.len() * O) as f32;
        let mut loss = 0.0;
        for (x, y) in self.rows.iter().zip(&self.targets) {
            let h1 = linear(w1, x, RELU);
            let h2 = linear(w2, &h1, RELU);
            let z = linear(w3, &h2, false);
            let mut d3 = [0.0; O];
            for o in 0..O {
                let (y_hat, bce) = sigmoid_bce(z[o], y[o]);
                d3[o] = (y_hat - y[o]) * scale;
                loss += f64::from(bce);
            }
            add_outer(&mut g.2, &d3, &h2);
            let d2 = backward(w3, &d3, &h2, RELU);
            add_outer(&mut g.1, &d2, &h1);
            let d1 = backward(w2, &d2, &h1, RELU);
            add_outer(&mut g.0, &d1, x);
        }
        ((loss * f64::from(scale)) as f32, g)
    }
}

impl<const I: usize, const H: usize, const K: usize, const O: usize, const RELU: bool> Peer
    for Scalar<I, H, K, O, RELU>
{
    #[inline(always)]
    fn forward(&mut self) -> Result<()> {
        let Weights(w1, w2, w3) = &self.w;
        for (x, y_hat) in self.rows.iter().zip(&mut self.y_hat) {
            let h1 = linear(w1, x, RELU);
            let h2 = linear(w2, &h1, RELU);
            *y_hat = linear(w3, &h2, false).map(sigmoid);
        }
        Ok(())
    }

    #[inline(always)]
    fn step(&mut self, rate: f32) -> Result<()> {
        let (loss, g) = self.gradient();
        self.loss = loss;
        descend(&mut self.w.0, &g.0, rate);
        descend(&mut self.w.1, &g.1, rate);
        descend(&mut self.w.2, &g.2, rate);
        Ok(())
    }

    #[inline(always)]
    fn adam(&mut self, rate: f32) -> Result<()> {
        let (loss, g) = self.gradient();
        self.loss = loss;
        let (w, m, v) = (&mut self.w, &mut self.m, &mut self.v);
        let step = self.adam.step(rate);
        change(&mut w.0, &g.0, &mut m.0, &mut v.0, &step);
        change(&mut w.1, &g.1, &mut m.1, &mut v.1, &step);
        change(&mut w.2, &g.2, &mut m.2, &mut v.2, &step);
        Ok(())
    }

    fn outputs(&self) -> Result<Vec<f32>> {
        Ok(self.y_hat.as_flattened().to_vec())
    }

    fn loss(&self) -> Result<f32> {
        Ok(self.loss)
    }

    fn weights(&self) -> Result<Vec<f32>> {
        let Weights(w1, w2, w3) = &self.w;
        Ok([w1.as_flattened(), w2.as_flattened(), w3.as_flattened()].concat())
    }
}

fn matrix<const I: usize, const O: usize>(weights: &[f32]) -> [[f32; I]; O] {
    std::array::from_fn(|o| std::array::from_fn(|i| weights[o * I + i]))
}

/// x W^T, then max(0, .) or not.
#[inline(always)]
fn linear<const I: usize, const O: usize>(w: &[[f32; I]; O], x: &[f32; I], relu: bool) -> [f32; O] {
    let mut z = [0.0; O];
    for o in 0..O {
        for i in 0..I {
            z[o] += w[o][i] * x[i];
        }
        if relu {
            z[o] = z[o].max(0.0);
        }
    }
    z
}

/// g += dz^T x.
#[inline(always)]
fn add_outer<const I: usize, const O: usize>(g: &mut [[f32; I]; O], dz: &[f32; O], x: &[f32; I]) {
    for o in 0..O {
        for i in 0..I {
            g[o][i] += dz[o] * x[i];
        }
    }
}

/// dz W, where `h`, what the layer got, was not cut off.
#[inline(always)]
fn backward<const I: usize, const O: usize>(
    w: &[[f32; I]; O],
    dz: &[f32; O],
    h: &[f32; I],
    relu: bool,
) -> [f32; I] {
    let mut dh = [0.0; I];
    for o in 0..O {
        for i in 0..I {
            dh[i] += dz[o] * w[o][i];
        }
    }
    if relu {
        for i in 0..I {
            dh[i] = if h[i] > 0.0 { dh[i] } else { 0.0 };
        }
    }
    dh
}

#[inline(always)]
fn descend<const I: usize, const O: usize>(w: &mut [[f32; I]; O], g: &[[f32; I]; O], rate: f32) {
    for (w, g) in w.as_flattened_mut().iter_mut().zip(g.as_flattened()) {
        *w -= rate * g;
    }
}

#[inline(always)]
fn change<const I: usize, const O: usize>(
    w: &mut [[f32; I]; O],
    g: &[[f32; I]; O],
    m: &mut [[f32; I]; O],
    v: &mut [[f32; I]; O],
    step: &impl Fn(&mut f32, f32, &mut f32, &mut f32),
) {
    for o in 0..O {
        for i in 0..I {
            step(&mut w[o][i], g[o][i], &mut m[o][i], &mut v[o][i]);
        }
    }
}

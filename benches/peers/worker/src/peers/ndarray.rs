//! ndarray with its matrix product, the crate matrixmultiply: the whole batch at once, in arrays
//! that are allocated once.

use crate::bce::{sigmoid, sigmoid_bce};
use crate::peer::Peer;
use crate::problem::Problem;
use anyhow::Result;
use ndarray::linalg::general_mat_mul;
use ndarray::{Array2, Zip};

pub(super) struct Ndarray {
    relu: bool,
    w: [Array2<f32>; 3],
    /// Gradients of `w`.
    g: [Array2<f32>; 3],
    x: Array2<f32>,
    y: Array2<f32>,
    /// What each layer gives; the last one logits, or y_hat.
    h: [Array2<f32>; 3],
    /// Gradients of what each layer gives.
    d: [Array2<f32>; 3],
    loss: f32,
}

impl Ndarray {
    pub(super) fn new(problem: Problem) -> Result<Self> {
        let (rows, [i, h, k, o]) = (problem.rows, problem.widths);
        let [w1, w2, w3] = problem.weights;
        let w = [
            Array2::from_shape_vec((h, i), w1)?,
            Array2::from_shape_vec((k, h), w2)?,
            Array2::from_shape_vec((o, k), w3)?,
        ];
        let layers = [h, k, o].map(|width| Array2::zeros((rows, width)));
        Ok(Self {
            relu: problem.relu,
            g: w.clone(),
            w,
            x: Array2::from_shape_vec((rows, i), problem.x)?,
            y: Array2::from_shape_vec((rows, o), problem.y)?,
            h: layers.clone(),
            d: layers,
            loss: 0.0,
        })
    }

    fn logits(&mut self) {
        let [h1, h2, z] = &mut self.h;
        general_mat_mul(1.0, &self.x, &self.w[0].t(), 0.0, h1);
        relu(h1, self.relu);
        general_mat_mul(1.0, h1, &self.w[1].t(), 0.0, h2);
        relu(h2, self.relu);
        general_mat_mul(1.0, h2, &self.w[2].t(), 0.0, z);
    }
}

impl Peer for Ndarray {
    fn forward(&mut self) -> Result<()> {
        self.logits();
        self.h[2].mapv_inplace(sigmoid);
        Ok(())
    }

    fn step(&mut self, rate: f32) -> Result<()> {
        self.logits();
        let ([h1, h2, z], [d1, d2, d3]) = (&self.h, &mut self.d);
        let scale = 1.0 / z.len() as f32;
        let mut loss = 0.0;
        Zip::from(&mut *d3).and(z).and(&self.y).for_each(|d, z, y| {
            let (y_hat, bce) = sigmoid_bce(*z, *y);
            *d = (y_hat - y) * scale;
            loss += f64::from(bce);
        });
        self.loss = (loss * f64::from(scale)) as f32;
        general_mat_mul(1.0, &d3.t(), h2, 0.0, &mut self.g[2]);
        general_mat_mul(1.0, d3, &self.w[2], 0.0, d2);
        mask(d2, h2, self.relu);
        general_mat_mul(1.0, &d2.t(), h1, 0.0, &mut self.g[1]);
        general_mat_mul(1.0, d2, &self.w[1], 0.0, d1);
        mask(d1, h1, self.relu);
        general_mat_mul(1.0, &d1.t(), &self.x, 0.0, &mut self.g[0]);
        for (w, g) in self.w.iter_mut().zip(&self.g) {
            w.scaled_add(-rate, g);
        }
        Ok(())
    }

    fn outputs(&self) -> Result<Vec<f32>> {
        Ok(self.h[2].iter().copied().collect())
    }

    fn loss(&self) -> Result<f32> {
        Ok(self.loss)
    }

    fn weights(&self) -> Result<Vec<f32>> {
        Ok(self.w.iter().flatten().copied().collect())
    }
}

fn relu(z: &mut Array2<f32>, relu: bool) {
    if relu {
        z.mapv_inplace(|z| z.max(0.0));
    }
}

fn mask(d: &mut Array2<f32>, h: &Array2<f32>, relu: bool) {
    if relu {
        Zip::from(d)
            .and(h)
            .for_each(|d, &h| *d = if h > 0.0 { *d } else { 0.0 });
    }
}

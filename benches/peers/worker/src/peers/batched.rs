//! The whole batch at once in plain slices, for crates that have the matrix product and nothing
//! else.

use crate::bce::{sigmoid, sigmoid_bce};
use crate::peer::Peer;
use crate::problem::Problem;
use anyhow::Result;
use std::marker::PhantomData;

/// A crate's matrix product.
pub(super) trait Product {
    /// c = a b, all of `c` overwritten, row by row.
    fn product(c: &mut [f32], a: Matrix<'_>, b: Matrix<'_>);
}

/// A matrix in a slice, row by row, or the transpose of one.
#[derive(Clone, Copy)]
pub(super) struct Matrix<'a> {
    pub(super) values: &'a [f32],
    pub(super) rows: usize,
    pub(super) columns: usize,
    pub(super) transposed: bool,
}

impl<'a> Matrix<'a> {
    fn new(values: &'a [f32], columns: usize) -> Self {
        Self {
            values,
            rows: values.len() / columns,
            columns,
            transposed: false,
        }
    }

    fn t(self) -> Self {
        Self {
            rows: self.columns,
            columns: self.rows,
            transposed: !self.transposed,
            ..self
        }
    }
}

pub(super) struct Batched<P> {
    problem: Problem,
    /// Gradients of the weights.
    g: [Vec<f32>; 3],
    /// What each layer gives; the last one logits, or y_hat.
    h: [Vec<f32>; 3],
    /// Gradients of what each layer gives.
    d: [Vec<f32>; 3],
    loss: f32,
    product: PhantomData<P>,
}

impl<P: Product> Batched<P> {
    pub(super) fn new(problem: Problem) -> Self {
        let [_, h, k, o] = problem.widths;
        let layers = [h, k, o].map(|width| vec![0.0; problem.rows * width]);
        Self {
            g: problem.weights.clone(),
            problem,
            h: layers.clone(),
            d: layers,
            loss: 0.0,
            product: PhantomData,
        }
    }

    fn logits(&mut self) {
        let Problem {
            widths,
            relu,
            weights,
            ..
        } = &self.problem;
        let mut input = &self.problem.x;
        for (l, h) in self.h.iter_mut().enumerate() {
            P::product(
                h,
                Matrix::new(input, widths[l]),
                Matrix::new(&weights[l], widths[l]).t(),
            );
            if *relu && l < 2 {
                h.iter_mut().for_each(|h| *h = h.max(0.0));
            }
            input = h;
        }
    }

    /// The loss, and the gradient of it with respect to the logits.
    fn loss_gradient(&mut self) {
        let [_, _, d3] = &mut self.d;
        let scale = 1.0 / d3.len() as f32;
        let mut loss = 0.0;
        for ((d, z), y) in d3.iter_mut().zip(&self.h[2]).zip(&self.problem.y) {
            let (y_hat, bce) = sigmoid_bce(*z, *y);
            *d = (y_hat - y) * scale;
            loss += f64::from(bce);
        }
        self.loss = (loss * f64::from(scale)) as f32;
    }

    fn backward(&mut self) {
        let Problem {
            widths,
            relu,
            weights,
            x,
            ..
        } = &self.problem;
        for l in (0..3).rev() {
            let (before, behind) = self.d.split_at_mut(l);
            let dz = Matrix::new(&behind[0], widths[l + 1]);
            let input = if l > 0 { &self.h[l - 1] } else { x };
            P::product(&mut self.g[l], dz.t(), Matrix::new(input, widths[l]));
            let Some(d) = before.last_mut() else { break };
            P::product(d, dz, Matrix::new(&weights[l], widths[l]));
            if *relu {
                for (d, h) in d.iter_mut().zip(input) {
                    *d = if *h > 0.0 { *d } else { 0.0 };
                }
            }
        }
    }
}

impl<P: Product> Peer for Batched<P> {
    fn forward(&mut self) -> Result<()> {
        self.logits();
        self.h[2].iter_mut().for_each(|z| *z = sigmoid(*z));
        Ok(())
    }

    fn step(&mut self, rate: f32) -> Result<()> {
        self.logits();
        self.loss_gradient();
        self.backward();
        let weights = self.problem.weights.iter_mut().flatten();
        for (w, g) in weights.zip(self.g.iter().flatten()) {
            *w -= rate * g;
        }
        Ok(())
    }

    fn outputs(&self) -> Result<Vec<f32>> {
        Ok(self.h[2].clone())
    }

    fn loss(&self) -> Result<f32> {
        Ok(self.loss)
    }

    fn weights(&self) -> Result<Vec<f32>> {
        Ok(self.problem.weights.concat())
    }
}

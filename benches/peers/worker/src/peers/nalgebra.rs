//! nalgebra's matrices of const size, one sample after the other.

use super::sized;
use crate::adam::Adam;
use crate::bce::{sigmoid, sigmoid_bce};
use crate::peer::Peer;
use crate::problem::Problem;
use anyhow::Result;
use nalgebra::{SMatrix, SVector};

pub(super) fn make(problem: Problem) -> Result<Box<dyn Peer>> {
    sized!(Nalgebra, problem)
}

/// Three weights, or their gradients.
type Weights<const I: usize, const H: usize, const K: usize, const O: usize> =
    (SMatrix<f32, H, I>, SMatrix<f32, K, H>, SMatrix<f32, O, K>);

struct Nalgebra<const I: usize, const H: usize, const K: usize, const O: usize, const RELU: bool> {
    w1: SMatrix<f32, H, I>,
    w2: SMatrix<f32, K, H>,
    w3: SMatrix<f32, O, K>,
    /// What Adam remembers.
    adam: Adam,
    m: Weights<I, H, K, O>,
    v: Weights<I, H, K, O>,
    rows: Vec<SVector<f32, I>>,
    targets: Vec<SVector<f32, O>>,
    y_hat: Vec<SVector<f32, O>>,
    loss: f32,
}

impl<const I: usize, const H: usize, const K: usize, const O: usize, const RELU: bool>
    Nalgebra<I, H, K, O, RELU>
{
    fn new(problem: Problem) -> Self {
        let [w1, w2, w3] = &problem.weights;
        Self {
            w1: SMatrix::from_row_slice(w1),
            w2: SMatrix::from_row_slice(w2),
            w3: SMatrix::from_row_slice(w3),
            adam: Adam::START,
            m: (SMatrix::zeros(), SMatrix::zeros(), SMatrix::zeros()),
            v: (SMatrix::zeros(), SMatrix::zeros(), SMatrix::zeros()),
            rows: vectors(&problem.x),
            targets: vectors(&problem.y),
            y_hat: vec![SVector::zeros(); problem.rows],
            loss: 0.0,
        }
    }

    /// The mean loss and the gradient of it.
    #[inline(always)]
    fn gradient(&self) -> (f32, Weights<I, H, K, O>) {
        let mut g1 = SMatrix::<f32, H, I>::zeros();
        let mut g2 = SMatrix::<f32, K, H>::zeros();
        let mut g3 = SMatrix::<f32, O, K>::zeros();
        let scale = 1.0 / (self.rows.len() * O) as f32;
        let mut loss = 0.0;
        for (x, y) in self.rows.iter().zip(&self.targets) {
            let h1 = relu::<H, RELU>(self.w1 * x);
            let h2 = relu::<K, RELU>(self.w2 * h1);
            let d3 = (self.w3 * h2).zip_map(y, |z, y| {
                let (y_hat, bce) = sigmoid_bce(z, y);
                loss += f64::from(bce);
                (y_hat - y) * scale
            });
            g3.ger(1.0, &d3, &h2, 1.0);
            let d2 = mask::<K, RELU>(self.w3.tr_mul(&d3), &h2);
            g2.ger(1.0, &d2, &h1, 1.0);
            let d1 = mask::<H, RELU>(self.w2.tr_mul(&d2), &h1);
            g1.ger(1.0, &d1, x, 1.0);
        }
        ((loss * f64::from(scale)) as f32, (g1, g2, g3))
    }
}

impl<const I: usize, const H: usize, const K: usize, const O: usize, const RELU: bool> Peer
    for Nalgebra<I, H, K, O, RELU>
{
    #[inline(always)]
    fn forward(&mut self) -> Result<()> {
        for (x, y_hat) in self.rows.iter().zip(&mut self.y_hat) {
            let h1 = relu::<H, RELU>(self.w1 * x);
            let h2 = relu::<K, RELU>(self.w2 * h1);
            *y_hat = (self.w3 * h2).map(sigmoid);
        }
        Ok(())
    }

    #[inline(always)]
    fn step(&mut self, rate: f32) -> Result<()> {
        let (loss, (g1, g2, g3)) = self.gradient();
        self.loss = loss;
        self.w1 -= g1 * rate;
        self.w2 -= g2 * rate;
        self.w3 -= g3 * rate;
        Ok(())
    }

    #[inline(always)]
    fn adam(&mut self, rate: f32) -> Result<()> {
        let (loss, (g1, g2, g3)) = self.gradient();
        self.loss = loss;
        let (m, v) = (&mut self.m, &mut self.v);
        let step = self.adam.step(rate);
        change(&mut self.w1, &g1, &mut m.0, &mut v.0, &step);
        change(&mut self.w2, &g2, &mut m.1, &mut v.1, &step);
        change(&mut self.w3, &g3, &mut m.2, &mut v.2, &step);
        Ok(())
    }

    fn outputs(&self) -> Result<Vec<f32>> {
        Ok(self.y_hat.iter().flatten().copied().collect())
    }

    fn loss(&self) -> Result<f32> {
        Ok(self.loss)
    }

    fn weights(&self) -> Result<Vec<f32>> {
        // Columns come first here.
        let (w1, w2, w3) = (
            self.w1.transpose(),
            self.w2.transpose(),
            self.w3.transpose(),
        );
        Ok([w1.as_slice(), w2.as_slice(), w3.as_slice()].concat())
    }
}

#[inline(always)]
fn change<const R: usize, const C: usize>(
    w: &mut SMatrix<f32, R, C>,
    g: &SMatrix<f32, R, C>,
    m: &mut SMatrix<f32, R, C>,
    v: &mut SMatrix<f32, R, C>,
    step: &impl Fn(&mut f32, f32, &mut f32, &mut f32),
) {
    let (w, g) = (w.as_mut_slice(), g.as_slice());
    let (m, v) = (m.as_mut_slice(), v.as_mut_slice());
    for (((w, g), m), v) in w.iter_mut().zip(g).zip(m).zip(v) {
        step(w, *g, m, v);
    }
}

fn vectors<const N: usize>(values: &[f32]) -> Vec<SVector<f32, N>> {
    let rows = values.chunks_exact(N);
    rows.map(SVector::from_column_slice).collect()
}

#[inline(always)]
fn relu<const N: usize, const RELU: bool>(z: SVector<f32, N>) -> SVector<f32, N> {
    if RELU { z.map(|z| z.max(0.0)) } else { z }
}

#[inline(always)]
fn mask<const N: usize, const RELU: bool>(
    dh: SVector<f32, N>,
    h: &SVector<f32, N>,
) -> SVector<f32, N> {
    if RELU {
        dh.zip_map(h, |dh, h| if h > 0.0 { dh } else { 0.0 })
    } else {
        dh
    }
}

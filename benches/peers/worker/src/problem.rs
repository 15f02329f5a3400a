//! What a peer is asked to compute.

use anyhow::{Context, Result, ensure};
use std::io::Read;

/// A network of three layers without biases, and a batch.
pub(crate) struct Problem {
    /// Inputs, two hidden layers, outputs.
    pub(crate) widths: [usize; 4],
    /// Whether there is a ReLU after the first two layers.
    pub(crate) relu: bool,
    /// Samples of the batch.
    pub(crate) rows: usize,
    /// Of each layer, `[out][in]`.
    pub(crate) weights: [Vec<f32>; 3],
    /// The inputs, row by row.
    pub(crate) x: Vec<f32>,
    /// The targets, row by row.
    pub(crate) y: Vec<f32>,
}

impl Problem {
    /// From the words of a request and the floats behind it.
    pub(crate) fn read(sizes: &[&str], input: &mut impl Read) -> Result<Self> {
        let sizes: Vec<usize> = sizes
            .iter()
            .map(|word| word.parse().context("a size"))
            .collect::<Result<_>>()?;
        ensure!(sizes.len() == 6, "expected 4 widths, 0 or 1 for ReLU, rows");
        let widths = [sizes[0], sizes[1], sizes[2], sizes[3]];
        let (relu, rows) = (sizes[4] == 1, sizes[5]);
        let mut next = |count| floats(input, count);
        let [i, h, k, o] = widths;
        Ok(Self {
            widths,
            relu,
            rows,
            weights: [next(i * h)?, next(h * k)?, next(k * o)?],
            x: next(rows * i)?,
            y: next(rows * o)?,
        })
    }
}

fn floats(input: &mut impl Read, count: usize) -> Result<Vec<f32>> {
    let mut values = vec![0.0_f32; count];
    input
        .read_exact(bytemuck::cast_slice_mut(&mut values))
        .context("fewer floats than announced")?;
    Ok(values)
}

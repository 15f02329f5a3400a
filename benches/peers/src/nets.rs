//! The networks and their batches. All without biases, ours and theirs: equal work.

use fastrand::Rng;

/// A network of three layers with sigmoid outputs and the mean binary cross-entropy over outputs
/// and samples.
#[derive(Debug)]
pub(crate) struct Net {
    pub(crate) name: &'static str,
    /// Inputs, two hidden layers, outputs.
    pub(crate) widths: [usize; 4],
    /// Whether there is a ReLU after the first two layers.
    pub(crate) relu: bool,
    /// One sample, a small batch, one that fits the caches, one that does not.
    pub(crate) batches: [usize; 4],
}

pub(crate) const NETS: [Net; 3] = [
    Net {
        name: "linear",
        widths: [3, 4, 2, 1],
        relu: false,
        batches: [1, 64, 4096, 1_000_000],
    },
    Net {
        name: "book",
        widths: [3, 4, 2, 1],
        relu: true,
        batches: [1, 64, 4096, 1_000_000],
    },
    Net {
        name: "mlp16",
        widths: [16, 32, 16, 4],
        relu: true,
        batches: [1, 64, 4096, 65_536],
    },
];

/// The weights that the notebook prints for 3-4-2-1, `[out][in]`.
const NOTEBOOK: [&[f32]; 3] = [
    &[
        0.2369, 0.4875, -0.0785, -0.1420, 0.5180, -0.4875, -0.0190, -0.2783, 0.3500, 0.2950,
        -0.3992, 0.5065,
    ],
    &[
        -0.0172, -0.1255, 0.3816, 0.4249, -0.0027, -0.1248, 0.4886, 0.1373,
    ],
    &[-0.2785, 0.4220],
];

/// What every peer is given.
pub(crate) struct Case {
    pub(crate) net: &'static Net,
    pub(crate) rows: usize,
    /// Of each layer, `[out][in]`.
    pub(crate) weights: [Vec<f32>; 3],
    /// The inputs, row by row.
    pub(crate) x: Vec<f32>,
    /// The targets, row by row: 0 or 1.
    pub(crate) y: Vec<f32>,
}

impl Case {
    /// Whether steps of Adam are timed: their update is alike in all batches, and is little beside
    /// the gradient of a large one.
    pub(crate) fn has_adam(&self) -> bool {
        self.net.relu && self.rows <= 4096
    }

    /// The same numbers in every run.
    pub(crate) fn new(net: &'static Net, rows: usize) -> Self {
        let mut rng = Rng::with_seed(1);
        let [i, h, k, o] = net.widths;
        let weights = if net.widths == [3, 4, 2, 1] {
            NOTEBOOK.map(<[f32]>::to_vec)
        } else {
            [i * h, h * k, k * o].map(|n| (0..n).map(|_| rng.f32() * 0.5 - 0.25).collect())
        };
        Self {
            net,
            rows,
            weights,
            x: (0..rows * i).map(|_| rng.f32() * 4.0 - 2.0).collect(),
            y: (0..rows * o).map(|_| f32::from(rng.bool())).collect(),
        }
    }
}

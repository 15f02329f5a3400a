//! Net once more, in f64 and by plain loops, to see how far its results may move because the
//! notebook prints each weight to 4 digits only.

/// The weights one after another: fc1 row by row, fc2, fc3.
pub(crate) type Weights = [f64; 22];

/// The results of Net for one sample, by the notebook's names.
pub(crate) struct Sample {
    pub(crate) z1: [f64; 4],
    pub(crate) z2: [f64; 2],
    pub(crate) z3: f64,
    pub(crate) h3: f64,
    pub(crate) loss: f64,
    pub(crate) delta3: f64,
    pub(crate) delta2: [f64; 2],
    pub(crate) delta1: [f64; 4],
    pub(crate) delta0: [f64; 3],
    pub(crate) fc1: [[f64; 3]; 4],
    pub(crate) fc2: [[f64; 4]; 2],
    pub(crate) fc3: [f64; 2],
}

impl Sample {
    /// Forward and backward of row `row` of the data set.
    pub(crate) fn new(w: &Weights, row: usize) -> Self {
        let (fc1, rest) = w.split_at(12);
        let (fc2, fc3) = rest.split_at(8);
        let x = stackprop::notebook::X[row].map(f64::from);
        let [y] = stackprop::notebook::Y[row].map(f64::from);
        let z1 = mat_vec(fc1, x);
        let z2 = mat_vec(fc2, z1);
        let [z3] = mat_vec(fc3, z2);
        let h3 = 1.0 / (1.0 + (-z3).exp());
        let delta3 = h3 - y;
        let delta2 = vec_mat([delta3], fc3);
        let delta1 = vec_mat(delta2, fc2);
        Self {
            z1,
            z2,
            z3,
            h3,
            loss: -y * h3.ln() - (1.0 - y) * (1.0 - h3).ln(),
            delta3,
            delta2,
            delta1,
            delta0: vec_mat(delta1, fc1),
            fc1: outer(delta1, x),
            fc2: outer(delta2, z1),
            fc3: z2.map(|z| delta3 * z),
        }
    }
}

/// One number of each of the four rows of the data set.
pub(crate) fn each_row(w: &Weights, number: fn(&Sample) -> f64) -> Vec<f64> {
    (0..4).map(|row| number(&Sample::new(w, row))).collect()
}

/// How far each number of `quantity` moves, to first order, if every weight moves by half a unit of
/// its last printed digit, each in the direction that hurts most: the sum over the weights of
/// |d quantity / d weight| * 0.5e-4. The derivative is the central difference over just that step.
pub(crate) fn allowance(quantity: &dyn Fn(&Weights) -> Vec<f64>) -> Vec<f64> {
    const HALF_UNIT: f64 = 0.5e-4;
    let printed = printed_weights();
    let mut allowed = vec![0.0; quantity(&printed).len()];
    for k in 0..printed.len() {
        let (mut up, mut down) = (printed, printed);
        up[k] += HALF_UNIT;
        down[k] -= HALF_UNIT;
        let moved = quantity(&up).into_iter().zip(quantity(&down));
        for (allowed, (up, down)) in allowed.iter_mut().zip(moved) {
            *allowed += (up - down).abs() / 2.0;
        }
    }
    allowed
}

/// The weights of [`NET`](stackprop::notebook::NET), which are the printed ones.
fn printed_weights() -> Weights {
    let tensors = stackprop::notebook::NET.tensors();
    let mut all = tensors.flat_map(|tensor| tensor.values);
    core::array::from_fn(|_| all.next().map_or(f64::NAN, |w| f64::from(*w)))
}

/// W x, for W row by row.
fn mat_vec<const I: usize, const O: usize>(w: &[f64], x: [f64; I]) -> [f64; O] {
    core::array::from_fn(|o| (0..I).map(|i| w[o * I + i] * x[i]).sum())
}

/// d W.
fn vec_mat<const I: usize, const O: usize>(d: [f64; O], w: &[f64]) -> [f64; I] {
    core::array::from_fn(|i| (0..O).map(|o| d[o] * w[o * I + i]).sum())
}

/// d^T x.
fn outer<const I: usize, const O: usize>(d: [f64; O], x: [f64; I]) -> [[f64; I]; O] {
    d.map(|d| x.map(|x| d * x))
}

//! The two networks of P. Nugues' notebook "Analysis of Backpropagation with Examples in PyTorch":
//! 3-4-2-1 without biases, sigmoid output, binary cross-entropy.
//!
//! Both are aliases of the crate's general parts. The notebook prints only the weights of [`Net`].
//! The numbers that it prints for its `NetBook` (0.4899, 0.4848, 0.4798, 0.4747; loss 0.6888) come
//! from weights that it does not show, so they cannot be reproduced; [`BOOK_NET`] has the weights
//! of [`NET`].
//!
//! ```
//! use stackprop::notebook::{Activations, Deltas, NET, X, Y};
//!
//! let trace = NET.trace(&X[0]);
//! let g = NET.backward(&X[0], &trace, &Y[0]);
//! let (a, d) = (Activations::from(trace), Deltas::from(g));
//! assert!((a.h3[0] - 0.4999).abs() < 1e-4 && (g.loss - 0.6933).abs() < 1e-4);
//! assert!((d.delta3[0] - (a.h3[0] - 1.0)).abs() < 1e-7); // delta3 = h3 - y
//! assert_eq!(d.fc3[0], [d.delta3[0] * a.z2[0], d.delta3[0] * a.z2[1]]); // delta3 @ z2, cell 57
//! ```
//!
//! # A column where a row belongs
//! Cell 22 passes x as a column. PyTorch refuses it when it runs:
//! `mat1 and mat2 shapes cannot be multiplied (3x1 and 3x4)`. Here it does not compile:
//! `expected an array with a size of 3, found one with a size of 1`.
//!
//! ```compile_fail,E0308
//! use stackprop::notebook::NET;
//!
//! let mut y_hat = [[0.0]; 3];
//! NET.forward_batch(&[[1.0], [2.0], [3.0]], &mut y_hat)?; // x.T
//! # Ok::<(), stackprop::Error>(())
//! ```

use crate::model::heads::SigmoidBce;
use crate::model::layers::{Chain, Linear, NoBias, Relu};
use crate::model::network::{Gradients, Network, Trace};
use crate::model::params::Grad;

/// The simplified network of the notebook: three linear layers.
///
/// ```
/// use stackprop::notebook::{NET, Net, X, Y};
///
/// let mut network: Net = NET;
/// let loss = network.sgd_step(&X[0], &Y[0], 0.1);
/// assert!((loss - 0.6933).abs() < 1e-4);
/// assert!(network.loss(&X[0], &Y[0]) < loss);
/// ```
pub type Net = crate::net![bias = false; 3 => 4 => 2 => 1, SigmoidBce];

/// The network of the book: a ReLU after the first and the second layer.
///
/// ```
/// use stackprop::notebook::{NetBook, X};
///
/// let network = NetBook::new(1); // weights drawn as PyTorch draws them
/// let [y_hat] = network.forward(&X[0]);
/// assert!(0.0 < y_hat && y_hat < 1.0);
/// ```
pub type NetBook = crate::net![bias = false; 3 => 4, Relu => 2, Relu => 1, SigmoidBce];

/// `fc1.weight` as the notebook prints it, to 4 digits (cell 6).
const FC1: Linear<3, 4, NoBias> = Linear::without_bias([
    [0.2369, 0.4875, -0.0785],
    [-0.1420, 0.5180, -0.4875],
    [-0.0190, -0.2783, 0.3500],
    [0.2950, -0.3992, 0.5065],
]);

/// `fc2.weight`.
const FC2: Linear<4, 2, NoBias> = Linear::without_bias([
    [-0.0172, -0.1255, 0.3816, 0.4249],
    [-0.0027, -0.1248, 0.4886, 0.1373],
]);

/// `fc3.weight`.
const FC3: Linear<2, 1, NoBias> = Linear::without_bias([[-0.2785, 0.4220]]);

/// [`Net`] with the weights that the notebook prints.
pub const NET: Net = Network::from_layers(Chain(FC1, Chain(FC2, FC3)), SigmoidBce);

/// [`NetBook`] with the weights of [`NET`].
pub const BOOK_NET: NetBook = Network::from_layers(
    Chain(FC1, Chain(Relu, Chain(FC2, Chain(Relu, FC3)))),
    SigmoidBce,
);

/// The data set (cell 10). Its first row is the `x` of the notebook (cell 8).
pub const X: [[f32; 3]; 4] = [
    [1.0, 2.0, 3.0],
    [2.0, 3.0, 4.0],
    [3.0, 4.0, 5.0],
    [4.0, 5.0, 6.0],
];

/// The targets (cell 11).
pub const Y: [[f32; 1]; 4] = [[1.0], [0.0], [1.0], [0.0]];

/// The numbers of a forward pass, by the notebook's names. In [`Net`] h1 is z1 and h2 is z2.
///
/// ```
/// use stackprop::notebook::{Activations, BOOK_NET, X};
///
/// let a = Activations::from(BOOK_NET.trace(&X[0]));
/// assert_eq!(a.h1, a.z1.map(|z| z.max(0.0)));
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Activations {
    /// The output of fc1.
    pub z1: [f32; 4],
    /// The input of fc2.
    pub h1: [f32; 4],
    /// The output of fc2.
    pub z2: [f32; 2],
    /// The input of fc3.
    pub h2: [f32; 2],
    /// The output of fc3, the logit.
    pub z3: [f32; 1],
    /// sigmoid(z3), the output of the network.
    pub h3: [f32; 1],
}

/// The gradients of one sample's loss, by the notebook's names.
///
/// ```
/// use stackprop::notebook::{BOOK_NET, Deltas, X, Y};
///
/// let trace = BOOK_NET.trace(&X[0]);
/// let d = Deltas::from(BOOK_NET.backward(&X[0], &trace, &Y[0]));
/// assert_eq!(d.fc1[0], X[0].map(|x| d.delta1[0] * x)); // delta1^T x
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Deltas {
    /// dL/dz3 = h3 - y.
    pub delta3: [f32; 1],
    /// dL/dz2.
    pub delta2: [f32; 2],
    /// dL/dz1.
    pub delta1: [f32; 4],
    /// dL/dx.
    pub delta0: [f32; 3],
    /// `fc1.weight.grad`, delta1^T x.
    pub fc1: [[f32; 3]; 4],
    /// `fc2.weight.grad`, delta2^T h1.
    pub fc2: [[f32; 4]; 2],
    /// `fc3.weight.grad`, delta3^T h2.
    pub fc3: [[f32; 2]; 1],
}

/// The numbers between the layers of [`Net`]: z1, z2.
type NetActivations = ((), [f32; 4], ((), [f32; 2], ()));

/// The numbers between the layers of [`NetBook`]: z1, h1, z2, h2.
type BookActivations = (
    (),
    [f32; 4],
    ((), [f32; 4], ((), [f32; 2], ((), [f32; 2], ()))),
);

impl From<Trace<NetActivations, 1>> for Activations {
    fn from(trace: Trace<NetActivations, 1>) -> Self {
        let ((), z1, ((), z2, ())) = trace.activations;
        Self {
            z1,
            h1: z1,
            z2,
            h2: z2,
            z3: trace.logits,
            h3: trace.y_hat,
        }
    }
}

impl From<Trace<BookActivations, 1>> for Activations {
    fn from(trace: Trace<BookActivations, 1>) -> Self {
        let ((), z1, ((), h1, ((), z2, ((), h2, ())))) = trace.activations;
        Self {
            z1,
            h1,
            z2,
            h2,
            z3: trace.logits,
            h3: trace.y_hat,
        }
    }
}

impl From<Gradients<Grad<Net>, NetActivations, 3, 1>> for Deltas {
    fn from(g: Gradients<Grad<Net>, NetActivations, 3, 1>) -> Self {
        let ((), delta1, ((), delta2, ())) = g.activations;
        let Chain(fc1, Chain(fc2, fc3)) = g.params;
        Self {
            delta3: g.logits,
            delta2,
            delta1,
            delta0: g.input,
            fc1: fc1.weight,
            fc2: fc2.weight,
            fc3: fc3.weight,
        }
    }
}

impl From<Gradients<Grad<NetBook>, BookActivations, 3, 1>> for Deltas {
    fn from(g: Gradients<Grad<NetBook>, BookActivations, 3, 1>) -> Self {
        let ((), delta1, ((), _, ((), delta2, ((), _, ())))) = g.activations;
        let Chain(fc1, Chain(_, Chain(fc2, Chain(_, fc3)))) = g.params;
        Self {
            delta3: g.logits,
            delta2,
            delta1,
            delta0: g.input,
            fc1: fc1.weight,
            fc2: fc2.weight,
            fc3: fc3.weight,
        }
    }
}

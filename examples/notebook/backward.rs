//! Cells 37 to 72: every gradient, from the crate's backward pass and once more by the products of
//! the notebook.

use crate::forward::{one_sample, transposed};
use crate::page::{Cell, Page};
use crate::products::{mat_vec, outer, vec_mat};
use crate::reference::{Sample, Weights};
use stackprop::notebook::{Activations, Deltas, NET, X, Y};
use stackprop::{Chain, Linear};
use std::io::{Result, Write};

const FC1: &str = "[[-0.0018, -0.0037, -0.0055], [ 0.0089,  0.0177,  0.0266],
    [-0.0500, -0.0999, -0.1499], [ 0.0302,  0.0604,  0.0906]]";
const FC2: &str = "[[ 0.1360, -0.0792,  0.0661,  0.1415], [-0.2061,  0.1200, -0.1001, -0.2144]]";
const FC3: &str = "[[-0.3337, -0.2199]]";
const X_PRINTED: &str = "[[1., 2., 3.]]";

/// The text where a product of the notebook is compared with the gradient of the backward pass.
const SAME: &str = "The product by hand has the same bits as the gradient";

/// Forward and backward of x.
pub(crate) struct Pass {
    a: Activations,
    d: Deltas,
}

impl Pass {
    pub(crate) fn new() -> Self {
        let trace = NET.trace(&X[0]);
        Self {
            a: trace.into(),
            d: NET.backward(&X[0], &trace, &Y[0]).into(),
        }
    }

    /// Cells 37 to 39.
    pub(crate) fn gradients(&self, page: &mut Page<impl Write>) -> Result<()> {
        page.heading("The gradients, with respect to the weights")?;
        self.fc1(page, 37)?;
        self.fc2(page, 38)?;
        self.fc3(page, 39)
    }

    /// Cells 40 to 45.
    pub(crate) fn deltas(&self, page: &mut Page<impl Write>) -> Result<()> {
        page.heading("Gradients with respect to the inputs and hidden layers")?;
        page.text("\nLayer 3: y_hat - y, and z3, which it would update")?;
        self.delta3(page, 40, "delta3 = net.h3 - y_v[:1]")?;
        self.z3(page, 41, "net.z3")?;
        page.text("\nLayer 2: (y_hat - y) W3, and z2")?;
        page.check(
            Cell(42, "delta2 = delta3@net.fc3.weight", "[[ 0.1393, -0.2110]]"),
            &[self.d.delta2],
            |w| Sample::new(w, 0).delta2.to_vec(),
        )?;
        self.z2(page, 43)?;
        page.text("\nLayer 1: (y_hat - y) W3 W2, and z1")?;
        page.check(
            Cell(
                44,
                "delta1 = delta2@net.fc2.weight",
                "[[-0.0018,  0.0089, -0.0500,  0.0302]]",
            ),
            &[self.d.delta1],
            |w| Sample::new(w, 0).delta1.to_vec(),
        )?;
        self.z1(page, 45)
    }

    /// Cells 46 to 48.
    pub(crate) fn input(&self, page: &mut Page<impl Write>) -> Result<()> {
        const PRINTED: &str = "[[ 0.0082,  0.0055, -0.0064]]";
        page.text("\nInput layer: (y_hat - y) W3 W2 W1")?;
        let exact = |w: &Weights| Sample::new(w, 0).delta0.to_vec();
        let code = "delta0 = delta1@net.fc1.weight";
        page.check(Cell(46, code, PRINTED), &[self.d.delta0], exact)?;
        page.text("\nWe check the value, by products of the weights only")?;
        let Chain(fc1, Chain(fc2, fc3)) = NET.layers;
        let y_hat = NET.forward(&X[0]);
        let by_hand = vec_mat(&vec_mat(&vec_mat(&[y_hat[0] - Y[0][0]], &fc3), &fc2), &fc1);
        let code = "(torch.sigmoid(W3@W2@W1@x.T) - y_v[0])*W3@W2@W1";
        page.check(Cell(47, code, PRINTED), &[by_hand], exact)?;
        page.same(Cell(48, "x", X_PRINTED), &X[..1])
    }

    /// Cells 49 to 54.
    pub(crate) fn forward_again(&self, page: &mut Page<impl Write>) -> Result<()> {
        page.heading("Checking the forward pass, once again")?;
        transposed(page, 49)?;
        let Chain(fc1, Chain(fc2, fc3)) = NET.layers;
        let product = Linear::without_bias([vec_mat(&vec_mat(&fc3.weight[0], &fc2), &fc1)]);
        let code = "net.fc3.weight@net.fc2.weight@net.fc1.weight@x.T";
        page.check(
            Cell(50, code, "[[-0.0003]]"),
            &[mat_vec(&product, &X[0])],
            |w| vec![Sample::new(w, 0).z3],
        )?;
        self.z3(page, 51, "net.z3")?;
        for (number, code, ours) in [
            (
                52,
                "torch.sigmoid(net.z3)",
                self.a.z3.map(stackprop::math::sigmoid),
            ),
            (53, "net.h3", self.a.h3),
        ] {
            page.check(Cell(number, code, "[[0.4999]]"), &[ours], |w| {
                vec![Sample::new(w, 0).h3]
            })?;
        }
        one_sample(page, 54, "net.forward(x)")
    }

    /// Cells 55 to 58.
    pub(crate) fn one_step(&self, page: &mut Page<impl Write>) -> Result<()> {
        page.heading("The gradient with respect to the weights: one step backward")?;
        self.delta3(page, 55, "delta3")?;
        self.z2(page, 56)?;
        page.text("\nNow we check the equality with the gradient")?;
        let by_hand = outer(&self.d.delta3, &self.a.z2);
        page.check(Cell(57, "delta3 @ net.z2", FC3), &by_hand, |w| {
            Sample::new(w, 0).fc3.to_vec()
        })?;
        self.fc3(page, 58)?;
        page.equal(58, SAME, by_hand == self.d.fc3)
    }

    /// Cells 59 to 65.
    pub(crate) fn two_steps(&self, page: &mut Page<impl Write>) -> Result<()> {
        page.heading("Two steps backward")?;
        let delta2 = self.d.delta2.map(|d| [d]);
        page.check(
            Cell(59, "delta2.T", "[[ 0.1393], [-0.2110]]"),
            &delta2,
            |w| Sample::new(w, 0).delta2.to_vec(),
        )?;
        self.z1(page, 63)?;
        page.text("\nWe check the equality with the gradient")?;
        let by_hand = outer(&self.d.delta2, &self.a.z1);
        page.check(Cell(64, "delta2.T@net.z1", FC2), &by_hand, |w| {
            Sample::new(w, 0).fc2.concat()
        })?;
        self.fc2(page, 65)?;
        page.equal(65, SAME, by_hand == self.d.fc2)
    }

    /// Cells 66 to 69.
    pub(crate) fn three_steps(&self, page: &mut Page<impl Write>) -> Result<()> {
        page.heading("Three steps backward")?;
        let delta1 = self.d.delta1.map(|d| [d]);
        let printed = "[[-0.0018], [ 0.0089], [-0.0500], [ 0.0302]]";
        page.check(Cell(66, "delta1.T", printed), &delta1, |w| {
            Sample::new(w, 0).delta1.to_vec()
        })?;
        page.same(Cell(67, "x", X_PRINTED), &X[..1])?;
        let by_hand = outer(&self.d.delta1, &X[0]);
        page.check(Cell(68, "delta1.T@x", FC1), &by_hand, |w| {
            Sample::new(w, 0).fc1.concat()
        })?;
        self.fc1(page, 69)?;
        page.equal(69, SAME, by_hand == self.d.fc1)
    }

    fn fc1(&self, page: &mut Page<impl Write>, number: u32) -> Result<()> {
        page.check(Cell(number, "net.fc1.weight.grad", FC1), &self.d.fc1, |w| {
            Sample::new(w, 0).fc1.concat()
        })
    }

    fn fc2(&self, page: &mut Page<impl Write>, number: u32) -> Result<()> {
        page.check(Cell(number, "net.fc2.weight.grad", FC2), &self.d.fc2, |w| {
            Sample::new(w, 0).fc2.concat()
        })
    }

    fn fc3(&self, page: &mut Page<impl Write>, number: u32) -> Result<()> {
        page.check(Cell(number, "net.fc3.weight.grad", FC3), &self.d.fc3, |w| {
            Sample::new(w, 0).fc3.to_vec()
        })
    }

    fn delta3(&self, page: &mut Page<impl Write>, number: u32, code: &'static str) -> Result<()> {
        page.check(Cell(number, code, "[[-0.5001]]"), &[self.d.delta3], |w| {
            vec![Sample::new(w, 0).delta3]
        })
    }

    fn z1(&self, page: &mut Page<impl Write>, number: u32) -> Result<()> {
        let printed = "[[ 0.9764, -0.5687,  0.4745,  1.0161]]";
        page.check(Cell(number, "net.z1", printed), &[self.a.z1], |w| {
            Sample::new(w, 0).z1.to_vec()
        })
    }

    fn z2(&self, page: &mut Page<impl Write>, number: u32) -> Result<()> {
        page.check(
            Cell(number, "net.z2", "[[0.6674, 0.4397]]"),
            &[self.a.z2],
            |w| Sample::new(w, 0).z2.to_vec(),
        )
    }

    fn z3(&self, page: &mut Page<impl Write>, number: u32, code: &'static str) -> Result<()> {
        page.check(Cell(number, code, "[[-0.0003]]"), &[self.a.z3], |w| {
            vec![Sample::new(w, 0).z3]
        })
    }
}

/// Cells 70 to 72.
pub(crate) fn outer_product(page: &mut Page<impl Write>) -> Result<()> {
    page.heading("Test")?;
    let (a, b) = ([1.0, 2.0, 3.0], [2.0, 3.0, 4.0]);
    page.same(Cell(70, "a", "[[1.], [2.], [3.]]"), &a.map(|a| [a]))?;
    page.same(Cell(71, "b", "[[2., 3., 4.]]"), &[b])?;
    let printed = "[[ 2.,  3.,  4.], [ 4.,  6.,  8.], [ 6.,  9., 12.]]";
    page.same(Cell(72, "a @ b", printed), &outer(&a, &b))
}

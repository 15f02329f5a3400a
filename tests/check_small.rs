//! The gradient checker on gradients of 1e-9: the ways of a layer, and the two losses of a head,
//! are compared relative to their size.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use stackprop::check::{self, Wrong};
use stackprop::layers::Pass;
use stackprop::params::{TensorId, Visit};
use stackprop::simd::Vector;
use stackprop::{Head, Layer, Linear, Zero, params};

/// A linear layer. `WAY` gives three times what it should: 1 is backward without a gradient, 2
/// backward without dx, 3 `fold_gradient`, and 0 none.
#[derive(Clone, Copy)]
struct Tripled<const WAY: u8, T = f32> {
    weight: [[T; 2]; 1],
}
params!(Tripled<const WAY: u8> { weight });

impl<const WAY: u8> Layer<2, 1> for Tripled<WAY> {
    type Activations<V: Vector> = ();

    fn forward<V: Vector>(&self, x: &[V; 2], (): &mut (), y: &mut [V; 1]) {
        Linear::without_bias(self.weight).forward(x, &mut (), y);
    }

    fn backward<V: Vector>(
        &self,
        pass: Pass<'_, V, (), 2, 1>,
        dy: &[V; 1],
        grad: Option<&mut Tripled<WAY, V::Partial>>,
        (): &mut (),
        dx: Option<&mut [V; 2]>,
    ) {
        let triple = match WAY {
            1 => grad.is_none(),
            2 => dx.is_none(),
            _ => false,
        };
        let dy = dy.map(|dy| dy * V::splat(if triple { 3.0 } else { 1.0 }));
        if let Some(grad) = grad {
            for (dw, x) in grad.weight[0].iter_mut().zip(pass.x) {
                *dw = V::accumulate_product(*dw, dy[0], *x);
            }
        }
        if let Some(dx) = dx {
            *dx = self.weight[0].map(|w| V::splat(w) * dy[0]);
        }
    }

    fn fold_gradient<S: Zero, A: Copy, F>(
        &mut self,
        pass: Pass<'_, f32, (), 2, 1>,
        dy: &[f32; 1],
        (): &(),
        state: &mut Self::Of<S>,
        mut acc: A,
        f: impl Fn(TensorId) -> Visit<F> + Copy,
    ) -> A
    where
        F: Fn(A, &mut f32, f32, &mut S) -> A + Copy,
    {
        let visit = f(TensorId::new("weight"));
        let factor = if WAY == 3 { 3.0 } else { 1.0 };
        for (i, w) in visit.numbers(&mut self.weight[0]).iter_mut().enumerate() {
            let g = factor * dy[0] * pass.x[i];
            acc = (visit.each)(acc, w, g, &mut state.weight[0][i]);
        }
        acc
    }
}

fn found<const WAY: u8>() -> Result<check::Report, Wrong> {
    let weight = [[2e-9, -3e-9]];
    check::layer(&Tripled::<WAY> { weight }, &[1e-9, 2e-9])
}

#[test]
fn right() {
    assert_eq!(found::<0>().unwrap().parameters.compared, 2);
}

#[test]
fn without_a_gradient() {
    assert_eq!(found::<1>(), Err(Wrong::InputGrad { index: 0 }));
}

#[test]
fn without_dx() {
    assert_eq!(found::<2>(), Err(Wrong::NotAdded { index: 0 }));
}

#[test]
fn fold() {
    assert_eq!(found::<3>(), Err(Wrong::FoldGradient { index: 0 }));
}

/// The squared error. `loss` gives three times as much.
#[derive(Clone, Copy)]
struct TripledLoss;

impl Head<1> for TripledLoss {
    const DEFAULT: Self = Self;

    fn predict<V: Vector>(&self, z: &[V; 1], y_hat: &mut [V; 1]) {
        *y_hat = *z;
    }

    fn loss_grad<V: Vector>(&self, z: &[V; 1], y: &[V; 1], dz: &mut [V; 1]) -> V {
        let off = z[0] - y[0];
        dz[0] = off + off;
        off * off
    }

    fn loss<V: Vector>(&self, z: &[V; 1], y: &[V; 1]) -> V {
        self.loss_grad(z, y, &mut [V::ZERO]) * V::splat(3.0)
    }
}

#[test]
fn loss() {
    let wrong = check::head(&TripledLoss, &[3e-4], &[0.0]);
    assert!(matches!(wrong, Err(Wrong::Loss { .. })), "{wrong:?}");
}

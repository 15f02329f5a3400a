//! The rectifier.

use super::elementwise::each;
use super::{Layer, Pass};
use crate::lane::Lane;
use crate::no_params;

/// y = max(x, 0) for each number: `nn.ReLU`. dx = dy where x > 0, else 0.
///
/// As in PyTorch -0 stays -0 (with gradient 0), and NaN stays NaN (and lets the gradient through).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Relu;

no_params!(Relu);

impl<const N: usize> Layer<N, N> for Relu {
    type Hidden<V: Lane> = ();

    #[inline(always)]
    fn forward<V: Lane>(&self, x: &[V; N], (): &mut (), y: &mut [V; N]) {
        each(x, x, y, forward);
    }

    #[inline(always)]
    fn backward<V: Lane>(
        &self,
        pass: Pass<'_, V, (), N, N>,
        dy: &[V; N],
        _: &mut Self,
        (): &mut (),
        dx: &mut [V; N],
    ) {
        each(pass.y, dy, dx, backward);
    }
}

/// y.
#[inline(always)]
fn forward<V: Lane>(x: V, _: V) -> V {
    V::select_lt(x, V::ZERO, V::ZERO, x)
}

/// dx.
#[inline(always)]
fn backward<V: Lane>(y: V, dy: V) -> V {
    V::select_le(y, V::ZERO, V::ZERO, dy)
}

//! The logistic function between layers.

use super::{Layer, Pass};
use crate::lane::Lane;
use crate::math::sigmoid;
use crate::no_params;

/// y = 1 / (1 + e^-x) for each number: `nn.Sigmoid`. dx = dy y (1 - y), from the output, as in PyTorch.
///
/// y as of [`sigmoid`], 0 to 1 and at most 2.5 ulp off; y = 0 or 1 and dx = 0 at -inf and inf, NaN gives NaN for
/// both. dx keeps its relative accuracy for x < 0; for large x it is within 2^-22 of dy of its exact value, and 0
/// from 17.33 on. For an output that is a probability use a head, [`SigmoidBce`](crate::SigmoidBce), which stays
/// accurate there.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Sigmoid;

no_params!(Sigmoid);

impl<const N: usize> Layer<N, N> for Sigmoid {
    type Hidden<V: Lane> = ();

    #[inline(always)]
    fn forward<V: Lane>(&self, x: &[V; N], (): &mut (), y: &mut [V; N]) {
        for (x, y) in x.iter().zip(y) {
            *y = sigmoid(*x);
        }
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
        let one = V::splat(1.0);
        for ((y, dy), dx) in pass.y.iter().zip(dy).zip(dx) {
            *dx = *dy * (*y * (one - *y));
        }
    }
}

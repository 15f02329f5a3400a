//! The hyperbolic tangent.

use super::{Layer, Pass};
use crate::lane::Lane;
use crate::math::tanh;
use crate::no_params;

/// y = tanh(x) for each number: `nn.Tanh`. dx = dy (1 - y^2), from the output, as in PyTorch.
///
/// y as of [`tanh`], -1 to 1 and at most 2.5 ulp off; y = +-1 and dx = 0 at +-inf, NaN gives NaN for both. 1 - y^2
/// is computed as (1 - y) (1 + y), whose only large error is that of y: near saturation dx is within 2^-22 of
/// dy of its exact value, and 0 from |x| = 9.02 on.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tanh;

no_params!(Tanh);

impl<const N: usize> Layer<N, N> for Tanh {
    type Hidden<V: Lane> = ();

    #[inline(always)]
    fn forward<V: Lane>(&self, x: &[V; N], (): &mut (), y: &mut [V; N]) {
        for (x, y) in x.iter().zip(y) {
            *y = tanh(*x);
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
            *dx = *dy * ((one - *y) * (one + *y));
        }
    }
}

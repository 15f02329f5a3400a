//! The leaky rectifier.

use super::elementwise::each;
use super::{Layer, Pass};
use crate::lane::Lane;
use crate::no_params;

/// y = x where x > 0, else `negative_slope` x, for each number: `nn.LeakyReLU`. dx = dy where x > 0, else
/// `negative_slope` dy.
///
/// The slope is `NUMERATOR` / `DENOMINATOR`, 0.01 as in PyTorch unless you say otherwise: in the type, so that it
/// takes no memory, neither in the network nor in a gradient. `LeakyRelu<1, 5>` has a slope of 0.2.
///
/// As in PyTorch +-0 stays as it is, with the gradient `negative_slope` dy, and NaN stays NaN, also with that
/// gradient. -inf gives -inf, NaN if the slope is 0. One rounding each.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct LeakyRelu<const NUMERATOR: u32 = 1, const DENOMINATOR: u32 = 100>;

no_params!(LeakyRelu<const NUMERATOR: u32, const DENOMINATOR: u32>);

impl<const NUMERATOR: u32, const DENOMINATOR: u32> LeakyRelu<NUMERATOR, DENOMINATOR> {
    /// The factor of negative numbers: the float nearest to `NUMERATOR` / `DENOMINATOR`.
    pub const NEGATIVE_SLOPE: f32 = {
        assert!(
            DENOMINATOR > 0 && DENOMINATOR < 1 << 24 && NUMERATOR < 1 << 24,
            "the slope of LeakyRelu is a fraction of integers below 2^24"
        );
        NUMERATOR as f32 / DENOMINATOR as f32
    };
}

impl<const NUMERATOR: u32, const DENOMINATOR: u32, const N: usize> Layer<N, N>
    for LeakyRelu<NUMERATOR, DENOMINATOR>
{
    type Hidden<V: Lane> = ();

    #[inline(always)]
    fn forward<V: Lane>(&self, x: &[V; N], (): &mut (), y: &mut [V; N]) {
        let slope = V::splat(Self::NEGATIVE_SLOPE);
        each(x, x, y, |x, _| V::select_lt(V::ZERO, x, x, slope * x));
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
        let slope = V::splat(Self::NEGATIVE_SLOPE);
        each(pass.x, dy, dx, |x, dy| {
            V::select_lt(V::ZERO, x, dy, slope * dy)
        });
    }
}

//! Activations made of the exponential.

use super::Elementwise;
use crate::kernels::math;
use crate::kernels::simd::Vector;
use crate::model::architecture::Kind;

/// y = 1 / (1 + e^-x) for each number: `nn.Sigmoid`. dx = dy y (1 - y), from the output, as in
/// PyTorch.
///
/// y is [`math::sigmoid`]: 0 to 1, at most 1.8 ulp off. At -inf and inf y is 0 and 1 and dx is 0;
/// NaN gives NaN for both. dx keeps its relative accuracy for x < 0; for large x it is within
/// 2^-22 of dy of its exact value, and 0 from 17.33 on. For an output that is a probability use a
/// head, [`SigmoidBce`](crate::SigmoidBce), which stays accurate there.
///
/// ```
/// use stackprop::{Elementwise, Sigmoid};
///
/// assert_eq!((Sigmoid.y(0.0), Sigmoid.dx(0.0, 0.5, 2.0)), (0.5, 0.5));
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Sigmoid;

impl Elementwise for Sigmoid {
    const DEFAULT: Self = Self;
    const KIND: Kind = Kind::new("Sigmoid");

    #[inline(always)]
    fn y<V: Vector>(self, x: V) -> V {
        math::sigmoid(x)
    }

    #[inline(always)]
    fn dx<V: Vector>(self, _: V, y: V, dy: V) -> V {
        dy * (y * (V::splat(1.0) - y))
    }
}

/// y = tanh(x) for each number: `nn.Tanh`. dx = dy (1 - y^2), from the output, as in PyTorch.
///
/// y is [`math::tanh`]: -1 to 1, at most 2.1 ulp off. At +-inf y is +-1 and dx is 0; NaN gives NaN
/// for both. 1 - y^2 is computed as (1 - y) (1 + y), whose only large error is that of y: near
/// saturation dx is within 2^-22 of dy of its exact value, and 0 from |x| = 9.02 on.
///
/// ```
/// use stackprop::{Elementwise, Tanh};
///
/// assert_eq!((Tanh.y(0.0), Tanh.y(20.0)), (0.0, 1.0));
/// assert_eq!((Tanh.dx(0.0, 0.0, 2.0), Tanh.dx(20.0, 1.0, 2.0)), (2.0, 0.0));
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tanh;

impl Elementwise for Tanh {
    const DEFAULT: Self = Self;
    const KIND: Kind = Kind::new("Tanh");

    #[inline(always)]
    fn y<V: Vector>(self, x: V) -> V {
        math::tanh(x)
    }

    #[inline(always)]
    fn dx<V: Vector>(self, _: V, y: V, dy: V) -> V {
        let one = V::splat(1.0);
        dy * ((one - y) * (one + y))
    }
}

/// y = ln(1 + e^x) for each number: `nn.Softplus` with beta 1. dx = dy / (1 + e^-x).
///
/// y is [`math::softplus`]: 0 or more, at most 2.1 ulp off. At -inf y and dx are 0, at inf y is inf
/// and dx is dy; NaN gives NaN for both. dx / dy is [`math::sigmoid`]: at most 1.8 ulp off, 1 from
/// 16.64 on. Below -87.33654, where the exact value is subnormal, both are 0.
///
/// PyTorch gives x itself above its `threshold` of 20. So does this layer, because x is the float
/// nearest to the exact value there.
///
/// ```
/// use stackprop::{Elementwise, Softplus};
///
/// assert_eq!((Softplus.y(0.0), Softplus.y(20.0)), (core::f32::consts::LN_2, 20.0));
/// assert_eq!(Softplus.dx(0.0, core::f32::consts::LN_2, 2.0), 1.0);
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Softplus;

impl Elementwise for Softplus {
    const DEFAULT: Self = Self;
    const KIND: Kind = Kind::new("Softplus");

    #[inline(always)]
    fn y<V: Vector>(self, x: V) -> V {
        math::softplus(x)
    }

    #[inline(always)]
    fn dx<V: Vector>(self, x: V, _: V, dy: V) -> V {
        dy * math::sigmoid(x)
    }
}

/// y = x where x > 0, else `alpha` (e^x - 1), for each number: `nn.ELU`. dx = dy where x > 0, else
/// dy `alpha` e^x.
///
/// By default `alpha` is 1: [`net!`](crate::net) writes this as `Elu`. For another one, build the
/// network with [`Network::from_layers`](crate::Network::from_layers), or set the field. It is a
/// setting, not a parameter: training does not change it, and it is not among the weights.
///
/// With `alpha` 1, y is [`math::expm1`] below 0, at most 1.0 ulp off, and dx / dy is [`math::exp`],
/// at most 1.0 ulp off; with another `alpha` both are within 2^-22 of themselves. At -inf y is
/// -`alpha` and dx is 0, at inf y is inf and dx is dy. From -16.99 down y is -`alpha`; below
/// -87.33654, where e^x is subnormal, dx is 0. -0 stays -0 (if `alpha` > 0), with gradient dy
/// `alpha`.
///
/// NaN gives NaN for both. (PyTorch's gradient of NaN depends on the number's place in the tensor:
/// NaN in its loop over vectors, dy in the loop over the rest.)
///
/// ```
/// use stackprop::{Elementwise, Elu};
///
/// assert_eq!((Elu::DEFAULT.y(2.0), Elu::DEFAULT.y(-20.0)), (2.0, -1.0));
/// assert_eq!((Elu::DEFAULT.dx(2.0, 2.0, 0.5), Elu::DEFAULT.dx(0.0, 0.0, 0.5)), (0.5, 0.5));
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Elu {
    /// y goes to -`alpha` at -inf.
    pub alpha: f32,
}

impl Elu {
    /// An ELU with this `alpha`.
    ///
    /// ```
    /// use stackprop::{Elementwise, Elu};
    ///
    /// assert_eq!(Elu::new(0.5).y(-20.0), -0.5);
    /// ```
    #[must_use]
    pub const fn new(alpha: f32) -> Self {
        Self { alpha }
    }
}

impl Default for Elu {
    fn default() -> Self {
        Self::DEFAULT
    }
}

impl Elementwise for Elu {
    const DEFAULT: Self = Self::new(1.0);
    const KIND: Kind = Kind::new("Elu");

    #[inline(always)]
    fn y<V: Vector>(self, x: V) -> V {
        V::select_lt(V::ZERO, x, x, V::splat(self.alpha) * math::expm1(x))
    }

    #[inline(always)]
    fn dx<V: Vector>(self, x: V, _: V, dy: V) -> V {
        let slope = V::splat(self.alpha) * math::exp(x);
        V::select_lt(V::ZERO, x, dy, dy * slope)
    }
}

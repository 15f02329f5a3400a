//! Activations made of straight lines.

use super::Elementwise;
use crate::kernels::simd::Vector;
use crate::model::architecture::Kind;

/// y = max(x, 0) for each number: `nn.ReLU`. dx = dy where x > 0, else 0.
///
/// Range: 0 to inf, without rounding. As in PyTorch, -0 stays -0 with gradient 0, and NaN stays NaN
/// with gradient dy.
///
/// ```
/// use stackprop::{Elementwise, Relu};
///
/// assert_eq!((Relu.y(2.0), Relu.y(-2.0)), (2.0, 0.0));
/// assert_eq!((Relu.dx(2.0, 2.0, 0.5), Relu.dx(-2.0, 0.0, 0.5)), (0.5, 0.0));
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Relu;

impl Elementwise for Relu {
    const DEFAULT: Self = Self;
    const KIND: Kind = Kind::new("Relu");

    #[inline(always)]
    fn y<V: Vector>(self, x: V) -> V {
        x.relu()
    }

    #[inline(always)]
    fn dx<V: Vector>(self, _: V, y: V, dy: V) -> V {
        V::relu_grad(y, dy)
    }
}

/// y = x where x > 0, else `negative_slope` x, for each number: `nn.LeakyReLU`. dx = dy where
/// x > 0, else `negative_slope` dy.
///
/// The slope is `NUMERATOR` / `DENOMINATOR`, by default 0.01 as in PyTorch; `LeakyRelu<1, 5>` has a
/// slope of 0.2. It is part of the type, so it takes no memory.
///
/// As in PyTorch, +-0 stays as it is and NaN stays NaN, both with the gradient `negative_slope` dy.
/// -inf gives -inf, or NaN if the slope is 0. y and dx are rounded once.
///
/// ```
/// use stackprop::{Elementwise, LeakyRelu};
///
/// let leaky = LeakyRelu::<1, 5>;
/// assert_eq!((leaky.y(2.0), leaky.y(-2.0)), (2.0, -0.4));
/// assert_eq!((leaky.dx(2.0, 2.0, 1.0), leaky.dx(-2.0, -0.4, 1.0)), (1.0, 0.2));
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct LeakyRelu<const NUMERATOR: u32 = 1, const DENOMINATOR: u32 = 100>;

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

impl<const NUMERATOR: u32, const DENOMINATOR: u32> Elementwise
    for LeakyRelu<NUMERATOR, DENOMINATOR>
{
    const DEFAULT: Self = Self;
    const KIND: Kind = Kind::with_settings("LeakyRelu", &[NUMERATOR, DENOMINATOR]);

    #[inline(always)]
    fn y<V: Vector>(self, x: V) -> V {
        V::select_lt(V::ZERO, x, x, V::splat(Self::NEGATIVE_SLOPE) * x)
    }

    #[inline(always)]
    fn dx<V: Vector>(self, x: V, _: V, dy: V) -> V {
        V::select_lt(V::ZERO, x, dy, V::splat(Self::NEGATIVE_SLOPE) * dy)
    }
}

/// y = x limited to `min_val` to `max_val`, for each number: `nn.Hardtanh`, with 0 and 6
/// `nn.ReLU6`. dx = dy where x is strictly between the limits, else 0, also at a limit.
///
/// By default the limits are -1 and 1: [`net!`](crate::net) writes this as `HardTanh`. For other
/// limits, build the network with [`Network::from_layers`](crate::Network::from_layers), or set the
/// fields. The limits are settings, not parameters: training does not change them, and they are not
/// among the weights. If `min_val` is above `max_val`, the gradient is 0 everywhere.
///
/// No rounding. -0 stays -0 if it is between the limits; -inf gives `min_val`, inf gives `max_val`.
/// NaN stays NaN, with gradient 0. (PyTorch's gradient of NaN depends on the number's place in the
/// tensor: 0 in its loop over vectors, dy in the loop over the rest.)
///
/// ```
/// use stackprop::{Elementwise, HardTanh};
///
/// let tanh = HardTanh::DEFAULT;
/// assert_eq!((tanh.y(-0.3), tanh.y(-3.0)), (-0.3, -1.0));
/// assert_eq!((tanh.dx(-0.3, -0.3, 0.5), tanh.dx(-3.0, -1.0, 0.5)), (0.5, 0.0));
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct HardTanh {
    /// The lower limit of y.
    pub min_val: f32,
    /// The upper limit of y.
    pub max_val: f32,
}

impl HardTanh {
    /// A hard tanh with these limits.
    ///
    /// ```
    /// use stackprop::{Elementwise, HardTanh};
    ///
    /// let relu6 = HardTanh::new(0.0, 6.0);
    /// assert_eq!((relu6.y(-1.0), relu6.y(5.0), relu6.y(7.0)), (0.0, 5.0, 6.0));
    /// ```
    #[must_use]
    pub const fn new(min_val: f32, max_val: f32) -> Self {
        Self { min_val, max_val }
    }
}

impl Default for HardTanh {
    fn default() -> Self {
        Self::DEFAULT
    }
}

impl Elementwise for HardTanh {
    const DEFAULT: Self = Self::new(-1.0, 1.0);
    const KIND: Kind = Kind::new("HardTanh");

    #[inline(always)]
    fn y<V: Vector>(self, x: V) -> V {
        let (min, max) = (V::splat(self.min_val), V::splat(self.max_val));
        V::select_lt(x, min, min, V::select_lt(max, x, max, x))
    }

    #[inline(always)]
    fn dx<V: Vector>(self, x: V, _: V, dy: V) -> V {
        let (min, max) = (V::splat(self.min_val), V::splat(self.max_val));
        V::select_lt(min, x, V::select_lt(x, max, dy, V::ZERO), V::ZERO)
    }
}

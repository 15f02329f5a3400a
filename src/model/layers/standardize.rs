//! Scaling of the inputs, as a stage of a network.

use super::{Layer, Pass};
use crate::kernels::simd::Vector;
use crate::kernels::zero::Zero;
use crate::model::architecture::{Architecture, Kind, TensorShape};
use crate::model::no_params::no_gradient;
use crate::model::params::{Params, Tensor, TensorMut};

/// y = (x - mean) / scale for each of `N` numbers: scikit-learn's `StandardScaler`, with its
/// `mean_` and `scale_`. dx = dy / scale.
///
/// [`net!`](crate::net) takes it behind the inputs, so that the scaling travels with the weights:
/// into a file, into a record and into flash. `mean` and `scale` are tensors of the network, by the
/// names `0.mean` and `0.scale`, but training does not change them. A new network has mean 0 and
/// scale 1, which changes nothing; set both before training.
///
/// y is rounded twice: error at most 2^-23 of itself. NaN and infinities follow IEEE arithmetic:
/// NaN stays NaN, an infinity stays one, and a scale of 0 gives an infinity, or NaN where x is the
/// mean.
///
/// ```
/// use stackprop::{Normalizer, SigmoidBce, Standardize, net};
///
/// type Detector = net![2, Standardize => 1, SigmoidBce];
/// let mut detector = Detector::new(1);
/// detector.layers.0 = Standardize::new([20.0, 1013.0], [5.0, 8.0]); // degrees, hectopascal
///
/// // or from the rows that a device has seen
/// let mut normalizer = Normalizer::new();
/// for row in [[15.0, 1005.0], [25.0, 1021.0]] {
///     normalizer.observe(&row)?;
/// }
/// assert_eq!(detector.layers.0, Standardize::from(&normalizer));
/// # Ok::<(), stackprop::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Standardize<const N: usize> {
    /// What is subtracted.
    pub mean: [f32; N],
    /// The divisor: the standard deviation.
    pub scale: [f32; N],
}

impl<const N: usize> Standardize<N> {
    /// A stage with this mean and this scale.
    ///
    /// ```
    /// use stackprop::{Layer, Standardize};
    ///
    /// let stage = Standardize::new([1.0, 10.0], [2.0, 5.0]);
    /// let mut y = [0.0; 2];
    /// stage.forward(&[2.0_f32, 0.0], &mut (), &mut y);
    /// assert_eq!(y, [0.5, -2.0]);
    /// ```
    #[must_use]
    pub const fn new(mean: [f32; N], scale: [f32; N]) -> Self {
        Self { mean, scale }
    }
}

/// Mean 0 and scale 1.
impl<const N: usize> Zero for Standardize<N> {
    const ZERO: Self = Self::new([0.0; N], [1.0; N]);
}

impl<const N: usize> Params for Standardize<N> {
    const NUMBERS: usize = 2 * N;
    const TENSORS: usize = 2;
    const ARCHITECTURE: Architecture = Architecture::Single(
        Kind::new("Standardize"),
        &[
            TensorShape::new("mean", &[N]),
            TensorShape::new("scale", &[N]),
        ],
    );
    no_gradient!();

    fn tensor(&self, index: usize) -> Option<Tensor<'_>> {
        match index {
            0 => Some(Tensor::new("mean", &[N], &self.mean)),
            1 => Some(Tensor::new("scale", &[N], &self.scale)),
            _ => None,
        }
    }

    fn tensor_mut(&mut self, index: usize) -> Option<TensorMut<'_>> {
        match index {
            0 => Some(TensorMut::new("mean", &[N], &mut self.mean)),
            1 => Some(TensorMut::new("scale", &[N], &mut self.scale)),
            _ => None,
        }
    }
}

impl<const N: usize> Layer<N, N> for Standardize<N> {
    type Activations<V: Vector> = ();

    #[inline(always)]
    fn forward<V: Vector>(&self, x: &[V; N], (): &mut (), y: &mut [V; N]) {
        for (((y, x), mean), scale) in y.iter_mut().zip(x).zip(&self.mean).zip(&self.scale) {
            *y = (*x - V::splat(*mean)) / V::splat(*scale);
        }
    }

    #[inline(always)]
    fn backward<V: Vector>(
        &self,
        _: Pass<'_, V, (), N, N>,
        dy: &[V; N],
        _: Option<&mut ()>,
        (): &mut (),
        dx: Option<&mut [V; N]>,
    ) {
        let Some(dx) = dx else { return };
        for ((dx, dy), scale) in dx.iter_mut().zip(dy).zip(&self.scale) {
            *dx = *dy / V::splat(*scale);
        }
    }
}

//! Layers: functions of `I` numbers a sample to `O`, forward and backward.

mod activations;
mod bias;
mod chain;
mod elementwise;
mod frozen;
mod linear;
mod linear_tensors;
mod smooth;
mod standardize;
mod together;

pub use activations::{HardTanh, LeakyRelu, Relu};
pub use bias::{Bias, NoBias, WithBias};
pub use chain::Chain;
pub use elementwise::Elementwise;
pub use frozen::Frozen;
pub use linear::Linear;
pub use smooth::{Elu, Sigmoid, Softplus, Tanh};
pub use standardize::Standardize;

pub use crate::kernels::matmul::together::SAMPLES;
use crate::kernels::simd::{SUM_START, Vector};
use crate::kernels::size::largest;
use crate::kernels::zero::Zero;
use crate::model::init::Scheme;
use crate::model::params::{self, Params, TensorId, Visit};
use core::hint::black_box;
use rand_core::Rng;

/// A differentiable function of `I` numbers to `O`, with parameters.
///
/// Both directions are written once, over vectors: a lane is a sample, parameters are plain `f32`.
///
/// A layer of your own needs `forward` and `backward`, and [`params!`](crate::params!) for its
/// tensors; [`check`](crate::check) holds the two against each other, and
/// `examples/custom_layer.rs` shows one. An activation needs less: see [`Elementwise`].
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a layer that takes {I} numbers and gives {O}",
    label = "the layers do not fit",
    note = "each layer takes as many numbers as the one before it gives; \
            activations stand between layers, the head after the last one"
)]
pub trait Layer<const I: usize, const O: usize>: Params {
    /// The numbers between the layer's own parts: what `forward` keeps for `backward`, and, in
    /// `backward`, the gradient of each of them. `()` if there are none.
    type Activations<V: Vector>: Activations;

    /// y = f(x), keeping the numbers between in `activations`. Overwrites both.
    fn forward<V: Vector>(
        &self,
        x: &[V; I],
        activations: &mut Self::Activations<V>,
        y: &mut [V; O],
    );

    /// From `dy`, the gradient of the loss with respect to y: adds the gradient of the parameters
    /// to `grad`, and overwrites `delta` and `dx` with those of the activations and of x. Those
    /// that are None are not wanted. Both are known when a call is compiled, so asking costs
    /// nothing.
    ///
    /// A layer adds to each number of `grad` once, by [`Vector::accumulate_product`] or
    /// [`Vector::accumulate`], which fix the order of the sum over samples.
    fn backward<V: Vector>(
        &self,
        pass: Pass<'_, V, Self::Activations<V>, I, O>,
        dy: &[V; O],
        grad: Option<&mut Self::Of<V::Partial>>,
        delta: &mut Self::Activations<V>,
        dx: Option<&mut [V; I]>,
    );

    /// For performance; leave it out at first. [`backward`](Self::backward) of the first sample of
    /// a sum. It overwrites all of `grad`, with what `backward` makes of a `grad` of
    /// [`SUM_START`](crate::simd::SUM_START). By default that is how it is computed.
    #[inline(always)]
    fn backward_first(
        &self,
        pass: Pass<'_, f32, Self::Activations<f32>, I, O>,
        dy: &[f32; O],
        grad: &mut Self::Of<f32>,
        delta: &mut Self::Activations<f32>,
        dx: Option<&mut [f32; I]>,
    ) {
        params::set_all::<Self, _>(grad, SUM_START);
        self.backward(pass, dy, Some(grad), delta, dx);
    }

    /// For performance; leave it out at first. Writes what
    /// [`forward_together`](Self::forward_together) is to read: the parameters in an order of its
    /// own. By default nothing.
    #[inline(always)]
    fn columns(&self, columns: &mut Self::Of<f32>) {
        let _ = columns;
    }

    /// For performance; leave it out at first. [`forward`](Self::forward) of several samples, with
    /// what [`columns`](Self::columns) wrote if it was called. By default one after the other.
    #[inline(always)]
    fn forward_together(
        &self,
        columns: Option<&Self::Of<f32>>,
        x: [&[f32; I]; SAMPLES],
        activations: [&mut Self::Activations<f32>; SAMPLES],
        y: [&mut [f32; O]; SAMPLES],
    ) {
        let _ = columns;
        for ((x, activations), y) in x.into_iter().zip(activations).zip(y) {
            self.forward(x, activations, y);
        }
    }

    /// For performance; leave it out at first. [`backward`](Self::backward) of several samples.
    /// `PER_SUM` of them, 1, 2 or 4, make a sum that starts from
    /// [`SUM_START`](crate::simd::SUM_START); those sums are added to `grad` in order. By default
    /// one after the other, and with `PER_SUM` above 1 there is such a sum on the stack.
    ///
    /// ```
    /// use stackprop::layers::{Pass, SAMPLES};
    /// use stackprop::{Layer, Linear};
    ///
    /// let layer = Linear::without_bias([[2.0]]);
    /// let (x, dy) = ([[1.0], [2.0], [3.0], [4.0]], [[1.0]; SAMPLES]);
    /// let (mut y, mut dx) = ([[0.0]; SAMPLES], [[0.0]; SAMPLES]);
    /// let mut none = [(); SAMPLES]; // activations
    /// layer.forward_together(None, x.each_ref(), none.each_mut(), y.each_mut());
    /// assert_eq!(y, [[2.0], [4.0], [6.0], [8.0]]);
    ///
    /// let passes = core::array::from_fn(|c| Pass {
    ///     x: &x[c],
    ///     activations: &(),
    ///     y: &y[c],
    /// });
    /// let mut grad = Linear::without_bias([[0.5]]);
    /// let (delta, dx_of_all) = (none.each_mut(), Some(dx.each_mut()));
    /// layer.backward_together::<2>(passes, dy.each_ref(), Some(&mut grad), delta, dx_of_all);
    /// assert_eq!(grad.weight, [[0.5 + (1.0 + 2.0) + (3.0 + 4.0)]]);
    /// assert_eq!(dx, [[2.0]; SAMPLES]);
    /// ```
    #[inline(always)]
    fn backward_together<const PER_SUM: usize>(
        &self,
        passes: [Pass<'_, f32, Self::Activations<f32>, I, O>; SAMPLES],
        dy: [&[f32; O]; SAMPLES],
        grad: Option<&mut Self::Of<f32>>,
        delta: [&mut Self::Activations<f32>; SAMPLES],
        dx: Option<[&mut [f32; I]; SAMPLES]>,
    ) {
        together::backward::<PER_SUM, Self, I, O>(self, passes, dy, grad, delta, dx);
    }

    /// Sets the parameters to where learning starts, in PyTorch's order. By default they stay as
    /// they are.
    ///
    /// ```
    /// use stackprop::{Layer, Linear, Random, Zero, init::Scheme};
    ///
    /// let mut layer = Linear::<3, 4>::ZERO;
    /// layer.init(Scheme::XavierUniform, &mut Random::new(1));
    /// assert!(layer.weight.as_flattened().iter().all(|w| w.abs() < (6f32 / 7.0).sqrt()));
    /// assert_eq!(layer.bias, [0.0; 4]);
    /// ```
    #[inline]
    fn init(&mut self, scheme: Scheme, random: &mut impl Rng) {
        let _ = (scheme, random);
    }

    /// For performance; leave it out at first. Folds what `f` gives for a tensor over its
    /// parameters, each with its gradient for one sample and its number in `state`, in the order of
    /// [`Params::zip_tensors`], given the `delta` of [`backward`](Self::backward). By default there
    /// is a gradient on the stack; a layer that can compute each number of its gradient by itself,
    /// as [`Linear`] does, needs none.
    ///
    /// `f` is asked once for each tensor, such as [`TensorId::new("weight")`](TensorId::new), and
    /// tells [which of its numbers](params::Visit::numbers) are visited.
    #[inline(always)]
    fn fold_gradient<S: Zero, A: Copy, F>(
        &mut self,
        pass: Pass<'_, f32, Self::Activations<f32>, I, O>,
        dy: &[f32; O],
        delta: &Self::Activations<f32>,
        state: &mut Self::Of<S>,
        acc: A,
        f: impl Fn(TensorId) -> Visit<F> + Copy,
    ) -> A
    where
        F: Fn(A, &mut f32, f32, &mut S) -> A + Copy,
    {
        let (mut grad, mut delta) = (Self::fill(SUM_START), *delta);
        self.backward(pass, dy, Some(&mut grad), &mut delta, None);
        params::fold_range(self, &grad, state, 0..Self::COUNT, acc, f)
    }

    /// For performance; leave it out at first. Calls `f` on each tensor with its parameters, a
    /// bound on the size of each number of its gradient for one sample, and its numbers in `state`,
    /// in the order of [`Params::zip_tensors`], given the `delta` of [`backward`](Self::backward).
    /// The bound is inf or NaN where a number of the gradient may be. By default there is a
    /// gradient on the stack; [`Linear`] needs none.
    #[inline(always)]
    fn bound_gradient<S: Zero>(
        &mut self,
        pass: Pass<'_, f32, Self::Activations<f32>, I, O>,
        dy: &[f32; O],
        delta: &Self::Activations<f32>,
        state: &mut Self::Of<S>,
        f: &mut impl FnMut(TensorId, &[f32], f32, &[S]),
    ) {
        if Self::COUNT == 0 {
            return;
        }
        let (mut grad, mut delta) = (Self::fill(SUM_START), *delta);
        self.backward(pass, dy, Some(&mut grad), &mut delta, None);
        let mut f = |id: TensorId, w: &mut [f32], g: &[f32], s: &mut [S]| f(id, w, largest(g), s);
        self.zip_params(&grad, state, &mut f);
    }
}

/// What a forward pass leaves for backward.
#[derive(Clone, Copy, Debug)]
pub struct Pass<'a, V, A, const I: usize, const O: usize> {
    /// The input.
    pub x: &'a [V; I],
    /// What `forward` kept.
    pub activations: &'a A,
    /// The output.
    pub y: &'a [V; O],
}

/// The numbers between layers: nothing, an array of vectors, or a nesting of these. Sealed.
pub trait Activations: Copy + sealed::Sealed {
    /// `value` everywhere.
    #[must_use]
    fn fill(value: f32) -> Self;

    /// +0 everywhere.
    // From MEMSET bytes on the zero is opaque: otherwise LLVM calls memset, four instructions a
    // number on a Cortex-M. Guarded by `cargo bench --bench cortex_m`.
    #[inline(always)]
    #[must_use]
    fn zero() -> Self {
        if size_of::<Self>() < MEMSET {
            Self::fill(0.0)
        } else {
            Self::fill(black_box(0.0))
        }
    }
}

/// Below this, hiding the zero costs as much as the memset.
const MEMSET: usize = 64;

mod sealed {
    pub trait Sealed {}
    impl Sealed for () {}
    impl<V, const N: usize> Sealed for [V; N] {}
    impl<A, B, C> Sealed for (A, B, C) {}
}

impl Activations for () {
    #[inline(always)]
    fn fill(_: f32) {}
}

impl<V: Vector, const N: usize> Activations for [V; N] {
    #[inline(always)]
    fn fill(value: f32) -> Self {
        [V::splat(value); N]
    }
}

impl<A: Activations, B: Activations, C: Activations> Activations for (A, B, C) {
    #[inline(always)]
    fn fill(value: f32) -> Self {
        (A::fill(value), B::fill(value), C::fill(value))
    }
}

//! Layers: functions of `I` numbers a sample to `O`, forward and backward.

mod activations;
mod bias;
mod chain;
mod elementwise;
mod frozen;
mod linear;
mod smooth;
mod standardize;

pub use activations::{HardTanh, LeakyRelu, Relu};
pub use bias::{Bias, NoBias, WithBias};
pub use chain::Chain;
pub use elementwise::Elementwise;
pub use frozen::Frozen;
pub use linear::Linear;
pub use smooth::{Elu, Sigmoid, Softplus, Tanh};
pub use standardize::Standardize;

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

    /// Sets the parameters to where learning starts, in PyTorch's order. By default they stay as
    /// they are.
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

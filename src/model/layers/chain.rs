//! One layer after another.

use super::together::split as split_together;
use super::{Layer, Pass};
use crate::kernels::matmul::together::SAMPLES;
use crate::kernels::simd::Vector;
use crate::kernels::zero::Zero;
use crate::model::architecture::Architecture;
use crate::model::init::Scheme;
use crate::model::params::{Params, Tensor, TensorId, TensorMut, Visit};
use rand_core::Rng;

/// `A`, then `B`, with `M` numbers between them: `nn.Sequential` of two. In a deeper network the
/// second part is a chain again; [`net!`](crate::net) writes the type.
///
/// ```
/// use stackprop::{Chain, Layer, Linear, Relu};
///
/// let first = Linear::new([[1.0, -2.0]], [0.5]);
/// let chain = Chain::<_, _, 1>(first, Chain::<_, _, 1>(Relu, Linear::new([[3.0]], [1.0])));
/// let (mut activations, mut y) = (((), [0.0], ((), [0.0], ())), [0.0]);
/// chain.forward(&[1.0_f32, 0.25], &mut activations, &mut y);
/// assert_eq!(activations, ((), [1.0], ((), [1.0], ()))); // after `first`, after Relu
/// assert_eq!(y, [4.0]);
/// ```
///
/// Layers that do not fit do not compile: `Linear<5, 1>` is not a layer that takes 4 numbers and
/// gives 1.
///
/// ```compile_fail,E0277
/// use stackprop::{Chain, Linear, Network, SigmoidBce};
///
/// let first = Linear::new([[0.5; 3]; 4], [0.0; 4]);
/// let second = Linear::new([[0.5; 5]; 1], [0.0; 1]);
/// let net = Network::<_, _, 3, 1>::from_layers(Chain::<_, _, 4>(first, second), SigmoidBce);
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Chain<A, B, const M: usize>(pub A, pub B);

impl<A: Zero, B: Zero, const M: usize> Zero for Chain<A, B, M> {
    const ZERO: Self = Self(A::ZERO, B::ZERO);
}

impl<A: Params, B: Params, const M: usize> Params for Chain<A, B, M> {
    type Of<T: Zero> = Chain<A::Of<T>, B::Of<T>, M>;
    const COUNT: usize = A::COUNT + B::COUNT;
    const TENSORS: usize = A::TENSORS + B::TENSORS;
    const NUMBERS: usize = A::NUMBERS + B::NUMBERS;
    const LAYERS: usize = A::LAYERS + B::LAYERS;
    const LEARNING: usize = A::LEARNING + B::LEARNING;
    const ARCHITECTURE: Architecture = Architecture::Chain(&A::ARCHITECTURE, &B::ARCHITECTURE);

    #[inline(always)]
    fn values(&self) -> Self::Of<f32> {
        Chain(self.0.values(), self.1.values())
    }

    #[inline(always)]
    fn fill<T: Zero>(value: T) -> Self::Of<T> {
        Chain(A::fill(value), B::fill(value))
    }

    #[inline(always)]
    fn zip_params<S: Zero, T: Zero>(
        &mut self,
        b: &Self::Of<S>,
        c: &mut Self::Of<T>,
        f: &mut impl FnMut(TensorId, &mut [f32], &[S], &mut [T]),
    ) {
        self.0.zip_params(&b.0, &mut c.0, f);
        let mut f = |id: TensorId, w: &mut [f32], b: &[S], c: &mut [T]| f(id.after::<A>(), w, b, c);
        self.1.zip_params(&b.1, &mut c.1, &mut f);
    }

    #[inline(always)]
    fn zip_tensors<S: Zero, T: Zero, U: Zero>(
        a: &mut Self::Of<S>,
        b: &Self::Of<T>,
        c: &mut Self::Of<U>,
        f: &mut impl FnMut(&mut [S], &[T], &mut [U]),
    ) {
        A::zip_tensors(&mut a.0, &b.0, &mut c.0, f);
        B::zip_tensors(&mut a.1, &b.1, &mut c.1, f);
    }

    fn tensor(&self, index: usize) -> Option<Tensor<'_>> {
        match index.checked_sub(A::TENSORS) {
            None => self.0.tensor(index),
            Some(index) => Some(self.1.tensor(index)?.after(A::LAYERS)),
        }
    }

    fn tensor_mut(&mut self, index: usize) -> Option<TensorMut<'_>> {
        match index.checked_sub(A::TENSORS) {
            None => self.0.tensor_mut(index),
            Some(index) => Some(self.1.tensor_mut(index)?.after(A::LAYERS)),
        }
    }

    fn tensor_of<T: Zero>(tensors: &Self::Of<T>, index: usize) -> Option<Tensor<'_, T>> {
        match index.checked_sub(A::TENSORS) {
            None => A::tensor_of(&tensors.0, index),
            Some(index) => Some(B::tensor_of(&tensors.1, index)?.after(A::LAYERS)),
        }
    }
}

impl<A, B, const I: usize, const M: usize, const O: usize> Layer<I, O> for Chain<A, B, M>
where
    A: Layer<I, M>,
    B: Layer<M, O>,
{
    /// The activations of `A`, the `M` numbers between, the activations of `B`.
    type Activations<V: Vector> = (A::Activations<V>, [V; M], B::Activations<V>);

    #[inline(always)]
    fn forward<V: Vector>(
        &self,
        x: &[V; I],
        activations: &mut Self::Activations<V>,
        y: &mut [V; O],
    ) {
        let (a, between, b) = activations;
        self.0.forward(x, a, between);
        self.1.forward(between, b, y);
    }

    #[inline(always)]
    fn backward<V: Vector>(
        &self,
        pass: Pass<'_, V, Self::Activations<V>, I, O>,
        dy: &[V; O],
        grad: Option<&mut Self::Of<V::Partial>>,
        delta: &mut Self::Activations<V>,
        dx: Option<&mut [V; I]>,
    ) {
        let (first, second) = split_pass(pass);
        let (a, between, b) = delta;
        let (grad_a, grad_b) = match grad {
            Some(Chain(a, b)) => (Some(a), Some(b)),
            None => (None, None),
        };
        if A::COUNT == 0 && dx.is_none() {
            // No layer in front of the second part learns.
            self.1.backward(second, dy, grad_b, b, None);
            return;
        }
        self.1.backward(second, dy, grad_b, b, Some(between));
        self.0.backward(first, between, grad_a, a, dx);
    }

    #[inline(always)]
    fn backward_first(
        &self,
        pass: Pass<'_, f32, Self::Activations<f32>, I, O>,
        dy: &[f32; O],
        grad: &mut Self::Of<f32>,
        delta: &mut Self::Activations<f32>,
        dx: Option<&mut [f32; I]>,
    ) {
        let (first, second) = split_pass(pass);
        let (a, between, b) = delta;
        if A::COUNT == 0 && dx.is_none() {
            self.1.backward_first(second, dy, &mut grad.1, b, None);
            return;
        }
        self.1
            .backward_first(second, dy, &mut grad.1, b, Some(between));
        self.0.backward_first(first, between, &mut grad.0, a, dx);
    }

    #[inline(always)]
    fn columns(&self, columns: &mut Self::Of<f32>) {
        self.0.columns(&mut columns.0);
        self.1.columns(&mut columns.1);
    }

    #[inline(always)]
    fn forward_together(
        &self,
        columns: Option<&Self::Of<f32>>,
        x: [&[f32; I]; SAMPLES],
        activations: [&mut Self::Activations<f32>; SAMPLES],
        y: [&mut [f32; O]; SAMPLES],
    ) {
        let (a, mut between, b) = split_together(activations);
        let columns = columns.map(|columns| (&columns.0, &columns.1));
        let out = between.each_mut().map(|between| &mut **between);
        let (first, second) = (columns.map(|(a, _)| a), columns.map(|(_, b)| b));
        self.0.forward_together(first, x, a, out);
        let between = between.map(|between| &*between);
        self.1.forward_together(second, between, b, y);
    }

    #[inline(always)]
    fn backward_together<const PER_SUM: usize>(
        &self,
        passes: [Pass<'_, f32, Self::Activations<f32>, I, O>; SAMPLES],
        dy: [&[f32; O]; SAMPLES],
        grad: Option<&mut Self::Of<f32>>,
        delta: [&mut Self::Activations<f32>; SAMPLES],
        dx: Option<[&mut [f32; I]; SAMPLES]>,
    ) {
        let first = passes.map(|pass| split_pass(pass).0);
        let second = passes.map(|pass| split_pass(pass).1);
        let (a, mut between, b) = split_together(delta);
        let (grad_a, grad_b) = match grad {
            Some(Chain(a, b)) => (Some(a), Some(b)),
            None => (None, None),
        };
        if A::COUNT == 0 && dx.is_none() {
            self.1
                .backward_together::<PER_SUM>(second, dy, grad_b, b, None);
            return;
        }
        let out = between.each_mut().map(|between| &mut **between);
        self.1
            .backward_together::<PER_SUM>(second, dy, grad_b, b, Some(out));
        let between = between.map(|between| &*between);
        self.0
            .backward_together::<PER_SUM>(first, between, grad_a, a, dx);
    }

    #[inline]
    fn init(&mut self, scheme: Scheme, random: &mut impl Rng) {
        self.0.init(scheme, random);
        self.1.init(scheme, random);
    }

    #[inline(always)]
    fn fold_gradient<S: Zero, T: Copy, F>(
        &mut self,
        pass: Pass<'_, f32, Self::Activations<f32>, I, O>,
        dy: &[f32; O],
        delta: &Self::Activations<f32>,
        state: &mut Self::Of<S>,
        acc: T,
        f: impl Fn(TensorId) -> Visit<F> + Copy,
    ) -> T
    where
        F: Fn(T, &mut f32, f32, &mut S) -> T + Copy,
    {
        let (first, second) = split_pass(pass);
        let (a, between, b) = delta;
        let acc = if A::COUNT > 0 {
            self.0
                .fold_gradient(first, between, a, &mut state.0, acc, f)
        } else {
            acc
        };
        let f = move |id: TensorId| f(id.after::<A>());
        self.1.fold_gradient(second, dy, b, &mut state.1, acc, f)
    }

    #[inline(always)]
    fn bound_gradient<S: Zero>(
        &mut self,
        pass: Pass<'_, f32, Self::Activations<f32>, I, O>,
        dy: &[f32; O],
        delta: &Self::Activations<f32>,
        state: &mut Self::Of<S>,
        f: &mut impl FnMut(TensorId, &[f32], f32, &[S]),
    ) {
        let (first, second) = split_pass(pass);
        let (a, between, b) = delta;
        if A::COUNT > 0 {
            self.0.bound_gradient(first, between, a, &mut state.0, f);
        }
        let mut f = |id: TensorId, w: &[f32], g: f32, s: &[S]| f(id.after::<A>(), w, g, s);
        self.1.bound_gradient(second, dy, b, &mut state.1, &mut f);
    }
}

/// The pass through a chain as the passes through its two parts.
#[inline(always)]
fn split_pass<V, A, B, const I: usize, const M: usize, const O: usize>(
    pass: Pass<'_, V, (A, [V; M], B), I, O>,
) -> (Pass<'_, V, A, I, M>, Pass<'_, V, B, M, O>) {
    let (a, between, b) = pass.activations;
    (
        Pass {
            x: pass.x,
            activations: a,
            y: between,
        },
        Pass {
            x: between,
            activations: b,
            y: pass.y,
        },
    )
}

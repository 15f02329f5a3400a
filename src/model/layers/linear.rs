//! The linear layer.

use super::bias::{Bias, NoBias, WithBias};
use super::{Layer, Pass, bias};
use crate::kernels::matmul::{
    self,
    together::{self, SAMPLES},
};
use crate::kernels::outline::{call_if, is_large};
use crate::kernels::simd::Vector;
use crate::kernels::size::largest;
use crate::kernels::soft;
use crate::kernels::zero::Zero;
use crate::model::init::{Scheme, uniform};
use crate::model::params::{TensorId, Visit};
use core::fmt::{Debug, Formatter};
use rand_core::Rng;

/// y = x W^T + b: `nn.Linear(I, O)`. The type parameter `B` says whether there is a bias; without
/// one, [`NoBias`], it takes no memory and no instruction. `T` is the type of number: `f32` in a
/// layer and in its gradient.
///
/// | | shape |
/// | --- | --- |
/// | x, dx | `[I]` for each sample |
/// | y, dy | `[O]` for each sample |
/// | W, dW | `[O][I]` |
/// | b, db | `[O]` |
///
/// With dy = dL/dy the gradients are dW = dy^T x, db = dy and dx = dy W; backward overwrites dx and
/// adds to dW and db. Sums run in index order; those of y start from the bias. Any value is
/// allowed: NaN and infinities follow IEEE arithmetic. Error: a sum of n products is off by at most
/// n 2^-24 of the sum of their sizes.
#[derive(Clone, Copy)]
pub struct Linear<const I: usize, const O: usize, B: Bias = WithBias, T: Zero = f32> {
    /// W, `[out][in]`.
    pub weight: [[T; I]; O],
    /// b: `[T; O]`, or `[T; 0]` without bias.
    pub bias: B::Of<T, O>,
}

impl<const I: usize, const O: usize> Linear<I, O> {
    /// A layer with this weight, `[out][in]`, and this bias.
    ///
    /// ```
    /// use stackprop::{Layer, Linear};
    ///
    /// let layer = Linear::new([[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]], [0.5, 0.0, -0.5]);
    /// let mut y = [0.0; 3];
    /// layer.forward(&[1.0_f32, -1.0], &mut (), &mut y);
    /// assert_eq!(y, [-0.5, -1.0, -1.5]);
    /// ```
    #[must_use]
    pub const fn new(weight: [[f32; I]; O], bias: [f32; O]) -> Self {
        Self { weight, bias }
    }
}

impl<const I: usize, const O: usize> Linear<I, O, NoBias> {
    /// A layer with this weight, `[out][in]`, and no bias.
    ///
    /// ```
    /// use stackprop::{Layer, Linear};
    ///
    /// let layer = Linear::without_bias([[1.0, 2.0], [3.0, 4.0]]);
    /// let mut y = [0.0; 2];
    /// layer.forward(&[1.0_f32, -1.0], &mut (), &mut y);
    /// assert_eq!(y, [-1.0, -1.0]);
    /// ```
    #[must_use]
    pub const fn without_bias(weight: [[f32; I]; O]) -> Self {
        Self { weight, bias: [] }
    }
}

impl<const I: usize, const O: usize, B: Bias, T: Zero + Debug> Debug for Linear<I, O, B, T> {
    fn fmt(&self, f: &mut Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("Linear")
            .field("weight", &self.weight)
            .field("bias", &self.bias.as_ref())
            .finish()
    }
}

impl<const I: usize, const O: usize, B: Bias, T: Zero + PartialEq> PartialEq
    for Linear<I, O, B, T>
{
    fn eq(&self, other: &Self) -> bool {
        self.weight == other.weight && self.bias.as_ref() == other.bias.as_ref()
    }
}

impl<const I: usize, const O: usize, B: Bias, T: Zero> Zero for Linear<I, O, B, T> {
    const ZERO: Self = Self {
        weight: [[T::ZERO; I]; O],
        bias: B::Of::<T, O>::ZERO,
    };
}

/// All 0.
impl<const I: usize, const O: usize, B: Bias, T: Zero> Default for Linear<I, O, B, T> {
    fn default() -> Self {
        Self::ZERO
    }
}

impl<const I: usize, const O: usize, B: Bias> Layer<I, O> for Linear<I, O, B> {
    type Activations<V: Vector> = ();

    // A call where nothing is optimised, so that a network of many layers fits a thread's stack.
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn forward<V: Vector>(&self, x: &[V; I], (): &mut (), y: &mut [V; O]) {
        const {
            assert!(
                I > 0 && O > 0,
                "a linear layer has at least one input and one output"
            )
        }
        matmul::forward(&self.weight, self.bias.as_ref(), x, y);
    }

    #[cfg_attr(not(debug_assertions), inline(always))]
    fn backward<V: Vector>(
        &self,
        pass: Pass<'_, V, (), I, O>,
        dy: &[V; O],
        grad: Option<&mut Self::Of<V::Partial>>,
        (): &mut (),
        dx: Option<&mut [V; I]>,
    ) {
        if let Some(dx) = dx {
            matmul::input_grad(&self.weight, dy, dx);
        }
        if let Some(grad) = grad {
            matmul::weight_grad(dy, pass.x, &mut grad.weight);
            V::accumulate_each(grad.bias.as_mut(), dy);
        }
    }

    #[cfg_attr(not(debug_assertions), inline(always))]
    fn backward_first(
        &self,
        pass: Pass<'_, f32, (), I, O>,
        dy: &[f32; O],
        grad: &mut Self,
        (): &mut (),
        dx: Option<&mut [f32; I]>,
    ) {
        if let Some(dx) = dx {
            matmul::input_grad(&self.weight, dy, dx);
        }
        matmul::first_weight_grad(dy, pass.x, &mut grad.weight);
        for (db, dy) in grad.bias.as_mut().iter_mut().zip(dy) {
            *db = *dy;
        }
    }

    #[inline(always)]
    fn columns(&self, columns: &mut Self) {
        together::columns(&self.weight, &mut columns.weight);
    }

    #[inline(always)]
    fn forward_together(
        &self,
        columns: Option<&Self>,
        x: [&[f32; I]; SAMPLES],
        _: [&mut (); SAMPLES],
        y: [&mut [f32; O]; SAMPLES],
    ) {
        let columns = columns.map(|columns| &columns.weight);
        together::forward((&self.weight, columns), self.bias.as_ref(), x, y);
    }

    #[inline(always)]
    fn backward_together<const PER_SUM: usize>(
        &self,
        passes: [Pass<'_, f32, (), I, O>; SAMPLES],
        dy: [&[f32; O]; SAMPLES],
        grad: Option<&mut Self>,
        _: [&mut (); SAMPLES],
        dx: Option<[&mut [f32; I]; SAMPLES]>,
    ) {
        if let Some(dx) = dx {
            together::input_grad(&self.weight, dy, dx);
        }
        if let Some(grad) = grad {
            let x = passes.map(|pass| pass.x);
            together::weight_grad::<PER_SUM, I, O>(dy, x, &mut grad.weight);
            // No closure with an index: at opt-level s it is a function that may panic. Guarded by
            // `cargo chip m4f::stack_bound`.
            let [dy0, dy1, dy2, dy3] = dy;
            let dy = dy0.iter().zip(dy1).zip(dy2).zip(dy3);
            for (db, (((a, b), c), d)) in grad.bias.as_mut().iter_mut().zip(dy) {
                *db = together::bracket::<PER_SUM>(*db, [*a, *b, *c, *d]);
            }
        }
    }

    /// Uniform within the bounds of `scheme`; a bias without bounds starts at 0.
    fn init(&mut self, scheme: Scheme, random: &mut impl Rng) {
        let (weight, bias) = scheme.bounds(I, O);
        for w in self.weight.as_flattened_mut() {
            *w = uniform(random, weight);
        }
        for b in self.bias.as_mut() {
            *b = if bias > 0.0 {
                uniform(random, bias)
            } else {
                0.0
            };
        }
    }

    #[cfg_attr(not(debug_assertions), inline(always))]
    fn fold_gradient<S: Zero, A: Copy, F>(
        &mut self,
        pass: Pass<'_, f32, (), I, O>,
        dy: &[f32; O],
        (): &(),
        state: &mut Self::Of<S>,
        acc: A,
        f: impl Fn(TensorId) -> Visit<F> + Copy,
    ) -> A
    where
        F: Fn(A, &mut f32, f32, &mut S) -> A + Copy,
    {
        let visit = f(TensorId::new("weight"));
        let (weight, own) = (visit.numbers(&mut self.weight), &mut state.weight);
        let acc = matmul::fold_gradient(weight, own, dy, pass.x, acc, visit.each);
        let visit = f(TensorId::new("bias"));
        let (bias, own) = (visit.numbers(self.bias.as_mut()), state.bias.as_mut());
        call_if(
            is_large::<f32>(I * O),
            bias::fold_bias,
            bias,
            own,
            &dy[..],
            (acc, visit.each),
        )
    }

    /// Each number of the gradient is dy\[o\] x\[i\], or dy\[o\] for a bias. Rounding is monotone,
    /// so the product of the largest, rounded, is no smaller than any of them.
    #[inline(always)]
    fn bound_gradient<S: Zero>(
        &mut self,
        pass: Pass<'_, f32, (), I, O>,
        dy: &[f32; O],
        (): &(),
        state: &mut Self::Of<S>,
        f: &mut impl FnMut(TensorId, &[f32], f32, &[S]),
    ) {
        let dy = largest(dy);
        let (weight, own) = (self.weight.as_flattened(), state.weight.as_flattened());
        f(
            TensorId::new("weight"),
            weight,
            soft::mul(dy, largest(pass.x)),
            own,
        );
        if B::PER_OUTPUT > 0 {
            let (bias, own) = (self.bias.as_ref(), state.bias.as_ref());
            f(TensorId::new("bias"), bias, dy, own);
        }
    }
}

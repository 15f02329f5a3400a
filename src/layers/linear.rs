//! The linear layer.

use super::{Layer, Pass};
use crate::compact::{call, is_large};
use crate::lane::Lane;
use crate::matmul;
use crate::params::Params;
use core::fmt::{Debug, Formatter};

/// y = x W^T + b: `nn.Linear(I, O)`. The type parameter `B` says whether there is a bias; without one,
/// [`NoBias`], it takes no memory and no instruction.
///
/// Gradients, with dy = dL/dy: dW = dy^T x, db = dy, dx = dy W. Sums run in index order, starting from
/// the bias. Any value: NaN and infinities go through as IEEE arithmetic has them.
#[derive(Clone, Copy)]
pub struct Linear<const I: usize, const O: usize, B: Bias = WithBias, T: Copy = f32> {
    /// W, `[out][in]`.
    pub weight: [[T; I]; O],
    /// b: `[T; O]`, or `[T; 0]` without bias.
    pub bias: B::Of<T, O>,
}

/// Whether a [`Linear`] layer has a bias: [`WithBias`] or [`NoBias`].
pub trait Bias: Copy + Debug + PartialEq + 'static {
    /// The bias of a layer with `O` outputs.
    type Of<T: Copy, const O: usize>: Copy + AsRef<[T]> + AsMut<[T]>;

    /// How many numbers the bias has for each output: 1 or 0.
    const PER_OUTPUT: usize;

    /// A bias that is `value` everywhere.
    fn fill<T: Copy, const O: usize>(value: T) -> Self::Of<T, O>;
}

/// A [`Linear`] layer with a bias, as PyTorch has by default.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WithBias;

/// A [`Linear`] layer without bias: `bias=False`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NoBias;

impl Bias for WithBias {
    type Of<T: Copy, const O: usize> = [T; O];
    const PER_OUTPUT: usize = 1;

    #[inline(always)]
    fn fill<T: Copy, const O: usize>(value: T) -> [T; O] {
        [value; O]
    }
}

impl Bias for NoBias {
    type Of<T: Copy, const O: usize> = [T; 0];
    const PER_OUTPUT: usize = 0;

    #[inline(always)]
    fn fill<T: Copy, const O: usize>(_: T) -> [T; 0] {
        []
    }
}

impl<const I: usize, const O: usize> Linear<I, O> {
    /// A layer with this weight, `[out][in]`, and this bias.
    #[must_use]
    pub const fn new(weight: [[f32; I]; O], bias: [f32; O]) -> Self {
        Self { weight, bias }
    }
}

impl<const I: usize, const O: usize> Linear<I, O, NoBias> {
    /// A layer with this weight, `[out][in]`, and no bias.
    #[must_use]
    pub const fn without_bias(weight: [[f32; I]; O]) -> Self {
        Self { weight, bias: [] }
    }
}

impl<const I: usize, const O: usize, B: Bias, T: Copy + Debug> Debug for Linear<I, O, B, T> {
    fn fmt(&self, f: &mut Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("Linear")
            .field("weight", &self.weight)
            .field("bias", &self.bias.as_ref())
            .finish()
    }
}

impl<const I: usize, const O: usize, B: Bias, T: Copy + PartialEq> PartialEq
    for Linear<I, O, B, T>
{
    fn eq(&self, other: &Self) -> bool {
        self.weight == other.weight && self.bias.as_ref() == other.bias.as_ref()
    }
}

impl<const I: usize, const O: usize, B: Bias> Params for Linear<I, O, B> {
    type Of<T: Copy> = Linear<I, O, B, T>;
    const COUNT: usize = (I + B::PER_OUTPUT) * O;

    #[inline(always)]
    fn params(&self) -> Self::Of<f32> {
        *self
    }

    #[inline(always)]
    fn update<S: Copy, T: Copy>(
        &mut self,
        b: &Self::Of<S>,
        c: &mut Self::Of<T>,
        f: &mut impl FnMut(&mut [f32], &[S], &mut [T]),
    ) {
        Self::zip(self, b, c, f);
    }

    #[inline(always)]
    fn fill<T: Copy>(value: T) -> Self::Of<T> {
        Linear {
            weight: [[value; I]; O],
            bias: B::fill(value),
        }
    }

    #[inline(always)]
    fn zip<S: Copy, U: Copy, W: Copy>(
        a: &mut Self::Of<S>,
        b: &Self::Of<U>,
        c: &mut Self::Of<W>,
        f: &mut impl FnMut(&mut [S], &[U], &mut [W]),
    ) {
        f(
            a.weight.as_flattened_mut(),
            b.weight.as_flattened(),
            c.weight.as_flattened_mut(),
        );
        if B::PER_OUTPUT > 0 {
            f(a.bias.as_mut(), b.bias.as_ref(), c.bias.as_mut());
        }
    }
}

impl<const I: usize, const O: usize, B: Bias> Layer<I, O> for Linear<I, O, B> {
    type Hidden<V: Lane> = ();

    #[inline(always)]
    fn forward<V: Lane>(&self, x: &[V; I], (): &mut (), y: &mut [V; O]) {
        const {
            assert!(
                I > 0 && O > 0,
                "a linear layer has at least one input and one output"
            )
        }
        matmul::forward(&self.weight, self.bias.as_ref(), x, y);
    }

    #[inline(always)]
    fn backward<V: Lane>(
        &self,
        pass: Pass<'_, V, (), I, O>,
        dy: &[V; O],
        grad: &mut Self::Of<V::Acc>,
        delta: &mut (),
        dx: &mut [V; I],
    ) {
        matmul::backward_input(&self.weight, dy, dx);
        self.backward_params(pass, dy, grad, delta);
    }

    #[inline(always)]
    fn backward_params<V: Lane>(
        &self,
        pass: Pass<'_, V, (), I, O>,
        dy: &[V; O],
        grad: &mut Self::Of<V::Acc>,
        (): &mut (),
    ) {
        matmul::backward_weight(dy, pass.x, &mut grad.weight);
        for (db, dy) in grad.bias.as_mut().iter_mut().zip(dy) {
            *db = V::add_into(*db, *dy);
        }
    }

    #[inline(always)]
    fn backward_input<V: Lane>(
        &self,
        _: Pass<'_, V, (), I, O>,
        dy: &[V; O],
        (): &mut (),
        dx: &mut [V; I],
    ) {
        matmul::backward_input(&self.weight, dy, dx);
    }

    #[inline(always)]
    fn backward_hidden<V: Lane>(&self, _: Pass<'_, V, (), I, O>, _: &[V; O], (): &mut ()) {}

    #[inline(always)]
    fn descend<S: Copy, A: Copy>(
        &mut self,
        pass: Pass<'_, f32, (), I, O>,
        dy: &[f32; O],
        (): &(),
        state: &mut Self::Of<S>,
        acc: A,
        f: impl Fn(A, &mut f32, f32, &mut S) -> A + Copy,
    ) -> A {
        let acc = matmul::descend(&mut self.weight, &mut state.weight, dy, pass.x, acc, f);
        let (bias, state) = (self.bias.as_mut(), state.bias.as_mut());
        call(
            is_large::<f32>(I * O),
            descend,
            bias,
            state,
            &dy[..],
            (acc, f),
        )
    }
}

/// Folds `f` over the bias, as [`matmul::descend`] does over the weight. As slices: one copy for all sizes.
#[inline(always)]
fn descend<S: Copy, A>(
    bias: &mut [f32],
    state: &mut [S],
    dy: &[f32],
    (acc, f): (A, impl Fn(A, &mut f32, f32, &mut S) -> A),
) -> A {
    let all = bias.iter_mut().zip(state).zip(dy);
    all.fold(acc, |acc, ((b, s), dy)| f(acc, b, *dy, s))
}

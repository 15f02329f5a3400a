//! Layers: what turns `I` numbers a sample into `O`, forward and backward.

mod chain;
mod elementwise;
mod frozen;
mod leaky_relu;
mod linear;
mod relu;
mod sigmoid;
mod tanh;

pub use chain::Chain;
pub use frozen::Frozen;
pub use leaky_relu::LeakyRelu;
pub use linear::{Bias, Linear, NoBias, WithBias};
pub use relu::Relu;
pub use sigmoid::Sigmoid;
pub use tanh::Tanh;

use crate::lane::{Lane, NOTHING};
use crate::params::{self, Params};
use core::hint::black_box;

/// A differentiable function from `I` numbers to `O`, with parameters.
///
/// Both directions are written once, over lanes: a lane is a sample, parameters are plain `f32`. Outputs
/// come last; `forward` and `dx` overwrite, `grad` is added to. A layer adds to each number of `grad`
/// once a call, with [`Lane::sum_into`] or [`Lane::add_into`], which fix the order of the sum over samples.
///
/// A layer of your own needs `forward` and `backward`. The other functions are parts of `backward` for callers that
/// do not want all of it; written by hand they save work, and [`check`](crate::check) holds them against `backward`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a layer that takes {I} numbers and gives {O}",
    label = "wrong number of inputs or outputs",
    note = "in a chain, what one layer gives has to be what the next one takes; a row of input has one number per input of the network"
)]
pub trait Layer<const I: usize, const O: usize>: Params {
    /// The numbers between the layer's own parts: what `forward` keeps for `backward`, and, in `backward`,
    /// the gradient of each of them. `()` if there are none.
    type Hidden<V: Lane>: Hidden;

    /// y = f(x), keeping in `hidden` what lies between. Overwrites both.
    fn forward<V: Lane>(&self, x: &[V; I], hidden: &mut Self::Hidden<V>, y: &mut [V; O]);

    /// From `dy`, the gradient of the loss with respect to y: adds that of the parameters to `grad`,
    /// and overwrites `delta` and `dx` with those of the hidden numbers and of x.
    fn backward<V: Lane>(
        &self,
        pass: Pass<'_, V, Self::Hidden<V>, I, O>,
        dy: &[V; O],
        grad: &mut Self::Of<V::Acc>,
        delta: &mut Self::Hidden<V>,
        dx: &mut [V; I],
    );

    /// [`backward`](Self::backward) without `dx`, which the first layer of a network need not compute.
    #[inline(always)]
    fn backward_params<V: Lane>(
        &self,
        pass: Pass<'_, V, Self::Hidden<V>, I, O>,
        dy: &[V; O],
        grad: &mut Self::Of<V::Acc>,
        delta: &mut Self::Hidden<V>,
    ) {
        self.backward(pass, dy, grad, delta, &mut [V::ZERO; I]);
    }

    /// [`backward`](Self::backward) without the gradient of the parameters: overwrites `delta` and `dx`.
    #[inline(always)]
    fn backward_input<V: Lane>(
        &self,
        pass: Pass<'_, V, Self::Hidden<V>, I, O>,
        dy: &[V; O],
        delta: &mut Self::Hidden<V>,
        dx: &mut [V; I],
    ) {
        let mut unused = Self::fill(V::Acc::splat(NOTHING));
        self.backward(pass, dy, &mut unused, delta, dx);
    }

    /// [`backward_input`](Self::backward_input) without `dx`: what the first layer of a network has to know for
    /// [`descend`](Self::descend).
    #[inline(always)]
    fn backward_hidden<V: Lane>(
        &self,
        pass: Pass<'_, V, Self::Hidden<V>, I, O>,
        dy: &[V; O],
        delta: &mut Self::Hidden<V>,
    ) {
        self.backward_input(pass, dy, delta, &mut [V::ZERO; I]);
    }

    /// Folds `f` over the parameters, each with its gradient for one sample and its number in `state`, in the order of
    /// [`Params::zip`], given the `delta` of [`backward_hidden`](Self::backward_hidden). A layer that knows each number
    /// of its gradient by itself, as [`Linear`] does, keeps none in memory; by default there is one on the stack.
    #[inline(always)]
    fn descend<S: Copy, A: Copy>(
        &mut self,
        pass: Pass<'_, f32, Self::Hidden<f32>, I, O>,
        dy: &[f32; O],
        delta: &Self::Hidden<f32>,
        state: &mut Self::Of<S>,
        mut acc: A,
        f: impl Fn(A, &mut f32, f32, &mut S) -> A + Copy,
    ) -> A {
        let (mut grad, mut delta) = (Self::fill(NOTHING), *delta);
        self.backward_params(pass, dy, &mut grad, &mut delta);
        params::update(self, &grad, state, |w, g, s| acc = f(acc, w, g, s));
        acc
    }
}

/// What a forward pass leaves for backward.
#[derive(Clone, Copy, Debug)]
pub struct Pass<'a, V, H, const I: usize, const O: usize> {
    /// What went in.
    pub x: &'a [V; I],
    /// What `forward` kept.
    pub hidden: &'a H,
    /// What came out.
    pub y: &'a [V; O],
}

/// Numbers between layers: nothing, an array of lanes, or a nesting of these.
pub trait Hidden: Copy {
    /// `value` everywhere.
    #[must_use]
    fn fill(value: f32) -> Self;

    /// +0 everywhere.
    // Where it is much, a 0 that the compiler does not know: else it calls memset, four instructions a number on a Cortex-M.
    #[inline(always)]
    #[must_use]
    fn zero() -> Self {
        if size_of::<Self>() < MUCH {
            Self::fill(0.0)
        } else {
            Self::fill(black_box(0.0))
        }
    }
}

/// From how many bytes on [`Hidden::zero`] does without memset. Hiding the 0 takes as much as clearing these.
const MUCH: usize = 64;

impl Hidden for () {
    #[inline(always)]
    fn fill(_: f32) {}
}

impl<V: Lane, const N: usize> Hidden for [V; N] {
    #[inline(always)]
    fn fill(value: f32) -> Self {
        [V::splat(value); N]
    }
}

impl<A: Hidden, B: Hidden, C: Hidden> Hidden for (A, B, C) {
    #[inline(always)]
    fn fill(value: f32) -> Self {
        (A::fill(value), B::fill(value), C::fill(value))
    }
}

/// Implements [`Params`] and [`Init`](crate::Init) for a layer without parameters: a unit struct, which may have const parameters.
///
/// ```
/// use stackprop::{Params, no_params};
///
/// #[derive(Clone, Copy)]
/// struct Softsign;
/// no_params!(Softsign);
///
/// #[derive(Clone, Copy)]
/// struct Clamp<const LIMIT: u32>;
/// no_params!(Clamp<const LIMIT: u32>);
/// # assert_eq!(Softsign::COUNT + Clamp::<3>::COUNT, 0);
/// ```
#[macro_export]
macro_rules! no_params {
    ($layer:ident $(<$(const $name:ident: $type:ty),+>)?) => {
        impl $(<$(const $name: $type),+>)? $crate::Params for $layer $(<$($name),+>)? {
            type Of<T: Copy> = Self;
            const COUNT: usize = 0;

            #[inline(always)]
            fn params(&self) -> Self {
                *self
            }

            #[inline(always)]
            fn update<S: Copy, T: Copy>(
                &mut self,
                _: &Self,
                _: &mut Self,
                _: &mut impl FnMut(&mut [f32], &[S], &mut [T]),
            ) {
            }

            #[inline(always)]
            fn fill<T: Copy>(_: T) -> Self {
                $layer
            }

            #[inline(always)]
            fn zip<A: Copy, B: Copy, C: Copy>(
                _: &mut Self,
                _: &Self,
                _: &mut Self,
                _: &mut impl FnMut(&mut [A], &[B], &mut [C]),
            ) {
            }
        }

        /// Nothing to set.
        impl $(<$(const $name: $type),+>)? $crate::Init for $layer $(<$($name),+>)? {
            fn init(&mut self, _: $crate::init::Scheme, _: &mut $crate::Random) {}
        }
    };
}

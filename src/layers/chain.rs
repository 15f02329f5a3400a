//! One layer after another.

use super::{Layer, Pass};
use crate::lane::Lane;
use crate::params::Params;

/// `A`, then `B`, with `M` numbers between them: `nn.Sequential` of two. A deeper network is a chain whose
/// second part is a chain; [`net!`](crate::net) writes the type.
///
/// Layers that do not fit do not compile: `Linear<5, 1>` is not a layer that takes 4 numbers and gives 1.
///
/// ```compile_fail,E0277
/// use stackprop::{Chain, Linear, Network, SigmoidBce};
///
/// let first = Linear::new([[0.5; 3]; 4], [0.0; 4]);
/// let second = Linear::new([[0.5; 5]; 1], [0.0; 1]);
/// let net = Network::<_, _, 3, 1>::new(Chain::<_, _, 4>(first, second), SigmoidBce);
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Chain<A, B, const M: usize>(pub A, pub B);

impl<A: Params, B: Params, const M: usize> Params for Chain<A, B, M> {
    type Of<T: Copy> = Chain<A::Of<T>, B::Of<T>, M>;
    const COUNT: usize = A::COUNT + B::COUNT;

    #[inline(always)]
    fn params(&self) -> Self::Of<f32> {
        Chain(self.0.params(), self.1.params())
    }

    #[inline(always)]
    fn update<S: Copy, T: Copy>(
        &mut self,
        b: &Self::Of<S>,
        c: &mut Self::Of<T>,
        f: &mut impl FnMut(&mut [f32], &[S], &mut [T]),
    ) {
        self.0.update(&b.0, &mut c.0, f);
        self.1.update(&b.1, &mut c.1, f);
    }

    #[inline(always)]
    fn fill<T: Copy>(value: T) -> Self::Of<T> {
        Chain(A::fill(value), B::fill(value))
    }

    #[inline(always)]
    fn zip<S: Copy, T: Copy, U: Copy>(
        a: &mut Self::Of<S>,
        b: &Self::Of<T>,
        c: &mut Self::Of<U>,
        f: &mut impl FnMut(&mut [S], &[T], &mut [U]),
    ) {
        A::zip(&mut a.0, &b.0, &mut c.0, f);
        B::zip(&mut a.1, &b.1, &mut c.1, f);
    }
}

impl<A, B, const I: usize, const M: usize, const O: usize> Layer<I, O> for Chain<A, B, M>
where
    A: Layer<I, M>,
    B: Layer<M, O>,
{
    /// What `A` keeps, the `M` numbers between, what `B` keeps.
    type Hidden<V: Lane> = (A::Hidden<V>, [V; M], B::Hidden<V>);

    #[inline(always)]
    fn forward<V: Lane>(&self, x: &[V; I], hidden: &mut Self::Hidden<V>, y: &mut [V; O]) {
        let (a, between, b) = hidden;
        self.0.forward(x, a, between);
        self.1.forward(between, b, y);
    }

    #[inline(always)]
    fn backward<V: Lane>(
        &self,
        pass: Pass<'_, V, Self::Hidden<V>, I, O>,
        dy: &[V; O],
        grad: &mut Self::Of<V::Acc>,
        delta: &mut Self::Hidden<V>,
        dx: &mut [V; I],
    ) {
        let (first, second) = split(pass);
        let (a, between, b) = delta;
        self.1.backward(second, dy, &mut grad.1, b, between);
        self.0.backward(first, between, &mut grad.0, a, dx);
    }

    #[inline(always)]
    fn backward_params<V: Lane>(
        &self,
        pass: Pass<'_, V, Self::Hidden<V>, I, O>,
        dy: &[V; O],
        grad: &mut Self::Of<V::Acc>,
        delta: &mut Self::Hidden<V>,
    ) {
        let (first, second) = split(pass);
        let (a, between, b) = delta;
        if A::COUNT == 0 {
            // Nothing in front of the second part learns.
            self.1.backward_params(second, dy, &mut grad.1, b);
            return;
        }
        self.1.backward(second, dy, &mut grad.1, b, between);
        self.0.backward_params(first, between, &mut grad.0, a);
    }

    #[inline(always)]
    fn backward_input<V: Lane>(
        &self,
        pass: Pass<'_, V, Self::Hidden<V>, I, O>,
        dy: &[V; O],
        delta: &mut Self::Hidden<V>,
        dx: &mut [V; I],
    ) {
        let (first, second) = split(pass);
        let (a, between, b) = delta;
        self.1.backward_input(second, dy, b, between);
        self.0.backward_input(first, between, a, dx);
    }

    #[inline(always)]
    fn backward_hidden<V: Lane>(
        &self,
        pass: Pass<'_, V, Self::Hidden<V>, I, O>,
        dy: &[V; O],
        delta: &mut Self::Hidden<V>,
    ) {
        let (first, second) = split(pass);
        let (a, between, b) = delta;
        if A::COUNT == 0 {
            self.1.backward_hidden(second, dy, b);
            return;
        }
        self.1.backward_input(second, dy, b, between);
        self.0.backward_hidden(first, between, a);
    }

    #[inline(always)]
    fn descend<S: Copy, T: Copy>(
        &mut self,
        pass: Pass<'_, f32, Self::Hidden<f32>, I, O>,
        dy: &[f32; O],
        delta: &Self::Hidden<f32>,
        state: &mut Self::Of<S>,
        acc: T,
        f: impl Fn(T, &mut f32, f32, &mut S) -> T + Copy,
    ) -> T {
        let (first, second) = split(pass);
        let (a, between, b) = delta;
        let acc = if A::COUNT > 0 {
            self.0.descend(first, between, a, &mut state.0, acc, f)
        } else {
            acc
        };
        self.1.descend(second, dy, b, &mut state.1, acc, f)
    }
}

/// The pass through a chain as the passes through its parts.
#[inline(always)]
fn split<V, A, B, const I: usize, const M: usize, const O: usize>(
    pass: Pass<'_, V, (A, [V; M], B), I, O>,
) -> (Pass<'_, V, A, I, M>, Pass<'_, V, B, M, O>) {
    let (a, between, b) = pass.hidden;
    (
        Pass {
            x: pass.x,
            hidden: a,
            y: between,
        },
        Pass {
            x: between,
            hidden: b,
            y: pass.y,
        },
    )
}

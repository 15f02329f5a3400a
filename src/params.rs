//! What parameters, gradients, partial sums and optimiser state have in common: one value per parameter.

use crate::lane::Lane;
use core::ops::Range;

/// The tensors of a layer or a network, with any type of number in them.
///
/// `Of<f32>` are the parameters themselves and also their gradient, `Of<V>` with a lane type the partial
/// sums of a gradient, `Of<S>` the state that an optimiser keeps for each parameter. All have the
/// same fields: the gradient of `net.layers.0.weight` is `grad.0.weight`.
pub trait Params: Copy {
    /// The same tensors holding a `T` in the place of each parameter.
    type Of<T: Copy>: Copy;

    /// How many parameters there are.
    const COUNT: usize;

    /// A copy of the parameters.
    fn params(&self) -> Self::Of<f32>;

    /// Calls `f` on each tensor of parameters with the same tensor of `b` and of `c`, as [`zip`](Self::zip) does.
    fn update<B: Copy, C: Copy>(
        &mut self,
        b: &Self::Of<B>,
        c: &mut Self::Of<C>,
        f: &mut impl FnMut(&mut [f32], &[B], &mut [C]),
    );

    /// Tensors with `value` everywhere.
    fn fill<T: Copy>(value: T) -> Self::Of<T>;

    /// Calls `f` on each tensor of `a` with the same tensor of `b` and of `c`, flat and in PyTorch's order:
    /// layer by layer, the weight row by row, then the bias. The three slices have the same length.
    fn zip<A: Copy, B: Copy, C: Copy>(
        a: &mut Self::Of<A>,
        b: &Self::Of<B>,
        c: &mut Self::Of<C>,
        f: &mut impl FnMut(&mut [A], &[B], &mut [C]),
    );
}

/// The gradient of a network's parameters, or of a layer's: the same fields as the network.
pub type Grad<N> = <N as Params>::Of<f32>;

/// The length of `all` seen as one vector: the square root of the sum of squares, in order of the
/// parameters. What `torch.nn.utils.clip_grad_norm_` returns. inf where a square overflows, from 1.8e19.
#[must_use]
pub fn norm<P: Params>(all: &P::Of<f32>) -> f32 {
    let mut sum = 0.0;
    zip_with::<P, _, _>(&mut P::fill(()), all, |(), value| sum += value * value);
    libm::sqrtf(sum)
}

/// total += part, number by number.
#[inline(always)]
pub(crate) fn add<P: Params>(total: &mut P::Of<f32>, part: &P::Of<f32>) {
    zip_with::<P, _, _>(total, part, |total, part| *total += part);
}

/// Adds all partial sums of `acc` to `total`, in order of the lanes.
#[inline(always)]
pub(crate) fn add_lanes<P: Params, V: Lane>(total: &mut P::Of<f32>, acc: &P::Of<V>) {
    let mut each = |total: &mut [f32], acc: &[V], _: &mut [()]| V::add_lanes(acc, total);
    P::zip(total, acc, &mut P::fill(()), &mut each);
}

/// all *= factor.
#[inline(always)]
pub(crate) fn scale<P: Params>(all: &mut P::Of<f32>, factor: f32) {
    zip_with::<P, _, _>(all, &P::fill(()), |value, ()| *value *= factor);
}

/// Calls `f` on each number of `a` and the same number of `b`.
#[inline(always)]
pub(crate) fn zip_with<P: Params, A: Copy, B: Copy>(
    a: &mut P::Of<A>,
    b: &P::Of<B>,
    mut f: impl FnMut(&mut A, B),
) {
    P::zip(
        a,
        b,
        &mut P::fill(()),
        &mut |a: &mut [A], b: &[B], _: &mut [()]| {
            for (a, b) in a.iter_mut().zip(b) {
                f(a, *b);
            }
        },
    );
}

/// Calls `f` on each parameter and the same numbers of `b` and `c`.
#[inline(always)]
pub(crate) fn update<P: Params, B: Copy, C: Copy>(
    params: &mut P,
    b: &P::Of<B>,
    c: &mut P::Of<C>,
    f: impl FnMut(&mut f32, B, &mut C),
) {
    update_range(params, b, c, 0..P::COUNT, f);
}

/// The same for the parameters in `range`, counted in the order of [`Params::zip`].
#[inline(always)]
pub(crate) fn update_range<P: Params, B: Copy, C: Copy>(
    params: &mut P,
    b: &P::Of<B>,
    c: &mut P::Of<C>,
    range: Range<usize>,
    mut f: impl FnMut(&mut f32, B, &mut C),
) {
    let mut before = 0;
    params.update(b, c, &mut |a: &mut [f32], b: &[B], c: &mut [C]| {
        let within = |n: usize| n.saturating_sub(before).min(a.len());
        let part = within(range.start)..within(range.end);
        before += a.len();
        let parts = (
            a.get_mut(part.clone()),
            b.get(part.clone()),
            c.get_mut(part),
        );
        if let (Some(a), Some(b), Some(c)) = parts {
            for ((a, b), c) in a.iter_mut().zip(b).zip(c) {
                f(a, *b, c);
            }
        }
    });
}

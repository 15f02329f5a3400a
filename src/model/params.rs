//! What parameters, gradients, partial sums and optimiser state have in common: one value per
//! parameter.

use crate::kernels::numbers::{fold_numbers, set_numbers, zip_numbers};
use crate::kernels::outline::call_if;
use crate::kernels::simd::{Native, Vector};
use crate::kernels::zero::Zero;
use crate::model::architecture::Architecture;
use core::ops::Range;

pub use super::norm::norm;
pub use super::stats::Stats;
pub use super::tensor::{Field, Name, Tensor, TensorId, TensorMut, Visit, shape, shape_of};

/// The tensors of a layer or a network, with any type of number in them.
///
/// `Of<f32>` is a gradient, `Of<V>` with a vector type the partial sums of one, `Of<S>` the state
/// that an optimiser keeps for each parameter. All have the fields of the parameters themselves:
/// the gradient of `net.layers.0.weight` is `grad.0.weight`.
///
/// A layer of your own gets this trait from [`params!`](crate::params!), which writes it for the
/// tensors that it is told.
pub trait Params: Copy {
    /// The same tensors with a `T` for each parameter.
    type Of<T: Zero>: Zero;

    /// How many parameters there are: what training changes.
    const COUNT: usize;

    /// How many numbers the tensors have, also those that do not learn.
    const NUMBERS: usize = Self::COUNT;

    /// How many tensors there are.
    const TENSORS: usize;

    /// The kind of the layer and the shapes of its tensors.
    const ARCHITECTURE: Architecture;

    /// How many numbers it counts for in the names of an `nn.Sequential`: 1 for a layer, with or
    /// without parameters.
    const LAYERS: usize = 1;

    /// How many of its layers have parameters.
    const LEARNING: usize = (Self::COUNT > 0) as usize;

    /// A copy of the parameters.
    fn values(&self) -> Self::Of<f32>;

    /// Tensors with `value` everywhere.
    fn fill<T: Zero>(value: T) -> Self::Of<T>;

    /// Calls `f` on each tensor of parameters with the same tensor of `b` and of `c`, as
    /// [`zip_tensors`](Self::zip_tensors) does, and tells which one it is.
    ///
    /// ```
    /// use stackprop::{Params, notebook::{BOOK_NET, NetBook}};
    ///
    /// // A step that goes down by a hundredth of each gradient.
    /// let (mut net, grad) = (BOOK_NET, NetBook::fill(2.0));
    /// net.zip_params(&grad, &mut NetBook::fill(()), &mut |_, weight, grad, _| {
    ///     weight.iter_mut().zip(grad).for_each(|(w, g)| *w -= 0.01 * g);
    /// });
    /// assert_eq!(net.layers.0.weight[0][0], BOOK_NET.layers.0.weight[0][0] - 0.02);
    /// ```
    fn zip_params<B: Zero, C: Zero>(
        &mut self,
        b: &Self::Of<B>,
        c: &mut Self::Of<C>,
        f: &mut impl FnMut(TensorId, &mut [f32], &[B], &mut [C]),
    );

    /// Calls `f` on each tensor of `a` with the same tensor of `b` and of `c`, flat and in
    /// PyTorch's order: layer by layer, the weight row by row, then the bias. The three slices have
    /// the same length.
    ///
    /// ```
    /// use stackprop::{Params, notebook::NetBook};
    ///
    /// let (mut sum, grad) = (NetBook::fill(1.0), NetBook::fill(2.0));
    /// NetBook::zip_tensors(&mut sum, &grad, &mut NetBook::fill(()), &mut |sum, grad, _| {
    ///     sum.iter_mut().zip(grad).for_each(|(s, g)| *s += g);
    /// });
    /// assert_eq!(sum, NetBook::fill(3.0));
    /// ```
    fn zip_tensors<A: Zero, B: Zero, C: Zero>(
        a: &mut Self::Of<A>,
        b: &Self::Of<B>,
        c: &mut Self::Of<C>,
        f: &mut impl FnMut(&mut [A], &[B], &mut [C]),
    );

    /// Tensor `index` of the parameters, in PyTorch's order; None from [`TENSORS`](Self::TENSORS)
    /// on.
    ///
    /// ```
    /// use stackprop::{Params, notebook::BOOK_NET};
    ///
    /// let values = |index| BOOK_NET.tensor(index).map(|tensor| tensor.values.len());
    /// assert_eq!([0, 1, 2, 3].map(values), [Some(3 * 4), Some(4 * 2), Some(2), None]);
    /// ```
    fn tensor(&self, index: usize) -> Option<Tensor<'_>>;

    /// The same, to be changed.
    ///
    /// ```
    /// use stackprop::{Params, notebook::BOOK_NET};
    ///
    /// let mut net = BOOK_NET;
    /// if let Some(tensor) = net.tensor_mut(2) {
    ///     tensor.values.fill(0.5);
    /// }
    /// assert_eq!(net.tensor(2).map(|tensor| tensor.values), Some(&[0.5, 0.5][..]));
    /// ```
    fn tensor_mut(&mut self, index: usize) -> Option<TensorMut<'_>>;

    /// Tensor `index` of a gradient, or of anything else with the shape of the parameters.
    ///
    /// ```
    /// use stackprop::{Params, notebook::NetBook};
    ///
    /// let grad = NetBook::fill(2.0);
    /// let first = NetBook::tensor_of(&grad, 0);
    /// assert_eq!(first.map(|tensor| tensor.values), Some(&[2.0; 12][..]));
    /// ```
    fn tensor_of<T: Zero>(tensors: &Self::Of<T>, index: usize) -> Option<Tensor<'_, T>>;
}

/// The gradient of a network, or of a layer: the fields of its parameters.
pub type Grad<N> = <N as Params>::Of<f32>;

/// total += part, number by number.
#[inline(always)]
pub(crate) fn add<P: Params>(total: &mut P::Of<f32>, part: &P::Of<f32>) {
    zip_with::<P, _, _>(total, part, |total, part| *total += part);
}

/// Adds all partial sums of `partial` to `total`, in order of the lanes.
#[inline(always)]
pub(crate) fn add_lanes<P: Params, V: Vector>(total: &mut P::Of<f32>, partial: &P::Of<V>) {
    let mut each = |total: &mut [f32], partial: &[V], _: &mut [()]| V::add_lanes(partial, total);
    P::zip_tensors(total, partial, &mut P::fill(()), &mut each);
}

/// all *= factor.
#[inline(always)]
pub(crate) fn scale<P: Params>(all: &mut P::Of<f32>, factor: f32) {
    zip_with::<P, _, _>(all, &P::fill(()), |value, ()| *value *= factor);
}

/// Sets each number to `value`. On chips where it lies, so that no tensor passes through the stack;
/// with SIMD as one value if it is small, which takes half as many instructions.
#[inline(always)]
pub(crate) fn set_all<P: Params, T: Zero>(all: &mut P::Of<T>, value: T) {
    if Native::LANES > 1 && size_of::<P::Of<T>>() <= BY_VALUE {
        *all = P::fill(value);
    } else {
        let mut fill = |numbers: &mut [T], _: &[()], _: &mut [()]| {
            if Native::LANES > 1 {
                return numbers.fill(value);
            }
            call_if(is_large::<P>(), set_numbers, numbers, value, (), ());
        };
        P::zip_tensors(all, &P::fill(()), &mut P::fill(()), &mut fill);
    }
}

/// The most bytes that [`set_all`] lets pass through the stack: well below the smallest
/// threads of a host.
const BY_VALUE: usize = 16_384;

/// Calls `f` on each number of `a` and the same number of `b`.
#[inline(always)]
pub(crate) fn zip_with<P: Params, A: Zero, B: Zero>(
    a: &mut P::Of<A>,
    b: &P::Of<B>,
    mut f: impl FnMut(&mut A, B),
) {
    P::zip_tensors(
        a,
        b,
        &mut P::fill(()),
        &mut |a: &mut [A], b: &[B], _: &mut [()]| {
            if is_large::<P>() {
                return call_if(true, zip_numbers, a, b, &mut f, ());
            }
            for (a, b) in a.iter_mut().zip(b) {
                f(a, *b);
            }
        },
    );
}

/// Whether the walks over `P` on a chip are calls for each tensor. Guarded by the flash column of
/// `cargo bench --bench cortex_m`.
const fn is_large<P: Params>() -> bool {
    Native::LANES == 1 && P::COUNT >= LARGE
}

/// From this many parameters on a network is large: a call for a tensor takes ten instructions.
const LARGE: usize = 256;

/// Folds what `f` gives for a tensor over its parameters in `range`, counted in the order of
/// [`Params::zip_tensors`], each with the same number of `grad` and of `state`.
#[inline(always)]
pub(crate) fn fold_range<P: Params, S: Zero, A: Copy, F>(
    params: &mut P,
    grad: &P::Of<f32>,
    state: &mut P::Of<S>,
    range: Range<usize>,
    start: A,
    f: impl Fn(TensorId) -> Visit<F>,
) -> A
where
    F: Fn(A, &mut f32, f32, &mut S) -> A,
{
    let mut acc = start;
    visit_range(params, grad, state, range, |id, w, g, s| {
        let visit = f(id);
        if !visit.learns {
            return;
        }
        if is_large::<P>() {
            acc = call_if(true, fold_numbers, w, g, s, (acc, visit.each));
            return;
        }
        for ((w, g), s) in w.iter_mut().zip(g).zip(s) {
            acc = (visit.each)(acc, w, *g, s);
        }
    });
    acc
}

/// Calls `f` on what of each tensor is in `range`, with the same numbers of `grad` and of `state`.
#[inline(always)]
pub(crate) fn visit_range<P: Params, S: Zero>(
    params: &mut P,
    grad: &P::Of<f32>,
    state: &mut P::Of<S>,
    range: Range<usize>,
    mut f: impl FnMut(TensorId, &mut [f32], &[f32], &mut [S]),
) {
    let mut before = 0;
    params.zip_params(
        grad,
        state,
        &mut |id, w: &mut [f32], g: &[f32], s: &mut [S]| {
            let within = |n: usize| n.saturating_sub(before).min(w.len());
            let part = within(range.start)..within(range.end);
            before += w.len();
            let parts = (
                w.get_mut(part.clone()),
                g.get(part.clone()),
                s.get_mut(part),
            );
            if let (Some(w), Some(g), Some(s)) = parts {
                f(id, w, g, s);
            }
        },
    );
}

//! Linear layers with and without a bias.

use crate::kernels::zero::Zero;
use core::fmt::Debug;

/// Whether a [`Linear`](super::Linear) layer has a bias: [`WithBias`] or [`NoBias`]. Sealed.
pub trait Bias: Copy + Debug + PartialEq + sealed::Sealed + 'static {
    /// The bias of a layer with `O` outputs.
    type Of<T: Zero, const O: usize>: Zero + AsRef<[T]> + AsMut<[T]>;

    /// How many numbers the bias has for each output: 1 or 0.
    const PER_OUTPUT: usize;

    /// A bias that is `value` everywhere.
    fn fill<T: Zero, const O: usize>(value: T) -> Self::Of<T, O>;
}

/// A [`Linear`](super::Linear) layer with a bias: PyTorch's default, and ours.
///
/// ```
/// use stackprop::{Linear, Params, WithBias};
///
/// assert_eq!(Linear::<3, 4, WithBias>::COUNT, 3 * 4 + 4);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WithBias;

/// A [`Linear`](super::Linear) layer without bias: `bias=False`.
///
/// ```
/// use stackprop::{Linear, NoBias, Params};
///
/// assert_eq!(Linear::<3, 4, NoBias>::COUNT, 3 * 4);
/// assert_eq!(size_of::<Linear<3, 4, NoBias>>(), 4 * 3 * 4);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NoBias;

mod sealed {
    pub trait Sealed {}
    impl Sealed for super::WithBias {}
    impl Sealed for super::NoBias {}
}

impl Bias for WithBias {
    type Of<T: Zero, const O: usize> = [T; O];
    const PER_OUTPUT: usize = 1;

    #[inline(always)]
    fn fill<T: Zero, const O: usize>(value: T) -> [T; O] {
        [value; O]
    }
}

impl Bias for NoBias {
    type Of<T: Zero, const O: usize> = [T; 0];
    const PER_OUTPUT: usize = 0;

    #[inline(always)]
    fn fill<T: Zero, const O: usize>(_: T) -> [T; 0] {
        []
    }
}

/// Folds `f` over the bias, as `matmul::fold_gradient` does over the weight. It takes slices, so
/// that one copy serves all sizes.
#[inline(always)]
pub(super) fn fold_bias<S: Zero, A>(
    bias: &mut [f32],
    state: &mut [S],
    dy: &[f32],
    (mut acc, f): (A, impl Fn(A, &mut f32, f32, &mut S) -> A),
) -> A {
    // By index: an iterator here takes four more instructions a number on a Cortex-M.
    for n in 0..bias.len().min(state.len()).min(dy.len()) {
        acc = f(acc, &mut bias[n], dy[n], &mut state[n]);
    }
    acc
}

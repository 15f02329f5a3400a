//! Zeros that are known at compile time.

/// A type whose zero is known at compile time: numbers, vectors, and tensors of them.
///
/// This makes it possible to build a network or a trainer in a `const` or a `static`.
///
/// ```
/// use stackprop::{Linear, Zero};
///
/// const LAYER: Linear<3, 2> = Linear::ZERO;
/// assert_eq!((LAYER.weight, LAYER.bias), ([[0.0; 3]; 2], [0.0; 2]));
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` has no `ZERO`",
    label = "not `Zero`",
    note = "params! and `Elementwise` make a layer of your own `Zero`; Network::from_layers takes \
            layers that are not"
)]
pub trait Zero: Copy {
    /// +0 everywhere, false for a flag, 0 for a count.
    const ZERO: Self;
}

impl Zero for () {
    const ZERO: Self = ();
}

impl Zero for bool {
    const ZERO: Self = false;
}

impl Zero for u32 {
    const ZERO: Self = 0;
}

impl Zero for f32 {
    const ZERO: Self = 0.0;
}

impl<T: Zero, const N: usize> Zero for [T; N] {
    const ZERO: Self = [T::ZERO; N];
}

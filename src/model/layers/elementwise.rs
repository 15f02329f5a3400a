//! Activations: the same function of each number.

use super::{Layer, Pass};
use crate::kernels::outline::{call_if, is_large};
use crate::kernels::simd::Vector;
use crate::kernels::zero::Zero;
use crate::model::architecture::{Architecture, Kind};
use crate::model::no_params::{no_gradient, no_tensors};
use crate::model::params::Params;

/// A function of one number, applied to each: an activation. It is a [`Layer`] of every width.
///
/// One of your own:
/// ```
/// use stackprop::{Elementwise, SigmoidBce, check, net, simd::Vector};
///
/// /// y = x / (1 + |x|): `nn.Softsign`.
/// #[derive(Clone, Copy)]
/// struct Softsign;
///
/// impl Elementwise for Softsign {
///     const DEFAULT: Self = Self;
///
///     fn y<V: Vector>(self, x: V) -> V {
///         x / (V::splat(1.0) + x.abs())
///     }
///
///     fn dx<V: Vector>(self, x: V, _y: V, dy: V) -> V {
///         let scale = V::splat(1.0) + x.abs();
///         dy / (scale * scale)
///     }
/// }
///
/// check::layer(&Softsign, &[0.5, -1.0, 2.0])?; // dx is the slope of y
/// let net = <net![2 => 3, Softsign => 1, SigmoidBce]>::new(1);
/// # assert!(net.forward(&[1.0, 2.0])[0] > 0.0);
/// # Ok::<(), check::Wrong>(())
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` is neither a layer nor an activation",
    label = "neither a layer nor an activation",
    note = "an activation is Relu or another `Elementwise` type; \
            a layer of your own names its parameters by params!"
)]
pub trait Elementwise: Copy {
    /// The activation as [`net!`](crate::net) writes it, with default settings.
    const DEFAULT: Self;

    /// Its name, by which a stored network tells that it has this activation.
    const KIND: Kind = Kind::OWN;

    /// y = f(x).
    fn y<V: Vector>(self, x: V) -> V;

    /// dx = f'(x) dy, with the `y` that [`y`](Self::y) gave of `x` where that helps.
    fn dx<V: Vector>(self, x: V, y: V, dy: V) -> V;
}

/// The least work on a number costs as much as this many weights.
const WEIGHTS: usize = 4;

impl<E: Elementwise> Zero for E {
    const ZERO: Self = E::DEFAULT;
}

impl<E: Elementwise> Params for E {
    const ARCHITECTURE: Architecture = Architecture::Single(E::KIND, &[]);
    no_gradient!();
    no_tensors!();
}

// An error names the layer that does not fit, and not this rule.
#[diagnostic::do_not_recommend]
impl<E: Elementwise, const N: usize> Layer<N, N> for E {
    type Activations<V: Vector> = ();

    // A call where nothing is optimised, so that a network of many layers fits a thread's stack.
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn forward<V: Vector>(&self, x: &[V; N], (): &mut (), y: &mut [V; N]) {
        let large = is_large::<V>(N * V::LANES * WEIGHTS);
        call_if(large, each, &x[..], &mut y[..], y_of(*self), ());
    }

    #[cfg_attr(not(debug_assertions), inline(always))]
    fn backward<V: Vector>(
        &self,
        pass: Pass<'_, V, (), N, N>,
        dy: &[V; N],
        _: Option<&mut ()>,
        (): &mut (),
        dx: Option<&mut [V; N]>,
    ) {
        let Some(dx) = dx else { return };
        let large = is_large::<V>(N * V::LANES * WEIGHTS);
        let (x, y) = (&pass.x[..], &pass.y[..]);
        call_if(
            large,
            each_slope,
            (x, y),
            &dy[..],
            &mut dx[..],
            dx_of(*self),
        );
    }
}

// Closures of functions that do not know the width: with them, one copy of `each` and `each_slope`
// serves all widths. Guarded by the flash column of `cargo bench --bench cortex_m`.

/// [`Elementwise::y`].
#[inline(always)]
fn y_of<E: Elementwise, V: Vector>(activation: E) -> impl Fn(V) -> V {
    move |x| activation.y(x)
}

/// [`Elementwise::dx`].
#[inline(always)]
fn dx_of<E: Elementwise, V: Vector>(activation: E) -> impl Fn(V, V, V) -> V {
    move |x, y, dy| activation.dx(x, y, dy)
}

/// y = f(x) for each number, on slices.
#[inline(always)]
fn each<V: Vector>(x: &[V], y: &mut [V], f: impl Fn(V) -> V, (): ()) {
    for (x, y) in x.iter().zip(y) {
        *y = f(*x);
    }
}

/// dx = f(x, y, dy) for each number.
#[inline(always)]
fn each_slope<V: Vector>((x, y): (&[V], &[V]), dy: &[V], dx: &mut [V], f: impl Fn(V, V, V) -> V) {
    for (((x, y), dy), dx) in x.iter().zip(y).zip(dy).zip(dx) {
        *dx = f(*x, *y, *dy);
    }
}

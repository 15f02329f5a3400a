//! A gradient checker for layers and heads of your own: it compares backward with the slope of
//! forward.
//!
//! ```
//! use stackprop::{SigmoidBce, Tanh, check};
//!
//! let report = check::layer(&Tanh, &[0.5, -1.0, 2.0])?;
//! assert_eq!(report.input.compared, 3);
//! check::head(&SigmoidBce, &[0.5, -1.0], &[1.0, 0.0])?;
//! # Ok::<(), check::Wrong>(())
//! ```
//!
//! # How it decides
//! A slope is a central difference D(h) = (f(v + h) - f(v - h)) / 2h of the `f32` code, improved by
//! a second one with twice the step: (4 D(h) - D(2h)) / 3. Rounding adds an error of about 2^-24
//! |f| / h, curvature one of h^2. Which step is best depends on the scale of v and of f: 2^-8 for
//! tanh(x) at 1, 2^-16 for tanh(600 x) at 0. So the checker tries all steps, each four times the
//! last, from 2 ulp of v to a quarter of |v| or of 1. It estimates the error of each slope: the
//! rounding; how far f jumps off a smooth line at smaller steps, because sums inside it round; and
//! how far the differences with h and 2h are from those of a smooth function, which tells a kink
//! such as ReLU's at 0. Of two neighbouring steps that agree, those with the least error count.
//!
//! Backward has to be within that error and a thousandth of the slope. If it is, the gradient is
//! *compared*, provided that the slope is more than [`CLEAR`] times its error and that no smaller
//! step contradicts it. If it is not, it is wrong, unless the steps disagree: another one gives
//! this very gradient, or hints at it. Everything else is *inconclusive*: near 0, at a kink, or in
//! noise a slope cannot tell right from wrong. A check that compared nothing has failed. So choose
//! inputs at which the gradients are not 0, and several inputs if the function has branches. Avoid
//! a point where all units are at their kink, such as an input of 0 for ReLU without biases: seen
//! from there relu(x) - relu(-x) is a straight line, and the gradient 0 of each half looks wrong.
//!
//! The checker cannot move the numbers between the parts of a layer ([`Layer::Activations`]). It
//! sees their gradients only in the gradients that follow from them. So check each part of a chain.

mod parts;
mod report;
mod slope;
mod steps;

pub use report::{CLEAR, Part, Report, Tally, Wrong};

use crate::kernels::simd::SUM_START;
use crate::model::heads::Head;
use crate::model::layers::{Activations, Layer, Pass};
use crate::model::network::Network;
use crate::model::params::{Grad, Params};
use steps::Slopes;

/// Two calls that should give the same number may differ by this, relative to its size.
const SAME: f32 = 1.0 / 1_048_576.0;

/// Checks a layer's backward at `x`: the gradients of a sum of its outputs, each with its own
/// weight.
///
/// It also checks that `forward` overwrites y, that `backward` overwrites dx and adds to grad, and
/// that `backward` without a gradient or without dx, and `fold_gradient`, agree with the full
/// `backward`.
///
/// # Errors
/// [`Wrong`], the first difference found.
///
/// ```
/// use stackprop::{Linear, check};
///
/// let report = check::layer(&Linear::new([[0.5, -1.0, 2.0]], [0.1]), &[1.0, -2.0, 0.5])?;
/// assert_eq!((report.input.compared, report.parameters.compared), (3, 4));
/// assert!(report.parameters.worst < 1e-3);
/// # Ok::<(), check::Wrong>(())
/// ```
pub fn layer<L: Layer<I, O>, const I: usize, const O: usize>(
    layer: &L,
    x: &[f32; I],
) -> Result<Report, Wrong> {
    let weights = core::array::from_fn(weight);
    let forward = |layer: &L, x: &[f32; I]| {
        let mut y = [f32::NAN; O];
        layer.forward(x, &mut Activations::zero(), &mut y);
        y
    };
    let (grad, dx) = gradients(layer, x, &weights, L::fill(SUM_START));
    let report = Report {
        input: inputs(x, &dx, &weights, |x| forward(layer, x))?,
        parameters: parameters(layer, &grad, &weights, |layer| forward(layer, x))?,
    };
    parts::agree(layer, x, &weights, &grad, &dx)?;
    Ok(report)
}

/// Checks a head's gradient at these logits and this target, and that `loss` gives the loss of
/// `loss_grad`.
///
/// # Errors
/// [`Wrong`], the first difference found.
///
/// ```
/// use stackprop::{SoftmaxCe, check};
///
/// let report = check::head(&SoftmaxCe, &[0.5, -1.0, 2.0], &[0.0, 1.0, 0.0])?;
/// assert_eq!((report.input.compared, report.parameters.compared), (3, 0));
/// # Ok::<(), check::Wrong>(())
/// ```
pub fn head<H: Head<O>, const O: usize>(
    head: &H,
    logits: &[f32; O],
    target: &[f32; O],
) -> Result<Report, Wrong> {
    let mut dlogits = [f32::NAN; O];
    let loss_grad = head.loss_grad(logits, target, &mut dlogits);
    let loss = head.loss(logits, target);
    // A correct loss near 0 may be a difference of numbers of the size of the logits.
    let numbers = logits.iter().chain(target);
    let size = numbers.fold(0.0, |size: f32, number| size.max(number.abs()));
    if !same(loss, loss_grad, size.min(1.0)) {
        return Err(Wrong::Loss { loss, loss_grad });
    }
    let input = inputs(logits, &dlogits, &[1.0], |z| [head.loss(z, target)])?;
    let parameters = Tally::default();
    Ok(Report { input, parameters })
}

/// Checks every gradient of a network's loss of one sample. Check its layers and its head first: in
/// the whole network a mistake in one part may hide behind the others.
///
/// # Errors
/// [`Wrong`], the first difference found.
///
/// ```
/// use stackprop::{SigmoidBce, Tanh, check, net};
///
/// let network = <net![2 => 3, Tanh => 1, SigmoidBce]>::new(1);
/// let report = check::network(&network, &[0.5, -1.0], &[1.0])?;
/// assert_eq!(report.input.compared + report.input.inconclusive, 2);
/// assert_eq!(report.parameters.compared + report.parameters.inconclusive, 13);
/// # Ok::<(), check::Wrong>(())
/// ```
pub fn network<L: Layer<I, O>, H: Head<O>, const I: usize, const O: usize>(
    net: &Network<L, H, I, O>,
    x: &[f32; I],
    target: &[f32; O],
) -> Result<Report, Wrong> {
    let found = net.backward(x, &net.trace(x), target);
    let moved = |layers: &L| [Network::from_layers(*layers, net.head).loss(x, target)];
    Ok(Report {
        input: inputs(x, &found.input, &[1.0], |x| [net.loss(x, target)])?,
        parameters: parameters(&net.layers, &found.params, &[1.0], moved)?,
    })
}

/// The weight of output `o`: +-0.5 to 1, different for each output, so that a wrong order of
/// outputs shows. The fractions of multiples of the golden ratio, 40503 / 65536, are never close to
/// each other.
fn weight(o: usize) -> f32 {
    let size = 0.5 + (o * 40_503 % 65_536) as f32 / 131_072.0;
    if o % 3 == 1 { -size } else { size }
}

/// `start` with the gradient that backward has added, and dx.
fn gradients<L: Layer<I, O>, const I: usize, const O: usize>(
    layer: &L,
    x: &[f32; I],
    dy: &[f32; O],
    start: Grad<L>,
) -> (Grad<L>, [f32; I]) {
    let (mut activations, mut delta) = (Activations::zero(), Activations::zero());
    let (mut y, mut dx) = ([f32::NAN; O], [f32::NAN; I]);
    let mut grad = start;
    layer.forward(x, &mut activations, &mut y);
    let activations = &activations;
    layer.backward(
        Pass {
            x,
            activations,
            y: &y,
        },
        dy,
        Some(&mut grad),
        &mut delta,
        Some(&mut dx),
    );
    (grad, dx)
}

/// Number `k` of `all`.
fn number<P: Params>(all: &P::Of<f32>, k: usize) -> f32 {
    let tensors = (0..P::TENSORS).filter_map(|index| P::tensor_of(all, index));
    let mut numbers = tensors.flat_map(|tensor| tensor.values);
    numbers.nth(k).copied().unwrap_or(f32::NAN)
}

/// Sets number `k` of the parameters.
fn set_number<P: Params>(params: &mut P, k: usize, value: f32) {
    let (mut before, gradient) = (0, P::fill(()));
    for index in 0..P::TENSORS {
        let learns = P::tensor_of(&gradient, index).is_some();
        let Some(tensor) = params.tensor_mut(index).filter(|_| learns) else {
            continue;
        };
        let place = k.checked_sub(before).and_then(|k| tensor.values.get_mut(k));
        if let Some(place) = place {
            *place = value;
            return;
        }
        before += tensor.values.len();
    }
}

/// Equal within rounding, the same infinity, or both NaN. `size` is the size of the terms that the
/// numbers are sums of, if it is more than that of the numbers.
fn same(a: f32, b: f32, size: f32) -> bool {
    // Not below it, where an ulp shrinks no further.
    let size = size.max(b.abs()).max(f32::MIN_POSITIVE);
    a == b || (a.is_nan() && b.is_nan()) || (a - b).abs() <= SAME * size
}

/// Compares `dx` with the slopes of the weighted sum of `f`.
fn inputs<const I: usize, const M: usize>(
    x: &[f32; I],
    dx: &[f32; I],
    weights: &[f32; M],
    f: impl Fn(&[f32; I]) -> [f32; M],
) -> Result<Tally, Wrong> {
    let mut tally = Tally::default();
    for (i, (v, backward)) in x.iter().zip(dx).enumerate() {
        let mut moved = *x;
        let slope = Slopes::new(*v, weights, |v| {
            if let Some(place) = moved.get_mut(i) {
                *place = v;
            }
            f(&moved)
        });
        tally.compare(Part::Input, i, *backward, &slope)?;
    }
    tally.finish(Part::Input, I)
}

/// Compares `grad` with the slopes of the weighted sum of `f`.
fn parameters<L: Params, const M: usize>(
    layers: &L,
    grad: &Grad<L>,
    weights: &[f32; M],
    f: impl Fn(&L) -> [f32; M],
) -> Result<Tally, Wrong> {
    let (values, mut tally) = (layers.values(), Tally::default());
    for k in 0..L::COUNT {
        let mut moved = *layers;
        let slope = Slopes::new(number::<L>(&values, k), weights, |v| {
            set_number(&mut moved, k, v);
            f(&moved)
        });
        tally.compare(Part::Parameter, k, number::<L>(grad, k), &slope)?;
    }
    tally.finish(Part::Parameter, L::COUNT)
}

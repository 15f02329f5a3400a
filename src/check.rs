//! A gradient checker for your own layers and heads: backward against the slope of forward.
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
//! A slope is a central difference D(h) = (f(v + h) - f(v - h)) / 2h of the `f32` code, made better by a second one
//! with twice the step: (4 D(h) - D(2h)) / 3. Rounding adds an error of some 2^-24 |f| / h and curvature one of
//! h^2, which balance at h = 2^-8, the cube root of 2^-24, times the larger of 1 and |v|. That step, a fourth and four
//! times of it are tried, and each is given the error that can be seen of it: rounding, the distance between the
//! slope and D(h), and how far the second differences with h and 2h are from 1 : 4, which tells a kink, such as
//! ReLU's at 0, from a smooth function. The slope with the least error counts.
//!
//! Backward has to be within that error and a thousandth of the slope. A slope that is not more than [`CLEAR`] times its
//! error is *excused*: it cannot tell right from wrong, near 0 or at a kink, and so does not count as compared. A
//! check that compared nothing has failed. So choose inputs at which the gradients are not 0, several if the function
//! has branches.
//!
//! What is between the parts of a layer ([`Layer::Hidden`]) cannot be moved from outside, so the gradients with
//! respect to it are not seen by themselves, only in what they lead to. Of a chain, check each part.

mod parts;
mod report;
mod slope;

pub use report::{CLEAR, Part, Report, Tally, Wrong};

use crate::heads::Head;
use crate::lane::NOTHING;
use crate::layers::{Hidden, Layer, Pass};
use crate::network::Network;
use crate::params::{self, Grad, Params};
use slope::Slope;

/// What two calls that should give the same number may differ by, relative to 1 and the number.
const SAME: f32 = 1.0 / 1_048_576.0;

/// Checks a layer's backward at `x`: the gradients of a sum of its outputs, each with a weight of its own.
///
/// Also that `forward` overwrites y, that `backward` overwrites dx and adds to grad, and that the other functions of
/// [`Layer`], each a part of `backward`, do what it does.
///
/// # Errors
/// What is [`Wrong`].
pub fn layer<L: Layer<I, O>, const I: usize, const O: usize>(
    layer: &L,
    x: &[f32; I],
) -> Result<Report, Wrong> {
    let weights = core::array::from_fn(weight);
    let forward = |layer: &L, x: &[f32; I]| {
        let mut y = [f32::NAN; O];
        layer.forward(x, &mut Hidden::zero(), &mut y);
        y
    };
    let (grad, dx) = gradients(layer, x, &weights, NOTHING);
    let report = Report {
        input: inputs(x, &dx, &weights, |x| forward(layer, x))?,
        parameters: parameters(layer, &grad, &weights, |layer| forward(layer, x))?,
    };
    parts::agree(layer, x, &weights, &grad, &dx)?;
    Ok(report)
}

/// Checks a head's gradient at these logits and this target, and that `loss` is the loss of `loss_grad`.
///
/// # Errors
/// What is [`Wrong`].
pub fn head<H: Head<O>, const O: usize>(
    head: &H,
    logits: &[f32; O],
    target: &[f32; O],
) -> Result<Report, Wrong> {
    let mut dlogits = [f32::NAN; O];
    let loss_grad = head.loss_grad(logits, target, &mut dlogits);
    let loss = head.loss(logits, target);
    if !same(loss, loss_grad) {
        return Err(Wrong::Loss { loss, loss_grad });
    }
    let input = inputs(logits, &dlogits, &[1.0], |z| [head.loss(z, target)])?;
    let parameters = Tally::default();
    Ok(Report { input, parameters })
}

/// Checks every gradient of a network's loss of one sample. What its parts have in common may hide a mistake in one
/// of them, so check these first.
///
/// # Errors
/// What is [`Wrong`].
pub fn network<L: Layer<I, O>, H: Head<O>, const I: usize, const O: usize>(
    net: &Network<L, H, I, O>,
    x: &[f32; I],
    target: &[f32; O],
) -> Result<Report, Wrong> {
    let found = net.backward(x, &net.trace(x), target);
    let moved = |layers: &L| [Network::new(*layers, net.head).loss(x, target)];
    Ok(Report {
        input: inputs(x, &found.input, &[1.0], |x| [net.loss(x, target)])?,
        parameters: parameters(&net.layers, &found.params, &[1.0], moved)?,
    })
}

/// The weight of output `o`: +-0.5 to 1, different for each, so that outputs in the wrong order are noticed.
/// The fractions of multiples of the golden ratio, 40503 / 65536, are never close to each other.
fn weight(o: usize) -> f32 {
    let size = 0.5 + (o * 40_503 % 65_536) as f32 / 131_072.0;
    if o % 3 == 1 { -size } else { size }
}

/// What backward adds to a gradient of `start`, less `start`; and dx.
fn gradients<L: Layer<I, O>, const I: usize, const O: usize>(
    layer: &L,
    x: &[f32; I],
    dy: &[f32; O],
    start: f32,
) -> (Grad<L>, [f32; I]) {
    let (mut hidden, mut delta) = (Hidden::zero(), Hidden::zero());
    let (mut y, mut dx) = ([f32::NAN; O], [f32::NAN; I]);
    let mut grad = L::fill(start);
    layer.forward(x, &mut hidden, &mut y);
    let hidden = &hidden;
    layer.backward(
        Pass { x, hidden, y: &y },
        dy,
        &mut grad,
        &mut delta,
        &mut dx,
    );
    (grad, dx)
}

/// Number `k` of `all`.
fn number<P: Params>(all: &P::Of<f32>, k: usize) -> f32 {
    let (mut before, mut found) = (0, f32::NAN);
    let (mut a, mut c) = (P::fill(()), P::fill(()));
    P::zip(
        &mut a,
        all,
        &mut c,
        &mut |_: &mut [()], all: &[f32], _: &mut [()]| {
            let here = k.checked_sub(before).and_then(|k| all.get(k));
            found = here.copied().unwrap_or(found);
            before += all.len();
        },
    );
    found
}

/// Equal but for rounding; also where both are the same infinity, or NaN.
fn same(a: f32, b: f32) -> bool {
    a == b || (a.is_nan() && b.is_nan()) || (a - b).abs() <= SAME * (1.0 + b.abs())
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
        let slope = Slope::best(*v, weights, |v| {
            moved[i] = v;
            f(&moved)
        });
        tally.compare(Part::Input, i, *backward, slope)?;
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
    let (values, mut tally) = (layers.params(), Tally::default());
    for k in 0..L::COUNT {
        let mut moved = *layers;
        let slope = Slope::best(number::<L>(&values, k), weights, |v| {
            let mut at = 0;
            params::update(&mut moved, &L::fill(()), &mut L::fill(()), |w, (), ()| {
                *w = if at == k { v } else { *w };
                at += 1;
            });
            f(&moved)
        });
        tally.compare(Part::Parameter, k, number::<L>(grad, k), slope)?;
    }
    tally.finish(Part::Parameter, L::COUNT)
}

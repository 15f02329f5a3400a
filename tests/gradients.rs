//! Forward, loss and every gradient of random networks and batches against the f64 reference, the
//! reference against finite differences, and proof that a wrong backward would be found.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test fails by panicking"
)]

mod common;

use common::check::against_reference;
use common::nets::{self, Shape};
use common::reference::{self, Layer as Reference};
use common::tolerance::DIFFERENCES;
use fastrand::Rng;
use stackprop::layers::Pass;
use stackprop::simd::Vector;
use stackprop::{Chain, Head, Layer, Linear, Network, NoBias, SigmoidBce, params};

/// Every length up to two groups of 16 rows and one more, and some long ones.
fn all_lengths<L, H, const I: usize, const O: usize>(
    shape: &Shape,
    net: Network<L, H, I, O>,
    rng: &mut Rng,
) where
    L: Layer<I, O>,
    H: Head<O>,
{
    let mut worst: f64 = 0.0;
    for length in (1..=33).chain([64, 1000]) {
        let (rows, targets) = (nets::rows(rng, length), nets::targets(rng, length));
        worst = worst.max(against_reference(shape, &net, &rows, &targets).unwrap());
    }
    println!("{:?}: at most {worst:.2} of the tolerance", shape.widths);
}

test_each_net!(matches_the_reference, super::all_lengths);

/// Central differences of the reference's own loss, in f64.
fn differences<L, H, const I: usize, const O: usize>(
    shape: &Shape,
    net: Network<L, H, I, O>,
    rng: &mut Rng,
) where
    L: Layer<I, O>,
    H: Head<O>,
{
    let (rows, targets) = (
        nets::wide(&nets::rows::<I>(rng, 3)),
        nets::wide(&nets::targets::<O>(rng, 3)),
    );
    let layers = || shape.reference(&net.layers);
    let exact = reference::gradients(&layers(), &rows, &targets);
    parameter_differences(shape, &layers, &rows, &targets, &exact.params);
    for (r, exact) in exact.input.iter().enumerate() {
        let slopes = (0..I).map(|i| {
            let at = |h: f64| {
                let mut rows = rows.clone();
                rows[r][i] += h;
                reference::gradients(&layers(), &rows, &targets).loss
            };
            (at(STEP) - at(-STEP)) / (2.0 * STEP)
        });
        close(exact, slopes);
    }
}

/// The same for the parameters.
fn parameter_differences(
    shape: &Shape,
    layers: &impl Fn() -> Vec<Reference>,
    rows: &[Vec<f64>],
    targets: &[Vec<f64>],
    exact: &[Vec<f64>],
) {
    let mut tensors = exact.iter();
    for k in 0..shape.relu.len() {
        let (outputs, inputs) = (layers()[k].weight.len(), layers()[k].weight[0].len());
        let slopes = (0..outputs * inputs).map(|i| {
            slope(layers(), rows, targets, |layers, h| {
                layers[k].weight[i / inputs][i % inputs] += h;
            })
        });
        close(tensors.next().unwrap(), slopes);
        if shape.bias {
            let slopes = (0..outputs).map(|o| {
                slope(layers(), rows, targets, |layers, h| {
                    layers[k].bias.as_mut().unwrap()[o] += h;
                })
            });
            close(tensors.next().unwrap(), slopes);
        }
    }
}

const STEP: f64 = 1e-6;

/// The slope of the mean loss along what `change` changes.
fn slope(
    mut layers: Vec<Reference>,
    rows: &[Vec<f64>],
    targets: &[Vec<f64>],
    change: impl Fn(&mut [Reference], f64),
) -> f64 {
    let mut at = |h: f64| {
        change(&mut layers, h);
        let loss = reference::gradients(&layers, rows, targets).loss;
        change(&mut layers, -h);
        loss
    };
    (at(STEP) - at(-STEP)) / (2.0 * STEP)
}

fn close(exact: &[f64], slopes: impl Iterator<Item = f64>) {
    for (k, (exact, slope)) in exact.iter().zip(slopes).enumerate() {
        assert!(
            (exact - slope).abs() <= DIFFERENCES,
            "number {k}: {exact} is not the slope {slope}"
        );
    }
}

test_each_net!(reference_matches_differences, super::differences);

/// A linear layer with a mistake in its backward.
#[derive(Clone, Copy)]
struct Wrong<const MISTAKE: u8, const I: usize, const O: usize, T = f32> {
    weight: [[T; I]; O],
}

params!(Wrong<const MISTAKE: u8, const I: usize, const O: usize> { weight });

const NONE: u8 = 0;
const DROPPED_TERM: u8 = 1;
const SWAPPED_INDEX: u8 = 2;

impl<const MISTAKE: u8, const I: usize, const O: usize> Layer<I, O> for Wrong<MISTAKE, I, O> {
    type Activations<V: Vector> = ();

    fn forward<V: Vector>(&self, x: &[V; I], (): &mut (), y: &mut [V; O]) {
        Linear::without_bias(self.weight).forward(x, &mut (), y);
    }

    fn backward<V: Vector>(
        &self,
        pass: Pass<'_, V, (), I, O>,
        dy: &[V; O],
        grad: Option<&mut Self::Of<V::Partial>>,
        (): &mut (),
        dx: Option<&mut [V; I]>,
    ) {
        let mut dy = *dy;
        match MISTAKE {
            DROPPED_TERM => dy[O - 1] = V::ZERO,
            SWAPPED_INDEX => dy.swap(0, O - 1),
            _ => {}
        }
        let linear = Linear::without_bias(self.weight);
        let Some(Wrong { weight }) = grad else {
            linear.backward(pass, &dy, None, &mut (), dx);
            return;
        };
        let mut sum = Linear::<I, O, NoBias, V::Partial> {
            weight: *weight,
            bias: [],
        };
        linear.backward(pass, &dy, Some(&mut sum), &mut (), dx);
        *weight = sum.weight;
    }
}

/// The linear 3-4-2-1 network with a mistake in its first layer, through the check that all others
/// pass.
fn with_mistake<const MISTAKE: u8>() -> Result<f64, String> {
    let mut rng = Rng::with_seed(1);
    let net: nets::Linear = nets::random(&mut rng);
    let Chain(first, rest) = net.layers;
    let wrong = Wrong::<MISTAKE, 3, 4> {
        weight: first.weight,
    };
    let wrong = Network::<_, _, 3, 1>::from_layers(Chain::<_, _, 4>(wrong, rest), SigmoidBce);
    let (rows, targets) = (nets::rows(&mut rng, 20), nets::targets(&mut rng, 20));
    against_reference(&nets::LINEAR, &wrong, &rows, &targets)
}

#[test]
fn a_wrong_backward_is_found() {
    assert!(with_mistake::<NONE>().is_ok());
    assert!(
        with_mistake::<DROPPED_TERM>()
            .unwrap_err()
            .contains("gradient")
    );
    assert!(
        with_mistake::<SWAPPED_INDEX>()
            .unwrap_err()
            .contains("gradient")
    );
}

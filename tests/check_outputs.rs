//! The gradient checker on layers with several outputs: their order, their signs, and sums over
//! them whose terms cancel.

use stackprop::check::{self, Part, Report, Wrong};
use stackprop::layers::Pass;
use stackprop::simd::Vector;
use stackprop::{Layer, Linear, params};

/// y = gain x, number by number, with a mistake in backward: 1 swaps two outputs, 2 forgets the
/// sign of dy, 3 gives NaN where no gradient is asked for, and 0 is none.
#[derive(Clone, Copy)]
struct Gains<const MISTAKE: u8, T = f32> {
    gain: [T; 3],
}
params!(Gains<const MISTAKE: u8> { gain });

impl<const MISTAKE: u8> Layer<3, 3> for Gains<MISTAKE> {
    type Activations<V: Vector> = ();

    fn forward<V: Vector>(&self, x: &[V; 3], (): &mut (), y: &mut [V; 3]) {
        *y = std::array::from_fn(|i| V::splat(self.gain[i]) * x[i]);
    }

    fn backward<V: Vector>(
        &self,
        pass: Pass<'_, V, (), 3, 3>,
        dy: &[V; 3],
        grad: Option<&mut Gains<MISTAKE, V::Partial>>,
        (): &mut (),
        dx: Option<&mut [V; 3]>,
    ) {
        let dy = match MISTAKE {
            1 => [dy[2], dy[1], dy[0]],
            2 => dy.map(V::abs),
            3 if grad.is_none() => [V::splat(f32::NAN); 3],
            _ => *dy,
        };
        if let Some(grad) = grad {
            for (gain, (dy, x)) in grad.gain.iter_mut().zip(dy.iter().zip(pass.x)) {
                *gain = V::accumulate_product(*gain, *dy, *x);
            }
        }
        if let Some(dx) = dx {
            self.forward(&dy, &mut (), dx);
        }
    }
}

fn found<const MISTAKE: u8>() -> Result<Report, Wrong> {
    let gain = [2.0, 3.0, 2.0];
    check::layer(&Gains::<MISTAKE> { gain }, &[0.5, -1.0, 0.5])
}

/// The slope of this input is another one.
fn is_of_input(found: &Result<Report, Wrong>, place: usize) -> bool {
    let part = Part::Input;
    matches!(found, Err(Wrong::Slope { part: p, index, .. }) if *p == part && *index == place)
}

#[test]
fn right() {
    assert_eq!(found::<0>().map(|report| report.input.compared), Ok(3));
}

#[test]
fn outputs_in_disorder() {
    assert!(is_of_input(&found::<1>(), 0), "{:?}", found::<1>());
}

#[test]
fn a_forgotten_sign() {
    assert!(is_of_input(&found::<2>(), 1), "{:?}", found::<2>());
}

#[test]
fn nan_in_one_of_two_ways() {
    assert_eq!(found::<3>(), Err(Wrong::InputGrad { index: 0 }));
}

/// Two inputs times three weights each. Without a gradient backward adds from the last output on.
#[derive(Clone, Copy)]
struct Fan<T = f32> {
    weight: [[T; 2]; 3],
}
params!(Fan { weight });

impl Layer<2, 3> for Fan {
    type Activations<V: Vector> = ();

    fn forward<V: Vector>(&self, x: &[V; 2], (): &mut (), y: &mut [V; 3]) {
        Linear::without_bias(self.weight).forward(x, &mut (), y);
    }

    fn backward<V: Vector>(
        &self,
        pass: Pass<'_, V, (), 2, 3>,
        dy: &[V; 3],
        grad: Option<&mut Fan<V::Partial>>,
        (): &mut (),
        dx: Option<&mut [V; 2]>,
    ) {
        for (i, dx) in dx.into_iter().flatten().enumerate() {
            let term = |o: usize| V::splat(self.weight[o][i]) * dy[o];
            let ends = if grad.is_some() { [0, 2] } else { [2, 0] };
            *dx = term(ends[0]) + term(1) + term(ends[1]);
        }
        for (dw, dy) in grad.into_iter().flat_map(|grad| &mut grad.weight).zip(dy) {
            for (dw, x) in dw.iter_mut().zip(pass.x) {
                *dw = V::accumulate_product(*dw, *dy, *x);
            }
        }
    }
}

/// Two orders of a sum whose terms cancel differ by much of the sum, by little of the terms.
#[test]
fn terms_that_cancel() {
    for k in 0..20_u8 {
        // dy is 0.5, -0.81 and 0.62: the sum for the first input is near 0.
        let first = 1000.0 + f32::from(k) * 0.013_7;
        let weight = [[first, 1.0], [1382.0, 1.0], [1000.0, 1.0]];
        let report = check::layer(&Fan { weight }, &[0.3, -0.5]);
        assert!(report.is_ok(), "{weight:?}: {report:?}");
    }
}

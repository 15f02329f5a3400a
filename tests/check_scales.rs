//! The gradient checker on numbers of every scale: nothing right is accused, and what is wrong is
//! found.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test fails by panicking"
)]

use fastrand::Rng;
use stackprop::check::{self, Part, Report, Wrong};
use stackprop::simd::Vector;
use stackprop::{Elementwise, Linear, Mse, Relu, Sigmoid, SigmoidBce, SoftmaxCe, Tanh, math, net};

/// tanh(a x), with a gradient that is `spoilt` times the right one.
#[derive(Clone, Copy)]
struct Steep {
    a: f32,
    spoilt: f32,
}

impl Elementwise for Steep {
    const DEFAULT: Self = Self {
        a: 1.0,
        spoilt: 1.0,
    };

    fn y<V: Vector>(self, x: V) -> V {
        math::tanh(V::splat(self.a) * x)
    }

    fn dx<V: Vector>(self, _: V, y: V, dy: V) -> V {
        let slope = V::splat(1.0) - y * y;
        dy * slope * V::splat(self.a) * V::splat(self.spoilt)
    }
}

/// A square, with a gradient that is `0` times the right one.
#[derive(Clone, Copy)]
struct Square(f32);

impl Elementwise for Square {
    const DEFAULT: Self = Self(1.0);

    fn y<V: Vector>(self, x: V) -> V {
        x * x
    }

    fn dx<V: Vector>(self, x: V, _: V, dy: V) -> V {
        dy * x * V::splat(2.0 * self.0)
    }
}

/// Compared and right.
fn right(report: Result<Report, Wrong>, what: &str) {
    let report = report.unwrap_or_else(|wrong| panic!("{what}: {wrong}"));
    assert!(report.input.compared > 0, "{what}: {report:?}");
}

#[test]
fn steep_functions() {
    for (a, x) in [
        (600.0, 0.0),
        (600.0, 1e-3),
        (1e6, 1e-7),
        (1e6, 0.0),
        (1e-6, 5e5),
        (1e-6, 0.5),
        (30.0, 0.01),
    ] {
        let steep = |spoilt| Steep { a, spoilt };
        right(check::layer(&steep(1.0), &[x]), &format!("{a} at {x}"));
        for spoilt in [0.0, -1.0, 0.5, 1.1] {
            let found = check::layer(&steep(spoilt), &[x]);
            assert!(
                matches!(
                    found,
                    Err(Wrong::Slope {
                        part: Part::Input,
                        ..
                    })
                ),
                "tanh({a} x) at {x}, gradient times {spoilt}: {found:?}"
            );
        }
    }
}

#[test]
fn squares_of_any_size() {
    for x in [1e-15, 1e-6, 0.3, 700.0, 1e6, 1e15] {
        right(check::layer(&Square(1.0), &[x]), &format!("{x}^2"));
        for spoilt in [0.0, -1.0, 0.5, 1.01] {
            let found = check::layer(&Square(spoilt), &[x]);
            assert!(
                matches!(found, Err(Wrong::Slope { .. })),
                "{x}^2, times {spoilt}: {found:?}"
            );
        }
    }
}

/// Inputs as they come from a camera, a converter, a counter.
#[test]
fn raw_inputs() {
    for seed in 0..40 {
        let net = <net![2 => 4, Relu => 1, SigmoidBce]>::new(seed);
        check_raw(|| check::network(&net, &[512.0, 800.0], &[1.0]));
        let net = <net![3 => 5, Tanh => 2, Mse]>::new(seed);
        check_raw(|| check::network(&net, &[4095.0, 17.0, 2048.0], &[100.0, -3.0]));
        let net = <net![2 => 3, Sigmoid => 3, SoftmaxCe]>::new(seed);
        check_raw(|| check::network(&net, &[0.25, 65535.0], &[0.0, 1.0, 0.0]));
        // Weights around 0.5: the saturated outputs of raw inputs.
        let mut net = <net![2 => 4, Tanh => 1, SigmoidBce]>::new(seed);
        net.visit_mut(|tensor| {
            tensor
                .values
                .iter_mut()
                .for_each(|w| *w += 0.5 * w.signum())
        });
        check_raw(|| check::network(&net, &[512.0, 800.0], &[1.0]));
        check_raw(|| check::network(&net, &[5.12, 8.0], &[1.0]));
        let layer = <net![3 => 4, Mse]>::new(seed).layers;
        right(check::layer(&layer, &[512.0, 800.0, 65535.0]), "linear");
    }
}

/// Never accused. A saturated network may have nothing to compare.
fn check_raw(report: impl FnOnce() -> Result<Report, Wrong>) {
    match report() {
        Ok(_) | Err(Wrong::NothingCompared(_)) => {}
        Err(wrong) => panic!("{wrong}"),
    }
}

/// Random networks on inputs of random scales: none is accused, and half of the gradients or more
/// are compared.
#[test]
fn random_networks_of_any_scale() {
    let mut rng = Rng::with_seed(11);
    let (mut compared, mut inconclusive) = (0, 0);
    for seed in 0..400 {
        let scale = 10f32.powf(rng.f32() * 7.0 - 3.0);
        let x: [f32; 3] = std::array::from_fn(|_| (rng.f32() - 0.5) * scale);
        let report = match seed % 4 {
            0 => check::network(
                &<net![3 => 4, Relu => 1, SigmoidBce]>::new(seed),
                &x,
                &[1.0],
            ),
            1 => check::network(&<net![3 => 4, Tanh => 2, Mse]>::new(seed), &x, &[0.5, -2.0]),
            2 => check::network(
                &<net![3 => 4, Relu => 2, Mse]>::new(seed),
                &x,
                &[9.0, -70.0],
            ),
            _ => check::network(
                &<net![3 => 4, Sigmoid => 3, SoftmaxCe]>::new(seed),
                &x,
                &[0.0, 0.0, 1.0],
            ),
        };
        match report {
            Ok(report) => {
                compared += report.input.compared + report.parameters.compared;
                inconclusive += report.input.inconclusive + report.parameters.inconclusive;
            }
            Err(Wrong::NothingCompared(_)) => inconclusive += 1,
            Err(wrong) => panic!("seed {seed}, scale {scale}: {wrong}"),
        }
    }
    println!("{compared} compared, {inconclusive} inconclusive");
    assert!(compared > inconclusive);
}

/// A linear layer with weights of any scale.
#[test]
fn weights_of_any_size() {
    for scale in [1e-9, 1e-3, 1.0, 1e4] {
        let layer = Linear::new([[0.5 * scale, -scale, 2.0 * scale]], [0.1 * scale]);
        right(
            check::layer(&layer, &[512.0, -3.0, 0.25]),
            &format!("{scale}"),
        );
    }
}

/// Always 2, with a gradient that should be 0.
#[derive(Clone, Copy)]
struct Constant(f32);

impl Elementwise for Constant {
    const DEFAULT: Self = Self(0.0);

    fn y<V: Vector>(self, _: V) -> V {
        V::splat(2.0)
    }

    fn dx<V: Vector>(self, _: V, _: V, dy: V) -> V {
        dy * V::splat(self.0)
    }
}

/// Where nothing moves only a gradient near 0 is allowed.
#[test]
fn a_gradient_of_nothing_is_wrong() {
    let is_wrong = |gradient| {
        let found = check::layer(&Constant(gradient), &[0.5, -1.5]);
        matches!(found, Err(Wrong::Slope { .. }))
    };
    assert!(!is_wrong(0.0));
    for gradient in [1e-3, -0.5, 3.0] {
        assert!(is_wrong(gradient), "{gradient}");
    }
}

/// Half the square of x, which is rounded to multiples of this number; the gradient is x.
#[derive(Clone, Copy)]
struct Stairs(f32);

impl Elementwise for Stairs {
    const DEFAULT: Self = Self(1.0);

    fn y<V: Vector>(self, x: V) -> V {
        // 1.5 * 2^23 of them: the sum has no room for less than one.
        let many = V::splat(self.0 * 12_582_912.0);
        let x = (x + many) - many;
        x * x * V::splat(0.5)
    }

    fn dx<V: Vector>(self, x: V, _: V, dy: V) -> V {
        dy * x
    }
}

/// Steps of forward near the size of the stairs say little.
#[test]
fn stairs_are_not_accused() {
    for (stair, x) in [
        (1.0 / 512.0, 0.000_197_908_19),
        (1.0 / 8192.0, 0.000_923_742_7),
        (1.0 / 4096.0, -0.001_615_249_9),
        // Only another step than the best gives these gradients.
        (1.0 / 8192.0, 0.000_079_190_03),
        (1.0 / 2048.0, 0.000_280_135_28),
    ] {
        let found = check::layer(&Stairs(stair), &[x]);
        assert!(
            matches!(found, Err(Wrong::NothingCompared(_))),
            "{stair} at {x}: {found:?}"
        );
    }
}

/// A gradient that is too large is not taken for that of a small step.
#[test]
fn steep_functions_off_their_middle() {
    for (a, x, spoilt) in [
        (3_359.127_7, 0.001_271_383, -1.0),
        (12.458_771, 0.000_517_134_85, 1.1),
        (6.452_381_6, -0.000_084_743_19, 1.1),
        (0.984_897_26, -4.763_118_7, 0.5),
        (0.142_326_1, 36.578_92, -1.0),
    ] {
        let found = check::layer(&Steep { a, spoilt }, &[x]);
        assert!(
            matches!(found, Err(Wrong::Slope { .. })),
            "tanh({a} x) at {x}, gradient times {spoilt}: {found:?}"
        );
    }
}

/// The largest difference is reported relative to the slope.
#[test]
fn the_worst_is_relative() {
    for a in [0.01, 100.0] {
        let report = check::layer(&Steep { a, spoilt: 1.0005 }, &[0.1 / a]).unwrap();
        let worst = report.input.worst;
        assert!((4e-4..6e-4).contains(&worst), "{a}: {worst}");
    }
}

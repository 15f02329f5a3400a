//! The kernels against f64, over the whole range of f32, at the edges and in every lane.
//!
//! One float in 61 is tried; `STACKPROP_EXHAUSTIVE=1 cargo test --release --test kernels` tries
//! them all.

#![allow(clippy::panic, reason = "a test fails by panicking")]

mod common;

use common::reference;
use common::tolerance::{BCE, BCE_GRAD, EXP, LN, LN_1P, SIGMOID, SOFTPLUS, TANH, TINY, ulp};
use stackprop::math::{
    bce_with_logits, bce_with_logits_grad, exp, ln, ln_1p, sigmoid, softplus, tanh,
};
use stackprop::simd::{F32x4, F32x8, F32x16, Tile, Vector};

/// How far `got` is from `exact`, in ulp of `exact`; of a value within `TINY` of a subnormal, 0.
fn error(got: f32, exact: f64) -> f64 {
    let got_wide = f64::from(got);
    let right = |right: bool| if right { 0.0 } else { f64::INFINITY };
    if exact.is_nan() || got.is_nan() {
        return right(exact.is_nan() && got.is_nan());
    }
    // Beyond halfway from the largest float to 2^128 the nearest float is infinite.
    if exact.abs() >= 3.402_823_567_797_336_6e38 {
        return right(got_wide == f64::INFINITY.copysign(exact));
    }
    if exact.abs() < TINY {
        return right((got_wide - exact).abs() <= TINY);
    }
    (got_wide - exact).abs() / ulp(exact)
}

/// The largest error of `kernel` over floats of all sizes, which has to be within `bound`.
fn scan(name: &str, bound: f64, kernel: impl Fn(f32) -> f32, exact: impl Fn(f64) -> f64) {
    let stride = if std::env::var_os("STACKPROP_EXHAUSTIVE").is_some() {
        1
    } else {
        61
    };
    // A debug build is too slow for more than one float in a few thousand.
    let stride = if cfg!(debug_assertions) {
        stride * 101
    } else {
        stride
    };
    let mut worst = (0.0, 0.0);
    for bits in (0..=u32::MAX).step_by(stride) {
        let x = f32::from_bits(bits);
        let e = error(kernel(x), exact(f64::from(x)));
        if e > worst.0 {
            worst = (e, x);
        }
    }
    let (e, x) = worst;
    println!("{name}: at most {e:.3} ulp, at {x:?}");
    assert!(
        e <= bound,
        "{name}({x:?}) = {:?} is {e} ulp off {:?}",
        kernel(x),
        exact(f64::from(x))
    );
}

#[test]
fn exp_is_accurate() {
    scan("exp", EXP, exp, f64::exp);
}

#[test]
fn ln_is_accurate() {
    scan("ln", LN, ln, f64::ln);
}

#[test]
fn ln_1p_is_accurate() {
    scan("ln_1p", LN_1P, ln_1p, f64::ln_1p);
}

#[test]
fn sigmoid_is_accurate() {
    scan("sigmoid", SIGMOID, sigmoid, reference::sigmoid);
}

#[test]
fn softplus_is_accurate() {
    scan("softplus", SOFTPLUS, softplus, |x| {
        if x.is_nan() {
            x
        } else {
            reference::softplus(x)
        }
    });
}

#[test]
fn tanh_is_accurate() {
    scan("tanh", TANH, tanh, f64::tanh);
}

/// Targets at both ends, next to them, and between.
const TARGETS: [f32; 9] = [0.0, 1e-30, 1e-6, 0.1, 0.5, 0.9, 0.999, 0.999_999_94, 1.0];

#[test]
fn bce_is_accurate() {
    for y in TARGETS {
        let exact = |z: f64| {
            if z.is_nan() {
                z
            } else {
                reference::bce(z, f64::from(y))
            }
        };
        scan(
            &format!("bce, y = {y}"),
            BCE,
            |z| bce_with_logits(z, y),
            exact,
        );
    }
}

#[test]
fn bce_gradient_is_accurate() {
    for y in TARGETS {
        let wide = f64::from(y);
        // The error counts in ulp of the larger of q and u, so it is carried over to that number.
        let share = |z: f64| {
            let (q, u) = if z < 0.0 {
                (reference::sigmoid(z), wide)
            } else {
                (reference::sigmoid(-z), 1.0 - wide)
            };
            (q.max(u), if z < 0.0 { q - u } else { u - q })
        };
        #[expect(clippy::cast_possible_truncation, reason = "it adds half an ulp")]
        let kernel = |z: f32| {
            let (larger, exact) = share(f64::from(z));
            if z.is_nan() {
                bce_with_logits_grad(z, y).1
            } else {
                (larger + f64::from(bce_with_logits_grad(z, y).1) - exact) as f32
            }
        };
        let name = format!("bce gradient, y = {y}");
        // Rounding to f32 for the comparison adds half an ulp.
        scan(&name, BCE_GRAD + 0.5, kernel, |z| {
            if z.is_nan() { z } else { share(z).0 }
        });
    }
}

#[test]
fn limits() {
    let inf = f32::INFINITY;
    for (name, got, exact) in [
        ("exp(-inf)", exp(-inf), 0.0),
        ("exp(inf)", exp(inf), inf),
        ("exp(0)", exp(0.0), 1.0),
        ("exp(-104)", exp(-104.0), 0.0),
        ("ln(0)", ln(0.0), -inf),
        ("ln(-0)", ln(-0.0), -inf),
        ("ln(inf)", ln(inf), inf),
        ("ln(1)", ln(1.0), 0.0),
        ("ln_1p(-1)", ln_1p(-1.0), -inf),
        ("ln_1p(0)", ln_1p(0.0), 0.0),
        ("sigmoid(-inf)", sigmoid(-inf), 0.0),
        ("sigmoid(inf)", sigmoid(inf), 1.0),
        ("sigmoid(0)", sigmoid(0.0), 0.5),
        ("sigmoid(-104)", sigmoid(-104.0), 0.0),
        ("softplus(-inf)", softplus(-inf), 0.0),
        ("softplus(inf)", softplus(inf), inf),
        ("tanh(-inf)", tanh(-inf), -1.0),
        ("tanh(inf)", tanh(inf), 1.0),
        ("1 / tanh(-0)", 1.0 / tanh(-0.0), -inf),
        ("1 / tanh(0)", 1.0 / tanh(0.0), inf),
    ] {
        assert_eq!(got, exact, "{name}");
    }
    assert!(ln(-1.0).is_nan() && ln_1p(-1.5).is_nan() && ln(-inf).is_nan());
}

#[test]
fn limits_of_the_loss() {
    let inf = f32::INFINITY;
    for (name, got, exact) in [
        ("bce(inf, 1)", bce_with_logits(inf, 1.0), 0.0),
        ("bce(inf, 0)", bce_with_logits(inf, 0.0), inf),
        ("bce(-inf, 0)", bce_with_logits(-inf, 0.0), 0.0),
        ("bce(-inf, 1)", bce_with_logits(-inf, 1.0), inf),
        ("bce(1e30, 0)", bce_with_logits(1e30, 0.0), 1e30),
        ("dbce(inf, 1)", bce_with_logits_grad(inf, 1.0).1, 0.0),
        ("dbce(inf, 0)", bce_with_logits_grad(inf, 0.0).1, 1.0),
        ("dbce(-inf, 1)", bce_with_logits_grad(-inf, 1.0).1, -1.0),
        ("dbce(-104, 0)", bce_with_logits_grad(-104.0, 0.0).1, 0.0),
    ] {
        assert_eq!(got, exact, "{name}");
    }
}

#[test]
fn nan_gives_nan() {
    for nan in [
        f32::NAN,
        -f32::NAN,
        f32::from_bits(0x7fff_ffff),
        f32::from_bits(0xff80_0001),
    ] {
        let (loss, dz) = bce_with_logits_grad(nan, 1.0);
        let (loss_of_target, dz_of_target) = bce_with_logits_grad(1.0, nan);
        let kernels = [exp(nan), ln(nan), ln_1p(nan), sigmoid(nan), softplus(nan)];
        assert!(
            kernels
                .into_iter()
                .chain([tanh(nan)])
                .chain([loss, dz, loss_of_target, dz_of_target])
                .all(f32::is_nan)
        );
    }
}

/// Floats where kernels change their ways, and some of every size.
fn inputs() -> Vec<f32> {
    let edges = [
        0.0,
        1e-45,
        1e-38,
        1e-8,
        0.5,
        0.000_244_140_62,
        0.346_57,
        0.999_999_94,
        1.0,
        9.02,
        10.0,
        17.33,
        87.336_54,
        87.336_55,
        88.722_83,
        88.722_84,
        104.0,
        1e30,
        f32::MAX,
        f32::INFINITY,
        f32::NAN,
    ];
    let spread = (0..4096u32).map(|k| f32::from_bits(k.wrapping_mul(1_048_573)));
    edges
        .into_iter()
        .flat_map(|x| [x, -x])
        .chain(spread)
        .collect()
}

/// What each kernel gives.
fn all<V: Vector>(x: V, y: V) -> [V; 8] {
    let (loss, dz) = bce_with_logits_grad(x, y);
    [
        exp(x),
        ln(x),
        ln_1p(x),
        sigmoid(x),
        softplus(x),
        tanh(x),
        loss,
        dz,
    ]
}

/// Each kernel gives in every lane of a `V` what it gives for one number.
fn lanes_agree<V: Vector>() {
    let inputs = inputs();
    let at = |k: usize| inputs[k % inputs.len()];
    for first in 0..inputs.len() {
        let x = V::from_fn(|l| at(first + l));
        let y = V::from_fn(|l| at(first + l).abs().min(1.0));
        let wide = all(x, y);
        for l in 0..V::LANES {
            let (x, y) = (x.extract(l), y.extract(l));
            assert_eq!(
                wide.map(|v| common::bit(v.extract(l))),
                all(x, y).map(common::bit),
                "lane {l} of {}, x = {x:?}",
                V::LANES
            );
        }
    }
}

#[test]
fn every_lane_gives_the_bits_of_one_number() {
    lanes_agree::<F32x4>();
    lanes_agree::<F32x8>();
    lanes_agree::<F32x16>();
    lanes_agree::<Tile<F32x8, 3>>();
}

//! The kernels at the edges and in every lane. How accurate they are is in `tests/every_float`.

mod common;

use common::bit;
use stackprop::math::{
    bce_with_logits, bce_with_logits_grad, exp, expm1, ln, ln_1p, sigmoid, softplus, tanh,
};
use stackprop::simd::{F32x4, F32x8, F32x16, Tile, Vector};

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
fn limits_of_expm1() {
    let inf = f32::INFINITY;
    for (x, exact) in [
        (-inf, -1.0),
        (-1e30, -1.0),
        (-104.0, -1.0),
        (-16.99, -1.0),
        (-16.98, -0.999_999_94),
        (-1e-8, -1e-8),
        (1e-8, 1e-8),
        (88.722_84, inf),
        (1e30, inf),
        (inf, inf),
    ] {
        assert_eq!(expm1(x), exact, "expm1({x:?})");
    }
    assert!(expm1(88.722_83) < inf);
    // -0 and the smallest numbers are what they were, bit for bit.
    for bits in (0..f32::MIN_POSITIVE.to_bits()).step_by(4099) {
        for x in [f32::from_bits(bits), -f32::from_bits(bits)] {
            assert_eq!(expm1(x).to_bits(), x.to_bits(), "{x:?}");
        }
    }
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
                .chain([tanh(nan), expm1(nan)])
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
        0.346_58,
        0.999_999_94,
        1.0,
        9.02,
        10.0,
        16.99,
        17.33,
        87.336_54,
        87.336_55,
        88.0,
        88.000_01,
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
fn all<V: Vector>(x: V, y: V) -> [V; 9] {
    let (loss, dz) = bce_with_logits_grad(x, y);
    [
        exp(x),
        expm1(x),
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
                wide.map(|v| bit(v.extract(l))),
                all(x, y).map(bit),
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

//! The activations against PyTorch in f64, in every lane, and by the gradient checker.
//!
//! `tests/data/layers_heads.json`: `y = f(x); dx, = torch.autograd.grad(y, x, torch.full_like(x,
//! 3.0))` in float64 for f in `F.relu`, `F.leaky_relu` (slopes float32 0.01, 0.2 and 0),
//! `torch.tanh` and `torch.sigmoid`.

#![allow(
    clippy::cast_possible_truncation,
    reason = "numbers of f32 stand as f64 in the files"
)]
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test fails by panicking"
)]

mod common;

use common::tolerance::{LAYERS, TINY};
use common::{bit, golden};
use stackprop::layers::{Activations, Pass};
use stackprop::math::tanh;
use stackprop::simd::{F32x4, F32x8, F32x16, Tile, Vector};
use stackprop::{Layer, LeakyRelu, Linear, NoBias, Params, Relu, Sigmoid, Tanh, Zero, check};

/// y and dx of one number.
fn both<L: Layer<1, 1>, V: Vector>(layer: &L, x: V, dy: V) -> [V; 2] {
    let (mut activations, mut delta) = (Activations::zero(), Activations::zero());
    let (mut y, mut dx) = ([V::splat(f32::NAN)], [V::splat(f32::NAN)]);
    layer.forward(&[x], &mut activations, &mut y);
    let pass = Pass {
        x: &[x],
        activations: &activations,
        y: &y,
    };
    let mut grad = L::fill(V::Partial::ZERO);
    layer.backward(pass, &[dy], Some(&mut grad), &mut delta, Some(&mut dx));
    [y[0], dx[0]]
}

/// Every value and gradient of the file.
fn is_pytorch<L: Layer<1, 1>>(name: &str, layer: L) {
    let file = golden::read("layers_heads.json");
    let of = |column: &str| golden::numbers(&file["layers"][name][column]);
    let dy = of("dy")[0];
    let mut worst: f64 = 0.0;
    let mut close = |what: &str, x: f64, got: f32, exact: f64, size: f64| {
        let got = f64::from(got);
        if exact.is_nan() || exact.is_infinite() {
            assert!(
                got == exact || got.is_nan() && exact.is_nan(),
                "{what} of {name} at {x}: {got}"
            );
            return;
        }
        let off = ((got - exact).abs() - TINY).max(0.0) / exact.abs().max(size);
        worst = if off <= worst { worst } else { off };
        assert!(off <= LAYERS, "{what} of {name} at {x}: {got}, not {exact}");
    };
    assert_eq!(of("x").len(), 32);
    for ((x, y), dx) in of("x").into_iter().zip(of("y")).zip(of("dx")) {
        let [got_y, got_dx] = both(&layer, x as f32, dy as f32);
        close("y", x, got_y, y, f64::MIN_POSITIVE);
        close("dx", x, got_dx, dx, dy);
        if x == 0.0 {
            assert_eq!(
                got_y.is_sign_negative(),
                y.is_sign_negative(),
                "{name}({x:?})"
            );
        }
    }
    println!("{name}: at most {worst:.1e}");
}

#[test]
fn values_and_gradients_are_pytorchs() {
    is_pytorch("relu", Relu);
    is_pytorch::<LeakyRelu>("leaky_relu", LeakyRelu);
    is_pytorch("leaky_relu_1_5", LeakyRelu::<1, 5>);
    is_pytorch("leaky_relu_0", LeakyRelu::<0, 1>);
    is_pytorch("tanh", Tanh);
    is_pytorch("sigmoid", Sigmoid);
}

#[test]
fn the_slope_is_the_nearest_float() {
    assert_eq!(<LeakyRelu>::NEGATIVE_SLOPE, 0.01);
    assert_eq!(LeakyRelu::<1, 5>::NEGATIVE_SLOPE, 0.2);
    assert_eq!(
        size_of::<LeakyRelu>() + size_of::<Tanh>() + size_of::<Sigmoid>(),
        0
    );
}

/// Each lane of a `V` holds the bits of one number.
fn lanes_agree<L: Layer<1, 1>, V: Vector>(layer: &L) {
    let file = golden::read("layers_heads.json");
    let x = golden::numbers(&file["layers"]["relu"]["x"]);
    let at = |k: usize| x[k % x.len()] as f32;
    for first in 0..x.len() {
        let wide = both(
            layer,
            V::from_fn(|l| at(first + l)),
            V::from_fn(|l| at(first + 7 * l)),
        );
        for l in 0..V::LANES {
            let narrow = both(layer, at(first + l), at(first + 7 * l));
            assert_eq!(
                wide.map(|v| bit(v.extract(l))),
                narrow.map(bit),
                "{}",
                at(first + l)
            );
        }
    }
}

fn all_vectors_agree<L: Layer<1, 1>>(layer: L) {
    lanes_agree::<L, F32x4>(&layer);
    lanes_agree::<L, F32x8>(&layer);
    lanes_agree::<L, F32x16>(&layer);
    lanes_agree::<L, Tile<F32x4, 2>>(&layer);
}

#[test]
fn every_lane_gives_the_bits_of_one_number() {
    all_vectors_agree(Relu);
    all_vectors_agree::<LeakyRelu>(LeakyRelu);
    all_vectors_agree(Tanh);
    all_vectors_agree(Sigmoid);
}

#[test]
fn the_checker_agrees() {
    let x = [0.3, -0.2, 1.5, -2.0];
    for report in [
        check::layer(&Relu, &x),
        check::layer::<LeakyRelu, 4, 4>(&LeakyRelu, &x),
        check::layer(&Tanh, &x),
        check::layer(&Sigmoid, &x),
    ] {
        println!("{report:?}");
        assert!(report.unwrap().input.compared >= 2);
    }
}

/// Odd in every bit, and no subnormal number is lost.
#[test]
fn tanh_is_odd_and_keeps_the_smallest() {
    for bits in (0..0x7f80_0000).step_by(4099) {
        let x = f32::from_bits(bits);
        assert_eq!(tanh(-x).to_bits(), (-tanh(x)).to_bits(), "{x:?}");
        if x < f32::MIN_POSITIVE {
            assert_eq!(tanh(x).to_bits(), bits, "{x:?}");
        }
    }
}

/// Without biases there is one tensor, also of a gradient.
#[test]
fn without_biases_there_is_one_tensor() {
    type Bare = Linear<3, 2, NoBias>;
    let grad = Bare::fill(1.0_f32);
    let lengths = [0, 1].map(|index| Bare::tensor_of(&grad, index).map(|t| t.values.len()));
    assert_eq!(lengths, [Some(6), None]);
    assert!(Bare::ZERO.tensor(1).is_none());
}

//! The activations against PyTorch, in every lane, by the gradient checker, and in a network.
//!
//! tests/data/activations.json is what `tests/data/activations.py` makes: y and dx of 65 numbers,
//! in float64 and in float32. The float64 ones are the exact values. At NaN, infinities and zeros,
//! and for functions of straight lines everywhere, ours are the bits of PyTorch's float32.
//!
//! That is so without an exception. But at NaN PyTorch has two gradients of ELU and of Hardtanh, of
//! which ours is that of its loop over vectors: see [`stackprop::Elu`].

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

use common::tolerance::{EXPM1_NOT_POSITIVE, SIGMOID, SOFTPLUS, TANH, TINY, ulp};
use common::{bit, golden};
use stackprop::layers::{Activations, Pass};
use stackprop::simd::{F32x4, F32x8, F32x16, Tile, Vector};
use stackprop::{
    Chain, Elementwise, Elu, HardTanh, Layer, LeakyRelu, Linear, Network, Relu, Sgd, Sigmoid,
    SigmoidBce, Softplus, Tanh, Trainer, Zero, check, net,
};

/// The largest errors, as the documentation has them.
#[derive(Clone, Copy)]
struct Bound {
    /// Of y, in ulp.
    y: f64,
    /// Of dx, in ulp.
    dx: f64,
    /// Of dx, relative to dy, where that is more: it is made from y, which saturates.
    share: f64,
}

const fn bound(y: f64, dx: f64, share: f64) -> Bound {
    Bound { y, dx, share }
}

/// Bits equal to those of PyTorch's f32, which is one rounding of the exact value.
const STRAIGHT: Bound = bound(0.5, 0.5, 0.0);
/// 2^-22 of dy.
const FROM_Y: f64 = 1.0 / 4_194_304.0;
/// dx seen 1.18, over all floats: the product with dy rounds what `exp` gives.
const ELU: Bound = bound(EXPM1_NOT_POSITIVE, 1.2, 0.0);
/// y and dx of Elu for any alpha and dy, relative to themselves; seen 1.74e-7.
const ANY_ALPHA: f64 = 1.0 / 4_194_304.0;

/// Calls `$f(name, layer, bound)` for each activation of the file.
macro_rules! for_each {
    ($f:ident) => {
        $f("relu", Relu, STRAIGHT);
        $f("leaky_relu", LeakyRelu::<1, 100>, STRAIGHT);
        $f("leaky_relu_1_5", LeakyRelu::<1, 5>, STRAIGHT);
        $f("tanh", Tanh, bound(TANH, 0.0, FROM_Y));
        $f("sigmoid", Sigmoid, bound(SIGMOID, 0.0, FROM_Y));
        $f("softplus", Softplus, bound(SOFTPLUS, SIGMOID, 0.0));
        $f("elu", Elu::DEFAULT, ELU);
        $f("elu_half", Elu::new(0.5), ELU);
        $f("hardtanh", HardTanh::DEFAULT, STRAIGHT);
        $f("hardtanh_wide", HardTanh::new(-0.5, 2.0), STRAIGHT);
    };
}

/// y and dx of one number, by the layer.
fn both<L: Layer<1, 1>, V: Vector>(layer: &L, x: V, dy: V) -> [V; 2] {
    let (mut activations, mut delta) = (Activations::zero(), Activations::zero());
    let (mut y, mut dx) = ([V::splat(f32::NAN)], [V::splat(f32::NAN)]);
    layer.forward(&[x], &mut activations, &mut y);
    let (x, activations) = (&[x], &activations);
    let pass = Pass {
        x,
        activations,
        y: &y,
    };
    layer.backward(pass, &[dy], None, &mut delta, Some(&mut dx));
    [y[0], dx[0]]
}

/// How far `got` is from `exact` as a share of what is allowed: `ulps`, `share` of dy, or all of a
/// value that is subnormal or has a slope that is.
fn off(got: f32, exact: f64, ulps: f64, share: f64, dy: f64) -> f64 {
    let distance = (f64::from(got) - exact).abs();
    let lost = TINY * dy.abs();
    let subnormal = if exact.abs() < lost { lost } else { 0.0 };
    let allowed = (ulps * ulp(exact)).max(share * dy.abs()).max(subnormal);
    if distance == 0.0 {
        0.0
    } else {
        distance / allowed
    }
}

/// The columns of one activation: x, y, dx, and the last two in f32; and dy.
fn columns(name: &str) -> ([Vec<f64>; 5], f64) {
    let file = golden::read("activations.json");
    let of = |column: &str| golden::numbers(&file["functions"][name][column]);
    let x = golden::numbers(&file["x"]);
    assert_eq!(x.len(), 65);
    let all = [x, of("y"), of("dx"), of("y_f32"), of("dx_f32")];
    assert!(all.iter().all(|column| column.len() == 65), "{name}");
    (all, file["dy"].as_f64().unwrap())
}

fn is_pytorch<L: Layer<1, 1>>(name: &str, layer: L, bound: Bound) {
    let ([x, y, dx, y_f32, dx_f32], dy) = columns(name);
    let (mut worst, mut theirs): ([f64; 2], [f64; 2]) = ([0.0; 2], [0.0; 2]);
    for k in 0..x.len() {
        let got = both(&layer, x[k] as f32, dy as f32);
        let pytorch = [y_f32[k] as f32, dx_f32[k] as f32];
        let special = x[k] == 0.0 || !x[k].is_finite();
        if special || bound.y == STRAIGHT.y {
            let bits = |values: [f32; 2]| values.map(bit);
            assert_eq!(bits(got), bits(pytorch), "{name}({:?}) = {got:?}", x[k]);
        }
        if !x[k].is_finite() {
            continue;
        }
        let share = |[y_got, dx_got]: [f32; 2]| {
            [
                off(y_got, y[k], bound.y, 0.0, 1.0),
                off(dx_got, dx[k], bound.dx, bound.share, dy),
            ]
        };
        let (our, their) = (share(got), share(pytorch));
        // Not so for NaN.
        let within = our.iter().all(|share| *share <= 1.0);
        let exact = (y[k], dx[k]);
        assert!(within, "{name}({:?}) = {got:?}, not {exact:?}", x[k]);
        for part in 0..2 {
            worst[part] = worst[part].max(our[part]);
            theirs[part] = theirs[part].max(their[part]);
        }
    }
    println!("{name}: y and dx {worst:.2?} of the bound, PyTorch's f32 {theirs:.2?}");
}

#[test]
fn values_and_gradients_are_pytorchs() {
    for_each!(is_pytorch);
}

/// NaN is NaN with either sign, of which the file has one.
fn signs_of_nan_agree<L: Layer<1, 1>>(name: &str, layer: L, _: Bound) {
    let of = |x: f32| both(&layer, x, 0.5).map(bit);
    assert_eq!(of(-f32::NAN), of(f32::NAN), "{name}");
    assert_eq!(of(f32::from_bits(u32::MAX)), of(f32::NAN), "{name}");
}

#[test]
fn the_sign_of_nan_means_nothing() {
    for_each!(signs_of_nan_agree);
}

/// Each lane of a `V` holds the bits of one number.
fn lanes_agree<L: Layer<1, 1>, V: Vector>(name: &str, layer: &L) {
    let ([x, ..], _) = columns(name);
    let at = |k: usize| x[k % x.len()] as f32;
    for first in 0..x.len() {
        let (x, dy) = (|l| at(first + l), |l| at(first + 7 * l));
        let wide = both(layer, V::from_fn(x), V::from_fn(dy));
        for l in 0..V::LANES {
            let narrow = both(layer, x(l), dy(l));
            let lane = wide.map(|v| bit(v.extract(l)));
            assert_eq!(lane, narrow.map(bit), "{name}({:?}), lane {l}", x(l));
        }
    }
}

fn all_lanes_agree<L: Layer<1, 1>>(name: &str, layer: L, _: Bound) {
    lanes_agree::<L, F32x4>(name, &layer);
    lanes_agree::<L, F32x8>(name, &layer);
    lanes_agree::<L, F32x16>(name, &layer);
    lanes_agree::<L, Tile<F32x4, 4>>(name, &layer);
    lanes_agree::<L, Tile<F32x16, 2>>(name, &layer);
}

#[test]
fn every_lane_gives_the_bits_of_one_number() {
    for_each!(all_lanes_agree);
}

/// At 0.3 and -0.2 every slope but that of ReLU is far from 0.
fn is_consistent<L: Layer<4, 4>>(name: &str, layer: L, _: Bound) {
    let report = check::layer(&layer, &[0.3, -0.2, 1.5, -2.0]);
    println!("{name}: {report:?}");
    assert!(report.unwrap().input.compared >= 2, "{name}");
}

#[test]
fn the_checker_agrees() {
    for_each!(is_consistent);
}

/// `Elu` with any `alpha` is within 2^-22 of itself, and so is its gradient, where e^x is normal.
#[test]
fn elu_with_any_alpha_is_accurate() {
    let (mut worst_y, mut worst_dx): (f64, f64) = (0.0, 0.0);
    let relative = |got: f32, exact: f64| (f64::from(got) / exact - 1.0).abs();
    for k in 0..20_000_u16 {
        let x = -87.3 * (f32::from(k) / 20_000.0).powi(3) - 1e-6;
        let (alpha, dy) = (
            1.0 + f32::from(k % 89) / 89.0,
            -1.0 - f32::from(k % 97) / 97.0,
        );
        let (elu, wide) = (Elu::new(alpha), f64::from(x));
        let exact = [wide.exp_m1(), wide.exp() * f64::from(dy)].map(|e| e * f64::from(alpha));
        worst_y = worst_y.max(relative(elu.y(x), exact[0]));
        worst_dx = worst_dx.max(relative(elu.dx(x, elu.y(x), dy), exact[1]));
    }
    println!("elu: y within {worst_y:.2e}, dx within {worst_dx:.2e}");
    assert!(worst_y <= ANY_ALPHA && worst_dx <= ANY_ALPHA);
}

/// `net!` writes the default, which is PyTorch's, and a gradient has no place for settings.
#[test]
fn defaults_are_pytorchs() {
    assert_eq!(Elu::default(), Elu { alpha: 1.0 });
    let (min_val, max_val) = (-1.0, 1.0);
    assert_eq!(HardTanh::default(), HardTanh { min_val, max_val });
    assert_eq!((Elu::ZERO, HardTanh::ZERO), Default::default());
    assert_eq!(size_of::<Softplus>(), 0);
}

/// XOR, whose loss stays at ln 2 without an activation.
const ROWS: [[f32; 2]; 4] = [[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]];
const TARGETS: [[f32; 1]; 4] = [[0.0], [1.0], [1.0], [0.0]];

type Xor = net![2 => 4, Elu => 1, SigmoidBce];

#[test]
fn a_network_with_elu_learns() {
    assert_eq!(Xor::PARAMETERS, 2 * 4 + 4 + 4 + 1);
    let report = check::network(&Xor::new(1), &[1.0, -0.5], &[1.0]).unwrap();
    assert_eq!(report.parameters.compared, Xor::PARAMETERS);
    let learned = |network: Xor| {
        let mut trainer = Trainer::new(network, Sgd::new(0.5));
        let before = trainer.step(&ROWS, &TARGETS).unwrap();
        let after = (0..500).fold(before, |_, _| trainer.step(&ROWS, &TARGETS).unwrap());
        assert!(before > 0.6 && after < 0.1, "{before} to {after}");
        trainer.network
    };
    assert_eq!(learned(Xor::new(1)).layers.1.0, Elu::DEFAULT);

    // Learning leaves the setting as it is.
    let Chain(first, Chain(_, last)): Chain<Linear<2, 4>, _, 4> = Xor::new(1).layers;
    let layers = Chain(first, Chain(Elu::new(0.5), last));
    let half = Network::from_layers(layers, SigmoidBce);
    assert_eq!(learned(half).layers.1.0, Elu::new(0.5));
}

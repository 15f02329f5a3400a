//! `expm1` against f64, over the whole range of f32, at the edges and in every lane.
//!
//! One float in 61 is tried; `STACKPROP_EXHAUSTIVE=1 cargo test --release --test expm1` tries them
//! all.

mod common;

use common::bit;
use common::tolerance::ulp;
use stackprop::math::expm1;
use stackprop::simd::{F32x4, F32x8, F32x16, Tile, Vector};

/// The largest errors over all floats, and over those that are not positive, in ulp of the exact
/// value where that is normal. They stand in the documentation.
const ANY: f64 = 1.7; // seen 1.667, at 0.38401955
const NOT_POSITIVE: f64 = 1.0; // seen 0.968, at -0.2855483

/// From here on the nearest float is infinite: halfway from the largest one to 2^128.
const OVERFLOW: f64 = 3.402_823_567_797_336_6e38;

/// How far `expm1(x)` is from the exact value, in ulp of that, or of the least normal float.
fn error(x: f32) -> f64 {
    let (got, exact) = (f64::from(expm1(x)), f64::from(x).exp_m1());
    if got == exact || got.is_nan() && exact.is_nan() || got.is_infinite() && exact >= OVERFLOW {
        return 0.0;
    }
    let off = (got - exact).abs() / ulp(exact);
    // One is NaN and the other is not.
    if off.is_nan() { f64::INFINITY } else { off }
}

/// The largest error over these floats has to be within `bound`.
fn scan(name: &str, bound: f64, bits: impl Iterator<Item = u32>) {
    let all = std::env::var_os("STACKPROP_EXHAUSTIVE").is_some();
    // A debug build is too slow for more than one float in a few thousand.
    let slow = if cfg!(debug_assertions) { 101 } else { 1 };
    let (mut worst, mut at) = (0.0, 0.0);
    for bits in bits.step_by(slow * if all { 1 } else { 61 }) {
        let x = f32::from_bits(bits);
        let off = error(x);
        if off > worst {
            (worst, at) = (off, x);
        }
    }
    println!("expm1, {name}: at most {worst:.3} ulp, at {at:?}");
    assert!(worst <= bound, "expm1({at:?}) = {:?}: {worst}", expm1(at));
}

#[test]
fn it_is_accurate() {
    scan("x > 0", ANY, 0..=f32::NAN.to_bits());
    scan("x <= 0", NOT_POSITIVE, (-0f32).to_bits()..=u32::MAX);
}

/// The largest errors that a search over all floats has found.
#[test]
fn it_is_accurate_where_it_is_worst() {
    assert!((1.6..ANY).contains(&error(0.384_019_55)));
    assert!((0.96..NOT_POSITIVE).contains(&error(-0.285_548_3)));
}

#[test]
fn limits() {
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
    assert!(expm1(f32::NAN).is_nan() && expm1(-f32::NAN).is_nan());
}

/// -0 and the smallest numbers are what they were, bit for bit.
#[test]
fn the_smallest_stay() {
    for bits in (0..f32::MIN_POSITIVE.to_bits()).step_by(4099) {
        for x in [f32::from_bits(bits), -f32::from_bits(bits)] {
            assert_eq!(expm1(x).to_bits(), x.to_bits(), "{x:?}");
        }
    }
}

/// Every lane of a `V` gives what one number gives, at the edges and for floats of every size.
fn lanes_agree<V: Vector>() {
    let edges = [
        0.0, 1e-45, 1e-38, 0.346_57, 0.346_58, 16.99, 87.336_55, 88.0,
    ];
    let tops = [88.000_01, 88.722_83, 88.722_84, f32::INFINITY, f32::NAN];
    let spread = (0..4096u32).map(|k| f32::from_bits(k.wrapping_mul(1_048_573)));
    let edges = edges.into_iter().chain(tops).flat_map(|x| [x, -x]);
    let inputs: Vec<f32> = edges.chain(spread).collect();
    for first in 0..inputs.len() {
        let at = |l: usize| inputs[(first + l) % inputs.len()];
        let wide = expm1(V::from_fn(at));
        for l in 0..V::LANES {
            assert_eq!(bit(wide.extract(l)), bit(expm1(at(l))), "{:?}", at(l));
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

//! What the tests share: the f64 reference, the tolerances, random networks.

#![allow(dead_code, unreachable_pub, reason = "each test program uses its part")]
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test fails by panicking"
)]

pub mod check;
pub mod golden;
pub mod nets;
pub mod reference;
pub mod tolerance;

use stackprop::{Layer, Params};

/// All numbers of `all`, tensor by tensor.
pub fn tensors<P: Params>(all: &P::Of<f32>) -> Vec<Vec<f32>> {
    let mut found = Vec::new();
    P::zip(
        &mut P::fill(()),
        all,
        &mut P::fill(()),
        &mut |_: &mut [()], tensor: &[f32], _: &mut [()]| {
            found.push(tensor.to_vec());
        },
    );
    found
}

/// The bits of all numbers of `all`; every NaN counts as one value.
pub fn bits<P: Params>(all: &P::Of<f32>) -> Vec<u32> {
    tensors::<P>(all).concat().into_iter().map(bit).collect()
}

/// The bits of a number; every NaN counts as one value.
pub fn bit(value: f32) -> u32 {
    if value.is_nan() {
        f32::NAN.to_bits()
    } else {
        value.to_bits()
    }
}

/// Calls `f` on each parameter, in order.
pub fn each<L: Layer<I, O>, const I: usize, const O: usize>(
    all: &mut L,
    mut f: impl FnMut(&mut f32),
) {
    all.update(
        &L::fill(()),
        &mut L::fill(()),
        &mut |all: &mut [f32], _: &[()], _: &mut [()]| {
            all.iter_mut().for_each(&mut f);
        },
    );
}

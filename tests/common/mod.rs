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
pub mod spoilt;
pub mod tolerance;

use stackprop::{Error, Grad, Optimizer, Params, Trainable, Trainer, weights};

/// A step in slices of so many rows.
pub fn in_slices<N: Trainable, Opt: Optimizer>(
    trainer: &mut Trainer<N, Opt>,
    rows: &[N::Input],
    targets: &[N::Output],
    slice: usize,
) -> Result<f32, Error> {
    let mut step = trainer.begin_step(rows, targets)?;
    loop {
        if let Some(loss) = step.advance(slice)? {
            return Ok(loss);
        }
    }
}

/// The numbers of a gradient of `P`, tensor by tensor.
pub fn tensors<P: Params>(grad: &Grad<P>) -> Vec<Vec<f32>> {
    weights::tensors_of::<P, f32>(grad)
        .map(|tensor| tensor.values.to_vec())
        .collect()
}

/// The bits of a gradient of `P`; every NaN counts as one value.
pub fn bits<P: Params>(grad: &Grad<P>) -> Vec<u32> {
    weights::tensors_of::<P, f32>(grad)
        .flat_map(|tensor| tensor.values)
        .map(|value| bit(*value))
        .collect()
}

/// The bits of the parameters of a network or a layer; every NaN counts as one value.
pub fn weight_bits<P: Params>(params: &P) -> Vec<u32> {
    weights::tensors(params)
        .flat_map(|tensor| tensor.values)
        .map(|value| bit(*value))
        .collect()
}

/// The bits of a number; every NaN counts as one value.
pub const fn bit(value: f32) -> u32 {
    if value.is_nan() {
        f32::NAN.to_bits()
    } else {
        value.to_bits()
    }
}

//! What the tests share: the f64 reference, the tolerances, random networks.

#![allow(dead_code, unreachable_pub, reason = "each test program uses its part")]
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test fails by panicking"
)]

pub mod check;
pub mod gain;
pub mod golden;
pub mod heads;
pub mod nets;
pub mod numbers;
pub mod reference;
pub mod spoilt;
pub mod tolerance;

use stackprop::{
    Error, Grad, Guard, Online, Optimizer, Params, Setting, Trainable, Trainer, weights,
};

pub const NOT_FINITE: [f32; 3] = [f32::NAN, f32::INFINITY, f32::NEG_INFINITY];

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

/// All three ways to learn refuse it, and nothing changes.
pub fn refused_in<N: Trainable, Opt: Optimizer>(
    network: N,
    optimizer: Opt,
    (rows, targets): (&[N::Input], &[N::Output]),
    guard: Guard,
    setting: Setting,
) {
    let error = Err(Error::Setting(setting));
    let mut trainer = Trainer::new(network, optimizer);
    let mut online = Online::new(network, optimizer);
    (trainer.guard, online.guard) = (guard, guard);
    assert_eq!(trainer.step(rows, targets), error);
    assert_eq!(online.step(&rows[0], &targets[0]), error);
    assert_eq!(in_slices(&mut trainer, rows, targets, 3), error);
    let same = |found: &N| assert_eq!(weight_bits(found), weight_bits(&network));
    same(&trainer.network);
    same(&online.network);
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

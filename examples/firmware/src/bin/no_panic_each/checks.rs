//! The gradient checker.

use core::hint::black_box;
use stackprop::check::{self, Report, Tally, Wrong};
use stackprop::{Linear, Relu, SigmoidBce, SoftmaxCe, net};

/// All of it.
pub(crate) fn checks() -> Result<(), Wrong> {
    layers()?;
    heads()?;
    networks()?;
    black_box((Report::default(), Tally::default()));
    Ok(())
}

#[inline(never)]
fn layers() -> Result<(), Wrong> {
    let linear = black_box(Linear::new([[0.5; 3]; 2], [0.1; 2]));
    black_box(check::layer(&linear, &black_box([0.5; 3]))?);
    Ok(())
}

#[inline(never)]
fn heads() -> Result<(), Wrong> {
    let (logits, target) = (black_box([0.5; 3]), black_box([0.0, 1.0, 0.0]));
    black_box(check::head(&SoftmaxCe, &logits, &target)?);
    Ok(())
}

#[inline(never)]
fn networks() -> Result<(), Wrong> {
    let net = black_box(<net![3 => 4, Relu => 1, SigmoidBce]>::new(1));
    black_box(check::network(
        &net,
        &black_box([0.5; 3]),
        &black_box([1.0]),
    )?);
    Ok(())
}

//! Streams with NaN, infinities and extreme numbers, and settings of the same kind: whichever way a
//! step is taken, it gives the same bits or the same error, and what is refused changes nothing.
//! The fuzzer drives the same code: `tests/fuzz/fuzz_targets/training.rs`.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::cast_possible_truncation,
    reason = "a test fails by panicking"
)]

#[path = "../common/allocations.rs"]
mod allocations;
mod drive;
mod extremes;
mod soak;
mod stream;
mod ways;

use allocations::allocations;
use fastrand::Rng;
use soak::{CHIP_STEPS, Soak};
use stackprop::{Adam, AdamW, Guard, Optimizer, Random, RmsProp, Sgd};

/// Random streams for each kind of trainer.
#[test]
fn every_way_gives_the_same_bits_or_the_same_error() {
    let mut rng = Rng::with_seed(17);
    for kind in 0..drive::KINDS {
        let (mut steps, mut taken, mut recorded) = (0, 0, 0);
        for _ in 0..20 {
            let mut bytes = vec![kind];
            bytes.extend(std::iter::repeat_with(|| rng.u8(..)).take(400));
            let done = drive::drive(&bytes);
            steps += done.steps;
            taken += done.taken;
            recorded += done.recorded;
        }
        println!("kind {kind}: {steps} steps, {taken} taken, {recorded} from a record");
        assert!(taken > steps / 10 && recorded > steps / 10, "kind {kind}");
    }
}

/// Ten million steps with `STACKPROP_EXHAUSTIVE=1` and `--release`.
fn steps() -> u32 {
    if std::env::var_os("STACKPROP_EXHAUSTIVE").is_some() {
        10_000_000
    } else {
        CHIP_STEPS
    }
}

/// Learns for long, and then still tells what it was to learn, for clipping keeps the steps that a
/// broken sensor causes short.
fn survives<Opt: Optimizer<Shared: PartialEq, State: PartialEq>>(mut soak: Soak<Opt>) {
    soak.online.guard = Guard::new().max_norm(1.0);
    let (steps, mut fine) = (steps(), false);
    assert_eq!(allocations(|| fine = soak.run(steps)), 0);
    assert!(fine);
    let mut random = Random::new(1);
    let right = (0..1000).filter(|_| {
        let (x, [target]) = Soak::<Opt>::good(&mut random);
        (soak.online.network.forward(&x)[0] > 0.5) == (target > 0.5)
    });
    let (learned, refused, right) = (soak.learned, soak.refused, right.count());
    let digest = soak.digest();
    println!(
        "{steps} steps: {learned} learned, {refused} refused, {right} of 1000 right, {digest:016x}"
    );
    assert!(
        refused > steps / 20 && learned > steps / 2,
        "{learned}, {refused}"
    );
    assert!(right > 850, "{right} of 1000 right");
}

#[test]
fn learns_for_long_on_a_broken_sensor() {
    survives(Soak::new(Sgd::new(0.01)));
    survives(Soak::on_chips());
    survives(Soak::new(Adam::new(0.001)));
    survives(Soak::new(AdamW::new(0.001).amsgrad()));
    survives(Soak::new(RmsProp::new(0.001)));
}

/// Without clipping a huge number may break what was learned, but no weight is bad.
#[test]
fn without_clipping_no_weight_is_bad() {
    assert!(Soak::new(Sgd::new(0.1)).run(steps()));
    assert!(Soak::new(Sgd::new(0.1).momentum(0.9)).run(steps()));
    assert!(Soak::new(Adam::new(0.01)).run(steps()));
    assert!(Soak::new(RmsProp::new(0.01).centered().momentum(0.9)).run(steps()));
}

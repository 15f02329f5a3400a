//! Sums over samples as a record.

use crate::{Small, bytes_of, refuses, reseal};
use stackprop::params::Name;
use stackprop::record::Error;
use stackprop::{Record, Sums};

#[test]
fn sums_travel_as_a_record() {
    let mut sums = Sums::<Small>::new();
    let net = Small::new(1);
    net.accumulate(&[[0.5, -1.0], [2.0, 0.25]], &[[1.0], [0.0]], &mut sums)
        .unwrap();
    assert_eq!(Sums::<Small>::RECORD_BYTES, 32 + 8 + 4 + 4 + 9 * 4);
    let bytes = bytes_of(&sums, 3);
    let mut read = Sums::<Small>::new();
    assert_eq!(read.from_bytes(&bytes), Ok(3));
    assert_eq!(format!("{read:?}"), format!("{sums:?}"));
    assert_eq!(read.mean(), sums.mean());

    // -0, where a sum starts, comes back as it is.
    read.from_bytes(&bytes_of(&Sums::<Small>::new(), 0))
        .unwrap();
    assert_eq!(read.loss.to_bits(), (-0.0_f32).to_bits());
    assert_eq!(
        (read.weight.to_bits(), read.count),
        (read.loss.to_bits(), 0)
    );
}

#[test]
fn sums_that_are_not_finite_are_refused() {
    let mut sums = Sums::<Small>::new();
    let bias = Error::Tensor(Name {
        layer: 2,
        field: "bias",
    });
    let last = Sums::<Small>::RECORD_BYTES - 8;
    for (at, error) in [
        (28 + 8, Error::Value("loss")),
        (28 + 12, Error::Value("weight")),
        (last, bias),
    ] {
        let mut bytes = bytes_of(&sums, 0);
        bytes[at..][..4].copy_from_slice(&f32::INFINITY.to_le_bytes());
        reseal(&mut bytes);
        assert_eq!(refuses(&mut sums, &bytes), error);
    }
    sums.loss = f32::NAN;
    let written = sums.to_bytes(0, &mut [0; Sums::<Small>::RECORD_BYTES]);
    assert_eq!(written, Err(Error::Value("loss")));
}

//! A record that was changed is refused, and then nothing was read.

use crate::{Learner, Small, bytes_of, learner, other, refuses, reseal};
use stackprop::record::Error;
use stackprop::{Adam, Error as StepError, Record, Trainer};

#[test]
fn a_change_of_any_byte_is_refused() {
    let bytes = bytes_of(&learner(), 3);
    let mut target = other();
    for at in 0..bytes.len() {
        for change in [1, 0x80, 0xff] {
            let mut changed = bytes.clone();
            changed[at] ^= change;
            let error = refuses(&mut target, &changed);
            let expected = match at {
                0..4 => error == Error::Magic,
                4..8 => matches!(error, Error::Version(_)),
                8..12 => matches!(error, Error::Length { .. }),
                _ => error == Error::Checksum,
            };
            assert!(expected, "{at}: {error:?}");
        }
    }
}

#[test]
fn any_other_length_is_refused() {
    let mut bytes = bytes_of(&learner(), 3);
    let mut target = other();
    for found in 0..bytes.len() {
        let error = refuses(&mut target, &bytes[..found]);
        assert!(matches!(error, Error::Length { found: f, .. } if f == found));
    }
    let expected = bytes.len();
    for found in expected + 1..expected + 70 {
        bytes.push(0);
        assert_eq!(
            refuses(&mut target, &bytes),
            Error::Length { expected, found }
        );
    }
}

/// A record that says it is longer, or shorter, and is.
#[test]
fn a_length_of_another_record_is_refused() {
    let bytes = bytes_of(&learner(), 3);
    let expected = bytes.len();
    for found in [32, 33, expected - 1, expected + 1, expected + 4] {
        let mut changed = bytes.clone();
        changed.resize(found, 0);
        changed[8..12].copy_from_slice(&u32::try_from(found).unwrap().to_le_bytes());
        reseal(&mut changed);
        let error = refuses(&mut other(), &changed);
        assert_eq!(error, Error::Length { expected, found });
    }
}

/// A change that the checksum does not show: the record is refused by a name, or it is a good one
/// of other numbers, which can be used and written again.
fn change_any_bit<R: Record + Clone>(
    bytes: &[u8],
    other: &R,
    is_named: fn(usize, Error) -> bool,
    goes_on: fn(&mut R),
) {
    let (mut read, mut refused) = (0, 0);
    for bit in 0..8 * (bytes.len() - 4) {
        let mut changed = bytes.to_vec();
        changed[bit / 8] ^= 1 << (bit % 8);
        reseal(&mut changed);
        let mut target = other.clone();
        let before = bytes_of(&target, 0);
        match target.from_bytes(&changed) {
            Ok(steps) => {
                read += 1;
                assert!(bytes_of(&target, steps) == changed, "bit {bit}");
                goes_on(&mut target);
            }
            Err(error) => {
                refused += 1;
                assert!(bytes_of(&target, 0) == before, "bit {bit}: {error:?}");
                assert!(is_named(bit / 8, error), "bit {bit}: {error:?}");
            }
        }
    }
    // Most are other numbers, or another count of steps.
    assert!(
        read > 500 && refused > 150,
        "{read} read, {refused} refused"
    );
}

#[test]
fn a_change_of_any_bit_with_its_checksum_is_refused_or_is_a_good_record() {
    change_any_bit(&bytes_of(&learner(), 3), &other(), is_named, goes_on);
}

#[test]
fn a_change_of_any_bit_of_adam_is_refused_or_is_a_good_record() {
    let new = |seed| Trainer::new(Small::new(seed), Adam::new(0.1).amsgrad());
    let mut trainer = new(1);
    trainer.step(&[[0.5, -0.5]], &[[1.0]]).unwrap();
    let named = |byte, error| match byte {
        0..64 => is_named(byte, error),
        64..92 => matches!(error, Error::Setting(_)),
        92..108 => matches!(error, Error::Value(_)),
        _ => matches!(error, Error::State(_)),
    };
    change_any_bit(&bytes_of(&trainer, 3), &new(2), named, |trainer| {
        let step = trainer.step(&[[0.5, -0.5]], &[[1.0]]);
        assert_ne!(step, Err(StepError::NotStarted));
    });
}

/// A step, which may be refused.
fn goes_on(learner: &mut Learner) {
    let step = learner.online.step(&[0.5, -0.5], &[1.0]);
    assert_ne!(step, Err(StepError::NotStarted));
    learner.normalizer.observe(&[1.0, 2.0]).unwrap();
    assert_ne!(learner.random.bits(), learner.random.bits());
}

/// Whether the error names what lies at this byte.
fn is_named(byte: usize, error: Error) -> bool {
    match byte {
        0..4 => error == Error::Magic,
        4..8 => matches!(error, Error::Version(_)),
        8..12 => matches!(error, Error::Length { .. }),
        12..16 => matches!(error, Error::OtherNetwork { .. }),
        16..20 => matches!(error, Error::OtherContents { .. }),
        20..28 => false,
        28..64 => matches!(error, Error::Tensor(_)),
        64..77 => matches!(error, Error::Setting(_)) || error == Error::Value("nesterov"),
        77..85 => matches!(error, Error::Setting(_)),
        85 => error == Error::Value("shared"),
        86..122 => matches!(error, Error::State(_)),
        122..186 => matches!(error, Error::Value(_) | Error::Setting(_)),
        _ => false,
    }
}

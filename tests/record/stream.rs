//! What goes along with a stream comes back as it was.

use crate::{bytes_of, refuses, reseal};
use stackprop::params::Name;
use stackprop::record::Error;
use stackprop::{
    BinaryConfusionMatrix, ConfusionMatrix, EarlyStopping, Losses, Mean, Normalizer, Random,
    Record, Regression, Relu, Replay, Samples, SigmoidBce, net, record,
};

/// A normalizer goes on with every bit, also with that which rounding took, and with its half-life.
#[test]
fn a_normalizer_goes_on() {
    for start in [Normalizer::new(), Normalizer::new().half_life(3.5)] {
        let mut random = Random::new(3);
        let mut row = || [random.uniform(1.0) + 1e4, random.uniform(1e-30)];
        let mut unbroken = start;
        for _ in 0..100 {
            let mut read = Normalizer::new().half_life(1.0);
            read.observe(&[5.0, 6.0]).unwrap();
            read.from_bytes(&bytes_of(&unbroken, 0)).unwrap();
            let next = row();
            read.observe(&next).unwrap();
            unbroken.observe(&next).unwrap();
            assert_eq!(bytes_of(&read, 0), bytes_of(&unbroken, 0));
        }
    }
}

#[test]
fn a_generator_goes_on() {
    let mut random = Random::new(3);
    assert_ne!(random.bits(), random.bits());
    let mut read = Random::new(4);
    read.from_bytes(&bytes_of(&random, 0)).unwrap();
    assert_eq!(read, random);
    assert_eq!(read.bits(), random.bits());
}

#[test]
fn scores_come_back() {
    let mut mean = Mean::new();
    [3e38, 1e-45, -3e38].iter().for_each(|x| mean.push(*x));
    let mut read = Mean::new();
    read.from_bytes(&bytes_of(&mean, 0)).unwrap();
    assert_eq!((read.mean(), read.count()), (mean.mean(), 3));
    mean.push(f32::NAN);
    read.from_bytes(&bytes_of(&mean, 0)).unwrap();
    assert!(read.mean().unwrap().is_nan());

    let mut seen = BinaryConfusionMatrix::new();
    for target in [true, false, false] {
        seen.observe(true, target);
    }
    let mut read = BinaryConfusionMatrix::new();
    read.from_bytes(&bytes_of(&seen, 0)).unwrap();
    assert_eq!(read, seen);

    let mut classes = ConfusionMatrix::<3>::new();
    classes.observe_class(2, 1).unwrap();
    let mut read = ConfusionMatrix::<3>::new();
    read.from_bytes(&bytes_of(&classes, 0)).unwrap();
    assert_eq!(read, classes);

    let mut errors = Regression::new();
    errors.observe(0.1, 1e4);
    let mut read = Regression::new();
    read.from_bytes(&bytes_of(&errors, 0)).unwrap();
    assert_eq!(read, errors);
}

#[test]
fn losses_come_back_in_order() {
    let mut losses = Losses::<3>::new();
    for n in 0..5u8 {
        let mut read = Losses::<3>::new();
        read.push(9.0);
        read.from_bytes(&bytes_of(&losses, 0)).unwrap();
        assert!(read.iter().eq(losses.iter()));
        losses.push(f32::from(n));
        read.push(f32::from(n));
        assert!(read.iter().eq(losses.iter()));
    }
    losses.push(f32::NAN);
    let mut bytes = bytes_of(&losses, 0);
    losses.from_bytes(&bytes).unwrap();
    assert!(losses.iter().last().unwrap().is_nan());
    bytes[28] = 4;
    reseal(&mut bytes);
    assert_eq!(refuses(&mut losses, &bytes), Error::Value("length"));
}

/// A buffer, and the generator that chooses its places.
#[derive(Clone)]
struct Buffer<const CAP: usize> {
    replay: Replay<2, 1, CAP>,
    random: Random,
}
record!(Buffer<const CAP: usize> { replay, random });

#[test]
fn a_replay_buffer_goes_on() {
    fn observe(buffer: &mut Buffer<4>, row: [f32; 2]) {
        let Buffer { replay, random } = buffer;
        replay.observe(row, [row[0]], random).unwrap();
    }
    let new = |seed| Buffer {
        replay: Replay::<2, 1, 4>::new(),
        random: Random::new(seed),
    };
    let mut unbroken = new(1);
    for n in 0..20u8 {
        let mut read = new(2);
        observe(&mut read, [7.0, 7.0]);
        read.from_bytes(&bytes_of(&unbroken, 0)).unwrap();
        let row = [f32::from(n), 0.5];
        observe(&mut read, row);
        observe(&mut unbroken, row);
        assert_eq!(read.replay.rows(), unbroken.replay.rows());
        assert_eq!(bytes_of(&read, 0), bytes_of(&unbroken, 0));
    }
}

#[test]
fn samples_come_back_or_are_refused() {
    let mut samples = Samples::<2, 1, 3>::new();
    samples.push([1.0, 2.0], [3.0]).unwrap();
    let bytes = bytes_of(&samples, 0);
    let mut read = Samples::new();
    read.push([5.0, 6.0], [7.0]).unwrap();
    read.push([5.0, 6.0], [7.0]).unwrap();
    for (at, with, named) in [
        (28, 4.0_f32, "length"),
        (36, f32::NAN, "row"),
        (40, f32::NAN, "target"),
    ] {
        let mut changed = bytes.clone();
        changed[at..at + 4].copy_from_slice(&with.to_le_bytes());
        reseal(&mut changed);
        assert_eq!(refuses(&mut read, &changed), Error::Value(named));
    }
    read.from_bytes(&bytes).unwrap();
    assert_eq!(read, samples);
    samples.push([f32::INFINITY, 0.0], [0.0]).unwrap();
    let error = samples.to_bytes(0, &mut vec![0; bytes.len()]);
    assert_eq!(error, Err(Error::Value("row")));
}

#[test]
fn early_stopping_goes_on() {
    type Detector = net![2 => 2, Relu => 1, SigmoidBce];
    let (best, worse) = (Detector::new(1), Detector::new(2));
    let mut stop = EarlyStopping::new(&best, 2);
    let mut read = EarlyStopping::new(&worse, 9);
    read.from_bytes(&bytes_of(&stop, 0)).unwrap();
    assert_eq!(read.loss(), f32::INFINITY);
    stop.observe(0.5, &best);
    stop.observe(0.6, &worse);
    read.from_bytes(&bytes_of(&stop, 0)).unwrap();
    let mut restored = worse;
    read.restore(&mut restored);
    assert_eq!((restored, read.loss()), (best, 0.5));
    assert!(read.observe(0.6, &worse)); // the second without progress

    let mut bytes = bytes_of(&read, 0);
    bytes[28 + 4 * 4..][..4].copy_from_slice(&f32::NAN.to_le_bytes());
    reseal(&mut bytes);
    let (layer, field) = (0, "bias");
    assert_eq!(
        refuses(&mut read, &bytes),
        Error::Tensor(Name { layer, field })
    );
}

/// A value has one record: behind the last loss or sample there are zeros.
#[test]
fn what_stands_where_nothing_is_kept_is_refused() {
    let mut losses = Losses::<4>::new();
    losses.push(0.5);
    let mut bytes = bytes_of(&losses, 0);
    bytes[28 + 4 + 3 * 4] = 1;
    reseal(&mut bytes);
    assert_eq!(refuses(&mut losses, &bytes), Error::Value("losses"));

    let mut samples = Samples::<2, 1, 3>::new();
    samples.push([0.5, 1.0], [1.0]).unwrap();
    for at in [3, 8] {
        let mut bytes = bytes_of(&samples, 0);
        bytes[28 + 4 + at * 4 + 3] = 0x80;
        reseal(&mut bytes);
        assert_eq!(refuses(&mut samples, &bytes), Error::Value("samples"));
    }
}

//! The bytes of version 1. They never change: records that devices have written have to be read.

use crate::{Learner, bytes_of, crc32, learner, other};
use stackprop::record::{Header, Part};
use stackprop::{Adagrad, Linear, Mse, NAdam, Network, Online, Optimizer, Record, RmsProp, net};

const STEPS: u64 = 0x0a0b_0c0d_0e0f;

/// What `tests/data/record.py` prints.
const VERSION_1: &str = "
53544b5001000000ca00000079f74859b2bdf27f0f0e0d0c0b0a00000000003f
000080be0000c03f000000400000003e000080bf000040bf0000803d00004040
cdcccc3d6666663f0000003f000000807f00008049010000803e0000003f0000
403f0000803f000000c00000804000000041000080c100000042254992fc8aaf
d83f57dd4e459224174000000000000070bc00000000000000007874bb07de91
a63ff89d774134365440000000000000fc3f000000000000e03f6de7d09c4e9b
468404030201aed7619d";

const NETWORK: &str = "\
Linear weight[2,2] bias[2]
Relu
Linear weight[1,2] bias[1]
SigmoidBce
";

const CONTENTS: &str = "Learner{\
    online:Training{\
        network:Network[9]f32,\
        optimizer:Sgd{lr:f32,momentum:f32,dampening:f32,nesterov:bool},\
        guard:Guard{max_norm:f32bits,max_weight:f32bits},\
        shared:bool,\
        state:[9]f32},\
    normalizer:Normalizer{mean:[2]f64,rest:[2]f64,variance:[2]f64,count:f64,forget:f64},\
    random:Random{state:u64},\
    position:u32}";

/// The bytes of [`VERSION_1`].
fn golden() -> Vec<u8> {
    let digits: Vec<u8> = VERSION_1.bytes().filter(u8::is_ascii_hexdigit).collect();
    let pairs = digits.chunks(2).map(|pair| str::from_utf8(pair).unwrap());
    pairs
        .map(|pair| u8::from_str_radix(pair, 16).unwrap())
        .collect()
}

fn floats<const N: usize>(numbers: [f32; N]) -> Vec<u8> {
    numbers.iter().flat_map(|n| n.to_le_bytes()).collect()
}

fn doubles<const N: usize>(numbers: [f64; N]) -> Vec<u8> {
    numbers.iter().flat_map(|n| n.to_le_bytes()).collect()
}

/// The record of `learner`, piece by piece.
fn by_hand(learner: &Learner) -> Vec<u8> {
    let normalizer = &learner.normalizer;
    let numbers = [
        floats([0.5, -0.25, 1.5, 2.0, 0.125, -1.0, -0.75, 0.0625, 3.0]), // weights and biases
        floats([0.1, 0.9, 0.5]),                                         // lr, momentum, dampening
        vec![0],                                                         // nesterov
        floats([f32::INFINITY, 1_048_576.0]),                            // max_norm, max_weight
        vec![1],                                                         // there was a first step
        floats([0.25, 0.5, 0.75, 1.0, -2.0, 4.0, 8.0, -16.0, 32.0]),     // velocities
        doubles(normalizer.mean()),
        golden()[138..154].to_vec(), // what rounding took from the means
        doubles(normalizer.variance()),
        doubles([normalizer.count(), 0.5]),
        golden()[186..194].to_vec(), // the state of the generator
        vec![4, 3, 2, 1],            // the position
    ]
    .concat();
    let mut record = b"STKP".to_vec();
    record.extend(1u32.to_le_bytes());
    record.extend(u32::try_from(28 + numbers.len() + 4).unwrap().to_le_bytes());
    record.extend(crc32(NETWORK.as_bytes()).to_le_bytes());
    record.extend(crc32(CONTENTS.as_bytes()).to_le_bytes());
    record.extend(STEPS.to_le_bytes());
    record.extend(numbers);
    record.extend(crc32(&record).to_le_bytes());
    record
}

#[test]
fn a_record_has_the_bytes_of_version_1() {
    let learner = learner();
    assert_eq!(Learner::RECORD_BYTES, golden().len());
    assert_eq!(bytes_of(&learner, STEPS), by_hand(&learner));
    assert_eq!(bytes_of(&learner, STEPS), golden());
}

#[test]
fn the_bytes_of_version_1_are_read() {
    let mut read = other();
    assert_eq!(read.from_bytes(&golden()), Ok(STEPS));
    let written = learner();
    assert_eq!(read.online.network, written.online.network);
    assert_eq!(read.online.optimizer, written.online.optimizer);
    assert_eq!(read.online.guard, written.online.guard);
    assert_eq!(read.online.state.shared, written.online.state.shared);
    assert_eq!(read.online.state.params.1.1.bias, [32.0]);
    assert_eq!(read.normalizer, written.normalizer);
    assert_eq!(
        (read.random, read.position),
        (written.random, written.position)
    );
}

#[test]
fn a_header_tells_what_a_record_is() {
    let golden = golden();
    let mut sector = golden.clone();
    sector.extend([0xff; 100]); // what follows in a sector of flash
    let header = Header::read(&sector).unwrap();
    assert_eq!(Header::verify(&golden), Ok(header));
    assert_eq!(header.length as usize, golden.len());
    assert_eq!(header.network, crc32(NETWORK.as_bytes()));
    assert_eq!(header.contents, crc32(CONTENTS.as_bytes()));
    assert_eq!(header.steps, STEPS);
}

type Line = net![bias = false; 1 => 1, Mse];

/// The numbers of a record of learning with one weight, 0.5, after weight and settings and without
/// the checksum.
fn after_settings<Opt>(online: &mut Online<Line, Opt>, settings: &[u8]) -> Vec<u8>
where
    Opt: Optimizer<State: Part, Shared: Part> + Part,
{
    online.network = Network::from_layers(Linear::without_bias([[0.5]]), Mse);
    let bytes = bytes_of(online, 0);
    let guard = floats([f32::INFINITY, 1_048_576.0]);
    let start = [&floats([0.5])[..], settings, &guard].concat();
    assert_eq!(bytes[28..][..start.len()], start);
    bytes[28 + start.len()..bytes.len() - 4].to_vec()
}

#[test]
fn nadam_has_these_bytes() {
    let nadam = NAdam::new(0.25).weight_decay(0.125).momentum_decay(0.5);
    let mut online = Online::new(Line::zeros(), nadam.betas(0.75, 0.875).eps(1e-8));
    online.state.shared.steps = 0x0102_0304;
    online.state.shared.corrections.m = 0.375;
    online.state.shared.corrections.v = 0.625;
    online.state.shared.corrections.rest = [1e-9, -1e-9];
    online.state.params.weight[0][0].m = -2.0;
    online.state.params.weight[0][0].v = 4.0;
    let mut settings = floats([0.25, 0.75, 0.875, 1e-8, 0.125, 0.5]);
    settings.push(0);
    let mut expected = vec![4, 3, 2, 1];
    expected.extend(floats([0.375, 0.625, 1e-9, -1e-9, -2.0, 4.0]));
    assert_eq!(after_settings(&mut online, &settings), expected);
    online.optimizer = online.optimizer.decoupled_weight_decay();
    *settings.last_mut().unwrap() = 1;
    assert_eq!(after_settings(&mut online, &settings), expected);
}

#[test]
fn rmsprop_and_adagrad_have_these_bytes() {
    let rmsprop = RmsProp::new(0.25)
        .alpha(0.875)
        .eps(1e-4)
        .weight_decay(0.125);
    let rmsprop = rmsprop.centered().momentum(0.5);
    let mut online = Online::new(Line::zeros(), rmsprop);
    online.state.params.weight[0][0].averages.mean = -2.0;
    online.state.params.weight[0][0].averages.variance = 3.0;
    online.state.params.weight[0][0].buffer = -4.0;
    let settings = floats([0.25, 0.875, 1e-4, 0.125, 0.5]);
    let expected = floats([-2.0, 3.0, -4.0]);
    assert_eq!(after_settings(&mut online, &settings), expected);

    let rmsprop = RmsProp::new(0.25).alpha(0.875).eps(1e-4).momentum(0.5);
    let mut online = Online::new(Line::zeros(), rmsprop);
    online.state.params.weight[0][0].averages = 3.0;
    online.state.params.weight[0][0].buffer = 4.0;
    let settings = floats([0.25, 0.875, 1e-4, 0.0, 0.5]);
    let expected = floats([3.0, 4.0]);
    assert_eq!(after_settings(&mut online, &settings), expected);

    let adagrad = Adagrad::new(0.25).lr_decay(0.5).weight_decay(0.125);
    let adagrad = adagrad.initial_accumulator_value(2.0).eps(1e-4);
    let mut online = Online::new(Line::zeros(), adagrad);
    online.state.shared = 0x0102_0304;
    online.state.params.weight = [[9.0]];
    let settings = floats([0.25, 0.5, 0.125, 2.0, 1e-4]);
    let expected = [vec![4, 3, 2, 1], floats([9.0])].concat();
    assert_eq!(after_settings(&mut online, &settings), expected);
}

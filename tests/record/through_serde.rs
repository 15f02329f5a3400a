//! The same content through serde, in a text and in bytes.

use crate::{Learner, Small, bytes_of, learner, other};
use serde::Deserialize;
use serde::de::DeserializeSeed;
use stackprop::record::{Restore, Stored};
use stackprop::{
    Adam, Groups, Normalizer, Online, Random, Record, Relu, Sgd, SigmoidBce, Trainer, net,
};

/// There and back by JSON and by postcard, with the same bits.
fn comes_back<T: Record + serde::Serialize + for<'de> Deserialize<'de>>(value: &T) {
    let expected = bytes_of(value, 0);
    let json = serde_json::to_string(value).unwrap();
    let read: T = serde_json::from_str(&json).unwrap();
    assert_eq!(bytes_of(&read, 0), expected);
    let mut buffer = vec![0; 10_000];
    let bytes = postcard::to_slice(value, &mut buffer).unwrap();
    let read: T = postcard::from_bytes(bytes).unwrap();
    assert_eq!(bytes_of(&read, 0), expected);
}

#[test]
fn values_come_back_bit_for_bit() {
    let learner = learner();
    comes_back(&learner.online);
    comes_back(&learner.online.network);
    comes_back(&learner.normalizer);
    comes_back(&learner.random);
    comes_back(&<net![3, Standardize => 20, Relu => 4, SigmoidBce]>::new(3));
    let mut trainer = Trainer::new(Small::new(1), Adam::new(0.01).amsgrad());
    trainer.step(&[[0.3, 0.7]], &[[1.0]]).unwrap();
    comes_back(&trainer);
    let mut groups = Groups::by_kind(Adam::new(0.01), Adam::new(0.02));
    groups.freeze(1).unwrap();
    comes_back(&Trainer::new(Small::new(1), groups));
    let mut extremes = Small::zeros();
    extremes.layers.0.weight = [[f32::MIN_POSITIVE, -0.0], [f32::MAX, f32::from_bits(1)]];
    comes_back(&extremes);
}

#[test]
fn a_struct_of_ones_own_comes_back() {
    let expected = bytes_of(&learner(), 0);
    let json = serde_json::to_string(&Stored(&learner())).unwrap();
    let mut read = other();
    Restore(&mut read)
        .deserialize(&mut serde_json::Deserializer::from_str(&json))
        .unwrap();
    assert_eq!(bytes_of(&read, 0), expected);

    let mut buffer = [0; 1000];
    let bytes = postcard::to_slice(&Stored(&learner()), &mut buffer).unwrap();
    let mut read = other();
    let mut from = postcard::Deserializer::from_bytes(bytes);
    Restore(&mut read).deserialize(&mut from).unwrap();
    assert_eq!(bytes_of(&read, 0), expected);
}

/// The words of the error, after which nothing has changed.
fn refused(json: &str) -> String {
    let mut target = other();
    let before = bytes_of(&target, 0);
    let read = Restore(&mut target).deserialize(&mut serde_json::Deserializer::from_str(json));
    assert_eq!(bytes_of(&target, 0), before);
    read.unwrap_err().to_string()
}

#[test]
fn what_cannot_be_is_refused() {
    let json = serde_json::to_string(&Stored(&learner())).unwrap();
    let numbers: Vec<serde_json::Value> = serde_json::from_str(&json).unwrap();
    let changed = |at: usize, with: &str| {
        let mut numbers: Vec<String> = numbers.iter().map(ToString::to_string).collect();
        with.clone_into(&mut numbers[at]);
        refused(&format!("[{}]", numbers.join(",")))
    };
    assert!(
        changed(0, "1").contains("a record of the network"),
        "{}",
        changed(0, "1")
    );
    assert!(changed(1, "1").contains("a record with the contents"));
    assert!(changed(2, "1e39").contains("number out of range"));
    assert!(changed(11, "-1.0").contains("the setting lr"));
    assert!(changed(14, "true").contains("the setting nesterov"));
    assert!(changed(14, "2").contains("expected a boolean"));
    assert!(changed(16, "-1.0").contains("expected u32"));
    let nan = f32::NAN.to_bits().to_string();
    assert!(changed(15, &nan).contains("the setting max_norm"));
    assert!(changed(36, "1,2").contains("length") || changed(36, "1,2").contains("trailing"));
    let end = json.rfind(',').unwrap();
    assert!(refused(&format!("{}]", &json[..end])).contains("too few numbers"));
    assert!(refused("7").contains("the numbers of Learner{"));
}

/// JSON has no NaN; postcard has.
#[test]
fn what_is_not_finite_is_refused() {
    let mut buffer = [0; 1000];
    let bytes = postcard::to_slice(&Stored(&learner()), &mut buffer).unwrap();
    // The fingerprints have a variable length; then come nine weights.
    let weight = 0.5_f32.to_le_bytes();
    let at = bytes.windows(4).position(|four| four == weight).unwrap();
    bytes[at..at + 4].copy_from_slice(&f32::NAN.to_le_bytes());
    let mut target = other();
    let before = bytes_of(&target, 0);
    let mut from = postcard::Deserializer::from_bytes(bytes);
    assert!(Restore(&mut target).deserialize(&mut from).is_err());
    assert_eq!(bytes_of(&target, 0), before);
    bytes[at..at + 4].copy_from_slice(&weight);
    let mut from = postcard::Deserializer::from_bytes(bytes);
    assert!(Restore(&mut target).deserialize(&mut from).is_ok());
}

#[test]
fn what_is_not_good_is_not_written() {
    let mut network = Small::new(1);
    network.layers.0.bias[1] = f32::NAN;
    let error = serde_json::to_string(&network).unwrap_err().to_string();
    assert!(error.contains("the tensor 0.bias is not finite"), "{error}");
    let unset = Online::<Small, Sgd>::unset();
    assert!(serde_json::to_string(&unset).is_err());
    let mut buffer = [0; 20];
    let full = postcard::to_slice(&Small::new(1), &mut buffer);
    assert_eq!(full.unwrap_err(), postcard::Error::SerializeBufferFull);
}

#[test]
fn fingerprints_come_first() {
    let json = serde_json::to_value(Random::new(1)).unwrap();
    let numbers: Vec<u64> = serde_json::from_value(json).unwrap();
    assert_eq!(numbers[..2], [0, 0x56ca_9a10]);
    assert_eq!(numbers.len(), 3);
    let json = serde_json::to_value(Normalizer::<2>::new()).unwrap();
    assert_eq!(json.as_array().unwrap().len(), 2 + 8);
    let _: Learner = learner();
}

//! Shuffles, and classes as indices and as rows.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]
#![allow(clippy::cast_possible_truncation, reason = "places in arrays")]

use stackprop::{Error, Random, argmax, one_hot};

/// Every order as often as every other one.
#[test]
fn a_shuffle_is_even() {
    let mut random = Random::new(1);
    let mut counts = [0u32; 24];
    for _ in 0..24_000 {
        let order = random.permutation::<4>();
        let mut left = vec![0, 1, 2, 3];
        let number = order.iter().fold(0, |number, place| {
            let at = left.iter().position(|p| p == place).unwrap();
            left.remove(at);
            number * (left.len() + 1) + at
        });
        counts[number] += 1;
    }
    // Chi squared with 23 degrees of freedom: 49.7 in one of 1000 cases.
    let chi: f32 = counts
        .iter()
        .map(|n| (*n as f32 - 1000.0).powi(2) / 1000.0)
        .sum();
    assert!(chi < 49.7, "{chi}: {counts:?}");
}

#[test]
fn rows_and_targets_are_shuffled_alike() {
    let mut rows: Vec<[f32; 1]> = (0..1000).map(|n| [n as f32]).collect();
    let mut targets = rows.clone();
    Random::new(3)
        .shuffle_together(&mut rows, &mut targets)
        .unwrap();
    assert_eq!(rows, targets);
    let mut alone: Vec<[f32; 1]> = (0..1000).map(|n| [n as f32]).collect();
    Random::new(3).shuffle(&mut alone);
    assert_eq!(rows, alone);
    let error = Random::new(3).shuffle_together(&mut rows, &mut targets[1..]);
    let length = Error::Length {
        rows: 1000,
        targets: 999,
    };
    assert_eq!((error, &rows), (Err(length), &alone));
}

#[test]
fn classes_and_rows() {
    for class in 0..4 {
        assert_eq!(argmax(&one_hot::<4>(class).unwrap()), class);
    }
    assert_eq!(one_hot::<4>(4), None);
    assert_eq!((argmax(&[]), argmax(&[f32::NEG_INFINITY; 3])), (0, 0));
    assert_eq!(argmax(&[-1.0, -0.0, 0.0]), 1);
}

/// From 2^16 items on a place takes 64 random bits: the high half of their product with the number
/// of items that are left.
#[test]
fn many_items_are_shuffled_by_64_bits() {
    let mut many: Vec<u32> = (0..1_000_000).collect();
    Random::new(9).shuffle(&mut many);
    let mut random = Random::new(9);
    let mut plain: Vec<u32> = (0..1_000_000).collect();
    for last in (1..plain.len()).rev() {
        let end = last as u64 + 1;
        let place = if end <= 1 << 16 {
            u64::from(random.below(end as u32))
        } else {
            let bits = u64::from(random.bits()) << 32 | u64::from(random.bits());
            ((u128::from(bits) * u128::from(end)) >> 64) as u64
        };
        plain.swap(last, place as usize);
    }
    assert!(many == plain);
}

//! Counts that do not wrap around, and quotients of counts of more digits than a float has.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]
#![allow(
    clippy::cast_possible_truncation,
    reason = "floats that are whole numbers, or to be rounded"
)]

mod common;

use common::bits;
use fastrand::Rng;
use stackprop::bce_loss::{self, Reduction};
use stackprop::notebook::{BOOK_NET, NetBook, X, Y};
use stackprop::{BinaryConfusionMatrix, Error, Random, Replay, Sums, Trainable};

/// The float nearest to a / b: of 32 more digits, the last of which tells of a rest.
fn nearest(a: u64, b: u64) -> f32 {
    let dividend = u128::from(a) << 64;
    let quotient = dividend / u128::from(b);
    let rest = u128::from(!dividend.is_multiple_of(u128::from(b)));
    (quotient | rest) as f32 / 2f32.powi(64)
}

/// A count of samples that has no room refuses them, and the sums stay.
#[test]
fn a_full_count_of_samples_refuses() {
    let mut sums = Sums::<NetBook>::new();
    BOOK_NET.accumulate(&X, &Y, &mut sums).unwrap();
    sums.count = usize::MAX - 1;
    let before = sums;
    let refused = Err(Error::TooLong { max: 1, found: 2 });
    assert_eq!(BOOK_NET.accumulate(&X[..2], &Y[..2], &mut sums), refused);
    assert_eq!(
        BOOK_NET.accumulate_on::<f32>(&X[..2], &Y[..2], &mut sums),
        refused
    );
    assert_eq!(
        Trainable::accumulate(&BOOK_NET, &X[..2], &Y[..2], &mut sums),
        refused
    );
    assert_eq!((sums.loss, sums.count), (before.loss, before.count));
    assert_eq!(bits::<NetBook>(&sums.grad), bits::<NetBook>(&before.grad));
    BOOK_NET.accumulate(&X[..1], &Y[..1], &mut sums).unwrap();
    assert_eq!(sums.count, usize::MAX);
}

/// Merged counts stop at the largest.
#[test]
fn merged_counts_do_not_wrap() {
    let mut sums = Sums::<NetBook>::new();
    BOOK_NET.accumulate(&X, &Y, &mut sums).unwrap();
    let other = Sums {
        count: usize::MAX - 2,
        ..sums
    };
    sums.merge(&other);
    assert_eq!(sums.count, usize::MAX);
    assert_eq!(sums.loss, 2.0 * other.loss);
}

/// Quotients of counts of any size are rounded once.
#[test]
fn quotients_are_the_nearest_floats() {
    let mut rng = Rng::with_seed(4);
    for _ in 0..20_000 {
        let mut count = |places| rng.u32(..) >> places;
        let [tp, fp, tn, r#fn] = [count(0), count(3), count(0), count(8)].map(u64::from);
        let narrow = |count: u64| u32::try_from(count).unwrap();
        let matrix = BinaryConfusionMatrix {
            true_positives: narrow(tp),
            false_positives: narrow(fp),
            true_negatives: narrow(tn),
            false_negatives: narrow(r#fn),
        };
        assert_eq!(
            matrix.accuracy(),
            nearest(tp + tn, tp + fp + tn + r#fn),
            "{matrix:?}"
        );
        assert_eq!(matrix.precision(), nearest(tp, tp + fp), "{matrix:?}");
        assert_eq!(matrix.recall(), nearest(tp, tp + r#fn), "{matrix:?}");
        assert_eq!(
            matrix.f1(),
            nearest(2 * tp, 2 * tp + fp + r#fn),
            "{matrix:?}"
        );
    }
}

/// One error in 2^32 - 1 and one right decision in as many; a tie goes to the even float.
#[test]
fn quotients_by_hand() {
    let precision = |true_positives, false_positives| {
        let none = BinaryConfusionMatrix::new();
        BinaryConfusionMatrix {
            true_positives,
            false_positives,
            ..none
        }
        .precision()
    };
    assert_eq!(precision(u32::MAX - 1, 1), 1.0);
    assert_eq!(precision(1, u32::MAX), 2f32.powi(-32));
    // 1 - 3/2^26 lies halfway between 1 - 2/2^25 and 1 - 1/2^25.
    assert_eq!(precision((1 << 26) - 3, 3), 1.0 - 2f32.powi(-24));
    // 1 - 1/2^25, halfway between 1 - 1/2^24 and 1.
    assert_eq!(precision((1 << 25) - 1, 1), 1.0);
    // A little less than that.
    assert_eq!(precision((1 << 25) - 2, 1), 1.0f32.next_down());
    // Both are no floats: 1 - 2/(2^24 + 3).
    assert_eq!(precision((1 << 24) + 1, 2), 1.0 - 2f32.powi(-23));
}

/// The mean of equal losses is that loss, however many there are.
#[test]
fn the_loss_on_probabilities_does_not_drift() {
    let loss = bce_loss::element(0.9, 1.0);
    for n in [3, 4097, 300_000] {
        let (p, y) = (vec![0.9; n], vec![1.0; n]);
        assert_eq!(bce_loss::forward(&p, &y, Reduction::Mean), Ok(loss), "{n}");
        let sum = (f64::from(loss) * n as f64) as f32;
        assert_eq!(bce_loss::forward(&p, &y, Reduction::Sum), Ok(sum), "{n}");
    }
}

/// A reservoir of a stream that is longer than 2^16 rows still has rows from all of it.
#[test]
fn a_long_stream_is_sampled_evenly() {
    const ROWS: u32 = 1 << 20;
    let (mut replay, mut random) = (Box::new(Replay::<1, 1, 4096>::new()), Random::new(6));
    for n in 0..ROWS {
        replay.observe([n as f32], [0.0], &mut random).unwrap();
    }
    let mut eighths = [0u32; 8];
    for [n] in replay.rows() {
        eighths[(*n / (ROWS / 8) as f32) as usize] += 1;
    }
    // Five standard deviations of a binomial with 4096 draws of 1/8.
    assert!(
        eighths.into_iter().all(|n| n.abs_diff(512) < 106),
        "{eighths:?}"
    );
}

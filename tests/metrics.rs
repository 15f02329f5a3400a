//! Counts and areas against values worked out by hand and against scikit-learn's.

use stackprop::metrics::roc_auc;
use stackprop::{BinaryConfusionMatrix, Random};

/// Decisions counted into a matrix.
fn confusion(decisions: &[(bool, bool)]) -> BinaryConfusionMatrix {
    let mut all = BinaryConfusionMatrix::new();
    for (decision, target) in decisions {
        all.observe(*decision, *target);
    }
    all
}

/// Accuracy, precision, recall, F1.
fn figures(all: &BinaryConfusionMatrix) -> [f32; 4] {
    [all.accuracy(), all.precision(), all.recall(), all.f1()]
}

/// 3 true positives, 1 false positive, 4 true negatives, 2 false negatives.
#[test]
fn counts() {
    let all = confusion(
        &[
            [(true, true); 3].as_slice(),
            &[(true, false)],
            &[(false, false); 4],
            &[(false, true); 2],
        ]
        .concat(),
    );
    let expected = BinaryConfusionMatrix {
        true_positives: 3,
        false_positives: 1,
        true_negatives: 4,
        false_negatives: 2,
    };
    assert_eq!(all, expected);
    assert_eq!(figures(&all), [0.7, 0.75, 0.6, 6.0 / 9.0]);
}

/// What cannot be divided is 0, as with `zero_division=0`.
#[test]
fn nothing_to_divide_by() {
    assert_eq!(figures(&BinaryConfusionMatrix::new()), [0.0; 4]);
    assert_eq!(figures(&confusion(&[(false, false)])), [1.0, 0.0, 0.0, 0.0]);
    assert_eq!(figures(&confusion(&[(false, true)])), [0.0; 4]);
    assert_eq!(figures(&confusion(&[(true, false)])), [0.0; 4]);
}

/// Full counters stay full, and their sums do not overflow.
#[test]
fn saturation() {
    let mut all = BinaryConfusionMatrix {
        true_positives: u32::MAX,
        false_positives: u32::MAX,
        true_negatives: u32::MAX,
        false_negatives: u32::MAX,
    };
    all.observe(true, true);
    assert_eq!(all.true_positives, u32::MAX);
    assert_eq!(figures(&all), [0.5; 4]);
}

/// Every pair in order, none, half of them; ties count half; both zeros are one score.
#[test]
fn areas_by_hand() {
    let auc = |scores: &[(f32, bool)]| roc_auc(&mut scores.to_vec());
    assert_eq!(auc(&[(0.1, false), (0.9, true)]), Some(1.0));
    assert_eq!(auc(&[(0.1, true), (0.9, false)]), Some(0.0));
    assert_eq!(auc(&[(0.5, true), (0.5, false), (0.5, false)]), Some(0.5));
    assert_eq!(auc(&[(-0.0, true), (0.0, false)]), Some(0.5));
    // The positive 3 is above both negatives, the positive 2 above one and level with the other.
    let tied = [(1.0, false), (2.0, true), (2.0, false), (3.0, true)];
    assert_eq!(auc(&tied), Some(3.5 / 4.0));
    let infinite = [(f32::NEG_INFINITY, false), (f32::INFINITY, true)];
    assert_eq!(auc(&infinite), Some(1.0));
}

/// Every order of up to seven scores, of which some are equal: the area is the sum over all pairs,
/// and the scores are sorted.
#[test]
fn areas_of_all_orders() {
    for n in 2..=7 {
        for mut order in 0..(1..=n).product::<usize>() {
            let mut left: Vec<usize> = (0..n).collect();
            let mut scores: Vec<_> = (1..=n)
                .rev()
                .map(|count| {
                    let item = left.remove(order % count);
                    order /= count;
                    ((item * 2 / 3) as f32, item % 2 == 1)
                })
                .collect();
            let of = |wanted| scores.iter().filter(move |(_, label)| *label == wanted);
            let pairs = of(true).flat_map(|(a, _)| of(false).map(move |(b, _)| (a, b)));
            let twice: Vec<u32> = pairs
                .map(|(a, b)| u32::from(a > b) + u32::from(a >= b))
                .collect();
            let area = f64::from(twice.iter().sum::<u32>()) / (2 * twice.len()) as f64;
            assert_eq!(roc_auc(&mut scores), Some(area), "{scores:?}");
            assert!(scores.is_sorted_by(|(a, _), (b, _)| a <= b), "{scores:?}");
        }
    }
}

#[test]
fn no_area() {
    assert_eq!(roc_auc(&mut []), None);
    assert_eq!(roc_auc(&mut [(0.5, true), (0.6, true)]), None);
    assert_eq!(roc_auc(&mut [(0.5, false)]), None);
    assert_eq!(roc_auc(&mut [(0.5, false), (f32::NAN, true)]), None);
}

/// 400 scores with many ties against scikit-learn 1.9.1:
/// ```text
/// n = np.arange(400); s = (n * 37 % 101) / 101; y = (n * n + 3 * n) % 7 < 2; d = s > 0.5
/// roc_auc_score(y, s)
/// accuracy_score(y, d), precision_score(y, d), recall_score(y, d), f1_score(y, d)
/// ```
#[test]
fn as_scikit_learn() {
    let cases = (0..400u32).map(|n| {
        let score = (n * 37 % 101) as f32 / 101.0;
        (score, (n * n + 3 * n) % 7 < 2)
    });
    let mut scores: Vec<_> = cases.collect();
    let decisions: Vec<_> = scores.iter().map(|(s, y)| (*s > 0.5, *y)).collect();
    let theirs = [0.5, 0.284_263_96, 0.486_956_5, 0.358_974_36];
    assert_eq!(figures(&confusion(&decisions)), theirs);
    // Its sums of rates round, ours does not.
    let auc = roc_auc(&mut scores).unwrap_or(f64::NAN);
    assert!((auc - 0.49135011441647597).abs() < 1e-15, "{auc}");
}

/// Thousands of scores, many of them equal, in a random order and in orders that are sorted.
#[test]
fn areas_of_many() {
    let mut random = Random::new(4);
    let mut scores: Vec<(f32, bool)> = (0..5000)
        .map(|_| (random.below(900) as f32 - 450.0, random.below(3) == 0))
        .collect();
    let of = |wanted| scores.iter().filter(move |(_, label)| *label == wanted);
    let mut negatives: Vec<f32> = of(false).map(|(score, _)| *score).collect();
    negatives.sort_by(f32::total_cmp);
    let below =
        |a: f32| negatives.partition_point(|b| *b < a) + negatives.partition_point(|b| *b <= a);
    let twice: usize = of(true).map(|(a, _)| below(*a)).sum();
    let area = twice as f64 / (2 * of(true).count() * negatives.len()) as f64;
    for _ in 0..3 {
        assert_eq!(roc_auc(&mut scores), Some(area));
        assert!(scores.is_sorted_by(|(a, _), (b, _)| a <= b));
        scores.reverse();
    }
}

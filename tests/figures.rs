//! Confusion matrices, errors of regression and folds against scikit-learn's:
//! `tests/data/metrics.py`.

#![allow(
    clippy::cast_possible_truncation,
    reason = "numbers of f32 stand as f64 in the file"
)]
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod common;

use common::golden;
use serde_json::Value;
use stackprop::{ConfusionMatrix, Error, KFold, Regression, Setting};

/// The float nearest to a figure of the file.
fn float(value: &Value) -> f32 {
    value.as_f64().unwrap() as f32
}

fn indices(value: &Value) -> Vec<usize> {
    let numbers = golden::numbers(value).into_iter();
    numbers.map(|number| number as usize).collect()
}

fn list(value: &Value) -> &[Value] {
    value.as_array().unwrap()
}

/// Two units in the last place: scikit-learn's own f64 is rounded once more.
fn near(got: f32, exact: f32) {
    assert!(
        (got - exact).abs() <= 2.5e-7 * exact.abs(),
        "{got}, not {exact}"
    );
}

#[test]
fn confusion_matrices() {
    for case in list(&golden::read("metrics.json")["confusion"]) {
        let mut seen = ConfusionMatrix::<4>::new();
        let (truth, decided) = (indices(&case["true"]), indices(&case["decided"]));
        for (truth, decided) in truth.iter().zip(&decided) {
            seen.observe_class(*decided, *truth).unwrap();
        }
        let matrix: Vec<Vec<usize>> = list(&case["matrix"]).iter().map(indices).collect();
        assert_eq!(
            seen.counts
                .map(|row| row.map(|n| n as usize).to_vec())
                .to_vec(),
            matrix
        );
        assert_eq!(seen.total(), truth.len() as u64);
        assert_eq!(seen.accuracy(), float(&case["accuracy"]));
        for class in 0..4 {
            let by_class = &case["by_class"];
            assert_eq!(seen.precision(class), float(&by_class[0][class]));
            assert_eq!(seen.recall(class), float(&by_class[1][class]));
            assert_eq!(seen.f1(class), float(&by_class[2][class]));
        }
        near(seen.macro_precision(), float(&case["macro"][0]));
        near(seen.macro_recall(), float(&case["macro"][1]));
        near(seen.macro_f1(), float(&case["macro"][2]));
    }
}

#[test]
fn classes_by_their_largest_number() {
    let mut seen = ConfusionMatrix::<3>::new();
    seen.observe(&[0.1, 0.1, 0.0], &[0.0, 1.0, 0.0]); // of equal ones the first
    seen.observe(&[0.1, f32::NAN, 9.0], &[0.0, 0.0, 1.0]);
    assert_eq!(seen.counts, [[0, 0, 0], [1, 0, 0], [0, 1, 0]]);
    let error = Error::NoSuchClass {
        class: 3,
        classes: 3,
    };
    assert_eq!(seen.observe_class(3, 0), Err(error));
    assert_eq!(seen.observe_class(0, 3), Err(error));
    assert_eq!(seen.total(), 2);
    assert_eq!(
        (seen.precision(7), seen.recall(7), seen.f1(7)),
        (0.0, 0.0, 0.0)
    );
    seen.counts[2][2] = u32::MAX;
    seen.observe_class(2, 2).unwrap();
    assert_eq!(seen.total(), (1 << 32) + 1);
}

#[test]
fn a_matrix_is_printed() {
    let mut seen = ConfusionMatrix::<2>::default();
    assert_eq!(
        seen.to_string(),
        "true \\ decided     0     1\n             0     0     0\n             1     0     0\n\
         accuracy 0.0000, macro F1 0.0000"
    );
    seen.counts = [[1_234_567, 3], [0, 40]];
    assert_eq!(
        seen.named(["no", "yes"]).to_string(),
        "true \\ decided      no     yes\n            no 1234567       3\n           \
         yes       0      40\naccuracy 1.0000, macro F1 0.9819"
    );
}

#[test]
fn errors_of_regression() {
    for case in list(&golden::read("metrics.json")["regression"]) {
        let mut seen = Regression::new();
        let (y, y_hat) = (golden::numbers(&case["y"]), golden::numbers(&case["y_hat"]));
        for (y, y_hat) in y.iter().zip(&y_hat) {
            seen.observe(*y_hat as f32, *y as f32);
        }
        assert_eq!(seen.count(), 200);
        assert_eq!(seen.mae(), Some(float(&case["mae"])));
        assert_eq!(seen.rmse(), Some(float(&case["rmse"])));
        near(seen.r2().unwrap(), float(&case["r2"]));
    }
}

/// A constant target, a perfect output, no output, and what is not finite.
#[test]
fn errors_at_the_edges() {
    let of = |pairs: &[(f32, f32)]| {
        let mut seen = Regression::new();
        pairs.iter().for_each(|(y_hat, y)| seen.observe(*y_hat, *y));
        (seen.mae(), seen.rmse(), seen.r2())
    };
    assert_eq!(of(&[]), (None, None, None));
    assert_eq!(of(&[(1.0, 3.0)]), (Some(2.0), Some(2.0), None));
    assert_eq!(of(&[(1.0, 1.0); 2]), (Some(0.0), Some(0.0), Some(1.0)));
    assert_eq!(of(&[(2.0, 1.0); 2]), (Some(1.0), Some(1.0), Some(0.0)));
    let (mae, rmse, r2) = of(&[(f32::MAX, f32::MIN), (f32::MIN, f32::MAX)]);
    assert_eq!((mae, rmse), (Some(f32::INFINITY), Some(f32::INFINITY))); // 6.8e38
    assert_eq!(r2, Some(-3.0));
    let (mae, rmse, r2) = of(&[(f32::NAN, 1.0), (1.0, 2.0)]);
    assert!(mae.unwrap().is_nan() && rmse.unwrap().is_nan() && r2.unwrap().is_nan());
}

#[test]
fn errors_are_printed() {
    let of = |pairs: &[(f32, f32)]| {
        let mut seen = Regression::new();
        pairs.iter().for_each(|(y_hat, y)| seen.observe(*y_hat, *y));
        seen.to_string()
    };
    assert_eq!(of(&[]), "no outputs");
    assert_eq!(of(&[(2.0, 1.5)]), "MAE 0.5000, RMSE 0.5000");
    let small = of(&[(2e-6, 1e-6), (3e-6, 2e-6)]);
    assert_eq!(small, "MAE 1.000e-6, RMSE 1.000e-6, R2 -3.0000");
    let large = of(&[(2e30, 1e30), (2e30, 2e30)]);
    assert_eq!(large, "MAE 5.000e29, RMSE 7.071e29, R2 -1.0000");
    assert_eq!(of(&[(f32::NAN, 1.0)]), "MAE NaN, RMSE NaN");
}

/// 2^24 and more: an f32 sum would stand still.
#[test]
fn a_long_stream() {
    let mut seen = Regression::new();
    for n in 0..20_000_000u32 {
        let y = 300.0 + (n % 3) as f32;
        seen.observe(y + 0.25, y);
    }
    assert_eq!((seen.mae(), seen.rmse()), (Some(0.25), Some(0.25)));
    near(seen.r2().unwrap(), 1.0 - 0.0625 / (2.0 / 3.0));
}

#[test]
fn folds() {
    for case in list(&golden::read("metrics.json")["folds"]) {
        let (samples, k) = (&indices(&case["samples"])[0], &indices(&case["k"])[0]);
        let folds = KFold::new(*samples, *k).unwrap();
        let mut left = folds.clone();
        for n in (0..*k).rev() {
            left.next().unwrap();
            assert_eq!(left.size_hint(), (n, Some(n)));
        }
        assert_eq!((left.next(), left.len()), (None, 0));
        let (order, mut buffer): (Vec<_>, Vec<_>) = (0..*samples).map(|n| (n, n)).unzip();
        for (fold, parts) in folds.zip(list(&case["parts"])) {
            assert_eq!(fold.train().collect::<Vec<_>>(), indices(&parts[0]));
            assert_eq!(fold.test().collect::<Vec<_>>(), indices(&parts[1]));
            let (train, test) = fold.split(&order, &mut buffer).unwrap();
            assert_eq!(
                (train.to_vec(), test.to_vec()),
                (indices(&parts[0]), indices(&parts[1]))
            );
        }
    }
}

#[test]
fn folds_that_there_are_not() {
    let folds = Err(Error::Setting(Setting::Folds));
    assert_eq!(KFold::new(5, 1), folds);
    assert_eq!(KFold::new(5, 6), folds);
    assert_eq!(KFold::new(0, 0), folds);
    let fold = KFold::new(5, 5).unwrap().next().unwrap();
    let length = |found| {
        Err(Error::Length {
            rows: 5,
            targets: found,
        })
    };
    assert_eq!(fold.split(&[0; 4], &mut [0; 5]).map(|_| ()), length(4));
    assert_eq!(fold.split(&[0; 6], &mut [0; 5]).map(|_| ()), length(6));
    assert_eq!(
        fold.split(&[0; 5], &mut [0; 3]).map(|_| ()),
        Err(Error::Full)
    );
}

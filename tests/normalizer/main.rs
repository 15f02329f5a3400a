//! Mean and variance of a stream against closed forms, pandas and scikit-learn, and the scaling.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod scaling;

use fastrand::Rng;
use stackprop::Normalizer;

/// All rows observed.
fn of<const N: usize>(
    mut normalizer: Normalizer<N>,
    rows: impl IntoIterator<Item = [f32; N]>,
) -> Normalizer<N> {
    rows.into_iter()
        .for_each(|row| normalizer.observe(&row).unwrap());
    normalizer
}

/// `rows` rows, in turn `a` and `b`.
fn in_turn(rows: usize, a: f32, b: f32) -> impl Iterator<Item = [f32; 1]> {
    [[a], [b]].into_iter().cycle().take(rows)
}

#[track_caller]
fn close(found: f64, exact: f64, relative: f64) {
    let error = ((found - exact) / exact).abs();
    assert!(error <= relative, "{found}, not {exact}: {error:e}");
}

/// Five rows of different sizes.
const ROWS: [[f32; 3]; 5] = [
    [293.25, 1.5e-18, -4.0],
    [293.5, -2.5e-18, 2.0],
    [292.875, 4e-18, 0.5],
    [294.0, 1e-18, 8.0],
    [293.125, -3e-18, -1.25],
];

/// A stream that moves is followed. The first rows weigh 2^-100 at the end, and the others are two
/// numbers in turn, with mean 293.8 and deviation 0.1; the `f32` next to 293.7 and 293.9 give 1e-5.
#[test]
fn follows_a_stream_that_moves() {
    let start = of(
        Normalizer::new().half_life(1e4),
        in_turn(70_000, 292.9, 293.1),
    );
    close(start.mean()[0], 293.0, 1e-7);
    let moved = of(start, in_turn(1_000_000, 293.7, 293.9));
    let (low, high) = (f64::from(293.7f32), f64::from(293.9f32));
    // The newest row, a high one, weighs more. Over all weights: (high + keep low) / (1 + keep).
    let keep = 0.5f64.powf(1e-4);
    let mean = (high + keep * low) / (1.0 + keep);
    close(moved.mean()[0], mean, 1e-14);
    close(moved.deviation()[0].into(), 0.5 * (high - low), 1e-7);
    close(moved.deviation()[0].into(), 0.1, 1e-4);
}

/// Without a half-life every row counts: p of the rows have mean 293, the others 293.8, hence
/// variance = 0.1^2 + p (1 - p) 0.8^2.
#[test]
fn every_row_counts_the_same() {
    let rows = in_turn(70_000, 292.75, 293.25).chain(in_turn(1_000_000, 293.5, 294.0));
    let all = of(Normalizer::new(), rows);
    let p = 7.0 / 107.0;
    close(all.mean()[0], 293.0 + (1.0 - p) * 0.75, 1e-14);
    close(
        all.variance()[0],
        0.0625 + p * (1.0 - p) * 0.75 * 0.75,
        1e-10,
    );
    assert_eq!(all.count(), 1_070_000.0);
}

/// A mean of a million deviations: the sums of 16 (x - 10^6) and of its square are exact integers.
#[test]
fn a_large_mean_takes_nothing_from_the_variance() {
    let mut rng = Rng::with_seed(5);
    let sixteenths: Vec<i64> = (0..1_000_000).map(|_| rng.i64(-27..=28)).collect();
    let row = |n: &i64| [1e6 + *n as f32 / 16.0];
    let all = of(Normalizer::new(), sixteenths.iter().map(row));
    let sum: i64 = sixteenths.iter().sum();
    let squares: i64 = sixteenths.iter().map(|n| n * n).sum();
    let mean = sum as f64 / 1e6;
    let variance = squares as f64 / 1e6 - mean * mean;
    close(all.mean()[0], 1e6 + mean / 16.0, 1.2e-16);
    close(all.variance()[0], variance / 256.0, 1e-11);

    // With a half-life: sums of weighted x - 10^6.
    let faded = of(Normalizer::new().half_life(1e5), sixteenths.iter().map(row));
    let keep = 0.5f64.powf(1e-5);
    let [weight, sum, squares] = sixteenths
        .iter()
        .fold([0.0; 3], |[weight, sum, squares], n| {
            let x = *n as f64 / 16.0;
            [keep * weight + 1.0, keep * sum + x, keep * squares + x * x]
        });
    let mean = sum / weight;
    close(faded.mean()[0], 1e6 + mean, 1.2e-16);
    close(faded.variance()[0], squares / weight - mean * mean, 1e-9);
    close(faded.count(), weight, 1e-9);
}

/// A single row changes a mean over 10^15 rows by a thousandth of its last bit. Many do not get
/// lost: mean + n d / (10^15 + n).
#[test]
fn a_mean_over_many_rows_does_not_stand_still() {
    let start = Normalizer::from_mean_variance([1e6], [1e4], 1e15);
    let more = of(start, in_turn(1_000_000, 1_000_100.0, 1_000_100.0));
    assert_eq!(1e6 + 100.0 / 1e15, 1e6);
    close(more.mean()[0] - 1e6, 1e8 / (1e15 + 1e6), 1e-2 / 8.0);
    assert_eq!(more.count(), 1e15 + 1e6);
}

/// Whole numbers in `f64` end at 2^53.
#[test]
fn the_count_stops() {
    let last = Normalizer::from_mean_variance([0.0], [1.0], 9_007_199_254_740_991.0);
    let last = of(last, [[1.0], [1.0]]);
    assert_eq!(last.count(), 9_007_199_254_740_992.0);
}

/// 1e20 counts as a row like the others, and with a half-life it is forgotten.
#[test]
fn a_first_row_of_any_size_is_no_poison() {
    for first in [1e20f32, f32::MAX, -f32::MAX] {
        let rows = [[first], [1.0], [2.0], [3.0]];
        let all = of(Normalizer::new(), rows);
        close(all.mean()[0], f64::from(first) / 4.0, 1e-15);
        close(
            all.variance()[0],
            3.0 / 16.0 * f64::from(first).powi(2),
            1e-15,
        );
        close(
            all.scale(&[first])[0].into(),
            3f64.sqrt() * f64::from(first.signum()),
            1e-6,
        );

        // 1000 half-lives. Then mean 2 and deviation 1, but for the weight of the newest row.
        let all = of(Normalizer::new().half_life(100.0), [[first]]);
        let all = of(all, in_turn(100_000, 1.0, 3.0));
        let weight = 1.0 / (1.0 - 0.5f64.powf(0.01));
        let mean = 2.0 + 1.0 / (2.0 * weight - 1.0);
        close(all.count(), weight, 1e-12);
        close(all.mean()[0], mean, 1e-14);
        close(all.variance()[0], 1.0 - (mean - 2.0).powi(2), 1e-12);
    }
}

/// A power of 10 as a unit changes nothing: 4 and 2.5 after 1 and 3 are 2 and 0.5 deviations from
/// the mean.
#[test]
fn scales_rows_of_any_size() {
    for unit in [1e-36f32, 1e-30, 1e-18, 1e-9, 1.0, 1e9, 1e18, 1e30, 5e37] {
        let seen = of(Normalizer::new(), [[unit], [3.0 * unit]]);
        let scaled = |x: f32| f64::from(seen.scale(&[x * unit])[0]);
        close(scaled(4.0), 2.0, 5e-7);
        close(scaled(2.5), 0.5, 5e-7);
        close(scaled(-4.0), -6.0, 5e-7);
        close(seen.deviation()[0].into(), unit.into(), 2e-7);
    }
    // The least number, and both ends of the range.
    let least = f32::from_bits(1);
    let seen = of(Normalizer::new(), [[0.0], [2.0 * least]]);
    assert_eq!(
        (seen.scale(&[3.0 * least]), seen.deviation()),
        ([2.0], [least])
    );
    let seen = of(Normalizer::new(), [[-f32::MAX], [f32::MAX]]);
    close(seen.scale(&[f32::MAX])[0].into(), 1.0, 1e-7);
    assert_eq!(seen.deviation(), [f32::MAX]);
}

/// `pandas.DataFrame(rows).ewm(halflife=h).mean()` and `.var(bias=True)`, in their last row; for a
/// variance pandas 3.1 has an error of 1e-14, so these are the sums that it stands for, with numpy:
/// `w = 2.0 ** (-arange(4, -1, -1) / h); m = (w @ r) / w.sum(); v = (w @ (r - m)**2) / w.sum()`.
#[test]
fn half_lives_of_pandas() {
    for (half_life, count, mean, variance) in [
        (
            0.5,
            1.332_031_25,
            [
                293.282_258_064_516_16,
                -1.901_759_538_626_749e-18,
                0.598_240_469_208_211_2,
            ],
            [
                0.123_592_848_358_717_24,
                4.158_237_580_560_27e-36,
                12.932_430_921_646_7,
            ],
        ),
        (
            3.5,
            3.498_192_041_292_675_5,
            [
                293.357_457_342_438_35,
                -5.393_736_062_335_898_5e-20,
                1.412_672_610_031_742_2,
            ],
            [
                0.161_742_446_030_179_48,
                7.159_864_168_359_426e-36,
                16.209_808_484_349_388,
            ],
        ),
    ] {
        let seen = of(Normalizer::new().half_life(half_life), ROWS);
        close(seen.count(), count, 1e-15);
        for n in 0..3 {
            // The second column nearly cancels: the error is one of 1e-18.
            let error = if n == 1 { 2e-14 } else { 1e-15 };
            close(seen.mean()[n], mean[n], error);
            close(seen.variance()[n], variance[n], 1e-12);
        }
    }
}

/// `StandardScaler().partial_fit(rows[:3])`, saved, then `partial_fit(rows[3:])` and `transform`.
/// `var_` of scikit-learn 1.9 has an error of 2e-14 for the first column.
#[test]
fn goes_on_from_scikit_learn() {
    let saved = Normalizer::from_mean_variance(
        [293.208_333_333_333_3, -0.5],
        [0.065_972_222_222_222_22, 6.5],
        3.0,
    );
    let rows = ROWS.map(|[a, _, b]| [a, b]);
    let seen = of(saved, rows[3..].iter().copied());
    let [a, b] = seen.mean();
    close(a, 293.35, 1e-15);
    close(b, 1.05, 1e-15);
    let [a, b] = seen.variance();
    close(a, 0.146_25, 1e-12);
    close(b, 16.06, 1e-15);
    assert_eq!(seen.count(), 5.0);
    let [a, b] = seen.scale(&[294.5, -6.0]);
    close(a.into(), 3.007_114_072_118_729_3, 1e-7);
    close(b.into(), -1.759_204_577_983_472_6, 1e-7);
}

/// What was saved comes back, and the rest of a mean is too small to see.
#[test]
fn saved_and_restored() {
    let mut rng = Rng::with_seed(6);
    let mut rows = std::iter::repeat_with(|| [293.0 + rng.f32()]);
    let run = of(Normalizer::new().half_life(500.0), rows.by_ref().take(1000));
    let restore = || Normalizer::from_mean_variance(run.mean(), run.variance(), run.count());
    let again = restore().half_life(500.0);
    let all = |of: &Normalizer<1>| (of.mean(), of.variance(), of.count());
    assert_eq!(all(&again), all(&run));
    assert_eq!(again.scale(&[293.7]), run.scale(&[293.7]));
    let more: Vec<_> = rows.take(1000).collect();
    let (run, again) = (of(run, more.clone()), of(again, more));
    close(again.mean()[0], run.mean()[0], 2e-16);
    close(again.variance()[0], run.variance()[0], 1e-13);
    assert_eq!(again.count(), run.count());

    // Before the first row there is a variance of NaN to be saved.
    let new = Normalizer::<1>::new();
    assert!(new.variance()[0].is_nan() && new.deviation()[0].is_nan());
    let again = Normalizer::from_mean_variance(new.mean(), new.variance(), new.count());
    assert_eq!(again, new);
    assert_eq!(again, Normalizer::default());
}

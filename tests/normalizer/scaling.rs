//! What is scaled and what is refused: infinities, NaN, settings, errors.

use super::{ROWS, close, of};
use fastrand::Rng;
use stackprop::{Error, Normalizer, NotFinite, Setting};

/// A guard behind it has to see what is not finite; a number that has not varied is 0, not -0.
#[test]
fn what_is_not_finite_is_never_scaled_to_0() {
    let (nan, inf) = (f32::NAN, f32::INFINITY);
    let constant = of(Normalizer::new(), [[7.0]; 3]);
    for unvaried in [Normalizer::new(), of(Normalizer::new(), [[7.0]]), constant] {
        for x in [nan, inf, -inf] {
            assert!(unvaried.scale(&[x])[0].is_nan(), "{x}");
        }
        for x in [7.0, 0.0, -0.0, 1e30, -1e-30, f32::MAX, -f32::MAX] {
            assert_eq!(unvaried.scale(&[x])[0].to_bits(), 0, "{x}");
        }
    }
    for unit in [1e-30, 1.0, 1e30] {
        let varied = of(Normalizer::new(), [[unit], [3.0 * unit]]);
        assert_eq!(
            (varied.scale(&[inf]), varied.scale(&[-inf])),
            ([inf], [-inf])
        );
        assert!(varied.scale(&[nan])[0].is_nan());
    }
    // Statistics that no rows have.
    for variance in [f64::NAN, -1.0, -1e-60, -1e60] {
        let spoilt = Normalizer::from_mean_variance([1.0], [variance], 5.0);
        assert!(spoilt.scale(&[2.0])[0].is_nan(), "{variance}");
    }
    let spoilt = Normalizer::from_mean_variance([f64::NAN], [1.0], 5.0);
    assert!(spoilt.scale(&[2.0])[0].is_nan());
}

#[test]
fn refuses_what_is_not_finite() {
    let mut seen = of(Normalizer::new(), [[1.0, 2.0], [3.0, 4.0]]);
    let before = seen;
    let refused = |column| Err(Error::NotFinite(NotFinite::Input { row: 0, column }));
    for x in [f32::NAN, f32::INFINITY, f32::NEG_INFINITY] {
        assert_eq!(seen.observe(&[x, 1.0]), refused(0));
        assert_eq!(seen.observe(&[1.0, x]), refused(1));
    }
    assert_eq!(seen, before);
}

#[test]
fn refuses_what_is_no_half_life() {
    let error = Error::Setting(Setting::HalfLife);
    assert_eq!(
        error.to_string(),
        "the setting half_life has to be finite, and above 0"
    );
    let (nan, inf) = (f32::NAN, f32::INFINITY);
    for rows in [0.0, -0.0, -1.0, nan, inf, -inf] {
        let mut seen = of(Normalizer::new(), [[1.0], [3.0]]).half_life(rows);
        let before = seen;
        assert_eq!(seen.observe(&[1.0]), Err(error), "{rows}");
        assert_eq!(seen, before);
        assert_eq!(seen.scale(&[4.0]), [2.0]);
        // Another half-life mends it.
        assert_eq!(seen.half_life(1.0).observe(&[1.0]), Ok(()));
    }
}

/// The half-life of each size. After so many rows that nothing changes the count is
/// 1 / (1 - 2^(-1/h)); the sums are those of numpy's `1 / -expm1(-log(2) / h)`.
#[test]
fn half_lives_of_any_size() {
    for (half_life, count) in [
        (f32::from_bits(1), 1.0),
        (0.01, 1.0),
        (0.5, 4.0 / 3.0),
        (1.0, 2.0),
        (2.0, 3.414_213_562_373_095),
        (100.0, 144.770_081_711_084_3),
    ] {
        let seen = of(Normalizer::new().half_life(half_life), vec![[2.5]; 10_000]);
        close(seen.count(), count, 2e-14);
        assert_eq!((seen.mean(), seen.variance()), ([2.5], [0.0]));
    }
    // A billion rows: one that weighs 10^15 loses ln 2 / 10^9 of it, and a row counts 1.
    let long = Normalizer::from_mean_variance([0.0], [1.0], 1e15).half_life(1e9);
    let lost = 1e15 + 1.0 - of(long, [[0.0]]).count();
    close(lost, 693147.180_319_718_8, 1e-6);
    // So long that nothing is forgotten.
    let seen = of(Normalizer::new().half_life(f32::MAX), ROWS);
    let all = of(Normalizer::new(), ROWS);
    assert_eq!((seen.mean(), seen.variance()), (all.mean(), all.variance()));
    // The least half-life: only the last row is left.
    let last = of(Normalizer::new().half_life(1e-3), ROWS);
    assert_eq!(
        (last.mean(), last.variance()),
        (ROWS[4].map(f64::from), [0.0; 3])
    );
}

/// The errors that the documentation states, against `f64`.
#[test]
#[expect(clippy::cast_possible_truncation, reason = "any f32 will do")]
fn errors_of_scale_and_deviation() {
    let mut rng = Rng::with_seed(7);
    let mut sizes = |low: i32, high: i32| 2f64.powf(f64::from(rng.i32(low..high)) + rng.f64());
    let (mut worst, mut worst_root) = (0.0f64, 0.0f64);
    for k in 0..200_000 {
        let variance = sizes(-298, 255);
        let (mean, x) = if k % 2 == 0 {
            (sizes(-149, 127), sizes(-149, 127) as f32)
        } else {
            // Near the mean, as most rows are.
            let mean = sizes(-20, 20) * variance.sqrt();
            (mean, (mean + variance.sqrt() * sizes(-10, 4)) as f32)
        };
        let seen = Normalizer::from_mean_variance([mean], [variance], 9.0);
        let root = f64::from(seen.deviation()[0]) - variance.sqrt();
        let bound = (1.5 * 2f64.powi(-24) * variance.sqrt()).max(2f64.powi(-148));
        assert!(root.abs() <= bound, "{variance}: {root:e} over {bound:e}");
        if variance.sqrt() > 1e-37 {
            worst_root = worst_root.max(root.abs() / variance.sqrt());
        }
        let d = f64::from(x) - mean;
        let exact = d / variance.sqrt();
        if d.abs() < f32::MAX.into() && exact.abs() < f32::MAX.into() {
            let error = (f64::from(seen.scale(&[x])[0]) - exact).abs();
            let bound = (2f64.powi(-22) * exact.abs()).max(2f64.powi(-86));
            assert!(error <= bound, "{x} {mean} {variance}: {error:e}");
            if exact.abs() > 1e-18 {
                worst = worst.max(error / exact.abs());
            }
        }
    }
    assert!(worst < 3.0 * 2f64.powi(-24) && worst_root < 1.5 * 2f64.powi(-24));
}

/// A number that is 10^20 for once among zeros: sqrt(count - 1) deviations, and none has more.
#[test]
fn samuelsons_inequality() {
    let mut seen = Normalizer::new();
    for (n, x) in (1..50).zip([0.0; 48].into_iter().chain([1e20])) {
        seen.observe(&[x]).unwrap();
        let bound = f64::from(n - 1).sqrt();
        assert!(f64::from(seen.scale(&[x])[0]) <= bound * (1.0 + 3e-7));
    }
    assert_eq!(seen.scale(&[1e20]), [48f32.sqrt()]);
}

/// From a raw row to a scaled one and back, for columns of every size; what has not varied is its
/// mean.
#[test]
fn scaled_rows_come_back() {
    let mut rng = Rng::with_seed(5);
    for (offset, spread) in [
        (0.0, 1.0),
        (1e6, 1.0),
        (-3.0, 1e-3),
        (5e30, 1e30),
        (0.0, 1e-30),
    ] {
        let rows: [[f32; 2]; 100] =
            core::array::from_fn(|_| [offset + spread * (2.0 * rng.f32() - 1.0), 7.0]);
        let seen = Normalizer::fit(&rows).unwrap();
        for row in &rows {
            let [back, constant] = seen.unscale(&seen.scale(row));
            // Two roundings of the scaled number, one of the sum.
            let bound = 4e-7 * seen.deviation()[0] + 6e-8 * row[0].abs();
            assert!((back - row[0]).abs() <= bound, "{back}, not {}", row[0]);
            assert_eq!(constant, 7.0);
        }
    }
    let unseen = Normalizer::<1>::new();
    assert_eq!(unseen.unscale(&[3.0]), [0.0]);
    let seen = Normalizer::fit(&[[1.0], [3.0]]).unwrap();
    assert_eq!(seen.unscale(&[f32::INFINITY]), [f32::INFINITY]);
    assert!(seen.unscale(&[f32::NAN])[0].is_nan());
    let constant = Normalizer::fit(&[[1.0]]).unwrap();
    assert!(constant.unscale(&[f32::INFINITY])[0].is_nan());
    let error = Normalizer::fit(&[[1.0, 2.0], [3.0, f32::NAN]]);
    assert_eq!(Normalizer::<1>::fit(&[]), Err(Error::Empty));
    let place = NotFinite::Input { row: 1, column: 1 };
    assert_eq!(error, Err(Error::NotFinite(place)));
}

//! Means, sums and counts over more rows than an f32 sum can hold are right to the last bit.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]
#![allow(
    clippy::cast_possible_truncation,
    reason = "floats that are whole numbers, or to be rounded"
)]

use fastrand::Rng;
use stackprop::{Error, Losses, Mean, Mse, Sgd, Trainer, net};

/// One weight and one bias, both 0: the loss of a target y is y^2.
type Nothing = net![1 => 1, Mse];

/// The least float.
const LEAST: f32 = f32::from_bits(1);

/// What an epoch with mini-batches of `batch` gives that learns nothing.
fn epoch(targets: &[[f32; 1]], batch: usize) -> Result<f32, Error> {
    let rows = vec![[0.0]; targets.len()];
    Trainer::new(Nothing::zeros(), Sgd::new(0.0)).epoch(&rows, targets, batch)
}

/// The mean of these, each as often as it says.
fn mean(numbers: &[(f32, u64)]) -> f32 {
    let mut mean = Mean::new();
    for (number, times) in numbers {
        mean.push_times(*number, *times);
    }
    assert_eq!(mean.count(), numbers.iter().map(|(_, times)| times).sum());
    mean.mean().unwrap()
}

/// The mean of the last `N` numbers, which are these.
fn last<const N: usize>(numbers: [f32; N]) -> f32 {
    let mut losses = Losses::<N>::new();
    numbers.into_iter().for_each(|number| losses.push(number));
    losses.mean().unwrap()
}

/// The float nearest to `sum` * 2^`place` / `count`, if that is no subnormal number: a quotient of
/// more than 80 digits, whose last tells of a rest, rounded by the compiler's conversion.
fn nearest(sum: i128, place: i32, count: u64) -> f32 {
    if sum == 0 {
        return 0.0;
    }
    let shift = sum.unsigned_abs().leading_zeros() - 1;
    let dividend = sum.unsigned_abs() << shift;
    let quotient = dividend / u128::from(count);
    let rest = u128::from(!dividend.is_multiple_of(u128::from(count)));
    let size = f64::from((quotient | rest) as f32) * 2f64.powi(place - shift.cast_signed());
    assert!(size >= f64::from(f32::MIN_POSITIVE));
    if sum < 0 { -size as f32 } else { size as f32 }
}

/// `mantissa` * 2^`place`.
fn float(mantissa: i128, place: i32) -> f32 {
    (mantissa as f64 * 2f64.powi(place)) as f32
}

/// An f32 sum of 0.09 drifts: 0.0909 after a million.
#[test]
fn an_epoch_of_equal_losses_has_their_mean() {
    let loss = 0.3f32 * 0.3;
    for rows in [1, 100, 1_000_000] {
        assert_eq!(epoch(&vec![[0.3]; rows], 1), Ok(loss), "{rows} rows");
    }
}

/// Losses that are finite have a mean that is.
#[test]
fn an_epoch_does_not_overflow() {
    assert_eq!(epoch(&[[1e18]; 1000], 1), Ok(1e18 * 1e18));
    // 2^120, of which sums and means of 8 do not round.
    let (target, loss) = (2f32.powi(60), 2f32.powi(120));
    assert_eq!(epoch(&[[target]; 1001], 8), Ok(loss));
    assert_eq!(last([f32::MAX; 5]), f32::MAX);
    assert_eq!(last([f32::MIN; 3]), f32::MIN);
}

/// Each mini-batch's loss counts once for each of its rows, the last one's less.
#[test]
fn an_epoch_is_the_mean_over_rows() {
    let mut rng = Rng::with_seed(1);
    for batch in 1..40 {
        let targets: Vec<[f32; 1]> = (0..1000).map(|_| [rng.f32() * 10.0]).collect();
        let mut trainer = Trainer::new(Nothing::zeros(), Sgd::new(0.0));
        let sum = targets.chunks(batch).map(|targets| {
            let loss = trainer.step(&vec![[0.0]; targets.len()], targets).unwrap();
            // 100 and less, in units of 2^-60: those below 2^-36 would have more places.
            let whole = f64::from(loss) * 2f64.powi(60);
            assert_eq!(whole.fract(), 0.0);
            whole as i128 * targets.len() as i128
        });
        let expected = nearest(sum.sum(), -60, 1000);
        assert_eq!(epoch(&targets, batch), Ok(expected), "batches of {batch}");
    }
}

/// 2^32 rows and more.
#[test]
fn a_mean_of_many_does_not_drift() {
    const MANY: u64 = 1 << 32;
    assert_eq!(mean(&[(1.0, MANY)]), 1.0);
    assert_eq!(mean(&[(0.1, MANY), (0.1, MANY)]), 0.1);
    assert_eq!(mean(&[(f32::MAX, u64::MAX)]), f32::MAX);
    assert_eq!(mean(&[(f32::MIN, u64::MAX)]), f32::MIN);
    assert_eq!(mean(&[(LEAST, u64::MAX)]), LEAST);
    // (2^32 - 1 + 3) / 2^32 = 1 + 2^-31 is nearest to 1.
    assert_eq!(mean(&[(1.0, MANY - 1), (3.0, 1)]), 1.0);
    // (2^32 + 512) / 2^32 = 1 + 2^-23.
    assert_eq!(mean(&[(1.0, MANY - 1), (513.0, 1)]), 1.0f32.next_up());
    assert_eq!(
        mean(&[(f32::MAX, MANY), (1.0, MANY), (f32::MIN, MANY)]),
        1.0 / 3.0
    );
    let mut full = Mean::new();
    full.push_times(2.0, u64::MAX);
    full.push_times(f32::NAN, 5);
    assert_eq!((full.mean(), full.count()), (Some(2.0), u64::MAX));
}

/// A tie goes to the even neighbour, also below the least normal float.
#[test]
fn ties_go_to_the_even_float() {
    let unit = f32::EPSILON;
    for sign in [1.0, -1.0] {
        let signed = |number: f32| sign * number;
        assert_eq!(last([1.0, 1.0 + unit].map(signed)), sign);
        let higher = [1.0 + unit, 1.0 + 2.0 * unit].map(signed);
        assert_eq!(last(higher), signed(1.0 + 2.0 * unit));
        // A little more or less is no tie.
        let more = [(1.0, 1 << 40), (1.0 + unit, 1 << 40), (2.0, 1)];
        assert_eq!(
            mean(&more.map(|(number, times)| (signed(number), times))),
            signed(1.0 + unit)
        );
        let less = [(1.0 + unit, 1 << 40), (1.0 + 2.0 * unit, 1 << 40), (0.0, 1)];
        assert_eq!(
            mean(&less.map(|(number, times)| (signed(number), times))),
            signed(1.0 + unit)
        );
        // The carry goes through all the fraction.
        assert_eq!(last([2.0 - unit, 2.0].map(signed)), signed(2.0));
        for (numbers, expected) in [
            ([1, 0, 0, 0], 0), // 1/4
            ([1, 1, 0, 0], 0), // 1/2
            ([1, 1, 1, 0], 1), // 3/4
            ([3, 2, 1, 0], 2), // 3/2
            ([3, 3, 3, 1], 2), // 5/2
        ] {
            assert_eq!(
                last(numbers.map(|n| signed(f32::from_bits(n)))),
                sign * expected as f32 * LEAST
            );
        }
        // Between the largest subnormal number and the least normal one.
        let least = f32::MIN_POSITIVE;
        assert_eq!(last([least.next_down(), least].map(signed)), signed(least));
        assert_eq!(last([least, least.next_up()].map(signed)), signed(least));
    }
}

/// What cancels is gone, however large it was.
#[test]
fn cancellation_loses_nothing() {
    assert_eq!(last([1e30, 1.0, -1e30]), 1.0 / 3.0);
    assert_eq!(last([f32::MAX, LEAST, f32::MIN]), 0.0);
    assert_eq!(last([f32::MIN, LEAST, LEAST, LEAST, f32::MAX]), LEAST);
    assert_eq!(last([-1.0, 1.0]).to_bits(), 0);
    assert_eq!(last([-0.0, -0.0]).to_bits(), 0);
}

/// As IEEE arithmetic has it, whatever comes before or after.
#[test]
fn what_is_not_finite_stays() {
    let (inf, nan) = (f32::INFINITY, f32::NAN);
    assert_eq!((last([1.0, inf]), last([-inf, f32::MAX])), (inf, -inf));
    assert!(last([inf, 0.0, -inf]).is_nan() && last([1.0, nan]).is_nan());
    assert!(last([nan, inf]).is_nan() && last([-inf, -nan]).is_nan());
    assert!(mean(&[(nan, 1), (1.0, 1 << 40)]).is_nan());
    assert_eq!(mean(&[(nan, 0), (inf, 0), (1.0, 1)]), 1.0);
    assert_eq!((Mean::new().mean(), Mean::default().count()), (None, 0));
}

/// Against fractions of integers, with numbers of both signs over 60 powers of two, at several
/// places of the range.
#[test]
fn random_numbers_as_exact_fractions() {
    let mut rng = Rng::with_seed(2);
    for place in [-140, -126, -100, -33, -32, -31, 0, 40, 43] {
        for round in 0..500 {
            let mut numbers = Vec::new();
            let mut sum = 0;
            for _ in 0..rng.u64(1..12) {
                let places = rng.u32(1..34);
                let times = rng.u64(1..1 << places);
                let mantissa = i128::from(rng.i32(-(1 << 24) + 1..1 << 24)) << rng.u32(0..60);
                sum += mantissa * i128::from(times);
                numbers.push((float(mantissa, place), times));
            }
            let count = numbers.iter().map(|(_, times)| times).sum();
            let size = (sum as f64).abs() / count as f64 * 2f64.powi(place);
            if sum != 0 && size < 2.0 * f64::from(f32::MIN_POSITIVE) {
                continue;
            }
            let expected = nearest(sum, place, count);
            assert_eq!(
                mean(&numbers),
                expected,
                "{round} at 2^{place}: {numbers:?}"
            );
            rng.shuffle(&mut numbers);
            assert_eq!(mean(&numbers), expected, "{round}, shuffled");
        }
    }
}

/// A half of the last bit, and far below it something that makes it more than a half.
#[test]
fn just_above_a_half() {
    for places in 25..120 {
        let above = 4.0 * 2f32.powi(-places);
        let numbers = [4.0, 4.0 * 2f32.powi(-24), above];
        for sign in [1.0, -1.0] {
            let [one, half, above] = numbers.map(|number| (sign * number, 1));
            assert_eq!(mean(&[one, half, (0.0, 2)]), sign, "to the even one");
            let next = sign * (1.0 + f32::EPSILON);
            assert_eq!(mean(&[one, half, above, (0.0, 1)]), next, "{places}");
        }
    }
}

//! A float as a fraction.

/// The simplest fraction of integers below 2^24 whose quotient is exactly `slope` in f32, as
/// `LeakyRelu` divides. `None` if there is none, as for a negative number.
pub(crate) fn fraction(slope: f32) -> Option<(u32, u32)> {
    if !(0.0..16_777_216.0).contains(&slope) {
        return None;
    }
    // Each convergent of the continued fraction is the best one of its size.
    let (mut rest, mut last, mut now) = (f64::from(slope), (0.0, 1.0), (1.0, 0.0));
    for _ in 0..40 {
        let whole = rest.floor();
        let next = (whole * now.0 + last.0, whole * now.1 + last.1);
        (last, now) = (now, next);
        let numerator = integer(now.0)?;
        let denominator = integer(now.1)?;
        if numerator as f32 / denominator as f32 == slope {
            return Some((numerator, denominator));
        }
        rest = 1.0 / (rest - whole);
    }
    None
}

/// The number, if it is one below 2^24, which f32 holds exactly.
fn integer(value: f64) -> Option<u32> {
    (0.0..16_777_216.0).contains(&value).then_some(value as u32)
}

#[cfg(test)]
mod tests {
    use super::fraction;

    #[test]
    fn slopes_that_people_use() {
        for (slope, expected) in [
            (0.0, (0, 1)),
            (0.01, (1, 100)),
            (0.2, (1, 5)),
            (0.3, (3, 10)),
            (0.05, (1, 20)),
            (1.0, (1, 1)),
            (5.5, (11, 2)),
            (0.229_166_67, (11, 48)),
        ] {
            assert_eq!(fraction(slope), Some(expected), "{slope}");
        }
    }

    #[test]
    fn every_fraction_divides_to_its_slope() {
        for step in 1..20_000_u32 {
            let slope = step as f32 * 1.234_567e-4;
            let found = fraction(slope).map(|(n, d)| n as f32 / d as f32);
            assert_eq!(found, Some(slope));
        }
    }

    #[test]
    fn what_is_no_fraction() {
        for slope in [-0.1, f32::NAN, f32::INFINITY, 1e-9, 3e7] {
            assert_eq!(fraction(slope), None, "{slope}");
        }
    }
}

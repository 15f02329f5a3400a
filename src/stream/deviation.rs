//! Roots of `f64` variances, and quotients by them, with the arithmetic of `f32`: on most chips
//! `f64` is slow.

/// (x - mean) / sqrt(variance).
#[expect(clippy::cast_possible_truncation, reason = "rounds, as it should")]
pub(super) fn scaled(x: f32, mean: f64, variance: f64) -> f32 {
    let d = f64::from(x) - mean;
    let (root, unit) = root(variance);
    if root == 0.0 {
        x * 0.0 + 0.0 // NaN if x is not finite, and never -0
    } else if unit == 1.0 {
        d as f32 / root
    } else {
        (d * f64::from(unit) / f64::from(root)) as f32
    }
}

/// sqrt(variance) * unit, and the unit: 1, or a power of 2 if the variance is out of the range of
/// `f32`.
#[expect(clippy::cast_possible_truncation, reason = "rounds, as it should")]
pub(super) fn root(variance: f64) -> (f32, f32) {
    const UNIT: f32 = (1u128 << 100) as f32;
    let narrow = variance as f32;
    if narrow.is_normal() {
        return (libm::sqrtf(narrow), 1.0);
    }
    let unit = if variance > 1.0 { 1.0 / UNIT } else { UNIT };
    let wide = f64::from(unit);
    (libm::sqrtf((variance * wide * wide) as f32), unit)
}

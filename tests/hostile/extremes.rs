//! Numbers that break what is not prepared for them.

/// What a sensor, a division or a broken memory cell may give.
pub(crate) const EXTREMES: [f32; 16] = [
    f32::NAN,
    f32::INFINITY,
    f32::NEG_INFINITY,
    -0.0,
    f32::MAX,
    f32::MIN,
    f32::MIN_POSITIVE,
    // The smallest subnormal number.
    1e-45,
    // Squares, cubes and sums of squares of these overflow, or nearly.
    1e12,
    -1.9e19,
    1.7e38,
    // Where exp overflows, and where a sigmoid is 0.
    88.8,
    -104.0,
    // Beyond and at the largest weight of a guard.
    1_048_577.0,
    1_048_576.0,
    -1.0,
];

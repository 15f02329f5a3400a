//! Rows and labels from a seed, made when the program is compiled: what calls are counted on.

use stackprop::Random;

/// Rows of numbers uniform within +-sqrt(3): their mean is 0 and their variance 1, as of rows that
/// were standardised.
#[must_use]
pub(crate) const fn rows<const I: usize, const N: usize>(seed: u64) -> [[f32; I]; N] {
    // 2^24 numbers from the high bits, as `init::uniform` has them, which is not `const`.
    const STEP: f32 = 1.732_050_8 / 8_388_608.0;
    let (mut rows, mut random) = ([[0.0; I]; N], Random::new(seed));
    let mut n = 0;
    while n < N * I {
        rows[n / I][n % I] = ((random.bits() >> 8) as f32 - 8_388_608.0) * STEP;
        n += 1;
    }
    rows
}

/// Labels 0 and 1, equally often and of no rule: there is always something left to learn.
#[must_use]
pub(crate) const fn labels<const O: usize, const N: usize>(seed: u64) -> [[f32; O]; N] {
    let (mut labels, mut random) = ([[0.0; O]; N], Random::new(seed));
    let mut n = 0;
    while n < N * O {
        labels[n / O][n % O] = (random.bits() >> 31) as f32;
        n += 1;
    }
    labels
}

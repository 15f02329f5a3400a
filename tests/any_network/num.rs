//! Numbers with the error that they may have in f32: Wilkinson's running error analysis. Source:
//! Higham, "Accuracy and stability of numerical algorithms", 2002, section 3.3.

use std::ops::{Add, Div, Mul, Sub};

/// Half an ulp of 1: the most that one rounding changes a number by, relative to the number.
pub(crate) const UNIT: f64 = 0.5 / 8_388_608.0;

/// The least normal float, which may be lost.
const TINY: f64 = 1.175_494_350_822_287_5e-38;

/// A value in f64, and a bound on the error of the same computed in f32, in [`UNIT`]s. Each
/// operation hands on the errors of what it takes, and adds one rounding of its own.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Num {
    pub(crate) value: f64,
    pub(crate) error: f64,
}

impl Num {
    pub(crate) const ZERO: Self = Self::exact(0.0);

    /// A number that both have without an error.
    pub(crate) const fn exact(value: f64) -> Self {
        Self { value, error: 0.0 }
    }

    /// With `units` more of the size `of`.
    pub(crate) const fn off(self, units: f64, of: f64) -> Self {
        Self {
            value: self.value,
            error: self.error + units * of.abs(),
        }
    }

    /// A function of this number, by its value and its slope here; the function itself is off by so
    /// many units of its value.
    pub(crate) const fn map(self, value: f64, slope: f64, units: f64) -> Self {
        let error = (slope * self.error).abs();
        Self { value, error }.off(units, value)
    }

    /// How far `got` is off, as a share of what it may be; over 1 is too far. What stands in second
    /// order is a thousandth.
    pub(crate) fn share(self, got: f32) -> f64 {
        let off = (f64::from(got) - self.value).abs();
        let share = off / (1.001 * UNIT * self.error + 4.0 * TINY);
        // f64::max would let NaN pass.
        if share.is_nan() { f64::INFINITY } else { share }
    }
}

impl Add for Num {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        let value = self.value + other.value;
        let error = self.error + other.error;
        Self { value, error }.off(1.0, value)
    }
}

impl Sub for Num {
    type Output = Self;

    fn sub(self, other: Self) -> Self {
        self + Self {
            value: -other.value,
            error: other.error,
        }
    }
}

impl Mul for Num {
    type Output = Self;

    fn mul(self, other: Self) -> Self {
        let value = self.value * other.value;
        let error = (self.value * other.error).abs() + (self.error * other.value).abs();
        Self { value, error }.off(1.0, value)
    }
}

impl Div for Num {
    type Output = Self;

    fn div(self, other: Self) -> Self {
        let value = self.value / other.value;
        let error = (self.error + (value * other.error).abs()) / other.value.abs();
        Self { value, error }.off(1.0, value)
    }
}

/// A sum of which any order, `deep` additions one after the other, may be taken.
pub(crate) fn sum(terms: impl Iterator<Item = Num>, deep: usize) -> Num {
    let (mut total, mut size) = (Num::ZERO, 0.0);
    for term in terms {
        total.value += term.value;
        total.error += term.error;
        size += term.value.abs();
    }
    total.off(deep as f64, size)
}

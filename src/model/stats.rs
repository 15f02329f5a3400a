//! A tensor in three numbers, for a log.

use super::norm::{Norm, square};
use super::tensor::Tensor;
use core::fmt::{Display, Formatter};

/// Length, least and largest number of a tensor: what a log of training needs to show weights that
/// run away, gradients that vanish, and NaN. With the feature `defmt` it is a `defmt::Format`.
///
/// ```
/// use stackprop::{Adam, Trainer, notebook::{BOOK_NET, X, Y}};
///
/// let mut trainer = Trainer::new(BOOK_NET, Adam::new(0.01));
/// trainer.step(&X, &Y)?;
/// for (weight, grad) in trainer.network.tensors().zip(trainer.gradients()) {
///     println!("{}: {}; gradient {}", weight.name, weight.stats(), grad.stats());
/// }
/// let bias = trainer.network.tensors().last().map(|tensor| tensor.stats());
/// assert!(bias.is_some_and(|stats| stats.min <= stats.max && stats.norm < 1.0));
/// # Ok::<(), stackprop::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub struct Stats {
    /// The square root of the sum of squares. It overflows or vanishes only if it is itself beyond
    /// the floats.
    pub norm: f32,
    /// The least number; inf of no number.
    pub min: f32,
    /// The largest number; -inf of no number.
    pub max: f32,
}

impl Stats {
    /// Of these numbers. If one is NaN, so are all three figures.
    ///
    /// ```
    /// use stackprop::params::Stats;
    ///
    /// let stats = Stats::new(&[3e30, -4e30]);
    /// assert_eq!((stats.norm, stats.min, stats.max), (5e30, -4e30, 3e30));
    /// assert_eq!(stats.to_string(), "norm 5.000e30, -4.000e30 to 3.000e30");
    /// assert!(Stats::new(&[1.0, f32::NAN, 2.0]).max.is_nan());
    /// ```
    #[must_use]
    pub fn new(numbers: &[f32]) -> Self {
        let squares = |scale| numbers.iter().fold(0.0, |sum, x| sum + square(*x, scale));
        let (mut min, mut max) = (f32::INFINITY, f32::NEG_INFINITY);
        for number in numbers {
            // Once NaN, no comparison is true.
            if number.is_nan() || *number < min {
                min = *number;
            }
            if number.is_nan() || *number > max {
                max = *number;
            }
        }
        let norm = Norm::new(squares).length();
        Self { norm, min, max }
    }
}

impl Display for Stats {
    fn fmt(&self, f: &mut Formatter<'_>) -> core::fmt::Result {
        let Self { norm, min, max } = self;
        write!(f, "norm {norm:.3e}, {min:.3e} to {max:.3e}")
    }
}

#[cfg(feature = "defmt")]
impl defmt::Format for Stats {
    fn format(&self, f: defmt::Formatter<'_>) {
        let Self { norm, min, max } = *self;
        defmt::write!(f, "norm {=f32}, {=f32} to {=f32}", norm, min, max);
    }
}

impl Tensor<'_> {
    /// Length, least and largest number.
    #[must_use]
    pub fn stats(&self) -> Stats {
        Stats::new(self.values)
    }
}

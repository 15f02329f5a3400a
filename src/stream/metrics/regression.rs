//! How far the outputs of a regressor are from their targets.

use core::fmt::{Display, Formatter};

/// The errors of a regressor, one output after another: MAE, RMSE and R2 of a stream of any length.
///
/// The sums are `f64`: over n numbers each of the three is off by at most about n 2^-52 of itself,
/// 1e-6 after 2^32; R2, where it is near 0, by as much of 1. The variance of the targets is summed
/// around their running mean (Welford, "Note on a method for calculating corrected sums of squares
/// and products", Technometrics 4, 1962), so an offset does not harm it. No sum overflows; a
/// figure beyond the floats is inf. NaN and infinities follow IEEE arithmetic and stay. 40 bytes.
///
/// ```
/// use stackprop::Regression;
///
/// let mut seen = Regression::new();
/// for (y_hat, y) in [(2.5, 3.0), (0.0, -0.5), (2.0, 2.0), (8.0, 7.0)] {
///     seen.observe(y_hat, y);
/// }
/// assert_eq!(seen.mae(), Some(0.5));
/// assert_eq!(seen.rmse(), Some(0.375_f32.sqrt()));
/// assert_eq!(seen.r2(), Some(0.948_608_14)); // scikit-learn's r2_score
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Regression {
    /// How many outputs there were.
    pub(crate) count: u64,
    /// The sum of |y_hat - y|.
    pub(crate) absolute: f64,
    /// The sum of (y_hat - y)^2.
    pub(crate) squares: f64,
    /// The mean of y.
    pub(crate) mean: f64,
    /// The sum of (y - mean)^2.
    pub(crate) around: f64,
}

impl Regression {
    /// No output yet.
    #[must_use]
    pub const fn new() -> Self {
        Self {
            count: 0,
            absolute: 0.0,
            squares: 0.0,
            mean: 0.0,
            around: 0.0,
        }
    }

    /// Takes an output and its target.
    pub fn observe(&mut self, y_hat: f32, y: f32) {
        let error = f64::from(y_hat) - f64::from(y);
        self.count = self.count.saturating_add(1);
        self.absolute += error.abs();
        self.squares += error * error;
        let off = f64::from(y) - self.mean;
        self.mean += off / self.count as f64;
        self.around += off * (f64::from(y) - self.mean);
    }

    /// How many outputs there were.
    #[must_use]
    pub const fn count(&self) -> u64 {
        self.count
    }

    /// The mean absolute error: `mean_absolute_error`. None before the first output.
    #[must_use]
    #[expect(clippy::cast_possible_truncation, reason = "rounds to the nearest")]
    pub fn mae(&self) -> Option<f32> {
        (self.count > 0).then(|| (self.absolute / self.count as f64) as f32)
    }

    /// The root of the mean squared error: `root_mean_squared_error`. None before the first output.
    #[must_use]
    #[expect(clippy::cast_possible_truncation, reason = "rounds to the nearest")]
    pub fn rmse(&self) -> Option<f32> {
        (self.count > 0).then(|| libm::sqrt(self.squares / self.count as f64) as f32)
    }

    /// The coefficient of determination, 1 - the squared errors / the squared distances of y from
    /// its mean: `r2_score`. 1 for perfect outputs, 0 for a constant that is the mean, below for
    /// worse ones. None for fewer than two outputs. Where all y are equal it is 1 if all outputs
    /// are right, else 0, as in scikit-learn.
    ///
    /// ```
    /// use stackprop::Regression;
    ///
    /// let mut seen = Regression::new();
    /// seen.observe(1.0, 2.0);
    /// assert_eq!(seen.r2(), None);
    /// seen.observe(2.0, 2.0);
    /// assert_eq!(seen.r2(), Some(0.0));
    /// ```
    #[must_use]
    #[expect(clippy::cast_possible_truncation, reason = "rounds to the nearest")]
    pub fn r2(&self) -> Option<f32> {
        if self.count < 2 {
            return None;
        }
        if self.around == 0.0 {
            return Some(if self.squares == 0.0 { 1.0 } else { 0.0 });
        }
        Some((1.0 - self.squares / self.around) as f32)
    }
}

/// The three figures, as far as there are:
/// ```
/// use stackprop::Regression;
///
/// let mut seen = Regression::new();
/// [(1.5, 1.0), (2.0, 3.0)].into_iter().for_each(|(y_hat, y)| seen.observe(y_hat, y));
/// assert_eq!(seen.to_string(), "MAE 0.7500, RMSE 0.7906, R2 0.3750");
/// ```
impl Display for Regression {
    fn fmt(&self, f: &mut Formatter<'_>) -> core::fmt::Result {
        let (Some(mae), Some(rmse)) = (self.mae(), self.rmse()) else {
            return write!(f, "no outputs");
        };
        write!(f, "MAE {}, RMSE {}", Digits(mae), Digits(rmse))?;
        self.r2()
            .map_or(Ok(()), |r2| write!(f, ", R2 {}", Digits(r2)))
    }
}

/// Four decimals, or four digits of what is too small or too large for them.
struct Digits(f32);

impl Display for Digits {
    fn fmt(&self, f: &mut Formatter<'_>) -> core::fmt::Result {
        let Self(number) = *self;
        if number == 0.0 || (1e-2..1e6).contains(&number.abs()) {
            return write!(f, "{number:.4}");
        }
        write!(f, "{number:.3e}")
    }
}

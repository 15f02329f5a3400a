//! Mean and variance of a stream, and rows scaled by them.

use crate::error::{Error, NotFinite};

/// Running mean and variance of each of `N` numbers, which scale a row: Welford's method.
///
/// ```text
/// count += 1;  d = x - mean;  mean += d / count;  squares += d (x - mean)
/// scaled = (x - mean) / sqrt(squares / count)
/// ```
/// The variance is that of the population, as in scikit-learn's `StandardScaler`. After [`FADING`]
/// rows this is an exponential moving average with weight 1 / `FADING`. Source: Welford, "Note on a
/// method for calculating corrected sums of squares and products", Technometrics 4(3), 1962.
///
/// ```
/// use stackprop::Normalizer;
///
/// let mut normalizer = Normalizer::new();
/// for row in [[1.0, 20.0], [3.0, 40.0]] {
///     normalizer.observe(&row)?;
/// }
/// assert_eq!((normalizer.mean(), normalizer.variance()), ([2.0, 30.0], [1.0, 100.0]));
/// assert_eq!(normalizer.scale(&[4.0, 25.0]), [2.0, -0.5]);
/// # Ok::<(), stackprop::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Normalizer<const N: usize> {
    mean: [f32; N],
    squares: [f32; N],
    count: f32,
}

/// After this many rows, 2^16, a [`Normalizer`] begins to forget. A weight of 2^-16 is large enough
/// that an update is not lost to f32 rounding (2^-24).
pub const FADING: f32 = 65_536.0;

impl<const N: usize> Normalizer<N> {
    /// A normalizer that has seen no row.
    ///
    /// ```
    /// use stackprop::Normalizer;
    ///
    /// static START: Normalizer<3> = Normalizer::new();
    /// assert_eq!(START.count(), 0);
    /// ```
    #[must_use]
    pub const fn new() -> Self {
        Self {
            mean: [0.0; N],
            squares: [0.0; N],
            count: 0.0,
        }
    }

    /// Takes a row into mean and variance.
    ///
    /// # Errors
    /// [`Error::NotFinite`] if a number is not finite, or so large that its mean or its square
    /// overflows. Nothing has changed then. The row of the error is 0, because there is only one.
    ///
    /// ```
    /// use stackprop::{Error, Normalizer, NotFinite};
    ///
    /// let mut normalizer = Normalizer::new();
    /// normalizer.observe(&[1.0, 2.0])?;
    /// let refused = Error::NotFinite(NotFinite::Input { row: 0, column: 1 });
    /// assert_eq!(normalizer.observe(&[1.0, f32::NAN]), Err(refused));
    /// assert_eq!(normalizer.count(), 1);
    /// # Ok::<(), Error>(())
    /// ```
    pub fn observe(&mut self, row: &[f32; N]) -> Result<(), Error> {
        let mut next = *self;
        if self.count < FADING {
            next.count += 1.0;
        } else {
            let kept = 1.0 - 1.0 / FADING;
            next.squares = self.squares.map(|squares| squares * kept);
        }
        for ((x, mean), squares) in row.iter().zip(&mut next.mean).zip(&mut next.squares) {
            let d = x - *mean;
            *mean += d / next.count;
            *squares += d * (x - *mean);
        }
        // If the mean is not finite, neither is the square.
        if let Some(column) = next.squares.iter().position(|squares| !squares.is_finite()) {
            return Err(Error::NotFinite(NotFinite::Input { row: 0, column }));
        }
        *self = next;
        Ok(())
    }

    /// The row scaled to mean 0 and variance 1, by the rows observed so far. A number that has not
    /// varied yet is scaled to 0. NaN and infinities follow IEEE arithmetic.
    ///
    /// ```
    /// use stackprop::Normalizer;
    ///
    /// let mut normalizer = Normalizer::new();
    /// for row in [[1.0, 7.0], [3.0, 7.0]] {
    ///     normalizer.observe(&row)?;
    /// }
    /// assert_eq!(normalizer.scale(&[1.0, 8.0]), [-1.0, 0.0]); // the second number has not varied
    /// # Ok::<(), stackprop::Error>(())
    /// ```
    #[must_use]
    pub fn scale(&self, row: &[f32; N]) -> [f32; N] {
        let variance = self.variance();
        core::array::from_fn(|n| {
            let deviation = libm::sqrtf(variance[n]);
            if deviation > 0.0 {
                (row[n] - self.mean[n]) / deviation
            } else {
                0.0
            }
        })
    }

    /// The mean of each number; 0 before the first row.
    ///
    /// ```
    /// use stackprop::Normalizer;
    ///
    /// let mut normalizer = Normalizer::new();
    /// for row in [[1.0], [2.0], [6.0]] {
    ///     normalizer.observe(&row)?;
    /// }
    /// assert_eq!(normalizer.mean(), [3.0]);
    /// # Ok::<(), stackprop::Error>(())
    /// ```
    #[must_use]
    pub const fn mean(&self) -> [f32; N] {
        self.mean
    }

    /// The variance of each number, that of the population; NaN before the first row.
    ///
    /// ```
    /// use stackprop::Normalizer;
    ///
    /// let mut normalizer = Normalizer::new();
    /// for row in [[1.0], [2.0], [6.0]] {
    ///     normalizer.observe(&row)?;
    /// }
    /// assert_eq!(normalizer.variance(), [14.0 / 3.0]);
    /// # Ok::<(), stackprop::Error>(())
    /// ```
    #[must_use]
    pub fn variance(&self) -> [f32; N] {
        self.squares.map(|squares| squares / self.count)
    }

    /// The number of rows that mean and variance cover, at most [`FADING`].
    ///
    /// ```
    /// use stackprop::Normalizer;
    ///
    /// let mut normalizer = Normalizer::new();
    /// for row in [[1.0], [2.0], [6.0]] {
    ///     normalizer.observe(&row)?;
    /// }
    /// assert_eq!(normalizer.count(), 3);
    /// # Ok::<(), stackprop::Error>(())
    /// ```
    #[must_use]
    #[expect(
        clippy::cast_possible_truncation,
        reason = "a whole number up to FADING"
    )]
    pub const fn count(&self) -> u32 {
        self.count as u32
    }
}

impl<const N: usize> Default for Normalizer<N> {
    fn default() -> Self {
        Self::new()
    }
}

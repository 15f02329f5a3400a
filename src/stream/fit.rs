//! A normalizer of a whole set, and the way back from what it scaled.

use super::deviation::root;
use super::normalizer::Normalizer;
use crate::error::Error;

impl<const N: usize> Normalizer<N> {
    /// A normalizer that has observed these rows: `StandardScaler().fit(rows)`.
    ///
    /// # Errors
    /// [`Error::Empty`] for no rows; [`Error::NotFinite`] with row and column of a number that is
    /// not finite.
    ///
    /// ```
    /// use stackprop::Normalizer;
    ///
    /// let normalizer = Normalizer::fit(&[[1.0, 20.0], [3.0, 40.0]])?;
    /// assert_eq!((normalizer.mean(), normalizer.variance()), ([2.0, 30.0], [1.0, 100.0]));
    /// # Ok::<(), stackprop::Error>(())
    /// ```
    pub fn fit<'a>(rows: impl IntoIterator<Item = &'a [f32; N]>) -> Result<Self, Error> {
        let mut normalizer = Self::new();
        for (at, row) in rows.into_iter().enumerate() {
            normalizer.observe(row).map_err(|error| error.after(at))?;
        }
        if normalizer.count() == 0.0 {
            return Err(Error::Empty);
        }
        Ok(normalizer)
    }

    /// The row that [`scale`](Self::scale) makes `row` of: `inverse_transform`. For targets that
    /// were scaled: it brings an output of the network back to their unit. A column that has not
    /// varied gives its mean, where scikit-learn adds x. NaN and infinities follow IEEE arithmetic;
    /// NaN always gives NaN.
    ///
    /// Error: at most 2^-22 of x sqrt(variance), and 2^-24 of the result.
    ///
    /// ```
    /// use stackprop::Normalizer;
    ///
    /// let normalizer = Normalizer::fit(&[[1.0, 20.0], [3.0, 40.0]])?;
    /// assert_eq!(normalizer.unscale(&[2.0, -0.5]), [4.0, 25.0]);
    /// # Ok::<(), stackprop::Error>(())
    /// ```
    #[must_use]
    #[expect(clippy::cast_possible_truncation, reason = "rounds, as it should")]
    pub fn unscale(&self, row: &[f32; N]) -> [f32; N] {
        core::array::from_fn(|n| {
            let (root, unit) = root(self.variance[n]);
            (f64::from(row[n]) * f64::from(root) / f64::from(unit) + self.mean[n]) as f32
        })
    }
}

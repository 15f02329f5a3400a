//! A normalizer as a stage of a network.

use super::normalizer::Normalizer;
use crate::kernels::zero::Zero;
use crate::model::layers::Standardize;

/// The mean and the standard deviation of the rows that were observed, rounded to `f32`: error of a
/// scaled row at most 2^-23 of itself and 2^-24 of mean / scale beyond that of
/// [`Normalizer::scale`].
///
/// A column that has not varied gets the largest finite scale, so that all that is not huge becomes
/// as good as 0, as from the normalizer. (scikit-learn takes 1.) Before the first row the mean is 0
/// and the scale 1.
impl<const N: usize> From<&Normalizer<N>> for Standardize<N> {
    #[expect(clippy::cast_possible_truncation, reason = "rounds, as it should")]
    fn from(normalizer: &Normalizer<N>) -> Self {
        if normalizer.count() == 0.0 {
            return Self::ZERO;
        }
        let scale = |deviation: f32| if deviation > 0.0 { deviation } else { f32::MAX };
        Self {
            mean: normalizer.mean().map(|mean| mean as f32),
            scale: normalizer.deviation().map(scale),
        }
    }
}

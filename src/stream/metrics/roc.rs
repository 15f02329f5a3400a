//! The area under the ROC curve.

use super::sort::heapsort;

/// Area under the ROC curve: the probability that a random positive has a larger score than a
/// random negative, where a tie counts half. `scores` are pairs of a score and whether it was
/// positive; they are sorted in place.
///
/// ```text
/// AUC = sum over the positives of (negatives below + negatives equal / 2)
///       / (positives * negatives)
/// ```
/// Range: 0 to 1. None if there is no positive or no negative, or if a score is NaN. Logits and
/// probabilities give the same result, unless probabilities round to a tie. Numerator and
/// denominator are counted in integers: for up to 2^27 scores the result is the f64 nearest to the
/// exact one. Beyond, both are rounded to f64 first: three roundings, at most 2^-53 of the result
/// each. None also where the pairs do not fit in 63 bits; up to 2^32 scores they always do.
/// Source: `roc_auc_score`; Hanley and McNeil, "The meaning and use of the area under a receiver
/// operating characteristic (ROC) curve", Radiology 143, 1982.
///
/// ```
/// use stackprop::metrics::roc_auc;
///
/// let mut scores = [(0.9, true), (0.2, false), (0.7, false), (0.7, true), (0.8, true)];
/// assert_eq!(roc_auc(&mut scores), Some(5.5 / 6.0));
/// ```
#[must_use]
pub fn roc_auc(scores: &mut [(f32, bool)]) -> Option<f64> {
    if scores.iter().any(|(score, _)| score.is_nan()) {
        return None;
    }
    heapsort(scores, |(a, _), (b, _)| a.total_cmp(b));
    // Over all pairs of a positive and a negative: 2 for the right order, 1 for a tie.
    let (mut twice, mut positives, mut negatives) = (0, 0_u64, 0_u64);
    let mut rest = &*scores;
    while let Some((score, _)) = rest.first() {
        let other = rest.iter().position(|(other, _)| other != score);
        let split = rest.split_at_checked(other.unwrap_or(rest.len()));
        let (equal, others) = split.unwrap_or_default();
        let positive = equal.iter().filter(|(_, positive)| *positive).count() as u64;
        let negative = equal.len() as u64 - positive;
        // Never more than all pairs at the end count: if those fit, so does this.
        twice = positive
            .wrapping_mul(2 * negatives + negative)
            .wrapping_add(twice);
        positives += positive;
        negatives += negative;
        rest = others;
    }
    let pairs = positives.checked_mul(negatives)?.checked_mul(2)?;
    (pairs > 0).then(|| twice as f64 / pairs as f64)
}

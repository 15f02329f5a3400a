//! Metrics of a classifier, on a stream or on a test set. The definitions are those of
//! scikit-learn.

use crate::kernels::exact_sum::ExactSum;

/// Counts the decisions of a binary classifier one by one: a confusion matrix.
///
/// A quotient with denominator 0 is 0, as with scikit-learn's `zero_division=0`. Each quotient is
/// the `f32` nearest to the exact one. A count stops at 2^32 - 1; from there on the quotients are
/// those of the counts as they are.
///
/// ```
/// use stackprop::ConfusionMatrix;
///
/// let mut seen = ConfusionMatrix::new();
/// let scores = [(0.9, true), (0.2, false), (0.7, false), (0.4, true), (0.8, true)];
/// for (probability, alarm) in scores {
///     seen.observe(probability > 0.5, alarm); // for a logit: z > 0.0
/// }
/// assert_eq!((seen.true_positives, seen.false_positives), (2, 1));
/// assert_eq!((seen.true_negatives, seen.false_negatives), (1, 1));
/// assert_eq!((seen.precision(), seen.recall()), (2.0 / 3.0, 2.0 / 3.0));
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct ConfusionMatrix {
    /// Decided yes, and the target was yes.
    pub true_positives: u32,
    /// Decided yes, but the target was no.
    pub false_positives: u32,
    /// Decided no, and the target was no.
    pub true_negatives: u32,
    /// Decided no, but the target was yes.
    pub false_negatives: u32,
}

impl ConfusionMatrix {
    /// Nothing counted yet.
    ///
    /// ```
    /// use stackprop::ConfusionMatrix;
    ///
    /// assert_eq!(ConfusionMatrix::new().accuracy(), 0.0);
    /// ```
    #[must_use]
    pub const fn new() -> Self {
        Self {
            true_positives: 0,
            false_positives: 0,
            true_negatives: 0,
            false_negatives: 0,
        }
    }

    /// Counts one decision beside its target.
    ///
    /// ```
    /// use stackprop::ConfusionMatrix;
    ///
    /// let mut seen = ConfusionMatrix::new();
    /// seen.observe(false, true);
    /// assert_eq!(seen.false_negatives, 1);
    /// ```
    pub const fn observe(&mut self, decision: bool, target: bool) {
        let count = match (decision, target) {
            (true, true) => &mut self.true_positives,
            (true, false) => &mut self.false_positives,
            (false, false) => &mut self.true_negatives,
            (false, true) => &mut self.false_negatives,
        };
        *count = count.saturating_add(1);
    }

    /// Right decisions / all decisions: `accuracy_score`.
    ///
    /// ```
    /// use stackprop::ConfusionMatrix;
    ///
    /// let seen = ConfusionMatrix {
    ///     true_positives: 3,
    ///     false_positives: 1,
    ///     true_negatives: 4,
    ///     false_negatives: 2,
    /// };
    /// assert_eq!(seen.accuracy(), 7.0 / 10.0);
    /// ```
    #[must_use]
    pub fn accuracy(&self) -> f32 {
        let right = sum(self.true_positives, self.true_negatives);
        ratio(right, right + self.wrong())
    }

    /// True positives / all decisions for yes: `precision_score`.
    ///
    /// ```
    /// use stackprop::ConfusionMatrix;
    ///
    /// let seen = ConfusionMatrix {
    ///     true_positives: 3,
    ///     false_positives: 1,
    ///     true_negatives: 4,
    ///     false_negatives: 2,
    /// };
    /// assert_eq!(seen.precision(), 3.0 / 4.0);
    /// ```
    #[must_use]
    pub fn precision(&self) -> f32 {
        let decided = sum(self.true_positives, self.false_positives);
        ratio(self.true_positives.into(), decided)
    }

    /// True positives / all targets that are yes: `recall_score`.
    ///
    /// ```
    /// use stackprop::ConfusionMatrix;
    ///
    /// let seen = ConfusionMatrix {
    ///     true_positives: 3,
    ///     false_positives: 1,
    ///     true_negatives: 4,
    ///     false_negatives: 2,
    /// };
    /// assert_eq!(seen.recall(), 3.0 / 5.0);
    /// ```
    #[must_use]
    pub fn recall(&self) -> f32 {
        let positive = sum(self.true_positives, self.false_negatives);
        ratio(self.true_positives.into(), positive)
    }

    /// The harmonic mean of precision and recall, 2 TP / (2 TP + FP + FN): `f1_score`.
    ///
    /// ```
    /// use stackprop::ConfusionMatrix;
    ///
    /// let seen = ConfusionMatrix {
    ///     true_positives: 3,
    ///     false_positives: 1,
    ///     true_negatives: 4,
    ///     false_negatives: 2,
    /// };
    /// assert_eq!(seen.f1(), 6.0 / 9.0);
    /// ```
    #[must_use]
    pub fn f1(&self) -> f32 {
        let twice = sum(self.true_positives, self.true_positives);
        ratio(twice, twice + self.wrong())
    }

    fn wrong(&self) -> u64 {
        sum(self.false_positives, self.false_negatives)
    }
}

fn sum(a: u32, b: u32) -> u64 {
    u64::from(a) + u64::from(b)
}

/// The float nearest to a / b, and 0 if b is 0.
fn ratio(a: u64, b: u64) -> f32 {
    if b == 0 {
        return 0.0;
    }
    let mut sum = ExactSum::new();
    sum.add(1.0, a);
    sum.mean(b)
}

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
    scores.sort_unstable_by(|(a, _), (b, _)| a.total_cmp(b));
    // Over all pairs of a positive and a negative: 2 for the right order, 1 for a tie.
    let (mut twice, mut positives, mut negatives) = (0, 0, 0);
    for equal in scores.chunk_by(|(a, _), (b, _)| a == b) {
        let positive = equal.iter().filter(|(_, positive)| *positive).count() as u64;
        let negative = equal.len() as u64 - positive;
        // Never more than all pairs at the end count: if those fit, so does this.
        twice = positive
            .wrapping_mul(2 * negatives + negative)
            .wrapping_add(twice);
        positives += positive;
        negatives += negative;
    }
    let pairs = positives.checked_mul(negatives)?.checked_mul(2)?;
    (pairs > 0).then(|| twice as f64 / pairs as f64)
}

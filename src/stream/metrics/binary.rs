//! The counts of a classifier that says yes or no.

use super::{ratio, sum};
use core::fmt::{Display, Formatter};

/// Counts the decisions of a binary classifier one by one: a confusion matrix.
///
/// A quotient with denominator 0 is 0, as with scikit-learn's `zero_division=0`. Each quotient is
/// the `f32` nearest to the exact one. A count stops at 2^32 - 1; from there on the quotients are
/// those of the counts as they are.
///
/// ```
/// use stackprop::BinaryConfusionMatrix;
///
/// let mut seen = BinaryConfusionMatrix::new();
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
pub struct BinaryConfusionMatrix {
    /// Decided yes, and the target was yes.
    pub true_positives: u32,
    /// Decided yes, but the target was no.
    pub false_positives: u32,
    /// Decided no, and the target was no.
    pub true_negatives: u32,
    /// Decided no, but the target was yes.
    pub false_negatives: u32,
}

impl BinaryConfusionMatrix {
    /// Nothing counted yet.
    ///
    /// ```
    /// use stackprop::BinaryConfusionMatrix;
    ///
    /// assert_eq!(BinaryConfusionMatrix::new().accuracy(), 0.0);
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
    /// use stackprop::BinaryConfusionMatrix;
    ///
    /// let mut seen = BinaryConfusionMatrix::new();
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
    /// use stackprop::BinaryConfusionMatrix;
    ///
    /// let seen = BinaryConfusionMatrix {
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
    /// use stackprop::BinaryConfusionMatrix;
    ///
    /// let seen = BinaryConfusionMatrix {
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
    /// use stackprop::BinaryConfusionMatrix;
    ///
    /// let seen = BinaryConfusionMatrix {
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
    /// use stackprop::BinaryConfusionMatrix;
    ///
    /// let seen = BinaryConfusionMatrix {
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

/// The counts, and what follows from them:
/// ```
/// use stackprop::BinaryConfusionMatrix;
///
/// let seen = BinaryConfusionMatrix {
///     true_positives: 3,
///     false_positives: 1,
///     true_negatives: 4,
///     false_negatives: 2,
/// };
/// assert_eq!(seen.to_string(), "\
/// true \\ decided    no   yes
///             no     4     1
///            yes     2     3
/// accuracy 0.7000, precision 0.7500, recall 0.6000, F1 0.6667");
/// ```
impl Display for BinaryConfusionMatrix {
    fn fmt(&self, f: &mut Formatter<'_>) -> core::fmt::Result {
        let counts = [
            ("no", self.true_negatives, self.false_positives),
            ("yes", self.false_negatives, self.true_positives),
        ];
        let width = super::width(counts.iter().flat_map(|(_, no, yes)| [*no, *yes]));
        writeln!(f, "true \\ decided {:>width$} {:>width$}", "no", "yes")?;
        for (target, no, yes) in counts {
            writeln!(f, "{target:>14} {no:>width$} {yes:>width$}")?;
        }
        write!(
            f,
            "accuracy {:.4}, precision {:.4}, recall {:.4}, F1 {:.4}",
            self.accuracy(),
            self.precision(),
            self.recall(),
            self.f1()
        )
    }
}

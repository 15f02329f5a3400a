//! The counts of a classifier of several classes.

use super::{ratio, width};
use crate::error::Error;
use crate::kernels::exact_sum::ExactSum;
use crate::model::classes::argmax;
use core::fmt::{Display, Formatter};

/// Counts the decisions of a classifier of `K` classes one by one:
/// `sklearn.metrics.confusion_matrix`.
///
/// A quotient with denominator 0 is 0, as with scikit-learn's `zero_division=0`. Each quotient of
/// counts is the `f32` nearest to the exact one. The macro averages are over all `K` classes, also
/// those that never occurred, as with `labels=range(K)`. A count stops at 2^32 - 1. Fewer than two
/// classes do not compile: a network with one output takes a
/// [`BinaryConfusionMatrix`](crate::BinaryConfusionMatrix).
///
/// ```
/// use stackprop::ConfusionMatrix;
///
/// let mut seen = ConfusionMatrix::<3>::new();
/// seen.observe(&[0.7, 0.2, 0.1], &[1.0, 0.0, 0.0]); // output, then target
/// seen.observe(&[0.1, 0.5, 0.4], &[0.0, 0.0, 1.0]); // the classes, by their largest numbers
/// seen.observe_class(1, 1)?;
/// assert_eq!(seen.counts, [[1, 0, 0], [0, 1, 0], [0, 1, 0]]);
/// assert_eq!(seen.accuracy(), 2.0 / 3.0);
/// # Ok::<(), stackprop::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct ConfusionMatrix<const K: usize> {
    /// How often each class was taken for each: a row for each true class, a column for each
    /// decision.
    pub counts: [[u32; K]; K],
}

impl<const K: usize> ConfusionMatrix<K> {
    /// Nothing counted yet.
    ///
    /// ```
    /// use stackprop::ConfusionMatrix;
    ///
    /// static SEEN: ConfusionMatrix<10> = ConfusionMatrix::new();
    /// assert_eq!((SEEN.total(), SEEN.accuracy(), SEEN.macro_f1()), (0, 0.0, 0.0));
    /// ```
    #[must_use]
    pub const fn new() -> Self {
        const {
            assert!(
                K > 1,
                "two classes at least: for one output take BinaryConfusionMatrix"
            );
        }
        Self {
            counts: [[0; K]; K],
        }
    }

    /// Counts an output beside its target: the classes of the largest number of each, see
    /// [`argmax`]. The target has to be of a class: all zeros count as class 0.
    pub fn observe(&mut self, y_hat: &[f32; K], target: &[f32; K]) {
        self.count(argmax(y_hat), argmax(target));
    }

    /// Counts one decision beside the true class.
    ///
    /// # Errors
    /// [`Error::NoSuchClass`] for a class beyond the last one; nothing is counted then.
    ///
    /// ```
    /// use stackprop::{ConfusionMatrix, Error};
    ///
    /// let mut seen = ConfusionMatrix::<2>::new();
    /// assert_eq!(seen.observe_class(0, 1), Ok(()));
    /// assert_eq!(seen.counts, [[0, 0], [1, 0]]);
    /// let error = seen.observe_class(0, 2);
    /// assert_eq!(error, Err(Error::NoSuchClass { class: 2, classes: 2 }));
    /// ```
    pub fn observe_class(&mut self, decision: usize, target: usize) -> Result<(), Error> {
        let class = decision.max(target);
        if class >= K {
            return Err(Error::NoSuchClass { class, classes: K });
        }
        self.count(decision, target);
        Ok(())
    }

    fn count(&mut self, decision: usize, target: usize) {
        let row = self.counts.get_mut(target);
        if let Some(count) = row.and_then(|row| row.get_mut(decision)) {
            *count = count.saturating_add(1);
        }
    }

    /// How many decisions were counted.
    #[must_use]
    pub fn total(&self) -> u64 {
        self.counts.iter().map(sum).sum()
    }

    /// Right decisions / all decisions: `accuracy_score`.
    ///
    /// ```
    /// use stackprop::ConfusionMatrix;
    ///
    /// let seen = ConfusionMatrix { counts: [[3, 1], [2, 4]] };
    /// assert_eq!(seen.accuracy(), 7.0 / 10.0);
    /// ```
    #[must_use]
    pub fn accuracy(&self) -> f32 {
        let right = (0..K).map(|class| self.right(class)).sum();
        ratio(right, self.total())
    }

    /// Right decisions for `class` / all decisions for it: `precision_score`. 0 for a class that
    /// there is not.
    ///
    /// ```
    /// use stackprop::ConfusionMatrix;
    ///
    /// let seen = ConfusionMatrix { counts: [[3, 1], [2, 4]] };
    /// assert_eq!((seen.precision(0), seen.recall(0)), (3.0 / 5.0, 3.0 / 4.0));
    /// assert_eq!(seen.f1(0), 6.0 / 9.0);
    /// ```
    #[must_use]
    pub fn precision(&self, class: usize) -> f32 {
        ratio(self.right(class), self.decided(class))
    }

    /// Right decisions for `class` / all samples of it: `recall_score`.
    #[must_use]
    pub fn recall(&self, class: usize) -> f32 {
        ratio(self.right(class), self.of_class(class))
    }

    /// The harmonic mean of precision and recall of `class`: `f1_score`.
    #[must_use]
    pub fn f1(&self, class: usize) -> f32 {
        let all = self.decided(class) + self.of_class(class);
        ratio(2 * self.right(class), all)
    }

    /// The mean precision of the classes: `precision_score(average="macro")`.
    ///
    /// ```
    /// use stackprop::ConfusionMatrix;
    ///
    /// let seen = ConfusionMatrix { counts: [[3, 1], [2, 4]] };
    /// assert_eq!(seen.macro_precision(), (3.0 / 5.0 + 4.0 / 5.0) / 2.0);
    /// assert_eq!(seen.macro_recall(), (3.0 / 4.0 + 4.0 / 6.0) / 2.0);
    /// assert_eq!(seen.macro_f1(), (6.0 / 9.0 + 8.0 / 11.0) / 2.0);
    /// ```
    #[must_use]
    pub fn macro_precision(&self) -> f32 {
        mean::<K>(|class| self.precision(class))
    }

    /// The mean recall of the classes: `recall_score(average="macro")`, which is
    /// `balanced_accuracy_score` where every class has samples.
    #[must_use]
    pub fn macro_recall(&self) -> f32 {
        mean::<K>(|class| self.recall(class))
    }

    /// The mean F1 of the classes: `f1_score(average="macro")`.
    #[must_use]
    pub fn macro_f1(&self) -> f32 {
        mean::<K>(|class| self.f1(class))
    }

    /// The matrix with the names of the classes, to be printed.
    ///
    /// ```
    /// use stackprop::ConfusionMatrix;
    ///
    /// let seen = ConfusionMatrix { counts: [[3, 1], [2, 4]] };
    /// assert_eq!(seen.named(["still", "walking"]).to_string(), "\
    /// true \\ decided   still walking
    ///          still       3       1
    ///        walking       2       4
    /// accuracy 0.7000, macro F1 0.6970");
    /// ```
    #[must_use]
    pub const fn named<'a>(&self, names: [&'a str; K]) -> Named<'a, K> {
        Named {
            matrix: *self,
            names,
        }
    }

    fn right(&self, class: usize) -> u64 {
        let row = self.counts.get(class);
        row.and_then(|row| row.get(class))
            .copied()
            .map_or(0, u64::from)
    }

    fn of_class(&self, class: usize) -> u64 {
        self.counts.get(class).map_or(0, sum)
    }

    fn decided(&self, class: usize) -> u64 {
        let column = self.counts.iter().filter_map(|row| row.get(class));
        column.copied().map(u64::from).sum()
    }

    fn print(
        &self,
        f: &mut Formatter<'_>,
        width: usize,
        names: impl Iterator<Item = impl Display> + Clone,
    ) -> core::fmt::Result {
        write!(f, "true \\ decided")?;
        for name in names.clone() {
            write!(f, " {name:>width$}")?;
        }
        for (row, name) in self.counts.iter().zip(names) {
            write!(f, "\n{name:>14}")?;
            row.iter()
                .try_for_each(|count| write!(f, " {count:>width$}"))?;
        }
        let (accuracy, f1) = (self.accuracy(), self.macro_f1());
        write!(f, "\naccuracy {accuracy:.4}, macro F1 {f1:.4}")
    }

    fn width(&self) -> usize {
        width(self.counts.as_flattened().iter().copied())
    }
}

impl<const K: usize> Default for ConfusionMatrix<K> {
    fn default() -> Self {
        Self::new()
    }
}

/// The counts by the indices of the classes, accuracy and macro F1.
impl<const K: usize> Display for ConfusionMatrix<K> {
    fn fmt(&self, f: &mut Formatter<'_>) -> core::fmt::Result {
        self.print(f, self.width(), 0..K)
    }
}

/// A [`ConfusionMatrix`] with the names of its classes: [`ConfusionMatrix::named`].
#[derive(Clone, Copy, Debug)]
pub struct Named<'a, const K: usize> {
    matrix: ConfusionMatrix<K>,
    names: [&'a str; K],
}

impl<const K: usize> Display for Named<'_, K> {
    fn fmt(&self, f: &mut Formatter<'_>) -> core::fmt::Result {
        let longest = self.names.iter().map(|name| name.chars().count()).max();
        let width = self.matrix.width().max(longest.unwrap_or(0));
        self.matrix.print(f, width, self.names.iter())
    }
}

fn sum<const K: usize>(row: &[u32; K]) -> u64 {
    row.iter().copied().map(u64::from).sum()
}

/// The float nearest to the mean of `f` over the classes; 0 of no class.
fn mean<const K: usize>(f: impl Fn(usize) -> f32) -> f32 {
    let mut sum = ExactSum::new();
    (0..K).for_each(|class| sum.add(f(class), 1));
    if K == 0 { 0.0 } else { sum.mean(K as u64) }
}

//! Cross-validation: each sample is tested once, by a network that has not learned from it.

use crate::error::{Error, Setting};
use core::ops::Range;

/// The folds of `samples` samples, which differ by at most one in length; the first ones are
/// longer. `sklearn.model_selection.KFold`. Shuffle an order first, as
/// `KFold(shuffle=True)` does.
///
/// ```
/// use stackprop::{Dataset, KFold, Random, Sgd, SigmoidBce, Trainer, net};
///
/// let rows: [[f32; 1]; 20] = core::array::from_fn(|n| [n as f32 / 10.0 - 1.0]);
/// let labels = rows.map(|[x]| x >= 0.0);
/// let data = Dataset::new(&rows, &labels)?;
///
/// let order = Random::new(1).permutation::<20>();
/// let mut buffer = order; // the training part of a fold, in an order of its own
/// let mut loss = 0.0;
/// for fold in KFold::new(order.len(), 5)? {
///     let (train, test) = fold.split(&order, &mut buffer)?;
///     let mut trainer = Trainer::new(<net![1 => 1, SigmoidBce]>::new(1), Sgd::new(1.0));
///     for _ in 0..50 {
///         trainer.epoch_of(data.select(train)?, 4)?;
///     }
///     loss += trainer.network.evaluate(data.select(test)?)? / 5.0;
/// }
/// assert!(loss < 0.3);
/// # Ok::<(), stackprop::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KFold {
    samples: usize,
    folds: usize,
    next: usize,
}

/// One of the folds: which samples are for the test. The others are for training.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fold {
    samples: usize,
    test: Range<usize>,
}

impl KFold {
    /// `folds` folds of `samples` samples.
    ///
    /// # Errors
    /// [`Setting::Folds`] for less than 2 folds, or more than samples, as scikit-learn.
    ///
    /// ```
    /// use stackprop::{Error, KFold, Setting};
    ///
    /// assert_eq!(KFold::new(20, 5)?.len(), 5);
    /// assert_eq!(KFold::new(20, 1), Err(Error::Setting(Setting::Folds)));
    /// assert_eq!(KFold::new(4, 5), Err(Error::Setting(Setting::Folds)));
    /// # Ok::<(), Error>(())
    /// ```
    pub const fn new(samples: usize, folds: usize) -> Result<Self, Error> {
        if folds < 2 || folds > samples {
            return Err(Error::Setting(Setting::Folds));
        }
        Ok(Self {
            samples,
            folds,
            next: 0,
        })
    }
}

impl Iterator for KFold {
    type Item = Fold;

    fn next(&mut self) -> Option<Fold> {
        let fold = self.next;
        if fold >= self.folds {
            return None;
        }
        self.next += 1;
        let length = self.samples.checked_div(self.folds)?;
        // So many folds are longer by one.
        let longer = self.samples - length * self.folds;
        let start = fold * length + fold.min(longer);
        let end = start + length + usize::from(fold < longer);
        Some(Fold {
            samples: self.samples,
            test: start..end,
        })
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        let left = self.folds - self.next;
        (left, Some(left))
    }
}

impl ExactSizeIterator for KFold {}

impl Fold {
    /// The places of the samples for the test, among all.
    ///
    /// ```
    /// use stackprop::KFold;
    ///
    /// assert!(KFold::new(7, 3)?.map(|fold| fold.test()).eq([0..3, 3..5, 5..7]));
    /// # Ok::<(), stackprop::Error>(())
    /// ```
    #[must_use]
    pub const fn test(&self) -> Range<usize> {
        self.test.start..self.test.end
    }

    /// The places of the samples for training, in ascending order.
    ///
    /// ```
    /// use stackprop::KFold;
    ///
    /// let fold = KFold::new(7, 3)?.nth(1).expect("a second fold");
    /// assert!(fold.train().eq([0, 1, 2, 5, 6]));
    /// # Ok::<(), stackprop::Error>(())
    /// ```
    pub fn train(&self) -> impl Iterator<Item = usize> + Clone {
        (0..self.test.start).chain(self.test.end..self.samples)
    }

    /// The parts of `order` for training and for the test. That for training is copied to the
    /// beginning of `buffer`, where it may be shuffled.
    ///
    /// # Errors
    /// [`Error::Length`] for an order of another length than the samples, [`Error::Full`] for a
    /// buffer that is shorter than the part for training.
    pub fn split<'a, T: Copy>(
        &self,
        order: &'a [T],
        buffer: &'a mut [T],
    ) -> Result<(&'a mut [T], &'a [T]), Error> {
        Error::check_lengths(self.samples, order.len())?;
        let (before, rest) = order.split_at_checked(self.test.start).unwrap_or_default();
        let (test, behind) = rest.split_at_checked(self.test.len()).unwrap_or_default();
        let train = buffer.get_mut(..before.len() + behind.len());
        let train = train.ok_or(Error::Full)?;
        let chosen = before.iter().chain(behind);
        for (place, index) in train.iter_mut().zip(chosen) {
            *place = *index;
        }
        Ok((train, test))
    }
}

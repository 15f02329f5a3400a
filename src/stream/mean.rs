//! The mean of a stream.

use crate::kernels::exact_sum::ExactSum;

/// The mean of all numbers so far, right to the last bit: the float nearest to the exact mean,
/// after any number of them and in any order.
///
/// The sum is kept as an integer and does not round, so it neither drifts nor overflows. A sum in
/// `f32` stands still at 2^24 times the next number. It takes 56 bytes; [`push`](Self::push) takes
/// integer operations only.
///
/// NaN and infinities follow IEEE arithmetic and stay: after a NaN the mean is NaN, after an
/// infinity it is that infinity, after both infinities NaN. To begin anew, take a new one.
///
/// The mean loss of a stream, each row predicted before it is learned:
///
/// ```
/// use stackprop::{Mean, Online, Sgd, SigmoidBce, net};
///
/// let mut online = Online::new(<net![2 => 1, SigmoidBce]>::zeros(), Sgd::new(0.1));
/// let mut loss = Mean::new();
/// for n in 0..1000u16 {
///     let row = [f32::from(n % 2), 1.0];
///     loss.push(online.step(&row, &[row[0]])?);
/// }
/// assert!(loss.mean() < Some(0.2)); // ln 2 before anything is learned
/// # Ok::<(), stackprop::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Mean {
    pub(crate) sum: ExactSum,
    pub(crate) count: u64,
}

impl Mean {
    /// No number yet.
    ///
    /// ```
    /// use stackprop::Mean;
    ///
    /// static MEAN: Mean = Mean::new();
    /// assert_eq!(MEAN.mean(), None);
    /// ```
    #[must_use]
    pub const fn new() -> Self {
        Self {
            sum: ExactSum::new(),
            count: 0,
        }
    }

    /// Takes a number.
    ///
    /// ```
    /// use stackprop::Mean;
    ///
    /// let mut mean = Mean::new();
    /// [3e38, 1.0, -3e38].into_iter().for_each(|number| mean.push(number));
    /// assert_eq!(mean.mean(), Some(1.0 / 3.0));
    /// ```
    pub fn push(&mut self, number: f32) {
        self.push_times(number, 1);
    }

    /// Takes a number `times` times: the mean loss of a mini-batch once for each of its rows.
    ///
    /// The count stops at 2^64 - 1, and what would go beyond is not taken.
    ///
    /// ```
    /// use stackprop::{Mean, Sgd, Trainer, notebook::{BOOK_NET, X, Y}};
    ///
    /// let mut trainer = Trainer::new(BOOK_NET, Sgd::new(0.1));
    /// let mut epochs = trainer.clone();
    /// let mut loss = Mean::new();
    /// for (rows, targets) in X.chunks(3).zip(Y.chunks(3)) {
    ///     loss.push_times(trainer.step(rows, targets)?, rows.len() as u64);
    /// }
    /// assert_eq!(loss.mean(), Some(epochs.epoch(&X, &Y, 3)?));
    /// # Ok::<(), stackprop::Error>(())
    /// ```
    pub fn push_times(&mut self, number: f32, times: u64) {
        let times = times.min(u64::MAX - self.count);
        self.sum.add(number, times);
        self.count += times;
    }

    /// The float nearest to the mean, of two equally near ones the even one; None before the first
    /// number. A mean of 0 is +0.
    ///
    /// ```
    /// use stackprop::Mean;
    ///
    /// let mut mean = Mean::new();
    /// mean.push_times(0.1, 1 << 32);
    /// assert_eq!(mean.mean(), Some(0.1));
    /// mean.push(f32::INFINITY);
    /// assert_eq!(mean.mean(), Some(f32::INFINITY));
    /// ```
    #[must_use]
    pub fn mean(&self) -> Option<f32> {
        (self.count > 0).then(|| self.sum.mean(self.count))
    }

    /// How many numbers there were.
    ///
    /// ```
    /// use stackprop::Mean;
    ///
    /// let mut mean = Mean::new();
    /// mean.push(0.5);
    /// mean.push_times(0.25, 1 << 32);
    /// assert_eq!(mean.count(), (1 << 32) + 1);
    /// ```
    #[must_use]
    pub const fn count(&self) -> u64 {
        self.count
    }
}

impl Default for Mean {
    fn default() -> Self {
        Self::new()
    }
}

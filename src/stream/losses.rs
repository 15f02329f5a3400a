//! The losses of the last steps.

use heapless::HistoryBuf;

/// The last `CAP` losses.
///
/// ```
/// use stackprop::Losses;
///
/// let mut losses = Losses::<2>::new();
/// for loss in [0.75, 0.5, 0.25] {
///     losses.push(loss);
/// }
/// assert_eq!(losses.mean(), Some(0.375)); // of the last two
/// ```
#[derive(Clone, Debug, Default)]
pub struct Losses<const CAP: usize>(HistoryBuf<f32, CAP>);

impl<const CAP: usize> Losses<CAP> {
    /// No loss yet.
    ///
    /// ```
    /// use stackprop::Losses;
    ///
    /// static LOSSES: Losses<100> = Losses::new();
    /// assert_eq!(LOSSES.mean(), None);
    /// ```
    #[must_use]
    pub const fn new() -> Self {
        Self(HistoryBuf::new())
    }

    /// Adds a loss. If there are `CAP` already, it replaces the oldest.
    pub fn push(&mut self, loss: f32) {
        self.0.write(loss);
    }

    /// The losses kept, oldest first.
    ///
    /// ```
    /// use stackprop::Losses;
    ///
    /// let mut losses = Losses::<2>::new();
    /// for loss in [0.75, 0.5, 0.25] {
    ///     losses.push(loss);
    /// }
    /// assert!(losses.iter().eq([0.5, 0.25]));
    /// ```
    pub fn iter(&self) -> impl Iterator<Item = f32> {
        self.0.oldest_ordered().copied()
    }

    /// Their mean, summed from the oldest on; None if there are none. NaN and infinities follow
    /// IEEE arithmetic.
    #[must_use]
    pub fn mean(&self) -> Option<f32> {
        let sum = self.iter().fold(0.0, |sum, loss| sum + loss);
        (!self.0.is_empty()).then(|| sum / self.0.len() as f32)
    }
}

//! The losses of the last steps.

use crate::kernels::exact_sum::ExactSum;
use heapless::Vec;

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
// The buffers of `heapless` for this have panic paths, or take no capacity of 0.
#[derive(Clone, Debug, Default)]
pub struct Losses<const CAP: usize> {
    losses: Vec<f32, CAP>,
    /// Where the oldest of them is.
    oldest: usize,
}

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
        Self {
            losses: Vec::new(),
            oldest: 0,
        }
    }

    /// Adds a loss. If there are `CAP` already, it replaces the oldest.
    pub fn push(&mut self, loss: f32) {
        if self.losses.push(loss).is_err()
            && let Some(place) = self.losses.get_mut(self.oldest)
        {
            *place = loss;
            self.oldest = if self.oldest + 1 < CAP {
                self.oldest + 1
            } else {
                0
            };
        }
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
        let split = self.losses.split_at_checked(self.oldest);
        let (newer, older) = split.unwrap_or_default();
        older.iter().chain(newer).copied()
    }

    /// The float nearest to their exact mean, of two equally near ones the even one; None if there
    /// are none. NaN and infinities follow IEEE arithmetic. The mean of all losses, not only of the
    /// last, is a [`Mean`](crate::Mean).
    ///
    /// ```
    /// use stackprop::Losses;
    ///
    /// let mut losses = Losses::<4>::new();
    /// [3e38, 3e38, 3e38].into_iter().for_each(|loss| losses.push(loss));
    /// assert_eq!(losses.mean(), Some(3e38));
    /// losses.push(f32::INFINITY);
    /// assert_eq!(losses.mean(), Some(f32::INFINITY));
    /// ```
    #[must_use]
    pub fn mean(&self) -> Option<f32> {
        let mut sum = ExactSum::new();
        // In no order: the sum does not depend on it.
        self.losses.iter().for_each(|loss| sum.add(*loss, 1));
        (!self.losses.is_empty()).then(|| sum.mean(self.losses.len() as u64))
    }
}

impl<const CAP: usize> PartialEq for Losses<CAP> {
    fn eq(&self, other: &Self) -> bool {
        self.iter().eq(other.iter())
    }
}

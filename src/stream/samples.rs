//! Samples that arrive one by one and are collected for a batch.

use crate::error::Error;
use heapless::Vec;

/// Up to `CAP` labelled samples in a buffer of fixed size, as two slices for the batch functions.
///
/// ```
/// use stackprop::{Samples, Sgd, SigmoidBce, Trainer, net};
///
/// let mut trainer = Trainer::new(<net![3 => 1, SigmoidBce]>::zeros(), Sgd::new(0.1));
/// let mut samples = Samples::<3, 1, 2>::new();
/// samples.push([1.0, 2.0, 3.0], [1.0])?;
/// samples.push([2.0, 3.0, 4.0], [0.0])?;
///
/// let loss = trainer.step(samples.rows(), samples.targets())?;
/// assert_eq!(loss, core::f32::consts::LN_2); // of weights that are 0
/// samples.clear();
/// assert!(samples.rows().is_empty());
/// # Ok::<(), stackprop::Error>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Samples<const I: usize, const O: usize, const CAP: usize> {
    rows: Vec<[f32; I], CAP>,
    targets: Vec<[f32; O], CAP>,
}

impl<const I: usize, const O: usize, const CAP: usize> Samples<I, O, CAP> {
    /// An empty buffer.
    ///
    /// ```
    /// use stackprop::Samples;
    ///
    /// static SAMPLES: Samples<3, 1, 16> = Samples::new();
    /// assert!(SAMPLES.rows().is_empty() && SAMPLES.targets().is_empty());
    /// ```
    #[must_use]
    pub const fn new() -> Self {
        Self {
            rows: Vec::new(),
            targets: Vec::new(),
        }
    }

    /// Adds a sample.
    ///
    /// # Errors
    /// [`Error::Full`] if there are `CAP` already; the buffer is unchanged then.
    ///
    /// ```
    /// use stackprop::{Error, Samples};
    ///
    /// let mut samples = Samples::<2, 1, 1>::new();
    /// assert_eq!(samples.push([1.0, 2.0], [0.0]), Ok(()));
    /// assert_eq!(samples.push([3.0, 4.0], [1.0]), Err(Error::Full));
    /// assert_eq!((samples.rows(), samples.targets()), (&[[1.0, 2.0]][..], &[[0.0]][..]));
    /// ```
    pub fn push(&mut self, row: [f32; I], target: [f32; O]) -> Result<(), Error> {
        // Both have the same capacity and the same length.
        let full = self.rows.push(row).is_err() || self.targets.push(target).is_err();
        if full { Err(Error::Full) } else { Ok(()) }
    }

    /// Puts a sample in place of another; does nothing if there is none at `place`.
    pub(crate) fn replace(&mut self, place: usize, row: [f32; I], target: [f32; O]) {
        if let (Some(old), Some(label)) = (self.rows.get_mut(place), self.targets.get_mut(place)) {
            (*old, *label) = (row, target);
        }
    }

    /// The inputs.
    #[must_use]
    pub fn rows(&self) -> &[[f32; I]] {
        &self.rows
    }

    /// The targets.
    #[must_use]
    pub fn targets(&self) -> &[[f32; O]] {
        &self.targets
    }

    /// Empties the buffer.
    pub fn clear(&mut self) {
        self.rows.clear();
        self.targets.clear();
    }
}

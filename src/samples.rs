//! Samples that arrive one by one, collected for a batch.

use crate::error::Error;
use heapless::Vec;

/// Up to `CAP` labelled samples in a buffer of fixed size. The two slices that it gives are what the batch
/// functions take.
///
/// ```
/// use stackprop::{Error, Samples, notebook};
///
/// let mut samples = Samples::<3, 1, 2>::new();
/// samples.push([1.0, 2.0, 3.0], [1.0])?;
/// samples.push([2.0, 3.0, 4.0], [0.0])?;
/// assert_eq!(samples.push([3.0, 4.0, 5.0], [1.0]), Err(Error::Full));
///
/// let mut grad = notebook::NET.layers;
/// let loss = notebook::NET.gradient_batch(samples.rows(), samples.targets(), &mut grad)?;
/// samples.clear();
/// # assert!((loss - 0.6895).abs() < 1e-4 && samples.rows().is_empty());
/// # Ok::<(), Error>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Samples<const I: usize, const O: usize, const CAP: usize> {
    rows: Vec<[f32; I], CAP>,
    targets: Vec<[f32; O], CAP>,
}

impl<const I: usize, const O: usize, const CAP: usize> Samples<I, O, CAP> {
    /// An empty buffer.
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
    pub fn push(&mut self, row: [f32; I], target: [f32; O]) -> Result<(), Error> {
        // Both have the same capacity and the same length.
        let full = self.rows.push(row).is_err() || self.targets.push(target).is_err();
        if full { Err(Error::Full) } else { Ok(()) }
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

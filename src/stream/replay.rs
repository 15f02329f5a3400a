//! A random sample of a stream.

use super::samples::Samples;
use crate::error::{Error, NotFinite};
use crate::model::random::Random;

/// A uniform random sample, of at most `CAP`, of all labelled rows so far. A network that learns
/// from it, and not from the last row alone, does not forget rows that it has not seen for a while.
/// Source: algorithm R of Vitter, "Random sampling with a reservoir", ACM TOMS 11(1), 1985.
///
/// ```
/// use stackprop::{Random, Replay};
///
/// let (mut replay, mut random) = (Replay::<2, 1, 8>::new(), Random::new(1));
/// for n in 0..100 {
///     replay.observe([n as f32, 1.0], [0.0], &mut random)?;
/// }
/// assert_eq!((replay.rows().len(), replay.targets().len()), (8, 8));
/// # Ok::<(), stackprop::Error>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Replay<const I: usize, const O: usize, const CAP: usize> {
    pub(crate) samples: Samples<I, O, CAP>,
    pub(crate) seen: u64,
}

impl<const I: usize, const O: usize, const CAP: usize> Replay<I, O, CAP> {
    /// An empty buffer.
    ///
    /// ```
    /// use stackprop::{Random, Replay};
    ///
    /// static REPLAY: Replay<2, 1, 64> = Replay::new();
    /// assert_eq!(REPLAY.sample(&mut Random::new(1)), None);
    /// ```
    #[must_use]
    pub const fn new() -> Self {
        Self {
            samples: Samples::new(),
            seen: 0,
        }
    }

    /// Keeps the sample with probability `CAP` / samples so far, in place of a random one. However
    /// long the stream is, each of its rows is kept with the same probability, up to 2^-15 of it.
    ///
    /// # Errors
    /// [`Error::NotFinite`] if a number is not finite: it would spoil each batch until it is
    /// replaced. Nothing has changed then. The row of the error is 0, because there is only one.
    ///
    /// ```
    /// use stackprop::{Error, NotFinite, Random, Replay};
    ///
    /// let (mut replay, mut random) = (Replay::<2, 1, 8>::new(), Random::new(1));
    /// let refused = Error::NotFinite(NotFinite::Target { row: 0, column: 0 });
    /// assert_eq!(replay.observe([1.0, 2.0], [f32::NAN], &mut random), Err(refused));
    /// assert!(replay.rows().is_empty());
    /// ```
    pub fn observe(
        &mut self,
        row: [f32; I],
        target: [f32; O],
        random: &mut Random,
    ) -> Result<(), Error> {
        let not_finite = |numbers: &[f32]| numbers.iter().position(|number| !number.is_finite());
        if let Some(column) = not_finite(&row) {
            return Err(Error::NotFinite(NotFinite::Input { row: 0, column }));
        }
        if let Some(column) = not_finite(&target) {
            return Err(Error::NotFinite(NotFinite::Target { row: 0, column }));
        }
        self.seen = self.seen.saturating_add(1);
        if self.samples.push(row, target).is_err() {
            // A place that is no index is none of those kept.
            if let Ok(place) = usize::try_from(random.below_wide(self.seen)) {
                self.samples.replace(place, row, target);
            }
        }
        Ok(())
    }

    /// The rows kept.
    #[must_use]
    pub fn rows(&self) -> &[[f32; I]] {
        self.samples.rows()
    }

    /// Their targets.
    #[must_use]
    pub fn targets(&self) -> &[[f32; O]] {
        self.samples.targets()
    }

    /// A random sample of those kept, None if there are none.
    ///
    /// ```
    /// use stackprop::{Random, Replay};
    ///
    /// let (mut replay, mut random) = (Replay::<2, 1, 8>::new(), Random::new(1));
    /// replay.observe([1.0, 2.0], [0.0], &mut random)?;
    /// assert_eq!(replay.sample(&mut random), Some((&[1.0, 2.0], &[0.0])));
    /// # Ok::<(), stackprop::Error>(())
    /// ```
    #[must_use]
    #[expect(
        clippy::cast_possible_truncation,
        reason = "more rows than 2^32 fill 32 GB"
    )]
    pub fn sample(&self, random: &mut Random) -> Option<(&[f32; I], &[f32; O])> {
        let place = random.below(self.rows().len() as u32) as usize;
        self.rows().get(place).zip(self.targets().get(place))
    }
}

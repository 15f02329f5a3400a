//! Aids for learning from a stream, with memory of fixed size.

use crate::error::{Error, NotFinite};
use crate::random::Random;
use heapless::{HistoryBuf, Vec};

/// Running mean and variance of each of `N` numbers, and the scaling of a row by them: Welford's method.
///
/// ```text
/// count += 1;  d = x - mean;  mean += d / count;  squares += d (x - mean)
/// scaled = (x - mean) / sqrt(squares / count)
/// ```
/// Welford, "Note on a method for calculating corrected sums of squares and products", Technometrics 4(3), 1962.
/// A number that has not varied yet is scaled to 0. The standard deviation is that of the population, as
/// scikit-learn's `StandardScaler` has it. From [`FADING`] rows on, older ones fade: a row counts 1 / `FADING`, and what was
/// before it by as much less.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Normalizer<const N: usize> {
    mean: [f32; N],
    squares: [f32; N],
    count: f32,
}

/// Rows after which a [`Normalizer`] begins to forget: 2^16. A weight of 2^-24, the smallest that a float of 1 notices, would
/// be lost in rounding; so is none of 2^-16.
pub const FADING: f32 = 65_536.0;

impl<const N: usize> Normalizer<N> {
    /// Over no row yet.
    #[must_use]
    pub const fn new() -> Self {
        Self {
            mean: [0.0; N],
            squares: [0.0; N],
            count: 0.0,
        }
    }

    /// Takes a row into mean and variance.
    ///
    /// # Errors
    /// [`Error::NotFinite`] if a number is not finite, or so large that its mean or its square overflow; nothing has
    /// changed then.
    pub fn observe(&mut self, row: &[f32; N]) -> Result<(), Error> {
        let mut next = *self;
        if self.count < FADING {
            next.count += 1.0;
        } else {
            let kept = 1.0 - 1.0 / FADING;
            next.squares = self.squares.map(|squares| squares * kept);
        }
        for ((x, mean), squares) in row.iter().zip(&mut next.mean).zip(&mut next.squares) {
            let d = x - *mean;
            *mean += d / next.count;
            *squares += d * (x - *mean);
        }
        // A mean that is not finite makes no finite square.
        if !next.squares.iter().all(|squares| squares.is_finite()) {
            return Err(Error::NotFinite(NotFinite::Input));
        }
        *self = next;
        Ok(())
    }

    /// The row with mean 0 and variance 1, by what was observed so far.
    #[must_use]
    pub fn scale(&self, row: &[f32; N]) -> [f32; N] {
        let variance = self.variance();
        core::array::from_fn(|n| {
            let deviation = libm::sqrtf(variance[n]);
            if deviation > 0.0 {
                (row[n] - self.mean[n]) / deviation
            } else {
                0.0
            }
        })
    }

    /// The mean of each number; 0 before the first row.
    #[must_use]
    pub fn mean(&self) -> [f32; N] {
        self.mean
    }

    /// The variance of each number, that of the population; NaN before the first row.
    #[must_use]
    pub fn variance(&self) -> [f32; N] {
        self.squares.map(|squares| squares / self.count)
    }

    /// How many rows are in both, at most [`FADING`].
    #[must_use]
    pub fn count(&self) -> u32 {
        self.count as u32
    }
}

impl<const N: usize> Default for Normalizer<N> {
    fn default() -> Self {
        Self::new()
    }
}

/// A uniform random sample of all labelled rows that have passed, of at most `CAP`: Vitter's algorithm R
/// ("Random sampling with a reservoir", ACM TOMS 11(1), 1985). Learning from it, and not from the last row
/// alone, keeps a network from forgetting what it has not seen for a while.
#[derive(Clone, Debug, Default)]
pub struct Replay<const I: usize, const O: usize, const CAP: usize> {
    rows: Vec<[f32; I], CAP>,
    targets: Vec<[f32; O], CAP>,
    seen: u32,
}

impl<const I: usize, const O: usize, const CAP: usize> Replay<I, O, CAP> {
    /// An empty buffer.
    #[must_use]
    pub const fn new() -> Self {
        Self {
            rows: Vec::new(),
            targets: Vec::new(),
            seen: 0,
        }
    }

    /// Keeps a sample with probability `CAP` / samples seen, in the place of a random one.
    ///
    /// # Errors
    /// [`Error::NotFinite`] if a number is not finite: it would spoil each batch until it is replaced. Nothing has
    /// changed then.
    pub fn observe(
        &mut self,
        row: [f32; I],
        target: [f32; O],
        random: &mut Random,
    ) -> Result<(), Error> {
        for (numbers, what) in [
            (&row[..], NotFinite::Input),
            (&target[..], NotFinite::Target),
        ] {
            if !numbers.iter().all(|number| number.is_finite()) {
                return Err(Error::NotFinite(what));
            }
        }
        self.seen = self.seen.saturating_add(1);
        if self.rows.push(row).is_ok() && self.targets.push(target).is_ok() {
            return Ok(());
        }
        let place = random.below(self.seen) as usize;
        if let (Some(kept), Some(label)) = (self.rows.get_mut(place), self.targets.get_mut(place)) {
            (*kept, *label) = (row, target);
        }
        Ok(())
    }

    /// The rows kept.
    #[must_use]
    pub fn rows(&self) -> &[[f32; I]] {
        &self.rows
    }

    /// Their targets.
    #[must_use]
    pub fn targets(&self) -> &[[f32; O]] {
        &self.targets
    }

    /// A random one of the samples kept, None if there are none.
    #[must_use]
    pub fn sample(&self, random: &mut Random) -> Option<(&[f32; I], &[f32; O])> {
        let place = random.below(self.rows.len() as u32) as usize;
        self.rows.get(place).zip(self.targets.get(place))
    }
}

/// The last `CAP` losses.
#[derive(Clone, Debug, Default)]
pub struct Losses<const CAP: usize>(HistoryBuf<f32, CAP>);

impl<const CAP: usize> Losses<CAP> {
    /// No loss yet.
    #[must_use]
    pub const fn new() -> Self {
        Self(HistoryBuf::new())
    }

    /// Adds a loss; the oldest makes room.
    pub fn push(&mut self, loss: f32) {
        self.0.write(loss);
    }

    /// The losses kept, oldest first.
    pub fn iter(&self) -> impl Iterator<Item = f32> {
        self.0.oldest_ordered().copied()
    }

    /// Their mean, None if there are none.
    #[must_use]
    pub fn mean(&self) -> Option<f32> {
        let sum = self.iter().fold(0.0, |sum, loss| sum + loss);
        (!self.0.is_empty()).then(|| sum / self.0.len() as f32)
    }
}

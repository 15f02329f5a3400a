//! Random numbers, the same from the same seed on every target.

use crate::error::Error;
use core::convert::Infallible;
use rand_core::TryRng;

pub use rand_core::{self, Rng};

/// PCG-XSH-RR 64/32, written `const` so that a generator can stand in a `static`: 64 bits of state.
///
/// O'Neill, "PCG: A family of simple fast space-efficient statistically good algorithms for random
/// number generation", Harvey Mudd College HMC-CS-2014-0905, 2014. The output is that of
/// `rand_pcg::Pcg32` with its default stream, which the tests compare. It is a [`rand_core::Rng`],
/// so crates that take one take this.
///
/// ```
/// use stackprop::Random;
///
/// const START: Random = Random::new(7);
/// let (mut a, mut b) = (START, START);
/// assert_eq!(a.below(6), b.below(6));
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Random {
    pub(crate) state: u64,
}

/// The multiplier of PCG's 64-bit generator, from the paper's implementation.
const MULTIPLIER: u64 = 6_364_136_223_846_793_005;

/// The stream that `rand_pcg` uses by default, as an odd increment.
const INCREMENT: u64 = (0xa02_bdbf_7bb3_c0a7 << 1) | 1;

impl Random {
    /// The sequence of this seed.
    #[must_use]
    pub const fn new(seed: u64) -> Self {
        Self {
            state: advance(seed.wrapping_add(INCREMENT)),
        }
    }

    /// The next 32 random bits.
    ///
    /// ```
    /// use stackprop::Random;
    ///
    /// let mut random = Random::new(7);
    /// assert_eq!([random.bits(), random.bits()], [0x4be7_88d7, 0xfa6a_c9dc]);
    /// ```
    #[must_use]
    pub const fn bits(&mut self) -> u32 {
        let state = self.state;
        self.state = advance(state);
        // The output function XSH-RR: 32 bits of a xorshift, rotated by the highest 5 bits.
        let shifted = (((state >> 18) ^ state) >> 27) & 0xffff_ffff;
        (shifted as u32).rotate_right((state >> 59) as u32)
    }

    /// A number from 0 to below `end`, by the high half of a product; 0 for `end` = 0. Each number
    /// has the same probability up to `end` / 2^32.
    #[must_use]
    pub const fn below(&mut self, end: u32) -> u32 {
        ((self.bits() as u64 * end as u64) >> 32) as u32
    }

    /// [`below`](Self::below) for more numbers. Each has the same probability up to 2^-16 of it for
    /// any `end` below 2^48: beyond 2^16 numbers it takes 64 bits.
    pub(crate) const fn below_wide(&mut self, end: u64) -> u64 {
        if end <= 1 << 16 {
            return self.below((end & 0x1_ffff) as u32) as u64;
        }
        // The high half of the product of 64 by 64 bits, from four of 32 by 32. No sum overflows.
        let (high, low) = (self.bits() as u64, self.bits() as u64);
        let (end_high, end_low) = (end >> 32, end & 0xffff_ffff);
        let middle = high * end_low + ((low * end_low) >> 32);
        let other = low * end_high + (middle & 0xffff_ffff);
        high * end_high + (middle >> 32) + (other >> 32)
    }

    /// Brings `all` into a random order, each with the same probability up to 2^-16 of it: Fisher
    /// and Yates' shuffle, from the last place to the first. The same seed gives the same order on
    /// every target.
    ///
    /// ```
    /// use stackprop::Random;
    ///
    /// let mut order = [0u16, 1, 2, 3, 4];
    /// Random::new(1).shuffle(&mut order);
    /// assert_eq!(order, [3, 2, 0, 4, 1]);
    /// ```
    pub fn shuffle<T>(&mut self, all: &mut [T]) {
        for last in (1..all.len()).rev() {
            let place = self.place(last);
            swap(all, last, place);
        }
    }

    /// Brings rows and their targets into the same random order: [`shuffle`](Self::shuffle) of both
    /// alike.
    ///
    /// # Errors
    /// [`Error::Length`] for more of one than of the other; nothing has moved then.
    ///
    /// ```
    /// use stackprop::{Random, Sgd, SigmoidBce, Trainer, net};
    ///
    /// let mut trainer = Trainer::new(<net![1 => 1, SigmoidBce]>::new(1), Sgd::new(0.1));
    /// let mut rows = [[-2.0], [-1.0], [1.0], [2.0]];
    /// let mut targets = [[0.0], [0.0], [1.0], [1.0]];
    /// let mut random = Random::new(1);
    /// for _ in 0..10 {
    ///     random.shuffle_together(&mut rows, &mut targets)?;
    ///     trainer.epoch(&rows, &targets, 2)?;
    /// }
    /// assert!(rows.iter().zip(targets).all(|(row, target)| (row[0] > 0.0) == (target[0] > 0.0)));
    /// # Ok::<(), stackprop::Error>(())
    /// ```
    pub fn shuffle_together<X, Y>(
        &mut self,
        rows: &mut [X],
        targets: &mut [Y],
    ) -> Result<(), Error> {
        Error::check_lengths(rows.len(), targets.len())?;
        for last in (1..rows.len()).rev() {
            let place = self.place(last);
            swap(rows, last, place);
            swap(targets, last, place);
        }
        Ok(())
    }

    /// The places 0 to `N` - 1 in random order, for [`Dataset::select`](crate::Dataset::select):
    /// `torch.randperm`. More than 65,536 do not compile; for those shuffle a `[usize]`.
    ///
    /// ```
    /// use stackprop::Random;
    ///
    /// let mut order = Random::new(1).permutation::<5>();
    /// assert_eq!(order, [3, 2, 0, 4, 1]);
    /// order.sort();
    /// assert_eq!(order, [0, 1, 2, 3, 4]);
    /// ```
    #[must_use]
    pub fn permutation<const N: usize>(&mut self) -> [u16; N] {
        const { assert!(N <= 1 << 16, "more than 65,536 places do not fit in u16") }
        let mut places = 0..=u16::MAX;
        let mut order = core::array::from_fn(|_| places.next().unwrap_or_default());
        self.shuffle(&mut order);
        order
    }

    /// A place from 0 to `last`.
    fn place(&mut self, last: usize) -> usize {
        let place = self.below_wide((last as u64).saturating_add(1));
        // Not beyond `last`, so it is a usize.
        usize::try_from(place).unwrap_or(last).min(last)
    }

    /// A number from -`bound` to below `bound`, uniformly: [`init::uniform`](crate::init::uniform).
    #[must_use]
    pub fn uniform(&mut self, bound: f32) -> f32 {
        super::init::uniform(self, bound)
    }
}

/// Swaps two places, of which the first is not before the second. (`swap` of a slice may panic.)
fn swap<T>(all: &mut [T], last: usize, place: usize) {
    if let Some((before, rest)) = all.split_at_mut_checked(last)
        && let (Some(a), Some(b)) = (before.get_mut(place), rest.first_mut())
    {
        core::mem::swap(a, b);
    }
}

/// The next state of the linear congruential generator.
const fn advance(state: u64) -> u64 {
    state.wrapping_mul(MULTIPLIER).wrapping_add(INCREMENT)
}

impl TryRng for Random {
    type Error = Infallible;

    fn try_next_u32(&mut self) -> Result<u32, Infallible> {
        Ok(self.bits())
    }

    fn try_next_u64(&mut self) -> Result<u64, Infallible> {
        rand_core::utils::next_u64_via_u32(self)
    }

    fn try_fill_bytes(&mut self, bytes: &mut [u8]) -> Result<(), Infallible> {
        rand_core::utils::fill_bytes_via_next_word(bytes, || self.try_next_u32())
    }
}

//! Random numbers, the same from the same seed on every target.

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

    /// A number from -`bound` to below `bound`, uniformly: [`init::uniform`](crate::init::uniform).
    #[must_use]
    pub fn uniform(&mut self, bound: f32) -> f32 {
        super::init::uniform(self, bound)
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

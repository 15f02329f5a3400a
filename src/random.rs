//! Random numbers, the same from the same seed on every target.

use rand_pcg::Pcg32;
use rand_pcg::rand_core::Rng;

/// PCG-XSH-RR 64/32 (O'Neill 2014) of the `rand_pcg` crate, whose output is reproducible by its own promise.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Random(Pcg32);

/// The stream that `rand_pcg` uses by default.
const STREAM: u64 = 0xa02_bdbf_7bb3_c0a7;

impl Random {
    /// The sequence of this seed.
    #[must_use]
    pub fn new(seed: u64) -> Self {
        Self(Pcg32::new(seed, STREAM))
    }

    /// The next 32 random bits.
    #[must_use]
    pub fn bits(&mut self) -> u32 {
        self.0.next_u32()
    }

    /// A number from 0 to below `end`, by the high half of a product; 0 for `end` = 0. Each number has the same
    /// probability up to `end` / 2^32.
    #[must_use]
    pub fn below(&mut self, end: u32) -> u32 {
        ((u64::from(self.bits()) * u64::from(end)) >> 32) as u32
    }

    /// A number from -`bound` to below `bound`, uniformly: one of 2^24 multiples of `bound` / 2^23.
    #[must_use]
    pub fn uniform(&mut self, bound: f32) -> f32 {
        // 24 bits are exact in a float, and so are their difference to 2^23 and its quotient.
        let steps = (self.bits() >> 8) as f32 - 8_388_608.0;
        steps * (1.0 / 8_388_608.0) * bound
    }
}

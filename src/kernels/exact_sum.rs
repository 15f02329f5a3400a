//! Sums that do not round, for means of streams without end.
//!
//! An f32 sum of losses stands still when it is 2^24 times as large as the next loss. This one is
//! an integer in units of the least float, 2^-149, in which every float is whole: nothing is lost,
//! in any order of adding. The only rounding is that of the result. Source: Kulisch, "Computer
//! Arithmetic and Validity", 2nd edition, de Gruyter, 2013, chapter 8.

/// Words of a sum. A float is below 2^128 in size, so 2^64 of them are below 2^192. That and the
/// 149 bits below the point take 341 bits, and the sign one more: 11 words have 352.
const WORDS: usize = 11;

/// Bits of a float's fraction.
const FRACTION: u32 = 23;

/// The exact sum of up to 2^64 floats.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct ExactSum {
    /// The sum of the finite numbers in units of 2^-149: a two's complement integer, the least
    /// significant word first.
    pub(crate) words: [u32; WORDS],
    /// Whether a number was inf or NaN.
    pub(crate) up: bool,
    /// Whether a number was -inf or NaN.
    pub(crate) down: bool,
}

impl ExactSum {
    pub(crate) const fn new() -> Self {
        Self {
            words: [0; WORDS],
            up: false,
            down: false,
        }
    }

    /// Adds `value` `times` times.
    pub(crate) fn add(&mut self, value: f32, times: u64) {
        let bits = value.to_bits();
        let exponent = (bits >> FRACTION) & 0xff;
        if exponent == 0xff {
            self.up |= times > 0 && bits != f32::NEG_INFINITY.to_bits();
            self.down |= times > 0 && bits != f32::INFINITY.to_bits();
            return;
        }
        // A subnormal number has no leading 1, and the exponent of the least normal ones.
        let leading = if exponent == 0 { 0 } else { 1 << FRACTION };
        let mantissa = u64::from(leading | bits & ((1 << FRACTION) - 1));
        let (place, negative) = (exponent.saturating_sub(1), bits >> 31 == 1);
        self.add_at(place, mantissa * u64::from(low(times)), negative);
        if times >> 32 > 0 {
            self.add_at(place + 32, mantissa * (times >> 32), negative);
        }
    }

    /// Adds `size` times 2^`place`, or subtracts it if it is `negative`. `size` has up to 56 bits.
    fn add_at(&mut self, place: u32, size: u64, negative: bool) {
        let shift = place % 32;
        let (lower, upper) = (u64::from(low(size)) << shift, (size >> 32) << shift);
        let words = self.words.iter_mut().skip((place / 32) as usize);
        add_words(words, lower, upper, negative);
    }

    /// The float nearest to the sum / `count`, of two equally near ones the even one; inf if it is
    /// too large. `count` is at least 1. As in IEEE arithmetic, NaN makes the sum NaN, and so do
    /// inf and -inf together; one of these alone makes it the same infinity. A sum of 0 is +0.
    pub(crate) fn mean(&self, count: u64) -> f32 {
        match (self.up, self.down) {
            (true, true) => f32::NAN,
            (true, false) => f32::INFINITY,
            (false, true) => f32::NEG_INFINITY,
            (false, false) => self.finite_mean(count),
        }
    }

    /// The mean of finite numbers.
    fn finite_mean(&self, count: u64) -> f32 {
        let negative = self.words.last().is_some_and(|word| word >> 31 == 1);
        let mut size = self.words;
        if negative {
            size = size.map(|word| !word);
            add_words(size.iter_mut(), 1, 0, false);
        }
        let sign = u32::from(negative) << 31;
        f32::from_bits(sign | quotient(&size, count))
    }
}

/// The bits of the float nearest to `size` / `count` in units of 2^-149, by long division in
/// binary: 24 digits make a float, and one more tells its half.
fn quotient(size: &[u32; WORDS], count: u64) -> u32 {
    let (mut quotient, mut rest) = (0u32, 0u64);
    let mut take = |digit: u32| {
        // Twice the rest has up to 65 bits.
        let carried = rest >> 63 == 1;
        rest = (rest << 1) | u64::from(digit);
        let fits = carried || rest >= count;
        if fits {
            rest = rest.wrapping_sub(count);
        }
        quotient = (quotient << 1) | u32::from(fits);
        quotient >> (FRACTION + 1) == 1
    };
    let word = |n: usize| size.get(n).copied().unwrap_or_default();
    let length = size
        .iter()
        .rposition(|word| *word > 0)
        .map_or(0, |last| 32 * (last + 1));
    let mut places = (0..length).rev();
    let full = places.any(|place| take((word(place / 32) >> (place % 32)) & 1));
    // The digits that are left. After the last whole one comes that of the half.
    let left = places.len();
    let dropped = if full { left + 1 } else { 0 };
    if !full {
        take(0);
    }
    let lower = word(left / 32) & !(u32::MAX << (left % 32));
    let above_half = rest > 0 || lower > 0 || size.iter().take(left / 32).any(|word| *word > 0);
    let (mantissa, half) = (quotient >> 1, quotient & 1);
    let round_up = half & (u32::from(above_half) | mantissa);
    // The leading 1 of a normal number adds 1 to the exponent. So does a carry out of the fraction,
    // and beyond the largest float it makes inf.
    #[expect(clippy::cast_possible_truncation, reason = "at most 328")]
    let exponent = dropped as u32;
    let bits = (exponent << FRACTION) + mantissa + round_up;
    bits.min(f32::INFINITY.to_bits())
}

/// Adds `lower` + 2^32 `upper` to `words`, or subtracts it. The least significant word is first; a
/// carry out of the last word is lost, as in two's complement. `upper` is below 2^56.
#[inline(always)]
fn add_words<'a>(words: impl Iterator<Item = &'a mut u32>, lower: u64, upper: u64, negative: bool) {
    // -x = !x + 1.
    let flip = if negative { u32::MAX } else { 0 };
    let mut carry = u64::from(negative);
    let (mut term, mut upper) = (lower, upper);
    for word in words {
        let sum = u64::from(*word) + u64::from(low(term) ^ flip) + carry;
        (*word, carry) = (low(sum), sum >> 32);
        term = (term >> 32) + upper;
        upper = 0;
        // From here on nothing changes.
        if term == 0 && carry == u64::from(negative) {
            return;
        }
    }
}

/// The low half.
#[inline(always)]
const fn low(x: u64) -> u32 {
    (x & 0xffff_ffff) as u32
}

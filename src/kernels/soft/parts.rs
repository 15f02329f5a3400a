//! Products and sums of mantissas.
//!
//! # Form
//! A number is a mantissa and an exponent. A mantissa of a float has 24 bits. In a sum it stands
//! [`SPARE`] bits further left and carries the sign in two's complement, so |a| is from 2^28 to
//! 2^29, both included.
//!
//! # Why the rounding is right
//! A float is rounded to the nearest multiple of u, its last bit; a tie goes to the even multiple.
//! Here this is `(s + u / 2) & -u`, where `s` is what is left after right shifts. All right shifts
//! round down, also those of negative numbers. u / 2 is an integer, so for the exact sum S
//! ```text
//! floor((floor(S) + u / 2) / u) = floor((S + u / 2) / u)
//! ```
//! which is the nearest multiple, with ties upwards: what a shift has lost does not matter. Only
//! an exact tie can be wrong. It shows as a sum whose bits below u are all 0 after u / 2 was
//! added; that happens by chance, too, so [`product_tie`] and [`sum_tie`] look at what was lost.
//! They are out of line, for they are called once in about 30 times.
//!
//! # Why five spare bits are enough
//! A shift loses bits only if it is over more than `SPARE` places, as mantissas end in `SPARE`
//! zeros. Then the shifted number is at most 2^30 / 2^6, and the other at least 2^28: the sum is
//! above 2^27. So it moves by at most one place, for which there are spare bits. If more cancels,
//! nothing was lost, and the sum is exact.

/// The bits of a float that hold its mantissa, without the hidden one.
pub(super) const MANTISSA: u32 = 0x7f_ffff;

/// The hidden bit of the mantissa, and a step of the exponent.
pub(super) const ONE: u32 = 1 << 23;

/// The bit of the sign.
pub(super) const SIGN: u32 = 1 << 31;

/// Bits of a sum below those of a float.
pub(super) const SPARE: u32 = 5;

/// The exponent of a float, with its bias of 127.
#[inline(always)]
pub(super) const fn exponent(bits: u32) -> u32 {
    (bits << 1) >> 24
}

/// The mantissa of a normal float, as the second factor of [`product`].
#[inline(always)]
pub(super) const fn factor<const NARROW: bool>(bits: u32) -> u32 {
    let m = bits & MANTISSA | ONE;
    if NARROW {
        // The upper and the lower 12 bits in two halves of a word.
        m >> 12 << 16 | m & 0xfff
    } else {
        m << 6
    }
}

/// The product of the mantissas of two normal floats, without its lowest 18 bits: from 2^28 to
/// below 2^30. The second is a [`factor`].
#[inline(always)]
pub(super) fn product<const NARROW: bool>(a: u32, b: u32) -> u32 {
    if NARROW {
        // With 12 bits a half, all products and sums fit in a word. (x + y) >> 6 of the upper and
        // the middle parts loses only what belongs to the lowest 18 bits.
        let (a1, a0) = ((a << 9) >> 21 | 0x800, a << 20 >> 20);
        let (b1, b0) = (b >> 16, b & 0xffff);
        let middle = a1 * b0 + a0 * b1 + ((a0 * b0) >> 12);
        ((a1 * b1) << 6) + (middle >> 6)
    } else {
        // 8 places here and 6 in the factor: 32 - 14 = 18 bits are lost with the lower word.
        let wide = u64::from(a << 8 | SIGN) * u64::from(b);
        (wide >> 32) as u32
    }
}

/// A [`product`] of the floats `a` and `b` rounded to 24 bits, which are its upper ones: a multiple
/// of 32 below 2^29, else of 64. At most 2^30.
#[inline(always)]
pub(super) fn round_product(r: u32, a: u32, b: u32) -> u32 {
    if r >> 29 == 0 {
        (round_last::<5>(r, a, b)) << 5
    } else {
        (round_last::<6>(r, a, b)) << 6
    }
}

/// A [`product`] of the floats `a` and `b` without its last `BITS` bits, rounded.
#[inline(always)]
pub(super) fn round_last<const BITS: u32>(r: u32, a: u32, b: u32) -> u32 {
    let mut r = r + (1 << BITS) / 2;
    if r << (32 - BITS) == 0 {
        r = product_tie(r, 1 << BITS, a, b);
    }
    r >> BITS
}

/// `r` was rounded up, from the middle as far as its bits go: down, if it is odd now and the lowest
/// 18 bits of the product are 0, too.
#[cold]
#[inline(never)]
const fn product_tie(r: u32, odd: u32, a: u32, b: u32) -> u32 {
    // The bits above the mantissas change nothing of the lowest 18.
    if a.wrapping_mul(b) << 14 == 0 {
        r & !odd
    } else {
        r
    }
}

/// The sum of two numbers as a float. Of each there is the magnitude, 2^28 to 2^30, and a head:
/// bits that have its sign and its exponent where a float has them, and anything below. The
/// exponent of `a` is `d` more than that of `b`, from -31 to 31.
///
/// A float is made of the sum at once, so it is no mantissa with a sign, as in [`Parts`]. It has
/// the sign of the number with the larger exponent, unless it is negative then. That needs a shift
/// by at most one place, which loses nothing, so the sum may be negated.
#[inline(always)]
pub(super) fn sum((a, a_head): (u32, u32), (b, b_head): (u32, u32), d: i32) -> f32 {
    let (kept, shifted, by, head) = if d >= 0 {
        (a, b, d, a_head)
    } else {
        (b, a, d.wrapping_neg(), b_head)
    };
    // The mask changes nothing, but it shows LLVM that the shift is one instruction.
    let by = by.cast_unsigned() & 31;
    let shifted = signed(shifted, a_head ^ b_head);
    let mut sum = kept.cast_signed().wrapping_add(shifted >> by);
    let mut head = (head & !MANTISSA).wrapping_sub(ONE);
    if sum < 0 {
        sum = sum.wrapping_neg();
        head ^= SIGN;
    }
    match sum >> 28 {
        0 if sum >> 27 == 0 => cancelled(sum, head),
        0 => rounded::<4>(sum, head.wrapping_sub(ONE), shifted, by),
        1 => rounded::<5>(sum, head, shifted, by),
        2 | 3 => rounded::<6>(sum, head.wrapping_add(ONE), shifted, by),
        _ => rounded::<7>(sum, head.wrapping_add(2 * ONE), shifted, by),
    }
}

/// [`sum`] without its last `BITS` bits, rounded. The hidden bit is added to the exponent, so that
/// is one less in `head`. A mantissa that becomes 2^24 is the next power of two.
#[inline(always)]
fn rounded<const BITS: u32>(sum: i32, head: u32, shifted: i32, by: u32) -> f32 {
    let mut a = sum.wrapping_add((1 << BITS) / 2);
    if a << (32 - BITS) == 0 {
        a = sum_tie(a, 1 << BITS, shifted, by);
    }
    f32::from_bits(head.wrapping_add((a >> BITS).cast_unsigned()))
}

/// A [`sum`] of which two places or more have cancelled. It is exact.
#[inline(always)]
const fn cancelled(mut a: i32, mut head: u32) -> f32 {
    if a == 0 {
        return 0.0;
    }
    while a >> 28 == 0 {
        a <<= 1;
        head = head.wrapping_sub(ONE);
    }
    f32::from_bits(head.wrapping_add((a >> SPARE).cast_unsigned()))
}

/// `magnitude` with the sign of the float `bits`.
#[inline(always)]
pub(super) const fn signed(magnitude: u32, bits: u32) -> i32 {
    let sign = bits.cast_signed() >> 31;
    (magnitude.cast_signed() ^ sign).wrapping_sub(sign)
}

/// A mantissa and an exponent.
#[derive(Clone, Copy, Debug)]
pub(super) struct Parts {
    /// With its sign: 2^28 to 2^29, 2^30 for a product; or 0.
    pub(super) a: i32,
    /// As in a float, or less a constant.
    pub(super) e: i32,
}

impl Parts {
    /// A normal float.
    #[inline(always)]
    pub(super) const fn of(bits: u32) -> Self {
        Self {
            a: signed((bits & MANTISSA | ONE) << SPARE, bits),
            e: exponent(bits).cast_signed(),
        }
    }

    /// The float of these parts, which are not 0, with an exponent that is `bias` more.
    #[inline(always)]
    pub(super) const fn to_float(self, bias: u32) -> f32 {
        // The hidden bit is added to the exponent, so that is one less here. A mantissa of 2^29 is
        // the next power of two.
        let below = self.e.cast_unsigned().wrapping_add(bias).wrapping_sub(1) << 23;
        let magnitude = below.wrapping_add(self.a.unsigned_abs() >> SPARE);
        f32::from_bits(magnitude | self.a.cast_unsigned() & SIGN)
    }

    /// The sum of two numbers of which neither is 0, rounded; `None` if it is exactly 0. The
    /// exponents are at most 2^30 apart.
    #[inline(always)]
    pub(super) fn plus(self, other: Self) -> Option<Self> {
        let d = self.e.wrapping_sub(other.e);
        let (kept, shifted, by) = if d >= 0 {
            (self, other.a, d)
        } else {
            (other, self.a, d.wrapping_neg())
        };
        // Beyond 31 places all that is left is the sign, as with 31.
        let by = by.cast_unsigned().min(31);
        let sum = kept.a.wrapping_add(shifted >> by);
        round_sum(sum, kept.e, shifted, by)
    }
}

/// `sum` rounded to 24 bits, where `shifted` was shifted by `by` before it was added; `None` for 0.
///
/// The place of the highest bit says how many bits go. For a negative sum that is -1 - sum, which
/// is the magnitude less 1 or less what was lost: wrong by a place only at a power of two, which
/// every rounding leaves as it is.
#[inline(always)]
pub(super) fn round_sum(sum: i32, e: i32, shifted: i32, by: u32) -> Option<Parts> {
    let magnitude = sum ^ (sum >> 31);
    let place = magnitude >> 28;
    if place == 1 {
        return Some(rounded_parts::<5>(sum, e, shifted, by));
    }
    if place == 0 {
        if magnitude >> 27 != 0 {
            return Some(rounded_parts::<4>(sum, e - 1, shifted, by));
        }
        return cancelled_parts(sum, e);
    }
    if place < 4 {
        return Some(rounded_parts::<6>(sum, e + 1, shifted, by));
    }
    Some(rounded_parts::<7>(sum, e + 2, shifted, by))
}

/// `sum` without its last `BITS` bits, rounded.
#[inline(always)]
fn rounded_parts<const BITS: u32>(sum: i32, e: i32, shifted: i32, by: u32) -> Parts {
    let mut a = sum.wrapping_add((1 << BITS) / 2);
    if a << (32 - BITS) == 0 {
        a = sum_tie(a, 1 << BITS, shifted, by);
    }
    Parts {
        a: a >> BITS << SPARE,
        e,
    }
}

/// `a` was rounded up, from the middle as far as its bits go: down, if it is odd now and the shift
/// has lost nothing.
#[cold]
#[inline(never)]
const fn sum_tie(a: i32, odd: i32, shifted: i32, by: u32) -> i32 {
    if shifted >> by << by == shifted {
        a & !odd
    } else {
        a
    }
}

/// A sum of which two places or more have cancelled. It is exact.
#[inline(always)]
const fn cancelled_parts(mut a: i32, mut e: i32) -> Option<Parts> {
    if a == 0 {
        return None;
    }
    while (a ^ (a >> 31)) >> 28 == 0 {
        a <<= 1;
        e -= 1;
    }
    Some(Parts { a, e })
}

//! Sum and product of any numbers: step by step, for the few that the fast way does not take.
//!
//! The exact result is brought to 24 bits and at least six more, of which the last one is set if
//! anything beyond is not 0. That is all that rounding asks for, once for subnormal results, too.

use super::parts::{MANTISSA, ONE, SIGN, exponent, factor, product};

/// The bits of infinity.
const INFINITE: u32 = 0x7f80_0000;

/// A NaN.
const NAN: u32 = 0x7fc0_0000;

/// The bits without the sign.
const fn size(bits: u32) -> u32 {
    bits & !SIGN
}

/// The mantissa and the exponent of a finite number, so that it is m 2^(e - 150).
const fn split(bits: u32) -> (u32, i32) {
    let e = exponent(bits).cast_signed();
    let m = bits & MANTISSA;
    if e == 0 { (m, 1) } else { (m | ONE, e) }
}

/// The same with a mantissa of 24 bits, for a number that is not 0.
// Out of line like `round`.
#[inline(never)]
const fn normalized(bits: u32) -> (u32, i32) {
    let (mut m, mut e) = split(bits);
    while m < ONE {
        m <<= 1;
        e -= 1;
    }
    (m, e)
}

/// `m` shifted right, with the last bit set if anything was lost.
fn shifted(m: u32, by: u32) -> u32 {
    let by = by.min(31);
    let kept = m >> by;
    kept | u32::from(kept << by != m)
}

/// m 2^(e - 156), which is not 0, with the sign.
// Out of line: one copy, which saves flash. Guarded by the flash column of `cargo bench --bench
// cortex_m`.
#[inline(never)]
fn round(sign: u32, mut m: u32, mut e: i32) -> u32 {
    while m >> 29 == 0 {
        m <<= 1;
        e -= 1;
    }
    if e < 1 {
        m = shifted(m, (1 - e).cast_unsigned());
        e = 1;
    }
    if e > 254 {
        return sign | INFINITE;
    }
    // Half of the last bit, less 1 if the rest is even: so a tie goes to the even one.
    let nearest = (m + 31 + (m >> 6 & 1)) >> 6;
    sign | ((e.cast_unsigned() - 1) << 23).wrapping_add(nearest)
}

/// `a * b`
#[inline(never)]
pub(super) fn mul<const NARROW: bool>(a: u32, b: u32) -> u32 {
    let sign = (a ^ b) & SIGN;
    let (small, large) = (size(a).min(size(b)), size(a).max(size(b)));
    if large >= INFINITE {
        let nan = large > INFINITE || small == 0;
        return if nan { NAN } else { sign | INFINITE };
    }
    if small == 0 {
        return sign;
    }
    let ((a, a_e), (b, b_e)) = (normalized(a), normalized(b));
    let lost = u32::from(a.wrapping_mul(b) << 14 != 0);
    round(
        sign,
        product::<NARROW>(a, factor::<NARROW>(b)) | lost,
        a_e + b_e - 126,
    )
}

/// `a + b`
#[inline(never)]
pub(super) fn add(a: u32, b: u32) -> u32 {
    let (a, b) = if size(a) < size(b) { (b, a) } else { (a, b) };
    let opposite = (a ^ b) & SIGN != 0;
    if size(a) >= INFINITE {
        let nan = size(a) > INFINITE || (opposite && size(b) == INFINITE);
        return if nan { NAN } else { a };
    }
    if size(b) == 0 {
        return if size(a) == 0 { a & b } else { a };
    }
    let ((a_m, e), (b_m, b_e)) = (split(a), split(b));
    let other = shifted(b_m << 5, (e - b_e).cast_unsigned());
    let sum = if opposite {
        (a_m << 5) - other
    } else {
        (a_m << 5) + other
    };
    if sum == 0 {
        return 0;
    }
    round(a & SIGN, sum, e + 1)
}

//! The operators on floats.
//!
//! The fast way is for near numbers: from 2^-63 to below 2^65, with exponents of 64 to 191. The
//! exponent of their product is 1 or more, so it is not subnormal, and neither is their sum, a
//! multiple of 2^-86. Where a product may be 2^127 or more, the exponent tells it. What is not near
//! goes to [`rare`].

use super::parts::{
    MANTISSA, ONE, SIGN, exponent, factor, product, round_last, round_product, sum,
};
use super::rare;

/// The bits of infinity without sign, one place to the left.
const INFINITE: u32 = 0xff00_0000;

/// Bit 30 is set if the exponent of the float is from 64 to 191: then its two upper bits differ.
#[inline(always)]
const fn near_bits(bits: u32) -> u32 {
    bits ^ (bits << 1)
}

/// Whether all the numbers are near whose [`near_bits`] were combined by `&`.
#[inline(always)]
const fn all_near(bits: u32) -> bool {
    (bits << 1).cast_signed() < 0
}

/// How much larger the exponent of `a` is.
#[inline(always)]
const fn distance(a: u32, b: u32) -> i32 {
    exponent(a).wrapping_sub(exponent(b)).cast_signed()
}

/// Whether numbers at this distance are too far apart for [`sum`].
#[inline(always)]
const fn is_far(distance: i32) -> bool {
    distance.cast_unsigned().wrapping_add(31) > 62
}

/// The mantissa of a normal float, as [`sum`] wants it.
#[inline(always)]
const fn mantissa(bits: u32) -> u32 {
    (bits << 9) >> 4 | 1 << 28
}

/// Whether one is 0 and the other finite, so that their product is 0.
#[inline(always)]
pub(super) const fn is_zero(a: u32, b: u32) -> bool {
    let (a, b) = (a << 1, b << 1);
    (a == 0 && b < INFINITE) || (b == 0 && a < INFINITE)
}

/// Sign and exponent of the product of two near numbers, where a float has them, zeros below. The
/// exponent is that of a product of mantissas below 2.
#[inline(always)]
const fn product_head(a: u32, b: u32) -> u32 {
    (a & !MANTISSA)
        .wrapping_add(b & !MANTISSA)
        .wrapping_sub(127 << 23)
}

/// `a * b`
#[inline(never)]
pub(super) fn mul<const NARROW: bool>(a: f32, b: f32) -> f32 {
    let (a, b) = (a.to_bits(), b.to_bits());
    if !all_near(near_bits(a) & near_bits(b)) {
        return f32::from_bits(rare::mul::<NARROW>(a, b));
    }
    let head = product_head(a, b);
    if exponent(head) >= 254 {
        return f32::from_bits(rare::mul::<NARROW>(a, b));
    }
    let r = product::<NARROW>(a, factor::<NARROW>(b));
    // The hidden bit is added to the exponent.
    f32::from_bits(if r >> 29 == 0 {
        head.wrapping_sub(ONE)
            .wrapping_add(round_last::<5>(r, a, b))
    } else {
        head.wrapping_add(round_last::<6>(r, a, b))
    })
}

/// `a + b`
#[inline(never)]
pub(super) fn add(a: f32, b: f32) -> f32 {
    let (a, b) = (a.to_bits(), b.to_bits());
    if !all_near(near_bits(a) & near_bits(b)) {
        return f32::from_bits(rare::add(a, b));
    }
    let d = distance(a, b);
    if is_far(d) {
        // The other is less than a quarter of its last bit.
        return f32::from_bits(if d > 0 { a } else { b });
    }
    sum((mantissa(a), a), (mantissa(b), b), d)
}

/// `acc + a * b`
#[inline(never)]
pub(super) fn add_product<const NARROW: bool>(acc: f32, a: f32, b: f32) -> f32 {
    let (s, a, b) = (acc.to_bits(), a.to_bits(), b.to_bits());
    if !all_near(near_bits(s) & near_bits(a) & near_bits(b)) {
        if s << 1 >= 1 << 24 && is_zero(a, b) {
            return acc;
        }
        return rare_add_product::<NARROW>(s, a, b);
    }
    let head = product_head(a, b);
    let r = round_product(product::<NARROW>(a, factor::<NARROW>(b)), a, b);
    let d = distance(s, head);
    if is_far(d) {
        if d > 0 {
            return acc;
        }
        return rare_add_product::<NARROW>(s, a, b);
    }
    sum((mantissa(s), s), (r, head), d)
}

#[inline(never)]
fn rare_add_product<const NARROW: bool>(s: u32, a: u32, b: u32) -> f32 {
    let product = mul::<NARROW>(f32::from_bits(a), f32::from_bits(b));
    // -0 plus a number is that number.
    if s == SIGN {
        return product;
    }
    f32::from_bits(rare::add(s, product.to_bits()))
}

/// Whether `a < b`
#[inline(always)]
pub(super) const fn less(a: f32, b: f32) -> bool {
    let (a, b) = (a.to_bits(), b.to_bits());
    !is_nan(a) && !is_nan(b) && order(a) < order(b)
}

/// Whether `a <= b`
#[inline(always)]
pub(super) const fn less_or_equal(a: f32, b: f32) -> bool {
    let (a, b) = (a.to_bits(), b.to_bits());
    !is_nan(a) && !is_nan(b) && order(a) <= order(b)
}

#[inline(always)]
const fn is_nan(bits: u32) -> bool {
    bits << 1 > INFINITE
}

/// Integers in the order of the floats with these bits; the same for both zeros.
#[inline(always)]
const fn order(bits: u32) -> i32 {
    let i = bits.cast_signed();
    if i < 0 { i32::MIN.wrapping_sub(i) } else { i }
}

/// Whether `acc + a * b` is certainly `acc`: b is 0 or subnormal, and the product is less than a
/// quarter of the last bit of `acc`.
#[inline(always)]
pub(super) const fn changes_nothing(acc: f32, a: f32, b: f32) -> bool {
    let (acc, a, b) = (acc.to_bits(), a.to_bits(), b.to_bits());
    b << 1 < 1 << 24 && all_near(near_bits(acc) & near_bits(a))
}

/// `a + b`, soon where it is certainly one of them: at the start of a sum, or behind a ReLU.
#[inline(always)]
pub(super) fn add_soon(a: f32, b: f32) -> f32 {
    // -0 plus a number is that number.
    if a.to_bits() == SIGN {
        return b;
    }
    // A number that is 0 or subnormal is less than a quarter of the last bit of a near one.
    if b.to_bits() << 1 < 1 << 24 && all_near(near_bits(a.to_bits())) {
        return a;
    }
    add(a, b)
}

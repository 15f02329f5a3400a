//! Sums of many products, as the layers need them.
//!
//! A sum stays apart from one product to the next, and the factors that all sums of a layer share
//! are taken apart once ([`Term`]). One comparison tells whether the fast way is right: with `x`
//! from 2^-60 to below 2^61, and an exponent of the product within [`SPAN`], the other factor can
//! be neither 0, subnormal, infinite nor NaN. The product is from 2^-66 to 2^69 then. A sum that
//! starts below 2^74 cannot overflow, and as a multiple of 2^-89 it is never subnormal. So the loop
//! needs no other check.

use super::parts::{MANTISSA, Parts, exponent, factor, product, round_product, signed};
use super::{NARROW, ops};

/// Exponents of the factors that are taken apart, biased.
const LEAST: u32 = 67;
const MOST: u32 = 187;

/// The least exponent of a product, biased. The exponents of sums are less this, too.
const BASE: u32 = MOST + 1 - 127;

/// The exponents of products, less [`BASE`], are below this, for then that of the other factor is
/// from 1 to 254: 0 + `MOST` - 127 is below `BASE`, and 255 + `LEAST` - 127 is not below this.
const SPAN: u32 = 255 + LEAST - MOST - 1;

/// The most that a sum starts with, biased.
const START: u32 = 200;

/// A factor taken apart.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Term {
    /// Its bits.
    bits: u32,
    /// Its [`factor`]; 0 where the exponent is not from [`LEAST`] to [`MOST`].
    m: u32,
    /// Its sign, and its exponent less [`MOST`] + 1, where a float has them, and zeros.
    head: u32,
}

impl Term {
    /// Takes `x` apart.
    #[inline(always)]
    #[must_use]
    pub(crate) const fn new(x: f32) -> Self {
        Self::by::<NARROW>(x)
    }

    #[inline(always)]
    pub(super) const fn by<const NARROW: bool>(x: f32) -> Self {
        let bits = x.to_bits();
        let near = exponent(bits).wrapping_sub(LEAST) <= MOST - LEAST;
        Self {
            bits,
            m: if near { factor::<NARROW>(bits) } else { 0 },
            head: (bits & !MANTISSA).wrapping_sub((MOST + 1) << 23),
        }
    }
}

/// A sum: a mantissa and an exponent less [`BASE`]; or 0; or a number that is too large.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Sum(Parts);

/// The exponents of the sums 0 and -0, whose mantissa is 0: far below those of all products.
const ZERO: i32 = -1000;
const MINUS_ZERO: i32 = -1001;

/// The exponent of a sum that is too large, far above; its mantissa is the bits of the float.
const OUT: i32 = 0x10_0000;

impl Sum {
    /// The sum that is `x`.
    #[inline(always)]
    #[must_use]
    pub(crate) const fn new(x: f32) -> Self {
        let bits = x.to_bits();
        let parts = Parts::of(bits);
        // A wrapped exponent is large, too.
        if exponent(bits).wrapping_sub(BASE) > START - BASE {
            return Self::special(bits);
        }
        Self(Parts {
            a: parts.a,
            e: parts.e - BASE.cast_signed(),
        })
    }

    #[inline(always)]
    const fn special(bits: u32) -> Self {
        let (a, e) = match bits {
            0 => (0, ZERO),
            0x8000_0000 => (0, MINUS_ZERO),
            _ => (bits.cast_signed(), OUT),
        };
        Self(Parts { a, e })
    }

    /// The number.
    #[inline(always)]
    #[must_use]
    pub(crate) const fn value(self) -> f32 {
        match self.0 {
            Parts { a: 0, e: ZERO } => 0.0,
            Parts { a: 0, .. } => -0.0,
            Parts { a, e: OUT } => f32::from_bits(a.cast_unsigned()),
            parts => parts.to_float(BASE),
        }
    }

    /// `self + w * x`
    #[inline(always)]
    #[must_use]
    pub(crate) fn plus(self, w: f32, x: &Term) -> Self {
        // A call on Arm, where inlining it leaves too few registers to the loop.
        if cfg!(target_arch = "riscv32") {
            self.plus_inlined::<NARROW>(w.to_bits(), x)
        } else {
            plus_called(self, w.to_bits(), x)
        }
    }

    #[inline(always)]
    pub(super) fn plus_inlined<const NARROW: bool>(self, w: u32, x: &Term) -> Self {
        if x.m == 0 {
            // Adding 0 changes only a sum that is 0. Behind a ReLU half of the factors are 0.
            if x.bits << 1 == 0 && exponent(w) != 255 && self.0.a != 0 {
                return self;
            }
            return rare::<NARROW>(self, w, x.bits);
        }
        let head = w.wrapping_add(x.head);
        let e = exponent(head);
        if e >= SPAN {
            return rare::<NARROW>(self, w, x.bits);
        }
        let d = self.0.e.wrapping_sub(e.cast_signed());
        if d >= 32 {
            // The product is less than a quarter of the last bit of a sum that is not too large.
            if self.0.e == OUT {
                return rare::<NARROW>(self, w, x.bits);
            }
            return self;
        }
        let r = round_product(product::<NARROW>(w, x.m), w, x.bits);
        let product = Parts {
            a: signed(r, head),
            e: e.cast_signed(),
        };
        match self.0.plus(product) {
            Some(sum) => Self(sum),
            None => Self(Parts { a: 0, e: ZERO }),
        }
    }
}

// Out of line: one copy, which keeps its numbers in registers. Guarded by the instructions of `m0`
// and `m3` in `cargo bench --bench cortex_m`.
#[inline(never)]
fn plus_called(sum: Sum, w: u32, x: &Term) -> Sum {
    sum.plus_inlined::<NARROW>(w, x)
}

/// The same for all numbers.
#[cold]
#[inline(never)]
fn rare<const NARROW: bool>(sum: Sum, w: u32, x: u32) -> Sum {
    // Adding 0 changes only a sum that is 0.
    if sum.0.a != 0 && ops::is_zero(w, x) {
        return sum;
    }
    let (w, x) = (f32::from_bits(w), f32::from_bits(x));
    Sum::new(ops::add_product::<NARROW>(sum.value(), w, x))
}

/// `start` + the sum over n of w\[n\] x\[n\].
// Out of line: one copy for all layers, which saves flash. Guarded by the flash column of `cargo
// bench --bench cortex_m`.
#[inline(never)]
pub(crate) fn products(start: f32, w: &[f32], x: &[Term]) -> f32 {
    let terms = w.iter().zip(x);
    terms
        .fold(Sum::new(start), |sum, (w, x)| sum.plus(*w, x))
        .value()
}

//! `f32` in integers, for chips without a float unit. The results have the bits of the operators
//! of `f32`; only which NaN it is may differ. The compiler's own functions take about twice as many
//! instructions, because they serve all numbers in one way.
//!
//! | file | has |
//! | --- | --- |
//! | `parts.rs` | product and sum of mantissas, and why each rounding is right |
//! | `ops.rs` | `+`, `*`, `acc + a * b` and comparisons of floats |
//! | `rare.rs` | `+` and `*` of any numbers, slowly |
//! | `dot.rs` | sums of many products, which stay apart from one product to the next |
//! | `vector.rs` | [`Soft`], a number that the kernels of `math` compute with |
//!
//! The fast way takes numbers of ordinary size. All others (0, subnormal, very small or large,
//! infinite, NaN) go to `rare.rs`. So the compiler's functions need not be in the image, too.
//!
//! All files are compiled on every target, so that the tests run on the host, with either way to
//! multiply. Only [`SOFT`] decides who uses them.

mod dot;
mod ops;
mod parts;
mod rare;
mod vector;

pub(crate) use dot::{Sum, Term, products};
pub(crate) use target::{SOFT, Single};
pub use vector::Soft;

/// On this target floats are computed in software, as far as a stable compiler shows it.
///
/// On Arm the ABI without float registers shows it (`thumbv6m-none-eabi`, `thumbv7m-none-eabi`). On
/// RISC-V a float unit needs the extension `zicsr`, so without it there is none. rustc 1.89 does
/// not show `zicsr`, so there a RISC-V with a float unit computes in integers, too. A wrong guess
/// costs time, never bits.
#[cfg(all(
    target_os = "none",
    any(
        all(target_arch = "arm", target_abi = "eabi"),
        all(
            target_arch = "riscv32",
            target_feature = "m",
            not(target_feature = "zicsr")
        )
    )
))]
mod target {
    /// Whether the kernels use these functions.
    pub(crate) const SOFT: bool = true;

    /// What the kernels of `math` compute with where a sample is alone.
    pub(crate) type Single = super::Soft<{ super::NARROW }>;
}

/// On this target floats are computed by instructions.
#[cfg(not(all(
    target_os = "none",
    any(
        all(target_arch = "arm", target_abi = "eabi"),
        all(
            target_arch = "riscv32",
            target_feature = "m",
            not(target_feature = "zicsr")
        )
    )
)))]
mod target {
    pub(crate) const SOFT: bool = false;
    pub(crate) type Single = f32;
}

/// Whether the product of two words is only one word, as on Armv6-M. It is the target of Arm
/// without atomic instructions.
const NARROW: bool = cfg!(all(target_arch = "arm", not(target_has_atomic = "32")));

/// `a + b`
#[inline(always)]
pub(crate) fn add(a: f32, b: f32) -> f32 {
    if SOFT { ops::add_soon(a, b) } else { a + b }
}

/// `a - b`
#[inline(always)]
pub(crate) fn sub(a: f32, b: f32) -> f32 {
    if SOFT { ops::add_soon(a, -b) } else { a - b }
}

/// `a * b`
#[inline(always)]
pub(crate) fn mul(a: f32, b: f32) -> f32 {
    if SOFT {
        ops::mul::<NARROW>(a, b)
    } else {
        a * b
    }
}

/// The product of the zero `a` and the finite number `b`.
#[inline(always)]
pub(crate) const fn signed_zero(a: f32, b: f32) -> f32 {
    f32::from_bits((a.to_bits() ^ b.to_bits()) & parts::SIGN)
}

/// Whether `x` is 0 or -0. Not by `==`, which is a call.
#[inline(always)]
pub(crate) const fn is_zero(x: f32) -> bool {
    matches!(x.to_bits(), 0 | parts::SIGN)
}

/// Whether all numbers are finite.
#[inline(always)]
pub(crate) fn all_finite(numbers: &[f32]) -> bool {
    numbers.iter().all(|x| is_finite(*x))
}

/// Whether `x` is finite.
#[inline(always)]
pub(crate) const fn is_finite(x: f32) -> bool {
    x.to_bits() << 1 < 0xff00_0000
}

/// `acc + a * b`
#[inline(always)]
pub(crate) fn add_product(acc: f32, a: f32, b: f32) -> f32 {
    if SOFT {
        if acc.to_bits() == parts::SIGN {
            return ops::mul::<NARROW>(a, b);
        }
        if ops::changes_nothing(acc, a, b) {
            return acc;
        }
        ops::add_product::<NARROW>(acc, a, b)
    } else {
        acc + a * b
    }
}

/// `acc - a * b`
#[inline(always)]
pub(crate) fn sub_product(acc: f32, a: f32, b: f32) -> f32 {
    if SOFT {
        if ops::changes_nothing(acc, a, b) {
            return acc;
        }
        ops::add_product::<NARROW>(acc, -a, b)
    } else {
        acc - a * b
    }
}

/// Whether `a < b`
#[inline(always)]
pub(crate) fn less(a: f32, b: f32) -> bool {
    if SOFT { ops::less(a, b) } else { a < b }
}

/// Whether `a <= b`
#[inline(always)]
pub(crate) fn less_or_equal(a: f32, b: f32) -> bool {
    if SOFT {
        ops::less_or_equal(a, b)
    } else {
        a <= b
    }
}

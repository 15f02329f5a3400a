//! Bounds on the sizes of many numbers, from their bits.
//!
//! The bits of floats without their sign are in the order of their sizes, and those of NaN are
//! above those of infinity. So the largest bits are those of the largest size, and NaN is not lost,
//! as it is by comparisons of floats. Integers may be combined in any order: LLVM takes several at
//! once.

use crate::kernels::simd::{Native, Vector};

/// All bits but the sign.
pub(crate) const SIZE: u32 = u32::MAX >> 1;

/// From so many numbers on, a chip calls [`largest`]: a call costs as much as four of them inline.
const MANY: usize = 12;

/// At least the size of each number: below 2, or the largest itself. Inf or NaN if a number is not
/// finite; 0 for none.
#[inline(always)]
pub(crate) fn largest(numbers: &[f32]) -> f32 {
    if Native::LANES == 1 && numbers.len() >= MANY {
        largest_out_of_line(numbers)
    } else {
        largest_of(numbers, SIZE, |number| number)
    }
}

// Out of line: one copy for all tensors on a chip, which saves its flash. Guarded by the flash
// column of `cargo bench --bench cortex_m`.
#[inline(never)]
fn largest_out_of_line(numbers: &[f32]) -> f32 {
    largest_of(numbers, SIZE, |number| number)
}

/// The same of one number of each item. `mask` is [`SIZE`], or `u32::MAX` to have inf
/// or NaN also if a number is negative or -0.
#[inline(always)]
pub(crate) fn largest_of<T: Copy>(items: &[T], mask: u32, number: impl Fn(T) -> f32) -> f32 {
    let (all, _) = combine(items, |item| (number(item).to_bits(), 0));
    largest_within(all & mask, items, mask, number)
}

/// The same where `all` bits together are known.
#[inline(always)]
pub(crate) fn largest_within<T: Copy>(
    all: u32,
    items: &[T],
    mask: u32,
    number: impl Fn(T) -> f32,
) -> f32 {
    // They are no fewer than those of each.
    if all < 2f32.to_bits() {
        return f32::from_bits(all);
    }
    let most = |most: u32, item: &T| most.max(number(*item).to_bits() & mask);
    // Bits with a sign are above those of inf: NaN.
    f32::from_bits(items.iter().fold(0, most).min(SIZE))
}

/// All the bits of each of two numbers that an item has, together. Several items at a time: with
/// SIMD LLVM sees to that, but not every chip's loops are unrolled.
#[inline(always)]
pub(crate) fn combine<T: Copy>(items: &[T], bits: impl Fn(T) -> (u32, u32)) -> (u32, u32) {
    let add = |(a, b): (u32, u32), item: &T| {
        let (more_a, more_b) = bits(*item);
        (a | more_a, b | more_b)
    };
    if Native::LANES > 1 {
        return items.iter().fold((0, 0), add);
    }
    let (chunks, rest) = items.as_chunks::<16>();
    let all = chunks
        .iter()
        .fold((0, 0), |all, chunk| chunk.iter().fold(all, add));
    rest.iter().fold(all, add)
}

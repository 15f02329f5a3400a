//! The operators of `src/kernels/soft`, which calls two of them only on chips without a float unit.

#![allow(dead_code, reason = "other tests use the rest")]
#![allow(unreachable_pub, reason = "they are a part of the crate")]

#[path = "../../src/kernels/soft/ops.rs"]
mod ops;
#[path = "../../src/kernels/soft/parts.rs"]
mod parts;
#[path = "../../src/kernels/soft/rare.rs"]
mod rare;

pub(super) fn add_soon(a: f32, b: f32) -> f32 {
    ops::add_soon(a, b)
}

pub(super) const fn changes_nothing(acc: f32, a: f32, b: f32) -> bool {
    ops::changes_nothing(acc, a, b)
}

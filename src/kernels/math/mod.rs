//! Elementary functions on any [`Vector`], made of + - * / and bit operations only, so that every
//! vector and every target gives the same bits.
//!
//! The coefficients come from `cargo run --release --example minimax`. The stated errors are the
//! largest that were seen over all floats of the domain, in units in the last place of the exact
//! value.

mod bce;
mod exp;
mod log;
mod sigmoid;
mod tanh;

pub(crate) use bce::bce_from_shares;
pub use bce::{bce_with_logits, bce_with_logits_grad};
pub use exp::{exp, expm1};
pub use log::{ln, ln_1p};
pub use sigmoid::{sigmoid, softplus};
pub use tanh::tanh;

use crate::kernels::simd::Vector;

/// c\[0\] + x (c\[1\] + x (c\[2\] + ...)), product and sum rounded separately.
#[inline(always)]
fn polynomial<V: Vector, const N: usize>(x: V, c: [f32; N]) -> V {
    let mut terms = c.into_iter().rev().map(V::splat);
    let highest = terms.next().unwrap_or(V::ZERO);
    terms.fold(highest, |sum, c| sum * x + c)
}

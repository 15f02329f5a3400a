//! Elementary functions on any [`Lane`], from + - * / and bit operations alone, so that every lane
//! width and every target gives the same bits.
//!
//! The coefficients are made by `cargo run --release --example minimax`; the stated errors are the
//! largest seen over all floats of the domain, in units in the last place of the exact value.

mod bce;
mod exp;
mod log;
mod sigmoid;
mod tanh;

pub(crate) use bce::bce_from_shares;
pub use bce::{bce_with_logits, bce_with_logits_grad};
pub use exp::exp;
pub use log::{ln, ln_1p};
pub use sigmoid::{sigmoid, softplus};
pub use tanh::tanh;

use crate::lane::Lane;

/// c\[0\] + x (c\[1\] + x (c\[2\] + ...)), product and sum rounded separately.
#[inline(always)]
fn polynomial<V: Lane, const N: usize>(x: V, c: [f32; N]) -> V {
    let mut terms = c.into_iter().rev().map(V::splat);
    let highest = terms.next().unwrap_or(V::ZERO);
    terms.fold(highest, |sum, c| sum * x + c)
}

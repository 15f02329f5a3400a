//! Elementary functions on any [`Vector`](crate::simd::Vector), made of + - * / and bit operations
//! only, so that every vector and every target gives the same bits.
//!
//! The coefficients come from `cargo run --release --example minimax`. The stated errors are in
//! units in the last place of the exact value. Every float was tried, and no bound is more than 5 %
//! looser than the largest error seen: `tests/every_float` holds them to its record, of which
//! [the guide](crate::guide::numerics) has the table.

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

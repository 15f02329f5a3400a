//! Elementary functions on any [`Vector`](crate::simd::Vector), made of + - * / and bit operations
//! only, so that every vector and every target gives the same bits.
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

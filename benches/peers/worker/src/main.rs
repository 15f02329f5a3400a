//! Runs one peer, whose name is the argument, at the bidding of a line-based protocol: see
//! [`serve`].
//!
//! A process of its own for each peer, so that none finds the heap, the threads or the code of
//! another, and so that peers that were built with other flags, or are not Rust, are timed in turns
//! with stackprop all the same.

#[cfg(feature = "others")]
mod adam;
#[cfg(feature = "others")]
mod bce;
mod peer;
mod peers;
mod problem;
mod serve;

use anyhow::{Context, Result};

fn main() -> Result<()> {
    let name = std::env::args()
        .nth(1)
        .context("expected the name of a peer")?;
    serve::serve(&name)
}

//! What examples share.

#![allow(dead_code, reason = "each example uses its part")]

pub(crate) mod bar;
pub(crate) mod chart;
pub(crate) mod hash;
mod target;

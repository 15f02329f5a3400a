//! Part 2: what a network is, and what it does with one sample.
//!
//! Read in this order: [`params`], what weights, gradients and optimiser state have in common;
//! [`layers`] and [`heads`]; [`network`], which joins them; [`init`] and [`random`], where weights
//! start; [`check`], which holds a layer of your own against the slope of its forward pass.

pub mod architecture;
pub mod check;
pub mod heads;
pub mod init;
pub mod layers;
pub mod network;
pub mod params;
pub mod random;

pub(crate) mod classes;
mod display;
mod generic;
pub(crate) mod no_params;
pub(crate) mod norm;
mod stats;
mod tensor;

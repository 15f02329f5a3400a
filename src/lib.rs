#![no_std]
#![forbid(unsafe_code)]
#![cfg_attr(docsrs, feature(doc_cfg))]
#![doc = include_str!("../README.md")]

pub mod lane;

pub mod math;
mod matmul;

pub mod params;

pub mod heads;
pub mod layers;

pub mod network;

pub mod batch;
mod sweep;

pub mod optim;
pub mod train;

pub mod bce_loss;
pub mod notebook;
pub mod samples;

mod error;
mod macros;

pub use batch::Sums;
pub use error::{Error, NotFinite};
pub use heads::{Head, SigmoidBce};
pub use layers::{Chain, Frozen, Layer, Linear, NoBias, Relu, WithBias};
pub use network::{Gradients, Network, Trace};
pub use optim::{Adam, AdamW, Optimizer, RmsProp, Sgd};
pub use params::{Grad, Params};
pub use samples::Samples;
pub use train::{Guard, Trainer};

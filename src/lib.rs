#![no_std]
#![forbid(unsafe_code)]
#![cfg_attr(docsrs, feature(doc_cfg))]
#![doc = include_str!("../README.md")]

pub mod lane;

mod compact;
pub mod math;
mod matmul;

pub mod params;

pub mod heads;
pub mod layers;

pub mod network;

pub mod batch;
mod sweep;

pub mod init;
pub mod optim;
pub mod random;

pub mod best;
pub mod memory;
pub mod metrics;
pub mod samples;
pub mod stream;

pub mod guard;
pub mod online;
pub mod train;

pub mod slices;

pub mod bce_loss;
pub mod check;
pub mod notebook;

mod error;
mod macros;

pub use batch::Sums;
pub use best::Best;
pub use error::{Error, NotFinite};
pub use guard::Guard;
pub use heads::{Head, Mse, SigmoidBce, SoftmaxCe, Weighted, WeightedBce};
pub use init::Init;
pub use layers::{Chain, Frozen, Layer, LeakyRelu, Linear, NoBias, Relu, Sigmoid, Tanh, WithBias};
pub use metrics::Confusion;
pub use network::{Gradients, Network, Trace};
pub use online::{Online, Tested};
pub use optim::{Adam, AdamW, Optimizer, RmsProp, Sgd};
pub use params::{Grad, Params};
pub use random::Random;
pub use samples::Samples;
pub use slices::Slices;
pub use train::{OnlineOf, Trainer, TrainerOf};

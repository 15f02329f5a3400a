#![no_std]
#![forbid(unsafe_code)]
#![cfg_attr(docsrs, feature(doc_cfg))]
#![doc = include_str!("../README.md")]

mod kernels;
mod model;
mod storage;
mod stream;
mod training;

pub mod guide;
pub mod memory;
pub mod notebook;

mod error;
mod macros;

pub use error::{Error, NotFinite, Setting};

pub use kernels::zero::Zero;
pub use kernels::{bce_loss, math, simd};

pub use model::classes::{argmax, one_hot};
pub use model::heads::{
    Head, Huber, L1, Mse, SigmoidBce, SmoothL1, SoftmaxCe, Weighted, WeightedBce, WeightedCe,
};
pub use model::layers::{
    Chain, Elementwise, Elu, Frozen, HardTanh, Layer, LeakyRelu, Linear, NoBias, Relu, Sigmoid,
    Softplus, Standardize, Tanh, WithBias,
};
pub use model::network::{Gradients, Model, Network, Trace};
pub use model::params::{Grad, Params};
pub use model::random::Random;
pub use model::{architecture, check, heads, init, layers, network, params, random};

pub use training::dataset::Dataset;
pub use training::early_stopping::EarlyStopping;
pub use training::folds::KFold;
pub use training::guard::Guard;
pub use training::online::{Online, Prediction};
pub use training::optim::{Adagrad, Adam, AdamW, Groups, NAdam, Optimizer, RmsProp, Sgd};
pub use training::sliced::SlicedStep;
pub use training::sums::Sums;
pub use training::target::Target;
pub use training::trainable::Trainable;
pub use training::trainer::Trainer;
pub use training::{
    batch, dataset, early_stopping, folds, guard, online, optim, sliced, sums, trainer,
};

#[cfg(feature = "flash")]
pub use storage::flash;
pub use storage::record::Record;
pub use storage::{record, safetensors, weights};

pub use stream::losses::Losses;
pub use stream::mean::Mean;
pub use stream::metrics::{BinaryConfusionMatrix, ConfusionMatrix, Regression};
pub use stream::normalizer::Normalizer;
pub use stream::replay::Replay;
pub use stream::samples::Samples;
pub use stream::{losses, mean, metrics, normalizer, replay, samples};

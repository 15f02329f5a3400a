//! Part 3: learning. One machine, in this order:
//!
//! 1. [`trainer`]: [`Trainer`](crate::Trainer), which takes steps on batches. The file to read
//!    first.
//! 2. [`batch`], [`sums`], `blockwise`, `sweep` and `walk`: rows in, a loss and a gradient out, in
//!    one pass over the data. `whole`: short batches, with SIMD.
//!    `weighing`: what a sample counts in the mean, if not 1. `shares` and `flat`: blocks for
//!    several workers, and sums as numbers that travel.
//! 3. [`guard`] and `update`: what a step is refused for, and what it does to the parameters.
//! 4. [`optim`]: what a gradient does to one parameter.
//! 5. [`online`] and `sample`: [`Online`](crate::Online), one sample at a time, and no gradient in
//!    memory.
//! 6. [`sliced`]: a step in pieces of bounded time.
//! 7. [`dataset`], `target`, `gather`, `epoch`: labelled rows in any order, and steps on them.
//!    `evaluate`, [`folds`], [`early_stopping`]: how good the weights are, and the best so far.

pub mod batch;
pub mod dataset;
pub mod early_stopping;
pub mod folds;
pub mod guard;
pub mod online;
pub mod optim;
pub mod sliced;
pub mod sums;
pub mod trainer;

pub(crate) mod blockwise;
pub(crate) mod common;
pub(crate) mod epoch;
pub(crate) mod evaluate;
pub(crate) mod flat;
pub(crate) mod gather;
pub(crate) mod outputs;
pub(crate) mod sample;
pub(crate) mod shares;
pub(crate) mod side_by_side;
pub(crate) mod stack;
pub(crate) mod sweep;
pub(crate) mod target;
pub(crate) mod together;
pub(crate) mod trainable;
pub(crate) mod update;
pub(crate) mod walk;
pub(crate) mod weighing;
pub(crate) mod whole;

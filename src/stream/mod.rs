//! Part 4: aids for learning from a sensor, with memory of fixed size.
//!
//! In the order of use: [`normalizer`] scales a row, [`samples`] collects rows for a batch,
//! [`replay`] keeps a random sample of all rows so far, [`losses`], [`mean`] and [`metrics`] tell
//! how well the network does.

mod deviation;
mod fit;
mod stage;

pub mod losses;
pub mod mean;
pub mod metrics;
pub mod normalizer;
pub mod replay;
pub mod samples;

//! The parity tool as its users run it: a process that reads files and prints JSON, or refuses.

#![allow(
    clippy::cast_possible_truncation,
    reason = "numbers of f32 stand as f64 in the files"
)]
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test fails by panicking"
)]

mod agreement;
mod files;
mod forms;
#[path = "../common/golden.rs"]
#[allow(dead_code, unreachable_pub, reason = "shared with other tests")]
mod golden;
mod refusals;
mod saving;
mod tool;
mod training;

//! Files of the format safetensors: read into networks, at compile time and at run time.

#![expect(clippy::unwrap_used, reason = "a test may panic")]

mod build;
mod constants;
mod format;
mod hostile;
mod load;
mod names;

//! What the notebook computes, and its bits. The firmware has this module, too.

pub(crate) mod bits;
pub(crate) mod cases;

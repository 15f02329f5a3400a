//! Builds the firmware for a chip and runs it in QEMU. The bench of costs and the tests of the
//! fleet have this module, too.

pub(crate) mod chips;
pub(crate) mod firmware;
pub(crate) mod qemu;
pub(crate) mod tools;
pub(crate) mod trials;

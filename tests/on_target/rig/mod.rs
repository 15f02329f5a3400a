//! Builds the firmware for a chip and runs it in QEMU. The bench of costs has this module, too.

pub(crate) mod chips;
pub(crate) mod firmware;
pub(crate) mod qemu;
pub(crate) mod tools;

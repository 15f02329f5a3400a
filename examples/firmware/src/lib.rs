//! What the images that log have in common: defmt over semihosting, and ends that QEMU reports as its
//! exit code.

#![no_std]

pub mod stack;

// Linked for what it provides: the critical section that the logger takes.
use cortex_m as _;
use cortex_m_rt::{ExceptionFrame, exception};
use defmt_semihosting as _;
use semihosting::process;

/// Ends the emulation with this exit code.
pub fn exit(code: i32) -> ! {
    process::exit(code)
}

/// The exit code after a panic, as of a Rust program on the host.
const PANICKED: i32 = 101;

/// The exit code after a fault.
const FAULTED: i32 = 102;

#[panic_handler]
fn panic(info: &core::panic::PanicInfo) -> ! {
    defmt::error!("{}", defmt::Display2Format(info));
    exit(PANICKED)
}

/// Ends the run; by default a fault loops for ever.
// SAFETY: cortex-m-rt demands `unsafe` because a fault may come while something else is half done. This
// handler logs and never returns. Had the logger been interrupted, it would panic, which ends the run too.
#[exception]
unsafe fn HardFault(frame: &ExceptionFrame) -> ! {
    defmt::error!("hard fault at pc {=u32:#010x}", frame.pc());
    exit(FAULTED)
}

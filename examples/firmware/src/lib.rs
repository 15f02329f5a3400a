//! What the images that log have in common: defmt over semihosting, and ends that QEMU reports as
//! its exit code.

#![no_std]

pub mod count;
pub mod file;
pub mod flash;
pub mod stack;

/// Marks the function that the chip starts with.
#[cfg(target_arch = "arm")]
pub use cortex_m_rt::entry;
/// Marks the function that the chip starts with.
#[cfg(target_arch = "riscv32")]
pub use riscv_rt::entry;

// Linked for what they provide: the critical section that the logger takes, and the logger.
#[cfg(target_arch = "arm")]
use cortex_m as _;
use defmt_semihosting as _;
#[cfg(target_arch = "riscv32")]
use riscv as _;
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
// SAFETY: cortex-m-rt demands `unsafe` because a fault may come while something else is half done.
// This handler logs and never returns. Had the logger been interrupted, it would panic, which ends
// the run too.
#[cfg(target_arch = "arm")]
#[cortex_m_rt::exception]
unsafe fn HardFault(frame: &cortex_m_rt::ExceptionFrame) -> ! {
    defmt::error!("hard fault at pc {=u32:#010x}", frame.pc());
    exit(FAULTED)
}

/// Ends the run; by default a fault loops for ever.
#[cfg(target_arch = "riscv32")]
#[unsafe(export_name = "ExceptionHandler")]
fn exception_handler(frame: &riscv_rt::TrapFrame) -> ! {
    defmt::error!("exception, return address {=usize:#010x}", frame.ra);
    exit(FAULTED)
}

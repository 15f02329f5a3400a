//! The start of an image, and the panic handler that does not link.

use core::panic::PanicInfo;

/// Marks the function that the chip starts with.
#[cfg(target_arch = "arm")]
pub(crate) use cortex_m_rt::entry;
/// Marks the function that the chip starts with.
#[cfg(target_arch = "riscv32")]
pub(crate) use riscv_rt::entry;

// Linked for the critical section.
#[cfg(target_arch = "arm")]
use cortex_m as _;
#[cfg(target_arch = "riscv32")]
use riscv as _;

#[panic_handler]
fn panic(_: &PanicInfo) -> ! {
    // SAFETY: a declaration of what no library defines. An image that could call it does not exist.
    unsafe extern "C" {
        #[link_name = "\n\nERROR: a panic path is linked into this image \
            (or it is no release build)\n\n"]
        safe fn panic_path_is_linked() -> !;
    }
    panic_path_is_linked()
}

//! The panic handler that does not link.

use core::panic::PanicInfo;

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

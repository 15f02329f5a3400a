//! The chips that the firmware runs on.

/// A chip, as rustc and QEMU know it.
pub(crate) struct Chip {
    /// Its name in the trials.
    pub(crate) name: &'static str,
    /// rustc's target.
    pub(crate) triple: &'static str,
    /// rustc's options for this very chip.
    pub(crate) rustflags: &'static str,
    /// The emulator.
    pub(crate) qemu: &'static str,
    /// The machine it emulates.
    pub(crate) machine: &'static str,
    /// KiB of flash that the linker gives an image.
    pub(crate) flash: u32,
    /// KiB of RAM.
    pub(crate) ram: u32,
}

/// All of them.
pub(crate) const CHIPS: [Chip; 1] = [Chip {
    name: "m4f",
    triple: "thumbv7em-none-eabihf",
    rustflags: "-Ctarget-cpu=cortex-m4",
    qemu: "qemu-system-arm",
    machine: "mps2-an386",
    flash: 512,
    ram: 256,
}];

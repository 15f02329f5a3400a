//! The images that run, and the memory that they need.

use crate::chips::Chip;

/// An image whose exit code is the verdict.
pub(crate) struct Program {
    /// The trial's name.
    pub(crate) trial: &'static str,
    /// The image's.
    pub(crate) bin: &'static str,
    /// KiB of flash that it fits into.
    flash: u32,
    /// KiB of RAM that it runs in.
    ram: u32,
}

/// All of them. RAM is the least of 8, 16, 32, 48, 64, 96 and 128 KiB in `examples/firmware/memory.x` with which it ends; flash
/// is what `size` shows, with some room.
pub(crate) const PROGRAMS: [Program; 3] = [
    Program {
        trial: "notebook_bits",
        bin: "notebook",
        flash: 48,
        ram: 8,
    },
    // 96 KiB of its flash are the windows.
    Program {
        trial: "activity",
        bin: "activity",
        flash: 192,
        ram: 48,
    },
    // 100 KiB of its flash are the rows; most of its RAM is the scores, kept for the area under the curve.
    Program {
        trial: "shuttle",
        bin: "shuttle",
        flash: 192,
        ram: 96,
    },
];

impl Program {
    /// Whether the chip has the memory.
    pub(crate) fn fits(&self, chip: &Chip) -> bool {
        self.flash <= chip.flash && self.ram <= chip.ram
    }
}

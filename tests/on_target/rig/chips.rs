//! The chips that the firmware runs on.

/// A chip, as rustc and QEMU know it.
pub(crate) struct Chip {
    /// Its name in the trials.
    pub(crate) name: &'static str,
    /// rustc's target.
    pub(crate) triple: &'static str,
    /// rustc's options for this very chip.
    pub(crate) rustflags: &'static str,
    /// The memory map, a file of `examples/firmware/boards`.
    pub(crate) board: &'static str,
    /// The emulator, and Debian's package of it.
    pub(crate) qemu: (&'static str, &'static str),
    /// Options for the machine that it emulates.
    pub(crate) machine: &'static [&'static str],
    /// The trials beside `digests` and `float_unit`, which every chip has.
    pub(crate) trials: &'static [&'static str],
}

impl Chip {
    /// Whether it computes with floats by itself.
    pub(crate) fn has_fpu(&self) -> bool {
        self.triple.ends_with("hf") || self.triple.contains("imafc")
    }
}

const ARM: (&str, &str) = ("qemu-system-arm", "qemu-system-arm");
const RISCV: (&str, &str) = ("qemu-system-riscv32", "qemu-system-misc");

/// What is linked for every chip.
const LINK_TRIALS: &[&str] = &["no_panic_links"];

/// And at opt-level s, with 100,000 steps.
const SMALL_TRIALS: &[&str] = &["no_panic_links", "no_panic_links_small", "soak"];

/// And on a Cortex-M without a float unit.
const SOFT_TRIALS: &[&str] = &["no_panic_links", "no_panic_links_small", "paper", "soak"];

/// What runs on one chip: the programs that learn, the log, and what is measured.
const FULL_TRIALS: &[&str] = &[
    "no_panic_links",
    "no_panic_links_small",
    "panic_is_caught_at_link",
    "notebook_bits",
    "activity",
    "shuttle",
    "paper",
    "soak",
    "device",
    "static_trainers",
    "stack_bound",
    "no_bound_for_these",
];

/// All of them. With soft floats: m0, microbit, m3, rv32imac.
pub(crate) const CHIPS: [Chip; 9] = [
    Chip {
        name: "m0",
        triple: "thumbv6m-none-eabi",
        rustflags: "",
        board: "mps2",
        qemu: ARM,
        machine: &["mps2-an385"],
        trials: SOFT_TRIALS,
    },
    Chip {
        name: "microbit",
        triple: "thumbv6m-none-eabi",
        rustflags: "",
        board: "microbit",
        qemu: ARM,
        machine: &["microbit"],
        trials: &[],
    },
    Chip {
        name: "m3",
        triple: "thumbv7m-none-eabi",
        rustflags: "",
        board: "mps2",
        qemu: ARM,
        machine: &["mps2-an385"],
        trials: SOFT_TRIALS,
    },
    Chip {
        name: "m4f",
        triple: "thumbv7em-none-eabihf",
        rustflags: "-Ctarget-cpu=cortex-m4",
        board: "mps2",
        qemu: ARM,
        machine: &["mps2-an386"],
        trials: FULL_TRIALS,
    },
    Chip {
        name: "m7",
        triple: "thumbv7em-none-eabihf",
        rustflags: "-Ctarget-cpu=cortex-m7",
        board: "mps2",
        qemu: ARM,
        machine: &["mps2-an500"],
        trials: LINK_TRIALS,
    },
    Chip {
        name: "m33",
        triple: "thumbv8m.main-none-eabihf",
        rustflags: "-Ctarget-cpu=cortex-m33",
        board: "an505",
        qemu: ARM,
        machine: &["mps2-an505"],
        trials: LINK_TRIALS,
    },
    // By features, for with target-cpu=cortex-m55 LLVM 22 fails on `core` without link-time
    // optimisation.
    Chip {
        name: "m55",
        triple: "thumbv8m.main-none-eabihf",
        rustflags: "-Ctarget-feature=+v8.1m.main,+mve.fp,+lob",
        board: "mps2",
        qemu: ARM,
        machine: &["mps3-an547"],
        trials: LINK_TRIALS,
    },
    Chip {
        name: "rv32imac",
        triple: "riscv32imac-unknown-none-elf",
        rustflags: "",
        board: "virt",
        qemu: RISCV,
        machine: &["virt", "-bios", "none"],
        trials: SMALL_TRIALS,
    },
    Chip {
        name: "rv32imafc",
        triple: "riscv32imafc-unknown-none-elf",
        rustflags: "",
        board: "virt",
        qemu: RISCV,
        machine: &["virt", "-bios", "none"],
        trials: LINK_TRIALS,
    },
];

//! What the images `no_panic*` do not call.

/// The reason of what a store does with its flash.
const FLASH: &str = "`sequential-storage` has checks that panic, as a future does that is polled \
                     after its end: see `flash`, \"What it cannot do\"";

/// Type, trait or module; function; why it is not linked. `*` stands for any.
pub(crate) const EXEMPT: &[(&str, &str, &str)] = &[
    (
        "*",
        "fmt",
        "text: `core::fmt` has panic paths; a device logs with defmt",
    ),
    (
        "*",
        "format",
        "only defmt's macros can call it; its loggers panic when they are re-entered",
    ),
    ("*", "clone", "a copy of numbers"),
    ("*", "eq", "a comparison of numbers"),
    (
        "*",
        "serialize",
        "of the feature `serde`, which the firmware does not have",
    ),
    (
        "*",
        "deserialize",
        "of the feature `serde`, which the firmware does not have",
    ),
    (
        "Soft",
        "*",
        "has no public name; networks compute with it in the images for chips without an FPU",
    ),
    (
        "memory",
        "assert_within",
        "panics where it is to: an assertion for constants",
    ),
    ("Store", "erase", FLASH),
    ("Store", "erase_blocking", FLASH),
    ("Store", "load", FLASH),
    ("Store", "load_blocking", FLASH),
    ("Store", "save", FLASH),
    ("Store", "save_blocking", FLASH),
];

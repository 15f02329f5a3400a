//! The folder for the drawings of the examples.

use std::path::PathBuf;

/// The folder where cargo builds, which git ignores.
pub(crate) fn target_folder() -> PathBuf {
    let from_cargo = std::env::var_os("CARGO_TARGET_DIR").filter(|folder| !folder.is_empty());
    from_cargo.map_or_else(
        || PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("target"),
        PathBuf::from,
    )
}

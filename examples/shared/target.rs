//! Where examples put what they draw.

use std::path::PathBuf;

/// Where cargo builds, which is ignored by git.
pub(crate) fn target_folder() -> PathBuf {
    let from_cargo = std::env::var_os("CARGO_TARGET_DIR").filter(|folder| !folder.is_empty());
    from_cargo.map_or_else(
        || PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("target"),
        PathBuf::from,
    )
}

//! What the linker needs to know. Here and not in a cargo configuration file, so that the images build the
//! same from every folder and under every configuration.

use std::env;

fn main() {
    let folder = env::var("CARGO_MANIFEST_DIR").unwrap_or_default();
    // Where cortex-m-rt's link.x finds memory.x.
    println!("cargo::rustc-link-search={folder}");
    println!("cargo::rerun-if-changed=memory.x");
    println!("cargo::rustc-link-arg-bins=-Tlink.x");
    // Sections are not aligned to pages: there is no loader that maps them.
    println!("cargo::rustc-link-arg-bins=--nmagic");
    println!("cargo::rustc-link-arg-bins=-Tdefmt.x");

    // Without DEFMT_LOG defmt compiles only `error!`.
    println!("cargo::rerun-if-env-changed=DEFMT_LOG");
    let level = env::var("DEFMT_LOG").unwrap_or_else(|_| "info".into());
    println!("cargo::rustc-env=DEFMT_LOG={level}");
}

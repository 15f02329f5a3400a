//! What the linker needs to know: the memory of the chip, and where cortex-m-rt and defmt are.

use std::path::Path;
use std::{env, fs, io};

fn main() -> io::Result<()> {
    let get = |name| env::var(name).unwrap_or_default();
    let chip = if env::var_os("CARGO_FEATURE_RP2350").is_some() {
        "rp2350"
    } else {
        "nrf52840"
    };
    let map = format!("{}/memory/{chip}.x", get("CARGO_MANIFEST_DIR"));
    println!("cargo::rerun-if-changed={map}");
    fs::copy(&map, Path::new(&get("OUT_DIR")).join("memory.x"))?;
    println!("cargo::rustc-link-search={}", get("OUT_DIR"));
    for argument in ["--nmagic", "-Tlink.x", "-Tdefmt.x"] {
        println!("cargo::rustc-link-arg-bins={argument}");
    }
    Ok(())
}

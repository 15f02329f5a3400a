//! Finds out whether the target has Helium's float vectors: stable Rust has no `target_feature` for
//! them. Sets `cfg(helium)`, and `cfg(small)` at opt-level s and z, where LLVM makes few vectors.

use std::env;

/// Processors with these vectors. An implementer may leave them out, which `-mve.fp` says.
const PROCESSORS: [&str; 3] = ["cortex-m52", "cortex-m55", "cortex-m85"];

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rustc-check-cfg=cfg(helium, small)");
    if env::var("OPT_LEVEL").is_ok_and(|level| level == "s" || level == "z") {
        println!("cargo::rustc-cfg=small");
    }
    let flags = env::var("CARGO_ENCODED_RUSTFLAGS").unwrap_or_default();
    let words = || flags.split(['\u{1f}', ',', '=', ' ']);
    let has = words().any(|word| word == "+mve.fp" || PROCESSORS.contains(&word));
    let lacks = words().any(|word| word == "-mve.fp" || word == "-mve");
    if env::var("CARGO_CFG_TARGET_ARCH").is_ok_and(|arch| arch == "arm") && has && !lacks {
        println!("cargo::rustc-cfg=helium");
    }
}

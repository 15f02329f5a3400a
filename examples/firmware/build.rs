//! What the linker needs to know. Here and not in a cargo configuration file, so that the images
//! build the same from every folder and under every configuration.

use std::path::Path;
use std::{env, fs, io};

/// The boards, each with its `boards/*.x`.
const BOARDS: [&str; 4] = ["an505", "microbit", "mps2", "virt"];

fn main() -> io::Result<()> {
    let get = |name| env::var(name).unwrap_or_default();
    let riscv = get("CARGO_CFG_TARGET_ARCH") == "riscv32";

    // Which board: STACKPROP_BOARD, else the one with the most chips.
    println!("cargo::rerun-if-env-changed=STACKPROP_BOARD");
    let default = if riscv { "virt" } else { "mps2" };
    let board = env::var("STACKPROP_BOARD").unwrap_or_else(|_| default.into());
    println!(
        "cargo::rustc-check-cfg=cfg(board, values(\"{}\"))",
        BOARDS.join("\", \"")
    );
    println!("cargo::rustc-cfg=board=\"{board}\"");

    // Which operation the image `cost` measures.
    println!("cargo::rerun-if-env-changed=STACKPROP_COST");
    let cost = env::var("STACKPROP_COST").unwrap_or_else(|_| "linear.empty".into());
    let (net, operation) = cost.split_once('.').unwrap_or(("linear", "empty"));
    println!("cargo::rustc-check-cfg=cfg(cost_net, values(any()))");
    println!("cargo::rustc-check-cfg=cfg(cost_op, values(any()))");
    println!("cargo::rustc-cfg=cost_net=\"{net}\"");
    println!("cargo::rustc-cfg=cost_op=\"{operation}\"");

    // Where link.x of cortex-m-rt finds memory.x; that of riscv-rt has to be told.
    let map = format!("{}/boards/{board}.x", get("CARGO_MANIFEST_DIR"));
    println!("cargo::rerun-if-changed={map}");
    fs::copy(&map, Path::new(&get("OUT_DIR")).join("memory.x"))?;
    println!("cargo::rustc-link-search={}", get("OUT_DIR"));
    if riscv {
        println!("cargo::rustc-link-arg-bins=-Tmemory.x");
    }
    println!("cargo::rustc-link-arg-bins=-Tlink.x");
    // Sections are not aligned to pages: there is no loader that maps them.
    println!("cargo::rustc-link-arg-bins=--nmagic");
    println!("cargo::rustc-link-arg-bins=-Tdefmt.x");

    // Without DEFMT_LOG defmt compiles only `error!`.
    println!("cargo::rerun-if-env-changed=DEFMT_LOG");
    let level = env::var("DEFMT_LOG").unwrap_or_else(|_| "info".into());
    println!("cargo::rustc-env=DEFMT_LOG={level}");
    Ok(())
}

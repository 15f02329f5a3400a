//! Prints the public interface of stackprop, an item a line. `tests/public_api.txt` holds it, and
//! CI compares the two. When the interface changes on purpose:
//!
//! ```text
//! cargo run --manifest-path tests/public_api/Cargo.toml > tests/public_api.txt
//! ```
//! It reads the JSON that rustdoc 1.95 writes; another version may write another format.

use std::collections::HashSet;
use std::error::Error;
use std::path::Path;
use std::process::Command;

fn main() -> Result<(), Box<dyn Error>> {
    let program = std::env::current_exe()?;
    // target/debug/<program>
    let target = program.ancestors().nth(2).ok_or("no target folder")?;
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let mut cargo = Command::new(env!("CARGO"));
    cargo.args(["rustdoc", "--quiet", "--lib", "--all-features"]);
    cargo.arg("--target-dir").arg(target);
    cargo.args(["--", "-Zunstable-options", "--output-format=json"]);
    // A stable rustdoc writes JSON only when told that it may use unstable features.
    cargo.env("RUSTC_BOOTSTRAP", "1").current_dir(root);
    // The instructions that a caller builds for would change `simd::Native`.
    cargo.env_remove("RUSTFLAGS").env_remove("RUSTDOCFLAGS");
    if !cargo.status()?.success() {
        return Err("cargo rustdoc fails".into());
    }
    let interface = public_api::Builder::from_rustdoc_json(target.join("doc/stackprop.json"))
        .omit_blanket_impls(true)
        .omit_auto_trait_impls(true)
        .build()?;
    // An implementation stands beside its type and beside its trait.
    let mut printed = HashSet::new();
    for item in interface.items().map(ToString::to_string) {
        if printed.insert(item.clone()) {
            println!("{item}");
        }
    }
    Ok(())
}

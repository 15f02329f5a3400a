//! Builds the images of `examples/firmware` and shows what they log.

use super::chips::Chip;
use super::tools::Toolchain;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// What a caller may have set for its own builds, and would break this one. (The system's
/// `RUSTFLAGS` would also replace those of the chip.)
const INHERITED: [&str; 8] = [
    "CARGO_BUILD_RUSTFLAGS",
    "CARGO_BUILD_TARGET",
    "CARGO_ENCODED_RUSTFLAGS",
    "CARGO_TARGET_DIR",
    "RUSTC_BOOTSTRAP",
    "RUSTC_WORKSPACE_WRAPPER",
    "RUSTC_WRAPPER",
    "RUSTFLAGS",
];

/// The image that `selection`, cargo's options, asks for (the name of the image is the second
/// word). Everything that cargo said, if it fails.
pub(crate) fn build(
    chip: &Chip,
    toolchain: &Toolchain,
    selection: &[&str],
) -> Result<PathBuf, String> {
    build_with(chip, toolchain, selection, chip.name, chip.rustflags, &[])
}

/// The same with these variables in the environment, in a folder `<chip>-<folder>`.
pub(crate) fn build_in(
    chip: &Chip,
    toolchain: &Toolchain,
    selection: &[&str],
    folder: &str,
    environment: &[(&str, &str)],
) -> Result<PathBuf, String> {
    let folder = format!("{}-{folder}", chip.name);
    build_with(
        chip,
        toolchain,
        selection,
        &folder,
        chip.rustflags,
        environment,
    )
}

/// The image at this opt-level with the sizes of all stack frames in it, which only unstable
/// compilers write: so the compiler is told that it is one. In a folder of its own, for all is
/// compiled with other options than for the other images.
pub(crate) fn build_with_frames(
    chip: &Chip,
    toolchain: &Toolchain,
    selection: &[&str],
    level: &str,
) -> Result<PathBuf, String> {
    let rustflags = format!("{} -Zemit-stack-sizes", chip.rustflags);
    let folder = format!("{}-frames-{level}", chip.name);
    let profile = [("CARGO_PROFILE_RELEASE_OPT_LEVEL", level)];
    build_with(chip, toolchain, selection, &folder, &rustflags, &profile)
}

fn build_with(
    chip: &Chip,
    toolchain: &Toolchain,
    selection: &[&str],
    folder: &str,
    rustflags: &str,
    environment: &[(&str, &str)],
) -> Result<PathBuf, String> {
    let folder = target_folder(folder);
    let mut cargo = cargo(chip, toolchain, &folder, rustflags);
    let output = cargo
        .args(selection)
        .envs(environment.iter().copied())
        .output()
        .map_err(|e| format!("cargo: {e}"))?;
    if !output.status.success() {
        return Err(String::from_utf8_lossy(&output.stderr).into_owned());
    }
    let image = selection.get(1).copied().unwrap_or_default();
    Ok(folder.join(chip.triple).join("release").join(image))
}

/// `cargo build --release` for the chip.
fn cargo(chip: &Chip, toolchain: &Toolchain, folder: &Path, rustflags: &str) -> Command {
    let triple = chip.triple.to_uppercase().replace(['-', '.'], "_");
    let mut cargo = clean_cargo("build", "Cargo.toml", folder);
    cargo
        .args(["--release", "--target", chip.triple])
        .env("RUSTC", &toolchain.rustc)
        .env("STACKPROP_BOARD", chip.board)
        .env(format!("CARGO_TARGET_{triple}_RUSTFLAGS"), rustflags)
        .stdin(Stdio::null());
    if rustflags.contains("-Z") {
        cargo.env("RUSTC_BOOTSTRAP", "1");
    }
    if let Some(linker) = &toolchain.from_source {
        // A stable compiler builds its own library only when told that it may use unstable
        // features.
        cargo
            .arg("-Zbuild-std=core")
            .env("RUSTC_BOOTSTRAP", "1")
            .env(format!("CARGO_TARGET_{triple}_LINKER"), linker);
    }
    cargo
}

/// A command of cargo on a package of `examples/firmware`, free of the caller's settings.
fn clean_cargo(command: &str, manifest: &str, target_folder: &Path) -> Command {
    let mut cargo = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    for name in INHERITED {
        cargo.env_remove(name);
    }
    let firmware = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/firmware");
    cargo.arg(command);
    cargo.arg("--manifest-path").arg(firmware.join(manifest));
    cargo.arg("--target-dir").arg(target_folder);
    cargo
}

/// A folder of its own within the caller's target folder, so that neither waits for the other's
/// lock.
fn target_folder(name: &str) -> PathBuf {
    let scratch = Path::new(env!("CARGO_TARGET_TMPDIR"));
    scratch.with_file_name("firmware").join(name)
}

/// The lines that an image logged. Runs the decoder as a program, which is only built when there is
/// something to show: with its dependencies it takes a minute.
pub(crate) fn decode(image: &Path, stream: &[u8]) -> io::Result<String> {
    let mut cargo = clean_cargo("run", "decode/Cargo.toml", &target_folder("decode"));
    cargo.args(["--quiet", "--"]).arg(image);
    let mut child = cargo.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn()?;
    if let Some(mut stdin) = child.stdin.take() {
        stdin.write_all(stream)?;
    }
    let output = child.wait_with_output()?;
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}

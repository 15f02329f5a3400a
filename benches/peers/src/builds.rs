//! The worker, compiled for this processor, for every one with AVX2, and for any.

use anyhow::{Context, Result, ensure};
use std::env;
use std::path::{Path, PathBuf};
use std::process::Command;

/// What the whole worker is compiled for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Build {
    /// `-C target-cpu=native`.
    Native,
    /// `-C target-cpu=x86-64-v3`. Of stackprop alone.
    V3,
    /// No flags.
    Plain,
}

impl Build {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Native => "native",
            Self::V3 => "x86-64-v3",
            Self::Plain => "plain",
        }
    }

    fn flags(self) -> &'static str {
        match self {
            Self::Native => "-Ctarget-cpu=native",
            Self::V3 => "-Ctarget-cpu=x86-64-v3",
            Self::Plain => "",
        }
    }

    /// Whether the other libraries are compiled too.
    pub(crate) fn has_others(self) -> bool {
        self != Self::V3
    }

    /// Compiles the worker and gives the path of the program.
    pub(crate) fn worker(self) -> Result<PathBuf> {
        let folder = target().join(self.name());
        let status = Command::new(env::var_os("CARGO").unwrap_or("cargo".into()))
            .args(["build", "--release", "--package", "worker"])
            .args((!self.has_others()).then_some("--no-default-features"))
            .arg("--manifest-path")
            .arg(folder_of_package().join("Cargo.toml"))
            .arg("--target-dir")
            .arg(&folder)
            .env("RUSTFLAGS", self.flags())
            .env_remove("CARGO_ENCODED_RUSTFLAGS")
            .status()
            .context("cargo did not start")?;
        ensure!(
            status.success(),
            "the {} worker did not compile",
            self.name()
        );
        Ok(folder.join("release/worker"))
    }
}

/// Where this package is.
pub(crate) fn folder_of_package() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn target() -> PathBuf {
    env::var_os("CARGO_TARGET_DIR")
        .map_or_else(|| folder_of_package().join("target"), PathBuf::from)
}

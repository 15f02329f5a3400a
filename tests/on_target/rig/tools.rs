//! The compiler, core library and linker for a target, wherever they can be found.

use core::fmt::{Display, Formatter};
use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// What builds for a target.
#[derive(Clone, Debug)]
pub(crate) struct Toolchain {
    /// The compiler.
    pub(crate) rustc: PathBuf,
    /// The linker, if `core` has to be built from its sources because no built one is installed.
    pub(crate) from_source: Option<PathBuf>,
}

/// A tool that is not there.
#[derive(Clone, Debug)]
pub(crate) struct Missing {
    /// Its name.
    pub(crate) what: String,
    /// The command that installs it.
    pub(crate) install: String,
}

impl Display for Missing {
    fn fmt(&self, f: &mut Formatter<'_>) -> core::fmt::Result {
        write!(f, "no {}; get it with: {}", self.what, self.install)
    }
}

/// Two tools, or what is missing of them.
pub(crate) fn both<A, B>(a: Result<A, Missing>, b: Result<B, Missing>) -> Result<(A, B), Missing> {
    match (a, b) {
        (Ok(a), Ok(b)) => Ok((a, b)),
        (Err(a), Err(b)) => Err(Missing {
            what: format!("{} and no {}", a.what, b.what),
            install: format!("{} && {}", a.install, b.install),
        }),
        (Err(missing), _) | (_, Err(missing)) => Err(missing),
    }
}

impl Toolchain {
    /// The first that there is: the current compiler with the target's `core` installed, by rustup
    /// for example; else the current or the system's compiler with the library's sources.
    pub(crate) fn find(triple: &str) -> Result<Self, Missing> {
        let current = std::env::var_os("RUSTC").map_or_else(|| "rustc".into(), PathBuf::from);
        let installed = ["--print", "target-libdir", "--target", triple];
        if output(&current, &installed).is_some_and(|folder| Path::new(&folder).is_dir()) {
            return Ok(Self {
                rustc: current,
                from_source: None,
            });
        }
        let linker = linker(&current);
        let with_sources = [current, "/usr/bin/rustc".into()]
            .into_iter()
            .find(|rustc| is_new_enough(rustc) && has_sources(rustc));
        match (with_sources, linker) {
            (Some(rustc), Some(linker)) => Ok(Self {
                rustc,
                from_source: Some(linker),
            }),
            _ => Err(Missing {
                what: format!("core library for {triple}"),
                install: format!("rustup target add {triple}"),
            }),
        }
    }
}

impl Toolchain {
    /// The same, but `core` is built with the image: one that is installed says nothing of its
    /// stack frames.
    pub(crate) fn building_core(self) -> Result<Self, Missing> {
        let missing = |what: &str, install: &str| Missing {
            what: what.to_owned(),
            install: install.to_owned(),
        };
        if self.from_source.is_none() && !has_sources(&self.rustc) {
            return Err(missing("sources of core", "rustup component add rust-src"));
        }
        let linker = self.from_source.or_else(|| linker(&self.rustc));
        let linker = linker.ok_or_else(|| missing("ld.lld", "apt-get install lld"))?;
        Ok(Self {
            rustc: self.rustc,
            from_source: Some(linker),
        })
    }
}

/// Whether the compiler came with the sources of `core`.
fn has_sources(rustc: &Path) -> bool {
    let sources = "lib/rustlib/src/rust/library/core";
    sysroot(rustc).is_some_and(|root| root.join(sources).is_dir())
}

/// LLVM's linker: the system's, or the one inside the compiler's toolchain.
fn linker(rustc: &Path) -> Option<PathBuf> {
    if runs("ld.lld") {
        return Some("ld.lld".into());
    }
    let version = output(rustc, &["-vV"])?;
    let host = version
        .lines()
        .find_map(|line| line.strip_prefix("host: "))?;
    let bundled = format!("lib/rustlib/{host}/bin/rust-lld");
    let bundled = sysroot(rustc)?.join(bundled);
    bundled.is_file().then_some(bundled)
}

/// Whether the compiler has the version that the crate needs.
fn is_new_enough(rustc: &Path) -> bool {
    let parse = |version: &str| -> Option<[u32; 2]> {
        let mut parts = version.split('.').map_while(|part| part.parse().ok());
        Some([parts.next()?, parts.next()?])
    };
    let line = output(rustc, &["--version"]).unwrap_or_default();
    let version = line.split(' ').nth(1).and_then(parse);
    version >= parse(env!("CARGO_PKG_RUST_VERSION"))
}

/// Where the compiler's libraries are.
fn sysroot(rustc: &Path) -> Option<PathBuf> {
    output(rustc, &["--print", "sysroot"]).map(PathBuf::from)
}

/// Whether this program is there.
pub(crate) fn runs(program: impl AsRef<OsStr>) -> bool {
    output(program, &["--version"]).is_some()
}

/// What a program prints, if it can be started and succeeds.
fn output(program: impl AsRef<OsStr>, arguments: &[&str]) -> Option<String> {
    let output = Command::new(program)
        .args(arguments)
        .stdin(Stdio::null())
        .output()
        .ok()?;
    let text = String::from_utf8(output.stdout).ok()?;
    output.status.success().then(|| text.trim_end().to_owned())
}

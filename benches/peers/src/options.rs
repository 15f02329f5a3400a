//! The command line.

use crate::builds::Build;
use crate::machine;
use crate::nets::NETS;
use crate::peers::{OURS, PYTHON, RUST};
use anyhow::{Result, bail, ensure};
use lexopt::{Arg, Parser, ValueExt};

pub(crate) const USAGE: &str = "\
Times stackprop beside other libraries and prints a Markdown table.

cargo run --release --manifest-path benches/peers/Cargo.toml -- [OPTIONS]

  --nets NAMES      linear, book, mlp16 (default: all)
  --batches ROWS    only these of 1, 64, 4096 and 1000000, for mlp16 65536
  --peers NAMES     only these, for instance nalgebra,faer,PyTorch
  --build BUILD     all (default), native, v3 or plain. Of all, stackprop is compared in the builds
                    for this processor (native) and for x86-64-v3, if it runs here; another library
                    has the faster of native and plain
  --python          the peers in Python too, with the python3 on the PATH
  --record MACHINE  writes results.md too, with this description of the machine; needs all builds";

/// What is asked for.
pub(crate) struct Options {
    nets: Vec<String>,
    batches: Vec<usize>,
    peers: Vec<String>,
    pub(crate) builds: Vec<Build>,
    pub(crate) python: bool,
    /// The machine, if the table is to be written to a file.
    pub(crate) record: Option<String>,
}

impl Options {
    /// `None` if only help was asked for.
    pub(crate) fn parse() -> Result<Option<Self>> {
        let mut parser = Parser::from_env();
        let mut options = Self {
            nets: Vec::new(),
            batches: Vec::new(),
            peers: Vec::new(),
            builds: all_builds(),
            python: false,
            record: None,
        };
        while let Some(argument) = parser.next()? {
            match argument {
                Arg::Long("nets") => options.nets = list(&mut parser)?,
                Arg::Long("batches") => {
                    let batches = list(&mut parser)?;
                    let rows = batches.iter().map(|rows| rows.parse());
                    options.batches = rows.collect::<Result<_, _>>()?;
                }
                Arg::Long("peers") => options.peers = list(&mut parser)?,
                Arg::Long("build") => options.builds = builds(&parser.value()?.string()?)?,
                Arg::Long("python") => options.python = true,
                Arg::Long("record") => options.record = Some(parser.value()?.string()?),
                Arg::Long("help") | Arg::Short('h') => return Ok(None),
                _ => return Err(argument.unexpected().into()),
            }
        }
        options.check()?;
        Ok(Some(options))
    }

    /// Refuses what would be left out without a word.
    fn check(&self) -> Result<()> {
        for name in &self.nets {
            let known = NETS.iter().any(|net| net.name == name);
            ensure!(known, "no net is called {name}");
        }
        for rows in &self.batches {
            let known = NETS.iter().any(|net| net.batches.contains(rows));
            ensure!(known, "no net has batches of {rows}");
        }
        for name in &self.peers {
            let name = name.as_str();
            let known = name == OURS || RUST.contains(&name) || PYTHON.contains(&name);
            ensure!(known, "no peer is called {name}");
            let chosen = self.python || !PYTHON.contains(&name);
            ensure!(chosen, "{name} needs --python");
        }
        let complete = self.record.is_none() || self.builds == all_builds();
        ensure!(complete, "--record needs all builds");
        Ok(())
    }

    pub(crate) fn net(&self, name: &str) -> bool {
        self.nets.is_empty() || self.nets.iter().any(|net| net == name)
    }

    pub(crate) fn batch(&self, rows: usize) -> bool {
        self.batches.is_empty() || self.batches.contains(&rows)
    }

    pub(crate) fn peer(&self, name: &str) -> bool {
        self.peers.is_empty() || self.peers.iter().any(|peer| peer == name)
    }
}

/// What stands between commas.
fn list(parser: &mut Parser) -> Result<Vec<String>> {
    let value = parser.value()?.string()?;
    Ok(value.split(',').map(|word| word.trim().into()).collect())
}

fn builds(name: &str) -> Result<Vec<Build>> {
    Ok(match name {
        "all" => all_builds(),
        "native" => vec![Build::Native],
        "v3" => vec![Build::V3],
        "plain" => vec![Build::Plain],
        _ => bail!("--build is all, native, v3 or plain, not {name}"),
    })
}

/// Every build that runs here.
fn all_builds() -> Vec<Build> {
    let all = [Build::Native, Build::V3, Build::Plain];
    let runs = |build: &Build| *build != Build::V3 || machine::has_v3();
    all.into_iter().filter(runs).collect()
}

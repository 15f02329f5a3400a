//! What can be asked for on the command line.

use crate::Error;
use lexopt::prelude::{Long, Short, ValueExt};
use std::path::PathBuf;

const HELP: &str = "\
mpiexec -n RANKS cluster [OPTIONS]     trains on several ranks
cluster --alone [OPTIONS]              the same in one process, without MPI

  --sample digits|iris   the network and its data: MNIST-1D, 40-100-100-10 (default),
                         a binary file; or iris, 4-16-3, a CSV file
  --data FILE            other data of the same shape: .csv, else binary
  --copies N             each row of the file N times, with a little noise on all but the first
  --batch N              rows in a step [32768]
  --epochs N             times through all rows [20]
  --rate X               learning rate of Adam
  --seed N               of weights, noise and the order of batches [1]
  --checkpoint FILE      written every few steps; if it is there the run goes on from it
  --every N              steps between checkpoints [10]
  --bar                  rank 0 draws a progress bar on the terminal
  --verbose              each rank says on which machine and in which process it runs
";

/// A network and its data.
#[derive(Clone, Copy)]
pub(crate) enum Sample {
    Digits,
    Iris,
}

/// All of a run.
pub(crate) struct Options {
    pub(crate) sample: Sample,
    data: Option<PathBuf>,
    copies: Option<usize>,
    rate: Option<f32>,
    pub(crate) batch: usize,
    pub(crate) epochs: usize,
    pub(crate) seed: u64,
    pub(crate) checkpoint: Option<PathBuf>,
    pub(crate) every: usize,
    pub(crate) alone: bool,
    pub(crate) bar: bool,
    pub(crate) verbose: bool,
}

impl Options {
    /// The options of this process; none if it was asked for help.
    pub(crate) fn from_arguments() -> Result<Option<Self>, Error> {
        let mut options = Self {
            sample: Sample::Digits,
            data: None,
            copies: None,
            rate: None,
            batch: 32_768,
            epochs: 20,
            seed: 1,
            checkpoint: None,
            every: 10,
            alone: false,
            bar: false,
            verbose: false,
        };
        let mut parser = lexopt::Parser::from_env();
        while let Some(argument) = parser.next()? {
            match argument {
                Long("sample") => options.sample = sample(&parser.value()?.string()?)?,
                Long("data") => options.data = Some(parser.value()?.into()),
                Long("copies") => options.copies = Some(at_least_1(parser.value()?.parse()?)?),
                Long("batch") => options.batch = at_least_1(parser.value()?.parse()?)?,
                Long("epochs") => options.epochs = at_least_1(parser.value()?.parse()?)?,
                Long("rate") => options.rate = Some(parser.value()?.parse()?),
                Long("seed") => options.seed = parser.value()?.parse()?,
                Long("checkpoint") => options.checkpoint = Some(parser.value()?.into()),
                Long("every") => options.every = at_least_1(parser.value()?.parse()?)?,
                Long("alone") => options.alone = true,
                Long("bar") => options.bar = true,
                Long("verbose") => options.verbose = true,
                Short('h') | Long("help") => {
                    print!("{HELP}");
                    return Ok(None);
                }
                other => return Err(other.unexpected().into()),
            }
        }
        Ok(Some(options))
    }

    /// The file with the rows.
    pub(crate) fn file(&self) -> PathBuf {
        let examples = concat!(env!("CARGO_MANIFEST_DIR"), "/..");
        self.data.clone().unwrap_or_else(|| match self.sample {
            Sample::Digits => format!("{examples}/mnist1d/mnist1d.bin").into(),
            Sample::Iris => format!("{examples}/data/iris.csv").into(),
        })
    }

    /// How often each row is learned in an epoch.
    pub(crate) fn copies(&self) -> usize {
        self.copies.unwrap_or(match self.sample {
            Sample::Digits => 16,
            Sample::Iris => 400,
        })
    }

    /// The learning rate. Batches are large, so it is too.
    pub(crate) fn rate(&self) -> f32 {
        self.rate.unwrap_or(0.01)
    }
}

fn sample(name: &str) -> Result<Sample, Error> {
    match name {
        "digits" => Ok(Sample::Digits),
        "iris" => Ok(Sample::Iris),
        other => Err(format!("no sample {other}: there are digits and iris").into()),
    }
}

fn at_least_1(number: usize) -> Result<usize, Error> {
    if number == 0 {
        return Err("a number of rows, copies, epochs or steps is at least 1".into());
    }
    Ok(number)
}

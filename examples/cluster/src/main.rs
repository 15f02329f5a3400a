//! Training on several machines over MPI, with the bits of one process.
//!
//! ```text
//! apt-get install mpich libmpich-dev libclang-dev clang
//! cargo build --release --manifest-path examples/cluster/Cargo.toml --target-dir target/cluster
//! mpiexec -n 4 target/cluster/release/cluster --bar
//! target/cluster/release/cluster --alone
//! ```
//!
//! Both runs end with the same line, `hash` and 16 digits: the hash of the weights. The page
//! "Beyond one machine" of the guide (`src/guide/beyond.md`) says why, and what it costs.
//!
//! [`train`] has the loop, [`exchange`] what goes through MPI.

#![forbid(unsafe_code)]

mod alone;
mod bar;
mod checkpoint;
mod data;
mod exchange;
#[path = "../../shared/hash.rs"]
mod hash;
mod options;
mod train;
mod workers;

use exchange::Mpi;
use mpi::traits::Communicator;
use options::{Options, Sample};
use stackprop::record::Part;
use stackprop::{Adam, Optimizer, Relu, SoftmaxCe, Target, Trainable, Trainer, net};
use std::io::Write;
use std::process::ExitCode;
use std::time::Duration;
use workers::Workers;

/// What stops a run, in words.
type Error = Box<dyn std::error::Error>;

/// How long `mpiexec` may take to read what a rank has said last: an abort discards the rest.
/// Without it a busy machine lost a message now and then.
const UNTIL_READ: Duration = Duration::from_secs(1);

/// MNIST-1D: ten digits, each drawn as a line of 40 numbers.
type Digits = net![40 => 100, Relu => 100, Relu => 10, SoftmaxCe];

/// Three species of iris by four lengths in cm.
type Iris = net![4 => 16, Relu => 3, SoftmaxCe];

fn main() -> ExitCode {
    let options = match Options::from_arguments() {
        Ok(Some(options)) => options,
        Ok(None) => return ExitCode::SUCCESS,
        Err(error) => {
            say(format_args!("{error}"));
            return ExitCode::FAILURE;
        }
    };
    if options.alone {
        return match sample(&options, &mut alone::Alone) {
            Ok(()) => ExitCode::SUCCESS,
            Err(error) => {
                say(format_args!("{error}"));
                ExitCode::FAILURE
            }
        };
    }
    let Some(universe) = mpi::initialize() else {
        say(format_args!("MPI cannot be started"));
        return ExitCode::FAILURE;
    };
    let mut ranks = Mpi::new(universe.world());
    if let Err(error) = sample(&options, &mut ranks) {
        say(format_args!("rank {}: {error}", ranks.rank()));
        std::thread::sleep(UNTIL_READ);
        // The others may wait for this rank for ever: end them all.
        universe.world().abort(1);
    }
    ExitCode::SUCCESS
}

/// Writes a line to stderr at once. `eprintln!` writes it in pieces, and `mpiexec` may put what
/// another rank says between them.
fn say(line: std::fmt::Arguments) {
    // Nobody is left to tell where stderr is closed.
    let _ = std::io::stderr().write_all(format!("{line}\n").as_bytes());
}

/// Trains the network of the sample that the options name.
fn sample(options: &Options, workers: &mut impl Workers) -> Result<(), Error> {
    let (seed, rate) = (options.seed, options.rate());
    match options.sample {
        Sample::Digits => learn(Digits::new(seed), Adam::new(rate), options, workers),
        Sample::Iris => learn(Iris::new(seed), Adam::new(rate), options, workers),
    }
}

/// Trains any network of classes with any optimiser that a record can hold.
fn learn<N, Opt, const I: usize, const O: usize>(
    network: N,
    optimizer: Opt,
    options: &Options,
    workers: &mut impl Workers,
) -> Result<(), Error>
where
    N: Trainable<Input = [f32; I], Output = [f32; O]> + Part,
    Opt: Optimizer<State: Part, Shared: Part> + Part,
    usize: Target<N>,
{
    train::train(Trainer::new(network, optimizer), options, workers)
}

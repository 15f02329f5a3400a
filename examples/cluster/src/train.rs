//! The training loop, the same for one process and for many ranks.

use crate::checkpoint::{self, Run, Settings};
use crate::data::{Classified, Data, Samples};
use crate::options::Options;
use crate::workers::Workers;
use crate::{Error, bar, hash::hash};
use indicatif::ProgressBar;
use stackprop::record::Part;
use stackprop::{Dataset, Optimizer, Target, Trainable, Trainer, argmax};
use std::path::Path;
use std::time::Instant;

/// Trains from the checkpoint or from the start to the last epoch, and prints the hash.
pub(crate) fn train<N, Opt, const I: usize, const O: usize>(
    trainer: Trainer<N, Opt>,
    options: &Options,
    workers: &mut impl Workers,
) -> Result<(), Error>
where
    N: Trainable<Input = [f32; I], Output = [f32; O]> + Part,
    Opt: Optimizer<State: Part, Shared: Part> + Part,
    usize: Target<N>,
{
    let data = Data::<I>::open(options)?;
    let settings = Settings {
        rows: data.rows as u64,
        batch: options.batch as u64,
        seed: options.seed,
        rate: options.rate(),
    };
    agree(&data, &settings, options, workers)?;
    let mut run = Box::new(Run { trainer, settings });
    let done = resume(&mut run, options, workers)?;
    let steps = options.epochs.checked_mul(data.batches());
    let steps = steps.ok_or("too many epochs")?;
    if done > steps {
        return Err(format!("the checkpoint is of step {done}, beyond the last, {steps}").into());
    }
    greet(&data, (done, steps), options, workers);
    let first = workers.rank() == 0;
    // Before the first step: rows that are refused at the end would cost all steps.
    let test = first.then(|| data.test::<O>()).transpose()?;
    let shards = data.shards::<O>(workers.rank(), workers.ranks())?;
    let start = Instant::now();
    let bar = bar::bar(steps, first && options.bar);
    bar.set_position(done as u64);
    let mut learning = Learning { data, shards, bar };
    learning.epochs(&mut run, (done, steps), options, workers)?;
    learning.bar.finish_and_clear();
    workers.compare(WEIGHTS, hash(&run.trainer.network))?;
    if let Some(test) = test {
        println!("{:.3} s of training", start.elapsed().as_secs_f64());
        if let Some(times) = workers.times() {
            println!("rank 0: {times}");
        }
        show(&test, &run.trainer.network)?;
    }
    Ok(())
}

/// What the ranks compare by the hash of their weights.
const WEIGHTS: &str = "set of weights";

/// Refuses ranks that would take other steps, or write other checkpoints.
fn agree<const I: usize>(
    data: &Data<I>,
    settings: &Settings,
    options: &Options,
    workers: &mut impl Workers,
) -> Result<(), Error> {
    for (what, number) in [
        ("--sample", options.sample as u64),
        ("--batch", settings.batch),
        ("--epochs", options.epochs as u64),
        ("--every", options.every as u64),
        ("--seed", settings.seed),
        ("--rate", settings.rate.to_bits().into()),
        ("--checkpoint", options.checkpoint.is_some().into()),
        ("number of rows", settings.rows),
        ("data file", data.hash()?),
    ] {
        workers.compare(what, number)?;
    }
    Ok(())
}

/// Reads the checkpoint on rank 0, if there is one, and gives it to all: how many steps were taken.
fn resume<T: Part>(
    run: &mut Run<T>,
    options: &Options,
    workers: &mut impl Workers,
) -> Result<usize, Error> {
    let Some(path) = &options.checkpoint else {
        return Ok(0);
    };
    let mut bytes = None;
    if workers.rank() == 0 {
        bytes = checkpoint::read(path)?;
        // Refused here, before the others take it.
        if let Some(bytes) = &bytes {
            checkpoint::resume(run, bytes, path)?;
        }
    }
    match workers.broadcast(bytes)? {
        Some(bytes) => checkpoint::resume(run, &bytes, path),
        None => Ok(0),
    }
}

/// What will be done.
fn greet<const I: usize>(
    data: &Data<I>,
    (done, steps): (usize, usize),
    options: &Options,
    workers: &mut impl Workers,
) {
    let (rank, ranks) = (workers.rank(), workers.ranks());
    if options.verbose {
        let process = std::process::id();
        crate::say(format_args!("rank {rank} of {ranks} is process {process}"));
    }
    if rank != 0 {
        return;
    }
    println!("rows {}, steps {steps}, ranks {ranks}", data.rows);
    if done > 0 {
        println!("on from the checkpoint after {done} steps");
    }
    if let Some(path) = &options.checkpoint {
        let (path, every) = (path.display(), options.every);
        println!("checkpoint {path}, every {every} steps");
        println!("if a rank dies the run ends: start it again, on any number of ranks, to go on");
    }
}

/// What all epochs need.
struct Learning<const I: usize, const O: usize> {
    data: Data<I>,
    shards: Vec<Samples<I, O>>,
    bar: ProgressBar,
}

impl<const I: usize, const O: usize> Learning<I, O> {
    /// All steps that were not `done` yet.
    fn epochs<N, Opt>(
        &mut self,
        run: &mut Run<Trainer<N, Opt>>,
        (done, all): (usize, usize),
        options: &Options,
        workers: &mut impl Workers,
    ) -> Result<(), Error>
    where
        N: Trainable<Input = [f32; I], Output = [f32; O]> + Part,
        Opt: Optimizer<State: Part, Shared: Part> + Part,
    {
        let mut steps = 0;
        for epoch in 0..options.epochs {
            for batch in self.data.order(epoch) {
                steps += 1;
                if steps <= done {
                    continue;
                }
                let (rows, targets) = &self.shards[batch];
                let count = self.data.batch_rows(batch);
                let loss = workers.step(&mut run.trainer, count, rows, targets)?;
                self.bar.set_message(format!("loss {loss:.4}"));
                self.bar.inc(1);
                if let Some(path) = &options.checkpoint
                    && (steps == all || steps % options.every == 0)
                {
                    keep(run, steps, path, workers)?;
                }
            }
        }
        Ok(())
    }
}

/// Rank 0 writes a checkpoint, after a look whether all ranks have its weights.
fn keep<N, Opt>(
    run: &Run<Trainer<N, Opt>>,
    steps: usize,
    path: &Path,
    workers: &mut impl Workers,
) -> Result<(), Error>
where
    N: Trainable + Part,
    Opt: Optimizer<State: Part, Shared: Part> + Part,
{
    workers.compare(WEIGHTS, hash(&run.trainer.network))?;
    if workers.rank() == 0 {
        checkpoint::write(run, steps, path)?;
    }
    Ok(())
}

/// How good the weights are, if there are rows for a test, and their hash.
fn show<N, const I: usize, const O: usize>(test: &Classified<I>, network: &N) -> Result<(), Error>
where
    N: Trainable<Input = [f32; I], Output = [f32; O]>,
    usize: Target<N>,
{
    let (rows, classes) = test;
    if !rows.is_empty() {
        let mut right = 0;
        let loss = network.evaluate_with(Dataset::new(rows, classes)?, |y_hat, target| {
            right += usize::from(argmax(y_hat) == argmax(target));
        })?;
        let all = rows.len();
        println!("test: loss {loss:.4}, {right} of {all} rows right");
    }
    println!("hash {:016x}", hash(network));
    Ok(())
}

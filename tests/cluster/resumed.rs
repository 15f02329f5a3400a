//! Runs that break off and go on.

use crate::program::{Folder, alone, hash, mpiexec, ranks};
use crate::small;
use libtest_mimic::Failed;
use stackprop::record::Header;
use std::io::{BufRead, BufReader, Read};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// The longest that anything here may take.
const PATIENCE: Duration = Duration::from_secs(60);

/// A run of three ranks goes on with two, and then in one process.
pub(crate) fn elsewhere() -> Result<(), Failed> {
    let folder = Folder::new("elsewhere")?;
    for (count, epochs) in [(3, "2"), (2, "5"), (1, "7")] {
        let options = small(&folder, epochs);
        let found = hash(mpiexec(count, &options)?)?;
        let expected = hash(alone(&["--sample", "iris", "--epochs", epochs])?)?;
        if found != expected {
            return Err(format!("after {epochs} epochs {found}, not {expected}").into());
        }
    }
    Ok(())
}

/// Rank 0, which writes the checkpoints, is killed, and one that does not.
pub(crate) fn after_a_kill() -> Result<(), Failed> {
    for (victim, name) in [(0, "kill_0"), (1, "kill_1")] {
        for milliseconds in [0, 7, 30] {
            let folder = Folder::new(name)?;
            killed(&folder, victim, Duration::from_millis(milliseconds))?;
            goes_on(&folder)?;
        }
    }
    Ok(())
}

/// A run that does not go on without its test, however that ends.
struct Run(Child);

impl Drop for Run {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// Starts three ranks, and kills one some time after the first checkpoint: the run ends, not well,
/// and has said how it goes on.
fn killed(folder: &Folder, victim: usize, after: Duration) -> Result<(), Failed> {
    let options = [&small(folder, "1000000")[..], &["--verbose"]].concat();
    let mut command = ranks(3, &options)?;
    command.stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut run = Run(command.spawn()?);
    // Kept to the end: ranks cannot write to a pipe that nobody reads.
    let mut errors = BufReader::new(run.0.stderr.take().ok_or("no stderr")?);
    let process = process_of(&mut errors, victim);
    let start = Instant::now();
    while !std::fs::exists(folder.checkpoint())? && start.elapsed() < PATIENCE {
        std::thread::sleep(Duration::from_millis(1));
    }
    std::thread::sleep(after);
    let process = process?;
    Command::new("kill").args(["-9", &process]).status()?;
    let text = end(run)?;
    for expected in [folder.checkpoint(), "if a rank dies the run ends", "Killed"] {
        if !text.contains(expected) {
            return Err(format!("not in what the run has said: {expected}\n{text}").into());
        }
    }
    Ok(())
}

/// The process of a rank, which it has said.
fn process_of(errors: &mut impl BufRead, rank: usize) -> Result<String, Failed> {
    let start = format!("rank {rank} of 3 is process ");
    let mut said = String::new();
    // To the line of the rank: `errors` ends only with the run.
    while errors.read_line(&mut said)? > 0 {
        if let Some((_, process)) = said.split_once(&start) {
            return Ok(process.trim_end().to_owned());
        }
    }
    Err(format!("rank {rank} has not said its process:\n{said}").into())
}

/// Waits until the run ends, which has to be with an error, and gives what it has said.
fn end(mut run: Run) -> Result<String, Failed> {
    let run = &mut run.0;
    let start = Instant::now();
    while run.try_wait()?.is_none() {
        if start.elapsed() > PATIENCE {
            return Err("the run does not end".into());
        }
        std::thread::sleep(Duration::from_millis(10));
    }
    if run.wait()?.success() {
        return Err("the run ends as if all were well".into());
    }
    let mut text = String::new();
    run.stdout
        .take()
        .ok_or("no stdout")?
        .read_to_string(&mut text)?;
    Ok(text)
}

/// The checkpoint is whole, and two ranks end with the hash of a run that was never interrupted.
fn goes_on(folder: &Folder) -> Result<(), Failed> {
    let bytes = std::fs::read(folder.checkpoint())?;
    let steps = Header::verify(&bytes)?.steps;
    let epochs = (steps / 2 + 2).to_string(); // An epoch has two steps.
    let found = hash(mpiexec(2, &small(folder, &epochs))?)?;
    let expected = hash(alone(&["--sample", "iris", "--epochs", &epochs])?)?;
    if found != expected {
        return Err(format!("killed after {steps} steps: {found}, not {expected}").into());
    }
    Ok(())
}

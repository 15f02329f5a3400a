//! Runs an image in QEMU, with a time limit.

use super::chips::Chip;
use super::tools::{Missing, runs};
use core::time::Duration;
use std::io::{self, Read};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::Instant;

/// What an image may take. It takes seconds; a chip that hangs never ends.
pub(crate) const LIMIT: Duration = Duration::from_secs(60);

/// How often QEMU is asked whether it is done.
const POLL: Duration = Duration::from_millis(10);

/// The emulator.
#[derive(Clone)]
pub(crate) struct Qemu {
    program: &'static str,
}

/// What a run left behind.
pub(crate) struct Run {
    /// The image's exit code; none if it did not end in time.
    pub(crate) exit_code: Option<i32>,
    /// What the image wrote.
    pub(crate) output: Vec<u8>,
    /// What QEMU itself had to say.
    pub(crate) errors: String,
}

impl Run {
    /// Whether the exit code is 0. If it is not, all that there is to say, after what the image
    /// `said`.
    pub(crate) fn succeeded(&self, said: &str) -> Result<(), String> {
        if self.exit_code == Some(0) {
            return Ok(());
        }
        let (code, errors) = (self.exit_code, &self.errors);
        Err(format!("{said}{errors}exit code {code:?}"))
    }
}

impl Qemu {
    /// The emulator for a chip.
    pub(crate) fn find(chip: &Chip) -> Result<Self, Missing> {
        let (program, package) = chip.qemu;
        if runs(program) {
            return Ok(Self { program });
        }
        Err(Missing {
            what: program.to_owned(),
            install: format!("apt-get install {package}"),
        })
    }

    /// The words of a command that runs an image, for another program to run it.
    #[allow(dead_code, reason = "for the tests of the fleet")]
    pub(crate) fn command(&self, chip: &Chip, image: &Path, options: &[&str]) -> Vec<String> {
        let arguments = Self::arguments(chip, options);
        let image = image.display().to_string();
        [self.program]
            .into_iter()
            .chain(arguments)
            .chain(["-kernel", &image])
            .map(String::from)
            .collect()
    }

    /// The options for a chip, and more.
    fn arguments<'a>(chip: &Chip, options: &[&'a str]) -> Vec<&'a str> {
        let quiet = ["-nographic", "-monitor", "none", "-serial", "null"];
        let semihosting = ["-semihosting-config", "enable=on,target=native"];
        let mut all = vec!["-machine"];
        all.extend(chip.machine);
        all.extend(quiet);
        all.extend(semihosting);
        all.extend(options);
        all
    }

    /// Runs an image to its end, or to the time limit.
    pub(crate) fn run(&self, chip: &Chip, image: &Path) -> io::Result<Run> {
        self.run_with(chip, image, &[])
    }

    /// The same with more options.
    pub(crate) fn run_with(&self, chip: &Chip, image: &Path, options: &[&str]) -> io::Result<Run> {
        let mut child = Command::new(self.program)
            .args(Self::arguments(chip, options))
            .arg("-kernel")
            .arg(image)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()?;
        // Both streams are read while it runs: a full pipe would stop it.
        let output = drain(child.stdout.take());
        let errors = drain(child.stderr.take());
        let exit_code = wait(&mut child)?;
        Ok(Run {
            exit_code,
            output: output.join().unwrap_or_default(),
            errors: String::from_utf8_lossy(&errors.join().unwrap_or_default()).into_owned(),
        })
    }
}

/// Reads a stream to its end, in the background.
fn drain(stream: Option<impl Read + Send + 'static>) -> thread::JoinHandle<Vec<u8>> {
    thread::spawn(move || {
        let mut bytes = Vec::new();
        if let Some(mut stream) = stream {
            // What came before an error is all there is to show.
            let _ = stream.read_to_end(&mut bytes);
        }
        bytes
    })
}

/// The exit code, or none after ending what would not end.
fn wait(child: &mut Child) -> io::Result<Option<i32>> {
    let start = Instant::now();
    loop {
        if let Some(status) = child.try_wait()? {
            // A QEMU that a signal ended has no exit code of its own.
            return Ok(status.code().or(Some(-1)));
        }
        if start.elapsed() > LIMIT {
            child.kill()?;
            child.wait()?;
            return Ok(None);
        }
        thread::sleep(POLL);
    }
}

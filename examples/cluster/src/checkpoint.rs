//! Checkpoints: a record in a file that is whole at any time.

use crate::Error;
use stackprop::Record;
use stackprop::record::{self, Contents, Part, Sink, Source, contents_of};
use std::fs::{self, File};
use std::io::{ErrorKind, Write};
use std::path::Path;

/// What a run goes on from: the trainer, and the settings that belong to its steps.
pub(crate) struct Run<T> {
    pub(crate) trainer: T,
    pub(crate) settings: Settings,
}

/// With other settings the steps would be others.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Settings {
    /// Rows of an epoch.
    pub(crate) rows: u64,
    /// Rows of a step.
    pub(crate) batch: u64,
    /// The seed of noise and order.
    pub(crate) seed: u64,
    /// The learning rate.
    pub(crate) rate: f32,
}

stackprop::record!(Settings {
    rows,
    batch,
    seed,
    rate
});

impl<T: Part> Part for Run<T> {
    const CONTENTS: Contents = Contents::Fields(
        "Run",
        &[
            ("trainer", contents_of(|this: &Self| &this.trainer)),
            ("settings", contents_of(|this: &Self| &this.settings)),
        ],
    );

    fn write<S: Sink>(&self, sink: &mut S) -> Result<(), record::Error> {
        self.trainer.write(sink)?;
        self.settings.write(sink)
    }

    fn read<S: Source>(&mut self, source: &mut S) -> Result<(), record::Error> {
        self.trainer.read(source)?;
        self.settings.read(source)
    }
}

/// The bytes of a checkpoint, if there is one.
pub(crate) fn read(path: &Path) -> Result<Option<Vec<u8>>, Error> {
    match fs::read(path) {
        Ok(bytes) => Ok(Some(bytes)),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(error) => Err(format!("{}: {error}", path.display()).into()),
    }
}

/// Reads bytes into `run`, and gives the number of steps.
pub(crate) fn resume<T: Part>(run: &mut Run<T>, bytes: &[u8], path: &Path) -> Result<usize, Error> {
    let asked = run.settings;
    let refused = |why: String| -> Error {
        format!("the checkpoint {} is refused: {why}", path.display()).into()
    };
    let steps = run.from_bytes(bytes);
    let steps = steps.map_err(|error| refused(error.to_string()))?;
    if run.settings != asked {
        let found = run.settings;
        return Err(refused(format!("it is of {found:?}, not of {asked:?}")));
    }
    Ok(usize::try_from(steps)?)
}

/// Writes a checkpoint in place of the last one. It is complete on the disk before it takes the
/// last one's name, so a process that dies leaves one or the other.
pub(crate) fn write<T: Part>(run: &Run<T>, steps: usize, path: &Path) -> Result<(), Error> {
    let mut bytes = vec![0; Run::<T>::RECORD_BYTES];
    run.to_bytes(steps as u64, &mut bytes)?;
    let replace = || {
        let mut unfinished = path.as_os_str().to_owned();
        unfinished.push(".unfinished");
        let mut file = File::create(&unfinished)?;
        file.write_all(&bytes)?;
        file.sync_all()?;
        fs::rename(&unfinished, path)?;
        // The new name too.
        let folder = path
            .parent()
            .filter(|folder| !folder.as_os_str().is_empty());
        File::open(folder.unwrap_or(Path::new(".")))?.sync_all()
    };
    replace().map_err(|error: std::io::Error| format!("{}: {error}", path.display()).into())
}

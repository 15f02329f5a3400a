//! A range of flash that keeps the record that was saved last.

use core::ops::Range;

use embedded_storage_async::nor_flash::NorFlash;
use sequential_storage::Error as QueueError;

use super::error::Error;
use super::geometry::Geometry;
use super::half::Half;
use super::item::{Commit, Whole};

/// A range of flash that keeps one record of a fixed length, through cuts of the power.
#[derive(Debug)]
pub struct Store<F> {
    flash: F,
    start: u32,
    half_bytes: u32,
    record_bytes: usize,
    newest: Newest,
}

/// What is known of the newest record.
#[derive(Clone, Copy, Debug)]
enum Newest {
    /// Nobody has looked.
    Unknown,
    /// There is none.
    Nowhere,
    In(Which, Commit),
}

/// Which half of the range.
#[derive(Clone, Copy, Debug)]
enum Which {
    First,
    Second,
}

impl Which {
    const fn other(self) -> Self {
        match self {
            Self::First => Self::Second,
            Self::Second => Self::First,
        }
    }
}

/// The whole records of both halves, the newest first, and an error of the driver, if it had one.
struct Look<E> {
    wholes: [Option<(Which, Whole)>; 2],
    error: Option<E>,
}

impl<F: NorFlash> Store<F> {
    /// A store in the bytes `range` of `flash`, for records of `record_bytes`. Nothing is read or
    /// written. If the number of pages is odd, the last one is not used.
    ///
    /// # Errors
    /// [`Error::Unsupported`], [`Error::Range`] or [`Error::TooSmall`].
    pub fn new(flash: F, range: Range<u32>, record_bytes: usize) -> Result<Self, Error<F::Error>> {
        let geometry = Geometry::of::<F>();
        let needed = geometry.pages(record_bytes).ok_or(Error::Unsupported)?;
        let Range { start, end } = range;
        let page = geometry.page;
        // `sequential-storage` computes addresses up to an item beyond the range.
        let fits = start <= end && end as usize <= flash.capacity() && end <= u32::MAX - (1 << 17);
        if !fits || !start.is_multiple_of(page) || !end.is_multiple_of(page) {
            return Err(Error::Range);
        }
        let given = (end - start) / page;
        if given < needed {
            return Err(Error::TooSmall { needed, given });
        }
        Ok(Self {
            flash,
            start,
            half_bytes: given / 2 * page,
            record_bytes,
            newest: Newest::Unknown,
        })
    }

    /// Copies the record that was saved last to `record`: `false` if there is none. The flash is
    /// only read.
    ///
    /// A record with a flipped bit is not loaded, but the one before it. The same goes for a record
    /// that the driver cannot read.
    ///
    /// # Errors
    /// [`Error::Length`] if `record`, or the record in flash, is not as long as the store was made
    /// for: another firmware wrote it. Go on without it, then; the next save takes its place.
    /// [`Error::Flash`] if the driver cannot read, and no record was found. After `false` or
    /// an error, the bytes of `record` are any.
    pub async fn load(&mut self, record: &mut [u8]) -> Result<bool, Error<F::Error>> {
        self.check_length(record.len())?;
        let Look { wholes, mut error } = self.look().await;
        for (which, whole) in wholes.into_iter().flatten() {
            self.check_length(whole.commit.length as usize)?;
            match self.half(which).copy(whole, record).await {
                Ok(true) => {
                    self.newest = Newest::In(which, whole.commit);
                    return Ok(true);
                }
                Ok(false) => {}
                Err(e) => error = error.or(of_driver(e)),
            }
        }
        match error {
            Some(error) => Err(Error::Flash(error)),
            None => Ok(false),
        }
    }

    /// Saves `record` and reads it back. Until it is whole in flash, the record that was saved
    /// before is the one that is loaded.
    ///
    /// A future that is dropped is like a cut of the power: the old or the new record is loaded.
    ///
    /// # Errors
    /// [`Error::Length`] if `record` is not as long as the store was made for. [`Error::Flash`] if
    /// the driver cannot read or write. [`Error::NotKept`] if the flash is worn out.
    pub async fn save(&mut self, record: &[u8]) -> Result<(), Error<F::Error>> {
        self.check_length(record.len())?;
        let (which, generation) = self.next().await?;
        let first = self.half(which).add(generation, record).await;
        let commit = if let Ok(Some(commit)) = first {
            commit
        } else {
            // It is full, or a cut has left it in disorder, or the driver could not write.
            let erased = self.half(which).erase().await;
            erased.map_err(Error::Flash)?;
            let second = self.half(which).add(generation, record).await;
            second.map_err(after_erase)?.ok_or(Error::NotKept)?
        };
        self.newest = Newest::In(which, commit);
        Ok(())
    }

    /// Erases the range: there is no record then. Also the way back if [`load`](Self::load) goes on
    /// saying that the driver cannot read.
    ///
    /// # Errors
    /// [`Error::Flash`] if the driver cannot erase.
    pub async fn erase(&mut self) -> Result<(), Error<F::Error>> {
        self.newest = Newest::Unknown;
        for which in [Which::First, Which::Second] {
            self.half(which).erase().await.map_err(Error::Flash)?;
        }
        self.newest = Newest::Nowhere;
        Ok(())
    }

    /// The flash, for somebody else.
    pub fn into_flash(self) -> F {
        self.flash
    }

    /// Where the next record goes, and its generation. Never to the half with the newest record.
    async fn next(&mut self) -> Result<(Which, u32), Error<F::Error>> {
        if let Newest::Unknown = self.newest {
            let Look { wholes, error } = self.look().await;
            self.newest = match (wholes.into_iter().flatten().next(), error) {
                (Some((which, whole)), _) => Newest::In(which, whole.commit),
                (None, None) => Newest::Nowhere,
                // There may be a good record in it.
                (None, Some(error)) => return Err(Error::Flash(error)),
            };
        }
        Ok(match self.newest {
            Newest::In(which, commit) => (which.other(), commit.generation.wrapping_add(1)),
            Newest::Unknown | Newest::Nowhere => (Which::First, 0),
        })
    }

    async fn look(&mut self) -> Look<F::Error> {
        let mut error = None;
        let mut wholes = [None, None];
        for (place, which) in wholes.iter_mut().zip([Which::First, Which::Second]) {
            match self.half(which).find().await {
                Ok(whole) => *place = whole.map(|whole| (which, whole)),
                Err(e) => error = error.or(of_driver(e)),
            }
        }
        if let [Some((_, first)), Some((_, second))] = &wholes
            && second.commit.is_newer_than(&first.commit)
        {
            wholes.reverse();
        }
        Look { wholes, error }
    }

    const fn half(&mut self, which: Which) -> Half<'_, F> {
        let middle = self.start + self.half_bytes;
        let range = match which {
            Which::First => self.start..middle,
            Which::Second => middle..middle + self.half_bytes,
        };
        Half {
            flash: &mut self.flash,
            range,
        }
    }

    const fn check_length(&self, found: usize) -> Result<(), Error<F::Error>> {
        if found == self.record_bytes {
            return Ok(());
        }
        Err(Error::Length {
            expected: self.record_bytes,
            found,
        })
    }
}

/// All other errors say that the items are in disorder: there is no record then.
fn of_driver<E>(error: QueueError<E>) -> Option<E> {
    match error {
        QueueError::Storage { value, .. } => Some(value),
        _ => None,
    }
}

/// Items cannot be in disorder after an erase, if the flash keeps what is written.
fn after_erase<E>(error: QueueError<E>) -> Error<E> {
    of_driver(error).map_or(Error::NotKept, Error::Flash)
}

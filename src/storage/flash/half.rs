//! One half of the range: a queue of items, into which records go one after another until it is
//! full.
//!
//! A half is only written to while the newest record is in the other one. So whatever happens to
//! it, nothing is lost: it may be erased at any time.

use core::ops::Range;

use embedded_storage_async::nor_flash::NorFlash;
use sequential_storage::Error as QueueError;
use sequential_storage::cache::{Cache, Uncached};
use sequential_storage::queue::{QueueConfig, QueueStorage};

use super::adapters::ReadOnly;
use super::geometry::{Geometry, ITEM};
use super::item::{Chunk, Commit, Item, Search, Whole};
use crate::kernels::checksum::Checksum;

type Queue<F> = QueueStorage<F, Cache<Uncached, Uncached, Uncached, ()>>;

/// Some drivers, such as those with DMA, want the bytes in RAM aligned to 4.
#[repr(align(4))]
struct Buffer([u8; ITEM]);

/// A half, for a call.
pub(super) struct Half<'a, F> {
    pub(super) flash: &'a mut F,
    pub(super) range: Range<u32>,
}

impl<F: NorFlash> Half<'_, F> {
    /// The last whole record.
    pub(super) async fn find(&mut self) -> Result<Option<Whole>, QueueError<F::Error>> {
        let mut search = Search::new();
        self.read(|_, item| search.look_at(item)).await?;
        Ok(search.found)
    }

    /// Copies a record that was found. `false` if it is no longer as it was: `record` is not one
    /// then.
    pub(super) async fn copy(
        &mut self,
        whole: Whole,
        record: &mut [u8],
    ) -> Result<bool, QueueError<F::Error>> {
        self.read(|position, item| {
            // After the commit item, there may be the chunks of a save that was cut.
            let ours = |chunk: &Chunk<'_>| {
                position < whole.position && chunk.generation == whole.commit.generation
            };
            if let Some(Item::Chunk(chunk)) = Item::parse(item)
                && ours(&chunk)
                && let Some(place) = record.get_mut(chunk.offset as usize..)
                && let Some(place) = place.get_mut(..chunk.bytes.len())
            {
                place.copy_from_slice(chunk.bytes);
            }
        })
        .await?;
        Ok(whole.commit.checksum(Checksum::new().update(record)) == whole.commit.crc)
    }

    /// Adds a record, its commit item last, and reads it: `None` if it is not there then.
    pub(super) async fn add(
        &mut self,
        generation: u32,
        record: &[u8],
    ) -> Result<Option<Commit>, QueueError<F::Error>> {
        let chunk = Geometry::of::<F>().chunk().ok_or(QueueError::ItemTooBig)?;
        let commit = Commit::new(generation, record, chunk);
        self.write(&commit, record, chunk).await?;
        let found = self.find().await?.map(|found| found.commit);
        Ok(found.filter(|found| *found == commit))
    }

    async fn write(
        &mut self,
        commit: &Commit,
        record: &[u8],
        chunk: u32,
    ) -> Result<(), QueueError<F::Error>> {
        let mut buffer = Buffer([0; ITEM]);
        let mut queue = queue(&mut *self.flash, &self.range)?;
        let mut offset = 0;
        // A chunk is never empty: the compiler cannot know.
        for bytes in record.chunks(chunk.max(1) as usize) {
            let part = Chunk {
                generation: commit.generation,
                offset,
                bytes,
            };
            let item = part.write(&mut buffer.0).ok_or(QueueError::ItemTooBig)?;
            queue.push(item, false).await?;
            offset = offset.saturating_add(chunk);
        }
        queue.push(&commit.to_bytes(), false).await
    }

    /// Calls `f` on each item, in the order in which they were written, with its number.
    async fn read(&mut self, mut f: impl FnMut(u32, &[u8])) -> Result<(), QueueError<F::Error>> {
        let mut buffer = Buffer([0; ITEM]);
        let mut queue = queue(ReadOnly(&mut *self.flash), &self.range)?;
        let mut items = queue.iter().await?;
        let mut position = 0_u32;
        while let Some(item) = items.next(&mut buffer.0).await? {
            f(position, &item);
            position = position.saturating_add(1);
        }
        Ok(())
    }

    pub(super) async fn erase(&mut self) -> Result<(), F::Error> {
        self.flash.erase(self.range.start, self.range.end).await
    }
}

/// The constructor of a store has checked what is checked here.
fn queue<F: NorFlash>(flash: F, range: &Range<u32>) -> Result<Queue<F>, QueueError<F::Error>> {
    let config = QueueConfig::try_new(range.clone()).map_err(|_| QueueError::FullStorage)?;
    Ok(QueueStorage::new(flash, config, Cache::new_uncached()))
}

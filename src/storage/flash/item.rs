//! What the items in flash say, and how a whole record is found among them.
//!
//! ```text
//! chunk   generation u32 | offset u32     | bytes of the record
//! commit  generation u32 | 0xFFFF_FFFF    | length u32 | chunks u32 | CRC-32 u32
//! ```
//!
//! Numbers are little-endian. The checksum is over the record and the commit item before it.

use crate::kernels::checksum::Checksum;

/// The bytes of a chunk before those of the record.
pub(super) const CHUNK_HEAD: usize = 8;

/// The bytes of a commit item.
pub(super) const COMMIT: usize = 20;

/// In a commit item instead of an offset.
const NO_OFFSET: u32 = u32::MAX;

/// The item that is written last.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Commit {
    /// Counts the saves.
    pub(super) generation: u32,
    /// The bytes of the record.
    pub(super) length: u32,
    /// How many items hold them.
    pub(super) chunks: u32,
    /// Over the record and the numbers above.
    pub(super) crc: u32,
}

impl Commit {
    /// For a record that is cut into chunks of `chunk` bytes.
    #[allow(clippy::cast_possible_truncation)] // a store takes no record beyond 1 GiB
    pub(super) const fn new(generation: u32, record: &[u8], chunk: u32) -> Self {
        let length = record.len() as u32;
        let mut commit = Self {
            generation,
            length,
            chunks: length.div_ceil(chunk),
            crc: 0,
        };
        commit.crc = commit.checksum(Checksum::new().update(record));
        commit
    }

    /// The checksum that belongs here, after the record with the checksum `record`.
    pub(super) const fn checksum(&self, record: Checksum) -> u32 {
        record
            .update(&self.generation.to_le_bytes())
            .update(&self.length.to_le_bytes())
            .update(&self.chunks.to_le_bytes())
            .value()
    }

    pub(super) fn to_bytes(self) -> [u8; COMMIT] {
        let mut bytes = [0; COMMIT];
        let numbers = [
            self.generation,
            NO_OFFSET,
            self.length,
            self.chunks,
            self.crc,
        ];
        for (place, number) in bytes.chunks_exact_mut(4).zip(numbers) {
            place.copy_from_slice(&number.to_le_bytes());
        }
        bytes
    }

    /// Whether this was written after `other`. Generations may start anew from 0.
    pub(super) const fn is_newer_than(&self, other: &Self) -> bool {
        let ahead = self.generation.wrapping_sub(other.generation);
        ahead != 0 && ahead < 1 << 31
    }
}

/// An item as it was read.
pub(super) enum Item<'a> {
    Chunk(Chunk<'a>),
    Commit(Commit),
}

/// Bytes of a record.
#[derive(Clone, Copy)]
pub(super) struct Chunk<'a> {
    pub(super) generation: u32,
    pub(super) offset: u32,
    pub(super) bytes: &'a [u8],
}

impl<'a> Item<'a> {
    /// `None` for an item that somebody else wrote.
    pub(super) fn parse(item: &'a [u8]) -> Option<Self> {
        let (generation, rest) = number(item)?;
        let (offset, bytes) = number(rest)?;
        if offset != NO_OFFSET {
            return Some(Self::Chunk(Chunk {
                generation,
                offset,
                bytes,
            }));
        }
        let (length, rest) = number(bytes)?;
        let (chunks, rest) = number(rest)?;
        let (crc, rest) = number(rest)?;
        rest.is_empty().then_some(Self::Commit(Commit {
            generation,
            length,
            chunks,
            crc,
        }))
    }
}

fn number(bytes: &[u8]) -> Option<(u32, &[u8])> {
    let (number, rest) = bytes.split_first_chunk()?;
    Some((u32::from_le_bytes(*number), rest))
}

impl Chunk<'_> {
    /// Head and bytes of the chunk at the start of `buffer`.
    pub(super) fn write<'b>(&self, buffer: &'b mut [u8]) -> Option<&'b [u8]> {
        let item = buffer.get_mut(..CHUNK_HEAD + self.bytes.len())?;
        let (head, bytes) = item.split_at_mut(CHUNK_HEAD);
        let (generation, offset) = head.split_at_mut(4);
        generation.copy_from_slice(&self.generation.to_le_bytes());
        offset.copy_from_slice(&self.offset.to_le_bytes());
        bytes.copy_from_slice(self.bytes);
        Some(item)
    }
}

/// A record of which each byte is there.
#[derive(Clone, Copy)]
pub(super) struct Whole {
    pub(super) commit: Commit,
    /// The number of its commit item among the items of the half.
    pub(super) position: u32,
}

/// Looks at items in the order in which they were written, and finds the last whole record.
pub(super) struct Search {
    pub(super) found: Option<Whole>,
    position: u32,
    begun: Option<Begun>,
}

/// Chunks in order, so far without their commit item.
struct Begun {
    generation: u32,
    length: u32,
    chunks: u32,
    sum: Checksum,
}

impl Search {
    pub(super) const fn new() -> Self {
        Self {
            found: None,
            position: 0,
            begun: None,
        }
    }

    pub(super) fn look_at(&mut self, item: &[u8]) {
        let begun = self.begun.take();
        match Item::parse(item) {
            Some(Item::Chunk(chunk)) => self.begun = Begun::with(begun, &chunk),
            Some(Item::Commit(commit)) if begun.is_some_and(|begun| begun.ends_with(&commit)) => {
                self.found = Some(Whole {
                    commit,
                    position: self.position,
                });
            }
            _ => {}
        }
        self.position = self.position.saturating_add(1);
    }
}

impl Begun {
    /// What is begun after one more chunk: nothing, if it is not the next one.
    fn with(begun: Option<Self>, chunk: &Chunk<'_>) -> Option<Self> {
        let begun = if chunk.offset == 0 {
            Self {
                generation: chunk.generation,
                length: 0,
                chunks: 0,
                sum: Checksum::new(),
            }
        } else {
            begun?
        };
        if begun.generation != chunk.generation || begun.length != chunk.offset {
            return None;
        }
        Some(Self {
            generation: begun.generation,
            length: begun
                .length
                .checked_add(u32::try_from(chunk.bytes.len()).ok()?)?,
            chunks: begun.chunks.checked_add(1)?,
            sum: begun.sum.update(chunk.bytes),
        })
    }

    const fn ends_with(self, commit: &Commit) -> bool {
        self.generation == commit.generation
            && self.length == commit.length
            && self.chunks == commit.chunks
            && commit.checksum(self.sum) == commit.crc
    }
}

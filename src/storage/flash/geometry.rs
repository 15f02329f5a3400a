//! How a record is cut into items, how many pages it takes, and how long the flash lasts.

// The traits have addresses of 32 bits, and a record is at most 1 GiB.
#![allow(clippy::cast_possible_truncation)]

use embedded_storage_async::nor_flash::NorFlash;

use super::item::{CHUNK_HEAD, COMMIT};

/// The most bytes of an item, and the buffer through which items go.
pub(super) const ITEM: usize = 512;

/// What `sequential-storage` writes before the bytes of an item, without padding.
const HEADER: u32 = 8;

/// The page and the word of a flash. Three chips are here as constants.
///
/// ```
/// use stackprop::flash::Geometry;
///
/// // 16-32-16-4 with Adam is 13.8 kB: four pages, twice.
/// const RECORD: usize = 13_756;
/// assert_eq!(Geometry::NRF52840.pages(RECORD), Some(8));
/// // Each page may be erased 10,000 times.
/// assert_eq!(Geometry::NRF52840.saves(RECORD, 8, 10_000), 20_000);
/// assert_eq!(Geometry::NRF52840.saves(RECORD, 64, 10_000), 180_000);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Geometry {
    /// The bytes that are erased together.
    pub page: u32,
    /// The bytes that are written together, or read together if these are more.
    pub word: u32,
}

impl Geometry {
    /// The flash of an nRF52840: pages of 4096 bytes, words of 4.
    pub const NRF52840: Self = Self {
        page: 4096,
        word: 4,
    };

    /// The flash beside an RP2350 or an RP2040: pages of 4096 bytes, words of 1. `embassy-rp` reads
    /// 4 bytes at a time if it reads with DMA: the word is 4 then.
    pub const RP2350: Self = Self {
        page: 4096,
        word: 1,
    };

    /// The flash of an STM32L4, a G4 or a WB with pages of 2048 bytes, words of 8.
    pub const STM32L4: Self = Self {
        page: 2048,
        word: 8,
    };

    /// The flash of an STM32U5 or an H5: pages of 8192 bytes, words of 16.
    pub const STM32U5: Self = Self {
        page: 8192,
        word: 16,
    };

    /// What the driver `F` says.
    ///
    /// ```
    /// use embedded_storage_async::nor_flash::NorFlash;
    /// use stackprop::flash::Geometry;
    ///
    /// fn pages<F: NorFlash>(record_bytes: usize) -> Option<u32> {
    ///     Geometry::of::<F>().pages(record_bytes)
    /// }
    /// ```
    #[must_use]
    pub const fn of<F: NorFlash>() -> Self {
        let word = if F::WRITE_SIZE > F::READ_SIZE {
            F::WRITE_SIZE
        } else {
            F::READ_SIZE
        };
        Self {
            page: F::ERASE_SIZE as u32,
            word: word as u32,
        }
    }

    /// The fewest pages that keep a record of `record_bytes`: room for two of them. `None` if no
    /// number of pages would do: the word is longer than 32 bytes, the page is no multiple of it or
    /// too short (36 bytes are enough with words of 4), or the record is empty or beyond 1 GiB.
    #[must_use]
    pub const fn pages(self, record_bytes: usize) -> Option<u32> {
        match self.cut(record_bytes) {
            Some(cut) => Some(2 * cut.after(Place::START).pages),
            None => None,
        }
    }

    /// How often a record of `record_bytes` can be saved in a range of so many `pages`, each of
    /// which may be erased `cycles` times: 0 if the range is too small, or longer than the 4 GiB
    /// that have an address. It counts record by record. A cut of the power costs up to one erase
    /// more of half of the pages.
    #[must_use]
    pub const fn saves(self, record_bytes: usize, pages: u32, cycles: u32) -> u64 {
        if pages as u64 * self.page as u64 > 1 << 32 {
            return 0;
        }
        // A half takes records until one does not fit; then it is erased.
        2 * cycles as u64 * self.records(record_bytes, pages / 2) as u64
    }

    /// How many records fit in a half of so many pages.
    const fn records(self, record_bytes: usize, pages: u32) -> u32 {
        let Some(cut) = self.cut(record_bytes) else {
            return 0;
        };
        let mut records = 0;
        let mut place = cut.after(Place::START);
        while place.pages <= pages {
            records += 1;
            place = cut.after(place);
        }
        records
    }

    /// The bytes of the record in an item: items are about 512 bytes long, and fill the page.
    pub(super) const fn chunk(self) -> Option<u32> {
        match self.slot() {
            Some(slot) => Some(slot - self.padded(HEADER) - CHUNK_HEAD as u32),
            None => None,
        }
    }

    /// The bytes of flash of a full item.
    const fn slot(self) -> Option<u32> {
        if !self.is_possible() {
            return None;
        }
        let header = self.padded(HEADER);
        let items = quotient_up(self.area(), header + ITEM as u32);
        let slot = quotient(quotient(self.area(), items), self.word) * self.word;
        // A commit item has to fit, too, and is longer than the head of a chunk.
        let least = header + self.padded(COMMIT as u32);
        if slot < least { None } else { Some(slot) }
    }

    /// What `sequential-storage` can work with, and then some: it has two words of a page.
    const fn is_possible(self) -> bool {
        self.word > 0
            && self.word <= 32
            && self.page >= 4 * self.word
            && self.page <= 1 << 30
            && self.page.is_multiple_of(self.word)
    }

    const fn cut(self, record_bytes: usize) -> Option<Cut> {
        let (Some(slot), Some(chunk)) = (self.slot(), self.chunk()) else {
            return None;
        };
        if record_bytes == 0 || record_bytes > 1 << 30 {
            return None;
        }
        let record = record_bytes as u32;
        let header = self.padded(HEADER);
        let full = quotient(record, chunk);
        let rest = record - full * chunk;
        Some(Cut {
            area: self.area(),
            slot,
            full,
            last: if rest == 0 {
                0
            } else {
                header + self.padded(CHUNK_HEAD as u32 + rest)
            },
            commit: header + self.padded(COMMIT as u32),
        })
    }

    /// The bytes of a page that take items.
    const fn area(self) -> u32 {
        self.page - 2 * self.word
    }

    const fn padded(self, bytes: u32) -> u32 {
        quotient_up(bytes, self.word) * self.word
    }
}

/// a / b. `b` is never 0 here: the compiler cannot know, and would leave a panic path.
const fn quotient(a: u32, b: u32) -> u32 {
    match a.checked_div(b) {
        Some(quotient) => quotient,
        None => 0,
    }
}

/// The same, rounded up.
const fn quotient_up(a: u32, b: u32) -> u32 {
    let whole = quotient(a, b);
    if whole * b < a { whole + 1 } else { whole }
}

/// The items of one record, as bytes of flash.
struct Cut {
    area: u32,
    /// A full item.
    slot: u32,
    /// How many of them.
    full: u32,
    /// The item with the rest of the record; 0 if there is none.
    last: u32,
    commit: u32,
}

/// Where the next item goes.
#[derive(Clone, Copy)]
struct Place {
    /// Pages begun so far.
    pages: u32,
    /// Bytes taken in the last of them.
    used: u32,
}

impl Place {
    const START: Self = Self { pages: 1, used: 0 };

    /// After `count` items of `size` bytes. An item lies within a page.
    const fn take(self, count: u32, size: u32, area: u32) -> Self {
        let here = quotient(area - self.used, size);
        if count <= here {
            return Self {
                pages: self.pages,
                used: self.used + count * size,
            };
        }
        let rest = count - here;
        let a_page = quotient(area, size);
        let more = quotient_up(rest, a_page);
        Self {
            pages: self.pages + more,
            used: (rest - (more - 1) * a_page) * size,
        }
    }
}

impl Cut {
    /// Where the next record goes if this one goes to `place`.
    const fn after(&self, place: Place) -> Place {
        let place = place.take(self.full, self.slot, self.area);
        let place = if self.last == 0 {
            place
        } else {
            place.take(1, self.last, self.area)
        };
        place.take(1, self.commit, self.area)
    }
}

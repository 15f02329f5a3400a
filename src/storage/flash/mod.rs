//! Records in flash, through cuts of the power. With the feature `flash`.
//!
//! A [`Store`] keeps one record, some bytes of a fixed length, in a range of NOR flash. Whenever
//! the power goes, the old or the new record is loaded after it, whole. Bits that flip in flash are
//! found: the record with them is not loaded, but the one before it. Nothing is allocated.
//!
//! # A blocking driver
//!
//! ```
//! use embedded_storage::nor_flash::NorFlash;
//! use stackprop::flash::{Blocking, Error, Store};
//! use stackprop::{Online, Record, Relu, Sgd, SigmoidBce, net};
//!
//! type Learner = Online<net![3 => 8, Relu => 1, SigmoidBce], Sgd>;
//!
//! fn keep<F: NorFlash>(flash: F, learner: &mut Learner) -> Result<(), Error<F::Error>> {
//!     // The last eight pages of an nRF52840.
//!     let mut store = Store::new(Blocking(flash), 0xF_8000..0x10_0000, Learner::RECORD_BYTES)?;
//!     let mut record = [0; Learner::RECORD_BYTES];
//!     let is_there = store.load_blocking(&mut record)?;
//!     if !is_there || learner.from_bytes(&record).is_err() {
//!         learner.start(7, Sgd::new(0.1)); // no record, or one of another firmware
//!     }
//!     if learner.to_bytes(1000, &mut record).is_ok() {
//!         store.save_blocking(&record)?;
//!     }
//!     Ok(())
//! }
//! ```
//!
//! # An async driver
//!
//! ```
//! use embedded_storage_async::nor_flash::NorFlash;
//! use stackprop::flash::{Error, Store};
//!
//! async fn keep<F: NorFlash>(flash: F, record: &mut [u8]) -> Result<(), Error<F::Error>> {
//!     let mut store = Store::new(flash, 0x10_0000..0x11_0000, record.len())?;
//!     if store.load(record).await? {
//!         // Go on from there.
//!     }
//!     store.save(record).await
//! }
//! ```
//!
//! `&mut flash` is a driver, too; [`Store::into_flash`] gives the driver back.
//!
//! # The range
//!
//! It has to lie outside the program. The linker keeps off if `memory.x` does not give it the
//! pages. For the eight pages above:
//!
//! ```text
//! MEMORY
//! {
//!     FLASH : ORIGIN = 0x00000000, LENGTH = 1024K - 32K
//!     /* 0xF8000 to 0x100000: the record */
//!     RAM : ORIGIN = 0x20000000, LENGTH = 256K
//! }
//! ```
//!
//! The range is in the addresses of the driver. Those of `embassy-rp` and `embassy-stm32` count
//! from the start of the flash, so without the `0x1000_0000` or `0x0800_0000` of the memory map.
//! Some boot loaders lie at the end of the flash, and some erase all of it with each new program.
//! [`Geometry::pages`] says how many pages a record needs. It does not matter what is in them at
//! first.
//!
//! # In flash
//!
//! ```text
//! |     first half      |     second half     |
//! | 0 0 0C 2 2 2C       | 1 1 1C 3 3          |    while the save with number 3 is written
//! ```
//!
//! The range has two halves, which take turns. A half is a queue of `sequential-storage`: a record
//! goes into it as items of about 512 bytes, which each fit in a page, and a commit item C at the
//! end, with the generation, the length, the number of items and a CRC-32 of the whole. When a half
//! is full it is erased, and begins anew. The newest record is always in the half that is not
//! written to, so that no cut of the power can harm it.
//!
//! If the half that is written to is in disorder, since the power was cut in a write or an erase,
//! it is erased, and the record written once more. Each save is read back before it counts. A load
//! only reads.
//!
//! # Wear
//!
//! How many saves until a page has been erased as often as the maker warrants, by
//! [`Geometry::saves`]: with the fewest pages for the record, and with 64 kB. Twice the pages
//! survive at least twice the saves.
//!
//! | flash | erases of a page | 208 bytes | in 64 kB | 13.8 kB | in 64 kB |
//! | --- | ---: | ---: | ---: | ---: | ---: |
//! | nRF52840, 4 kB pages | 10,000 | 320,000 | 2,560,000 | 20,000 | 40,000 |
//! | RP2350, 4 kB pages | 100,000 | 3,200,000 | 25,600,000 | 200,000 | 400,000 |
//! | STM32L4, 2 kB pages | 10,000 | 140,000 | 2,400,000 | 20,000 | 40,000 |
//! | STM32U5, 8 kB pages | 10,000 | 560,000 | 2,240,000 | 20,000 | 40,000 |
//!
//! 208 bytes are an `Online` of 3-8-1 with SGD, 13.8 kB one of 16-32-16-4 with Adam. A cut of the
//! power while a record is saved costs up to one erase more of the pages of a half.
//!
//! # What it cannot do
//!
//! Flash with error correction, such as that of an STM32U5, may answer a word that was half written
//! with an interrupt instead of wrong bytes: the program has to survive that. A page that was half
//! erased may read as erased now and not later: a record in it is lost then, as with flipped bits.
//!
//! An image that calls a [`Store`] has panic paths, unlike the rest of the crate: the checks of
//! `sequential-storage`, none of which a test reaches, and that of every `async` call, whose future
//! must not be polled again when it is done.

mod adapters;
mod blocking;
mod error;
mod geometry;
mod half;
mod item;
mod store;

pub use adapters::Blocking;
pub use error::Error;
pub use geometry::Geometry;
pub use store::Store;

//! What a flash is for a store: its words, and the least and the most that it takes.

use embedded_storage_async::nor_flash::{ErrorType, NorFlash, ReadNorFlash};
use libtest_mimic::{Failed, Trial};
use stackprop::flash::Geometry;

use crate::nor::NorError;

pub(crate) fn trials() -> Vec<Trial> {
    vec![
        Trial::test("words_of_drivers", words_of_drivers),
        Trial::test("the_least_and_the_most", the_least_and_the_most),
    ]
}

/// A driver that only says what it reads and writes at a time, and keeps nothing.
struct Words<const READ: usize, const WRITE: usize>;

impl<const READ: usize, const WRITE: usize> ErrorType for Words<READ, WRITE> {
    type Error = NorError;
}

impl<const READ: usize, const WRITE: usize> ReadNorFlash for Words<READ, WRITE> {
    const READ_SIZE: usize = READ;

    async fn read(&mut self, _: u32, _: &mut [u8]) -> Result<(), NorError> {
        Ok(())
    }

    fn capacity(&self) -> usize {
        0
    }
}

impl<const READ: usize, const WRITE: usize> NorFlash for Words<READ, WRITE> {
    const WRITE_SIZE: usize = WRITE;
    const ERASE_SIZE: usize = 512;

    async fn erase(&mut self, _: u32, _: u32) -> Result<(), NorError> {
        Ok(())
    }

    async fn write(&mut self, _: u32, _: &[u8]) -> Result<(), NorError> {
        Ok(())
    }
}

/// The larger of what a driver reads and what it writes.
fn words_of_drivers() -> Result<(), Failed> {
    let flash = |word| Geometry { page: 512, word };
    assert_eq!(Geometry::of::<Words<1, 8>>(), flash(8));
    assert_eq!(Geometry::of::<Words<16, 4>>(), flash(16));
    assert_eq!(Geometry::of::<Words<4, 4>>(), flash(4));
    Ok(())
}

fn the_least_and_the_most() -> Result<(), Failed> {
    const GIB: usize = 1 << 30;
    let possible = |page, word| Geometry { page, word }.pages(100).is_some();
    // A page of two words without items, and one with an item of a word beside its header.
    assert!(!possible(64, 32) && possible(128, 32));
    assert!(possible(1 << 30, 32) && !possible((1 << 30) + 32, 32));
    assert!(Geometry::NRF52840.pages(GIB).is_some());
    assert_eq!(Geometry::NRF52840.pages(GIB + 1), None);
    Ok(())
}

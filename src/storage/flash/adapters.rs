//! Flash seen in another way: a blocking driver as an `async` one, and any flash as read-only.

use embedded_storage::nor_flash as blocking;
use embedded_storage_async::nor_flash::{ErrorType, NorFlash, ReadNorFlash};

/// A blocking driver, for a [`Store`](super::Store). Its calls are done when they are polled first.
///
/// `embassy-embedded-hal` has the same as `BlockingAsync`; a store takes either.
#[derive(Clone, Copy, Debug, Default)]
pub struct Blocking<F>(
    /// The driver.
    pub F,
);

impl<F: ErrorType> ErrorType for Blocking<F> {
    type Error = F::Error;
}

impl<F: blocking::ReadNorFlash> ReadNorFlash for Blocking<F> {
    const READ_SIZE: usize = F::READ_SIZE;

    async fn read(&mut self, offset: u32, bytes: &mut [u8]) -> Result<(), F::Error> {
        self.0.read(offset, bytes)
    }

    fn capacity(&self) -> usize {
        self.0.capacity()
    }
}

impl<F: blocking::NorFlash> NorFlash for Blocking<F> {
    const WRITE_SIZE: usize = F::WRITE_SIZE;
    const ERASE_SIZE: usize = F::ERASE_SIZE;

    async fn erase(&mut self, from: u32, to: u32) -> Result<(), F::Error> {
        self.0.erase(from, to)
    }

    async fn write(&mut self, offset: u32, bytes: &[u8]) -> Result<(), F::Error> {
        self.0.write(offset, bytes)
    }
}

/// Flash that is read and nothing else: writes and erases do nothing. `sequential-storage` erases
/// while it reads: a page that looks half-erased, or one where it finds no item. One bad read, of a
/// supply that is going down, would be enough to lose a good record.
pub(super) struct ReadOnly<'a, F>(pub(super) &'a mut F);

impl<F: ErrorType> ErrorType for ReadOnly<'_, F> {
    type Error = F::Error;
}

impl<F: ReadNorFlash> ReadNorFlash for ReadOnly<'_, F> {
    const READ_SIZE: usize = F::READ_SIZE;

    async fn read(&mut self, offset: u32, bytes: &mut [u8]) -> Result<(), F::Error> {
        self.0.read(offset, bytes).await
    }

    fn capacity(&self) -> usize {
        self.0.capacity()
    }
}

impl<F: NorFlash> NorFlash for ReadOnly<'_, F> {
    const WRITE_SIZE: usize = F::WRITE_SIZE;
    const ERASE_SIZE: usize = F::ERASE_SIZE;

    async fn erase(&mut self, _: u32, _: u32) -> Result<(), F::Error> {
        Ok(())
    }

    async fn write(&mut self, _: u32, _: &[u8]) -> Result<(), F::Error> {
        Ok(())
    }
}

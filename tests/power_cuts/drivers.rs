//! Drivers around the flash: one that waits and misreads, one for worn flash.

use std::future::poll_fn;
use std::task::Poll;

use embedded_storage::nor_flash::{NorFlash as _, ReadNorFlash as _};
use embedded_storage_async::nor_flash::{ErrorType, NorFlash, ReadNorFlash};
use fastrand::Rng;

use crate::nor::{Nor, NorError};

/// Is polled `waits` times before it does anything, and reads `noise`, if there is some.
pub(crate) struct Slow<const PAGE: usize, const WORD: usize> {
    pub(crate) nor: Nor<PAGE, WORD>,
    pub(crate) waits: u32,
    pub(crate) noise: Option<Rng>,
}

impl<const PAGE: usize, const WORD: usize> Slow<PAGE, WORD> {
    async fn wait(&self) {
        let mut left = self.waits;
        poll_fn(|_| {
            let is_done = left == 0;
            left = left.saturating_sub(1);
            if is_done {
                Poll::Ready(())
            } else {
                Poll::Pending
            }
        })
        .await;
    }
}

impl<const PAGE: usize, const WORD: usize> ErrorType for Slow<PAGE, WORD> {
    type Error = NorError;
}

impl<const PAGE: usize, const WORD: usize> ReadNorFlash for Slow<PAGE, WORD> {
    const READ_SIZE: usize = WORD;

    async fn read(&mut self, offset: u32, bytes: &mut [u8]) -> Result<(), NorError> {
        self.wait().await;
        self.nor.read(offset, bytes)?;
        if let Some(rng) = &mut self.noise
            && rng.bool()
        {
            bytes.fill_with(|| rng.u8(..));
        }
        Ok(())
    }

    fn capacity(&self) -> usize {
        self.nor.capacity()
    }
}

impl<const PAGE: usize, const WORD: usize> NorFlash for Slow<PAGE, WORD> {
    const WRITE_SIZE: usize = WORD;
    const ERASE_SIZE: usize = PAGE;

    async fn erase(&mut self, from: u32, to: u32) -> Result<(), NorError> {
        self.wait().await;
        self.nor.erase(from, to)
    }

    async fn write(&mut self, offset: u32, bytes: &[u8]) -> Result<(), NorError> {
        self.wait().await;
        self.nor.write(offset, bytes)
    }
}

/// Does not keep what is written: a byte of each write is 0.
pub(crate) struct Worn<const PAGE: usize, const WORD: usize>(pub(crate) Nor<PAGE, WORD>);

impl<const PAGE: usize, const WORD: usize> ErrorType for Worn<PAGE, WORD> {
    type Error = NorError;
}

impl<const PAGE: usize, const WORD: usize> ReadNorFlash for Worn<PAGE, WORD> {
    const READ_SIZE: usize = WORD;

    async fn read(&mut self, offset: u32, bytes: &mut [u8]) -> Result<(), NorError> {
        self.0.read(offset, bytes)
    }

    fn capacity(&self) -> usize {
        self.0.capacity()
    }
}

impl<const PAGE: usize, const WORD: usize> NorFlash for Worn<PAGE, WORD> {
    const WRITE_SIZE: usize = WORD;
    const ERASE_SIZE: usize = PAGE;

    async fn erase(&mut self, from: u32, to: u32) -> Result<(), NorError> {
        self.0.erase(from, to)
    }

    async fn write(&mut self, offset: u32, bytes: &[u8]) -> Result<(), NorError> {
        let mut bytes = bytes.to_vec();
        bytes[0] = 0;
        self.0.write(offset, &bytes)
    }
}

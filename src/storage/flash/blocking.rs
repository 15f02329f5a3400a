//! The calls of a store without an executor.

use core::future::Future;
use core::pin::pin;
use core::task::{Context, Poll, Waker};

use embedded_storage_async::nor_flash::NorFlash;

use super::error::Error;
use super::store::Store;

impl<F: NorFlash> Store<F> {
    /// [`load`](Self::load), for a driver that never waits, such as [`Blocking`](super::Blocking).
    ///
    /// # Errors
    /// Those of [`load`](Self::load), and [`Error::Pending`] if the driver waits.
    pub fn load_blocking(&mut self, record: &mut [u8]) -> Result<bool, Error<F::Error>> {
        once(self.load(record))
    }

    /// [`save`](Self::save), for a driver that never waits, such as [`Blocking`](super::Blocking).
    ///
    /// # Errors
    /// Those of [`save`](Self::save), and [`Error::Pending`] if the driver waits.
    pub fn save_blocking(&mut self, record: &[u8]) -> Result<(), Error<F::Error>> {
        once(self.save(record))
    }

    /// [`erase`](Self::erase), for a driver that never waits, as
    /// [`Blocking`](super::Blocking).
    ///
    /// # Errors
    /// Those of [`erase`](Self::erase), and [`Error::Pending`] if the driver waits.
    ///
    /// ```
    /// use embedded_storage::nor_flash::NorFlash;
    /// use stackprop::flash::{Blocking, Error, Store};
    ///
    /// /// Erases the range, and gives the driver back.
    /// fn forget<F: NorFlash>(store: Store<Blocking<F>>) -> Result<F, Error<F::Error>> {
    ///     let mut store = store;
    ///     store.erase_blocking()?;
    ///     let Blocking(flash) = store.into_flash();
    ///     Ok(flash)
    /// }
    /// ```
    pub fn erase_blocking(&mut self) -> Result<(), Error<F::Error>> {
        once(self.erase())
    }
}

/// Polls once: a future that is not done then is dropped, and never polled in a loop.
fn once<T, E>(future: impl Future<Output = Result<T, Error<E>>>) -> Result<T, Error<E>> {
    match pin!(future).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(result) => result,
        Poll::Pending => Err(Error::Pending),
    }
}

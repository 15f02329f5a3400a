//! Records in flash.

use core::future::Future;
use core::hint::black_box;
use core::pin::pin;
use core::task::{Context, Waker};
use embedded_storage::nor_flash as blocking;
use embedded_storage::nor_flash::{ErrorType, NorFlashErrorKind};
use embedded_storage_async::nor_flash::{NorFlash, ReadNorFlash};
use stackprop::flash::{Blocking, Error, Geometry, Store};

/// A driver of which the compiler knows nothing.
#[derive(Default)]
struct Driver;

impl ErrorType for Driver {
    type Error = NorFlashErrorKind;
}

impl blocking::ReadNorFlash for Driver {
    const READ_SIZE: usize = 1;

    fn read(&mut self, offset: u32, bytes: &mut [u8]) -> Result<(), NorFlashErrorKind> {
        black_box((offset, bytes));
        black_box(Ok(()))
    }

    fn capacity(&self) -> usize {
        black_box(65_536)
    }
}

impl blocking::NorFlash for Driver {
    const WRITE_SIZE: usize = 4;
    const ERASE_SIZE: usize = 4096;

    fn erase(&mut self, from: u32, to: u32) -> Result<(), NorFlashErrorKind> {
        black_box((from, to));
        black_box(Ok(()))
    }

    fn write(&mut self, offset: u32, bytes: &[u8]) -> Result<(), NorFlashErrorKind> {
        black_box((offset, bytes));
        black_box(Ok(()))
    }
}

/// All of it.
pub(crate) fn stores() -> Result<(), Error<NorFlashErrorKind>> {
    geometry(black_box(Geometry {
        page: 4096,
        word: 4,
    }));
    driver(black_box(Blocking::default()));
    store()
}

#[inline(never)]
fn geometry(geometry: Geometry) {
    let (bytes, pages) = black_box((13_756, 8));
    black_box((geometry.pages(bytes), geometry.saves(bytes, pages, pages)));
    black_box(Geometry::of::<Blocking<Driver>>());
}

#[inline(never)]
fn driver(mut driver: Blocking<Driver>) {
    let mut bytes = black_box([0; 16]);
    let _ = black_box(poll(driver.erase(black_box(0), black_box(4096))));
    let _ = black_box(poll(driver.write(black_box(0), black_box(&bytes[..]))));
    let _ = black_box(poll(driver.read(black_box(0), black_box(&mut bytes[..]))));
    black_box(driver.capacity());
}

#[inline(never)]
fn store() -> Result<(), Error<NorFlashErrorKind>> {
    let (flash, range) = (Blocking(Driver), black_box(0)..black_box(65_536));
    let store = Store::new(flash, range, black_box(500))?;
    let Blocking(driver) = store.into_flash();
    let _ = driver;
    Ok(())
}

/// A future, polled once.
fn poll<T>(future: impl Future<Output = T>) -> bool {
    pin!(future)
        .poll(&mut Context::from_waker(Waker::noop()))
        .is_ready()
}

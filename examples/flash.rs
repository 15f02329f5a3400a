//! A learner that is kept in flash: it is saved every 20 steps, the power is cut again and again,
//! and it goes on with what it had learned. Then: how many saves three chips survive.
//!
//! `cargo run --release --example flash`

#![allow(clippy::expect_used, reason = "an example ends by panicking")]

use std::ops::Range;

use embedded_storage::nor_flash::{ErrorType, NorFlash, NorFlashErrorKind, ReadNorFlash};
use stackprop::flash::{Blocking, Error, Geometry, Store};
use stackprop::{Adam, Online, Record, Relu, Sgd, SigmoidBce, net};

type Detector = net![3 => 8, Relu => 1, SigmoidBce];
type Learner = Online<Detector, Sgd>;
type Large = Online<net![16 => 32, Relu => 16, Relu => 4, SigmoidBce], Adam>;

const PAGE: usize = 4096;
const RANGE: Range<u32> = 0..0x4000; // four pages

/// Flash as in an nRF52840. The power goes after some writes.
struct Ram {
    bytes: Vec<u8>,
    writes_left: u32,
}

impl ErrorType for Ram {
    type Error = NorFlashErrorKind;
}

impl ReadNorFlash for Ram {
    const READ_SIZE: usize = 4;

    fn read(&mut self, offset: u32, bytes: &mut [u8]) -> Result<(), NorFlashErrorKind> {
        bytes.copy_from_slice(&self.bytes[offset as usize..][..bytes.len()]);
        Ok(())
    }

    fn capacity(&self) -> usize {
        self.bytes.len()
    }
}

impl NorFlash for Ram {
    const WRITE_SIZE: usize = 4;
    const ERASE_SIZE: usize = PAGE;

    fn erase(&mut self, from: u32, to: u32) -> Result<(), NorFlashErrorKind> {
        self.power()?;
        self.bytes[from as usize..to as usize].fill(0xFF);
        Ok(())
    }

    /// Without power, half of the bytes are written.
    fn write(&mut self, offset: u32, bytes: &[u8]) -> Result<(), NorFlashErrorKind> {
        let power = self.power();
        let done = bytes.len() / if power.is_ok() { 1 } else { 2 };
        for (old, new) in self.bytes[offset as usize..].iter_mut().zip(&bytes[..done]) {
            *old &= new;
        }
        power
    }
}

impl Ram {
    fn power(&mut self) -> Result<(), NorFlashErrorKind> {
        self.writes_left = self.writes_left.saturating_sub(1);
        let is_on = self.writes_left > 0;
        is_on.then_some(()).ok_or(NorFlashErrorKind::Other)
    }
}

/// From power on until the power goes, or 2000 steps are learned.
fn run(flash: &mut Ram) -> Result<(), Error<NorFlashErrorKind>> {
    let mut store = Store::new(Blocking(flash), RANGE, Learner::RECORD_BYTES)?;
    let mut learner = Learner::new(Detector::new(7), Sgd::new(0.1));
    let mut record = [0; Learner::RECORD_BYTES];
    let mut step = 0;
    if store.load_blocking(&mut record)? {
        step = learner
            .from_bytes(&record)
            .expect("a record of this learner");
    }
    println!("power on: goes on after step {step}");

    let rows = [
        [0.0, 0.1, 1.0],
        [0.7, -0.6, 1.4],
        [0.1, 0.0, 0.9],
        [-0.8, 0.7, 0.5],
    ];
    while step < 2000 {
        for (row, label) in rows.iter().zip([0.0, 1.0, 0.0, 1.0]) {
            learner.step(row, &[label]).expect("finite numbers");
            step += 1;
        }
        if step % 20 == 0 {
            learner.to_bytes(step, &mut record).expect("finite weights");
            store.save_blocking(&record)?;
        }
    }
    let y_hat = rows.map(|row| learner.network.forward(&row)[0]);
    println!("done: 0, 1, 0, 1 are {y_hat:.3?}");
    Ok(())
}

fn main() {
    let mut bytes = vec![0xFF; RANGE.len()];
    for writes_left in (37..).step_by(37) {
        let mut flash = Ram { bytes, writes_left };
        match run(&mut flash) {
            Ok(()) => break,
            Err(error) => println!("  the power is cut while saving: {error}"),
        }
        bytes = flash.bytes;
    }

    println!("\nsaves until a page is worn out:");
    for (chip, geometry, cycles) in [
        ("nRF52840", Geometry::NRF52840, 10_000),
        ("RP2350", Geometry::RP2350, 100_000),
        ("STM32L4", Geometry::STM32L4, 10_000),
    ] {
        println!("  {chip}: {cycles} erases of a page");
        for (what, bytes) in [
            ("this detector", Learner::RECORD_BYTES),
            ("16-32-16-4 with Adam", Large::RECORD_BYTES),
        ] {
            let fewest = geometry.pages(bytes).expect("a possible flash");
            for pages in [fewest, 65_536 / geometry.page] {
                let saves = geometry.saves(bytes, pages, cycles);
                println!("    {what}, {bytes} bytes, {pages:2} pages: {saves:9} saves");
            }
        }
    }
}

//! On an RP2350: an accelerometer with three analog outputs at GPIO 26, 27 and 28; a switch at
//! GPIO 15 that an engineer closes while the motor vibrates.
//!
//! ```text
//! cargo run --release --target thumbv8m.main-none-eabihf --features rp2350 --bin rp2350
//! ```

#![no_std]
#![no_main]

use embassy::{FEATURES, Learner, SAMPLES, learn};
use embassy_executor::Spawner;
use embassy_rp::adc::{Adc, Async, Channel, Config};
use embassy_rp::flash::{self, Flash};
use embassy_rp::gpio::{Input, Pull};
use embassy_rp::peripherals::FLASH;
use embassy_rp::{adc, bind_interrupts};
use embassy_time::{Duration, Ticker};
use stackprop::Record;
use stackprop::flash::{Blocking, Store};
use static_cell::ConstStaticCell;

bind_interrupts!(struct Irqs {
    ADC_IRQ_FIFO => adc::InterruptHandler;
});

static LEARNER: ConstStaticCell<Learner> = ConstStaticCell::new(Learner::unset());

/// Bytes of flash on the board.
const FLASH_SIZE: usize = 2 * 1024 * 1024;

/// The part of flash that `memory/rp2350.x` leaves free.
const RECORDS: core::ops::Range<u32> = FLASH_SIZE as u32 - 32 * 1024..FLASH_SIZE as u32;

#[embassy_executor::main]
async fn main(spawner: Spawner) {
    let p = embassy_rp::init(embassy_rp::config::Config::default());
    let pins = [
        Channel::new_pin(p.PIN_26, Pull::None),
        Channel::new_pin(p.PIN_27, Pull::None),
        Channel::new_pin(p.PIN_28, Pull::None),
    ];
    let adc = Adc::new(p.ADC, Irqs, Config::default());
    let switch = Input::new(p.PIN_15, Pull::Up);
    spawner.spawn(sample(adc, pins, switch).unwrap());
    spawner.spawn(learn_in_flash(Flash::new_blocking(p.FLASH)).unwrap());
}

/// Takes a sample every 10 ms. If learning is behind, or the converter fails, a sample is lost, and
/// not the rhythm.
#[embassy_executor::task]
async fn sample(
    mut adc: Adc<'static, Async>,
    mut pins: [Channel<'static>; FEATURES],
    switch: Input<'static>,
) {
    let mut ticker = Ticker::every(Duration::from_millis(10));
    loop {
        ticker.next().await;
        let mut row = [0.0; FEATURES];
        for (number, pin) in row.iter_mut().zip(&mut pins) {
            *number = adc.read(pin).await.map_or(f32::NAN, f32::from);
        }
        let _ = SAMPLES.try_send((row, switch.is_low()));
    }
}

#[embassy_executor::task]
async fn learn_in_flash(flash: Flash<'static, FLASH, flash::Blocking, FLASH_SIZE>) {
    match Store::new(Blocking(flash), RECORDS, Learner::RECORD_BYTES) {
        Ok(store) => learn(LEARNER.take(), store).await,
        Err(_) => defmt::panic!("the flash for records is too small"),
    }
}

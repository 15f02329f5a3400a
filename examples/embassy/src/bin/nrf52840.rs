//! On an nRF52840: an accelerometer with three analog outputs at P0.02, P0.03 and P0.04; a switch
//! at P0.11 that an engineer closes while the motor vibrates.
//!
//! ```text
//! cargo run --release --target thumbv7em-none-eabihf --features nrf52840 --bin nrf52840
//! ```

#![no_std]
#![no_main]

use embassy::{FEATURES, Learner, SAMPLES, learn};
use embassy_executor::Spawner;
use embassy_nrf::gpio::{Input, Pull};
use embassy_nrf::nvmc::{FLASH_SIZE, Nvmc};
use embassy_nrf::saadc::{ChannelConfig, Config, Saadc};
use embassy_nrf::{bind_interrupts, saadc};
use embassy_time::{Duration, Ticker};
use stackprop::Record;
use stackprop::flash::{Blocking, Store};
use static_cell::ConstStaticCell;

bind_interrupts!(struct Irqs {
    SAADC => saadc::InterruptHandler;
});

static LEARNER: ConstStaticCell<Learner> = ConstStaticCell::new(Learner::unset());

/// The part of flash that `memory/nrf52840.x` leaves free.
const RECORDS: core::ops::Range<u32> = FLASH_SIZE as u32 - 32 * 1024..FLASH_SIZE as u32;

#[embassy_executor::main]
async fn main(spawner: Spawner) {
    let p = embassy_nrf::init(embassy_nrf::config::Config::default());
    let pins = [
        ChannelConfig::single_ended(p.P0_02),
        ChannelConfig::single_ended(p.P0_03),
        ChannelConfig::single_ended(p.P0_04),
    ];
    let saadc = Saadc::new(p.SAADC, Irqs, Config::default(), pins);
    let switch = Input::new(p.P0_11, Pull::Up);
    spawner.spawn(sample(saadc, switch).unwrap());
    spawner.spawn(learn_in_flash(Nvmc::new(p.NVMC)).unwrap());
}

/// Takes a sample every 10 ms. If learning is behind, a sample is lost, and not the rhythm.
#[embassy_executor::task]
async fn sample(mut saadc: Saadc<'static, FEATURES>, switch: Input<'static>) {
    let mut ticker = Ticker::every(Duration::from_millis(10));
    loop {
        ticker.next().await;
        let mut counts = [0; FEATURES];
        saadc.sample(&mut counts).await;
        let _ = SAMPLES.try_send((counts.map(f32::from), switch.is_low()));
    }
}

#[embassy_executor::task]
async fn learn_in_flash(flash: Nvmc<'static>) {
    match Store::new(Blocking(flash), RECORDS, Learner::RECORD_BYTES) {
        Ok(store) => learn(LEARNER.take(), store).await,
        Err(_) => defmt::panic!("the flash for records is too small"),
    }
}

//! A task that learns from a sensor between its samples, and keeps what it has learned in flash.
//!
//! Two tasks share one executor. One takes a sample every 10 ms and puts it into [`SAMPLES`]. The
//! other, [`learn`], collects a mini-batch, scales it, and takes a training step in slices of a few
//! rows: after each slice the executor may run the first task, so no sample waits for longer than a
//! slice. Every [`SAVE_EVERY`] steps it writes a record. After a reset it goes on from there.
//!
//! The binaries say what is the chip's own: pins, converter, flash.

#![no_std]

use defmt_rtt as _;
use embassy_futures::yield_now;
use embassy_sync::blocking_mutex::raw::CriticalSectionRawMutex;
use embassy_sync::channel::Channel;
use embedded_storage_async::nor_flash::NorFlash;
use panic_probe as _;
use stackprop::flash::Store;
use stackprop::{
    Error, Normalizer, Record, Relu, Sgd, SigmoidBce, Trainer, net, record, safetensors,
};

/// Acceleration along x, y and z, and whether the motor vibrates.
pub type Sample = ([f32; FEATURES], bool);

/// Where samples wait to be learned.
pub static SAMPLES: Channel<CriticalSectionRawMutex, Sample, { 2 * BATCH }> = Channel::new();

/// Numbers of a sample.
pub const FEATURES: usize = 3;

/// Samples of a mini-batch.
const BATCH: usize = 16;

/// Rows of a mini-batch between two looks at the sensor.
const SLICE: usize = 2;

/// Steps from one record to the next. A reset loses at most so many.
pub const SAVE_EVERY: u64 = 1000;

type Detector = net![FEATURES => 8, Relu => 1, SigmoidBce];

safetensors! {
    /// The network that a new device starts with: `examples/data/train_motor.py`.
    static FACTORY: Detector = include_bytes!("../../data/motor.safetensors");
}

/// All that has to outlive a reset.
#[derive(Debug)]
pub struct Learner {
    trainer: Trainer<Detector, Sgd>,
    normalizer: Normalizer<FEATURES>,
}

record!(Learner {
    trainer,
    normalizer
});

impl Learner {
    /// A learner in a `static`, before [`learn`].
    #[must_use]
    pub const fn unset() -> Self {
        Self {
            trainer: Trainer::unset(),
            normalizer: Normalizer::new(),
        }
    }
}

/// Goes on from the record in flash, or from the factory's network; then learns for ever.
pub async fn learn<F: NorFlash>(learner: &mut Learner, mut store: Store<F>) -> ! {
    let mut bytes = [0; Learner::RECORD_BYTES];
    let mut steps = boot(learner, &mut store, &mut bytes).await;
    loop {
        match learn_batch(learner).await {
            Ok(loss) => defmt::trace!("loss {=f32}", loss),
            // Nothing was learned from this batch; the next may be better.
            Err(error) => defmt::warn!("{}", error),
        }
        steps += 1;
        if steps % SAVE_EVERY == 0 {
            save(learner, steps, &mut store, &mut bytes).await;
        }
    }
}

/// The number of steps that the record has; 0 if there is none.
async fn boot<F: NorFlash>(
    learner: &mut Learner,
    store: &mut Store<F>,
    bytes: &mut [u8; Learner::RECORD_BYTES],
) -> u64 {
    if let Ok(true) = store.load(bytes).await {
        match learner.from_bytes(bytes) {
            Ok(steps) => {
                defmt::info!("goes on after {=u64} steps", steps);
                return steps;
            }
            // A record of another version of the firmware: begin anew.
            Err(error) => defmt::warn!("{}", error),
        }
    }
    learner.trainer.start(0, Sgd::new(0.05));
    learner.trainer.network = FACTORY;
    0
}

/// Waits for a mini-batch and takes a step on it, in slices.
async fn learn_batch(learner: &mut Learner) -> Result<f32, Error> {
    let (mut rows, mut targets) = ([[0.0; FEATURES]; BATCH], [[0.0]; BATCH]);
    for (row, target) in rows.iter_mut().zip(&mut targets) {
        let (sample, vibrates) = SAMPLES.receive().await;
        learner.normalizer.observe(&sample)?;
        *row = learner.normalizer.scale(&sample);
        *target = [f32::from(u8::from(vibrates))];
    }
    let mut step = learner.trainer.begin_step(&rows, &targets)?;
    loop {
        if let Some(loss) = step.advance(SLICE)? {
            return Ok(loss);
        }
        yield_now().await;
    }
}

/// Writes a record. If flash fails, learning goes on: the record before it is still there.
async fn save<F: NorFlash>(
    learner: &Learner,
    steps: u64,
    store: &mut Store<F>,
    bytes: &mut [u8; Learner::RECORD_BYTES],
) {
    if let Err(error) = learner.to_bytes(steps, bytes) {
        defmt::error!("{}", error);
    } else if store.save(bytes).await.is_err() {
        defmt::error!("flash");
    }
}

//! A device from the factory to its last row: it boots, reads its record or the factory's network,
//! learns a stream row by row, and saves every [`SAVE_EVERY`] rows. A timer resets it at random,
//! also in the middle of a save. The exit code is 0 only if every boot found a record that was at
//! most [`SAVE_EVERY`] rows old, and the weights at the end are those of a run without a reset.

#![no_std]
#![no_main]

#[path = "../../../shared/hash.rs"]
mod hash;
#[path = "../../../device/learner.rs"]
mod learner;
#[path = "../../../shuttle/learning/rows.rs"]
mod rows;

use core::mem::MaybeUninit;
use cortex_m::peripheral::{SCB, syst::SystClkSource};
use cortex_m_rt::exception;
use firmware::flash::{Flash, PAGE};
use firmware::{entry, exit};
use learner::{GOLDEN, Learner};
use rows::ROWS;
use stackprop::flash::{Blocking, Store};
use stackprop::{Random, Record};

/// Rows from one record to the next: what a reset may lose.
const SAVE_EVERY: u64 = 100;

/// How often the device is reset before it may run to the end.
const RESETS: u32 = 50;

/// The longest time between two resets, in ticks of the timer: 40 instructions each in QEMU.
const LONGEST: u32 = 500_000;

/// Pages for records.
const PAGES: usize = 8;

/// Bytes of these pages.
const FLASH_BYTES: u32 = 8 * 4096;
const _: () = assert!(FLASH_BYTES as usize == PAGES * PAGE);

/// The exit code if a row is lost that should not be, or the weights are others.
const DIFFERENT: i32 = 1;

/// What lies outside the reach of the start-up code: the flash, and what watches the device.
struct Kept {
    flash: [u8; PAGES * PAGE],
    /// [`POWERED`] from the first boot on.
    powered: u32,
    resets: u32,
    /// Steps that were taken, also those that a reset made undone.
    steps: u64,
    /// The most steps that a reset has undone.
    lost: u64,
    saves: u32,
    /// Whether a save is under way.
    saving: bool,
    /// How many saves a reset has broken.
    broken: u32,
    random: Random,
}

/// Which no RAM holds by chance.
const POWERED: u32 = 0x5354_4b50;

#[unsafe(link_section = ".uninit.kept")]
static mut KEPT: MaybeUninit<Kept> = MaybeUninit::uninit();

#[entry]
fn main() -> ! {
    // SAFETY: called once, before the timer runs, whose handler does not touch it.
    let kept = unsafe { power_on() };
    start_timer(kept);
    match run(kept) {
        Ok(learner) => {
            let hash = hash::hash(&learner.online.network);
            defmt::info!("{}", learner.decisions);
            defmt::info!(
                "{=u32} resets, {=u32} of them in a save; {=u32} saves; at most {=u64} rows lost",
                kept.resets,
                kept.broken,
                kept.saves,
                kept.lost
            );
            defmt::info!("hash {=u64:#018x}, golden {=u64:#018x}", hash, GOLDEN);
            let good = hash == GOLDEN && kept.lost <= SAVE_EVERY && kept.resets == RESETS;
            exit(if good { 0 } else { DIFFERENT })
        }
        Err(what) => {
            defmt::error!("{=str}", what);
            exit(DIFFERENT)
        }
    }
}

/// From the record, or from the factory, to the last row.
fn run(kept: &mut Kept) -> Result<Learner, &'static str> {
    let mut learner = Learner::new();
    let mut bytes = [0; Learner::RECORD_BYTES];
    // SAFETY: the flash is a field of its own, which nothing else borrows.
    let flash = unsafe { core::slice::from_raw_parts_mut(kept.flash.as_mut_ptr(), PAGES * PAGE) };
    let mut store = Store::new(
        Blocking(Flash(flash)),
        0..FLASH_BYTES,
        Learner::RECORD_BYTES,
    )
    .map_err(|_| "the flash is too small")?;
    let mut step = 0;
    if store.load_blocking(&mut bytes).map_err(|_| "load")? {
        step = learner
            .from_bytes(&bytes)
            .map_err(|_| "the record is wrong")?;
    }
    let lost = kept.steps - step;
    kept.lost = kept.lost.max(lost);
    defmt::info!(
        "boot {=u32} goes on after row {=u64} of {=usize}, {=u64} lost",
        kept.resets,
        step,
        ROWS,
        lost
    );
    let done = usize::try_from(step).map_err(|_| "more steps than rows")?;
    for (row, anomaly) in rows::rows().skip(done) {
        learner
            .step(&row, anomaly)
            .map_err(|_| "a step was refused")?;
        step += 1;
        kept.steps = step;
        if step.is_multiple_of(SAVE_EVERY) {
            learner.to_bytes(step, &mut bytes).map_err(|_| "to_bytes")?;
            kept.saving = true;
            store.save_blocking(&bytes).map_err(|_| "save")?;
            kept.saving = false;
            kept.saves += 1;
        }
    }
    Ok(learner)
}

/// What is kept. On the first boot the flash is empty.
///
/// # Safety
/// Called once.
unsafe fn power_on() -> &'static mut Kept {
    // SAFETY: the caller calls it once, so this is the only reference. Every pattern of bits is a
    // value of the fields, and after the first boot they have been set.
    let kept = unsafe { &mut *(&raw mut KEPT).cast::<Kept>() };
    if kept.powered == POWERED {
        kept.resets += 1;
        kept.broken += u32::from(core::mem::take(&mut kept.saving));
    } else {
        kept.flash.fill(0xff);
        (kept.resets, kept.steps, kept.lost) = (0, 0, 0);
        (kept.saves, kept.saving, kept.broken) = (0, false, 0);
        kept.random = Random::new(1);
        kept.powered = POWERED;
    }
    kept
}

/// Sets the time of the next reset, if there is to be one.
fn start_timer(kept: &mut Kept) {
    if kept.resets >= RESETS {
        return;
    }
    let Some(mut peripherals) = cortex_m::Peripherals::take() else {
        return;
    };
    let timer = &mut peripherals.SYST;
    timer.set_clock_source(SystClkSource::Core);
    timer.set_reload(1 + kept.random.below(LONGEST));
    timer.clear_current();
    timer.enable_interrupt();
    timer.enable_counter();
}

#[exception]
fn SysTick() {
    SCB::sys_reset();
}

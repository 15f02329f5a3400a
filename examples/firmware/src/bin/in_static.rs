//! Trainers that live in statics, from reset on: one behind a mutex, one in a `StaticCell`. Their
//! bytes are 0 until they are initialised where they lie, so they take .bss and no flash. A network
//! with its factory weights stays in flash. For each part one line of log: its name, the bytes that
//! it holds, and the stack that it takes.

#![no_std]
#![no_main]

use core::cell::RefCell;
use core::hint::black_box;
use critical_section::Mutex;
use firmware::{entry, exit, stack};
use stackprop::notebook::{BOOK_NET, NetBook};
use stackprop::{Adam, Error, Online, Relu, Sgd, SigmoidBce, Trainer, net};
use static_cell::StaticCell;

/// 16-32-16-4 with ReLU and biases, 1140 parameters.
type Mlp = net![16 => 32, Relu => 16, Relu => 4, SigmoidBce];

/// Shared with interrupts, learning from batches.
static LEARNER: Mutex<RefCell<Trainer<Mlp, Sgd>>> = Mutex::new(RefCell::new(Trainer::unset()));

/// Owned by one task, learning from single samples.
static ONLINE: StaticCell<Online<Mlp, Adam>> = StaticCell::new();

/// Never changed: it stays in flash.
static FACTORY: NetBook = BOOK_NET;

static ROWS: [[f32; 16]; 4] = [[0.5; 16]; 4];
static TARGETS: [[f32; 4]; 4] = [[1.0, 0.0, 1.0, 0.0]; 4];

/// The exit code if a step is refused, or nothing is learned.
const REFUSED: i32 = 1;

/// The seed of the weights.
const SEED: u64 = 1;

#[entry]
fn main() -> ! {
    defmt::info!("{=f32}", black_box(&FACTORY).forward(&[1.0, 2.0, 3.0])[0]);
    let learned = in_a_mutex().and_then(|()| in_a_cell());
    exit(if learned.is_ok() { 0 } else { REFUSED })
}

fn in_a_mutex() -> Result<(), Error> {
    critical_section::with(|token| {
        let mut learner = LEARNER.borrow(token).borrow_mut();
        let ((), stack) = stack::peak(|| learner.start(black_box(SEED), Sgd::new(0.1)));
        log("mutex::start", size_of_val(&LEARNER), stack);
        let (before, stack) = stack::peak(|| learner.step(black_box(&ROWS), &TARGETS));
        log("mutex::step", size_of_val(&*learner), stack);
        learned(before?, learner.step(&ROWS, &TARGETS)?)
    })
}

fn in_a_cell() -> Result<(), Error> {
    let (online, stack) = stack::peak(|| {
        let online = ONLINE.init_with(Online::unset);
        online.start(black_box(SEED), Adam::new(0.01));
        online
    });
    log("cell::start", size_of_val(&ONLINE), stack);
    let (before, stack) = stack::peak(|| online.step(black_box(&ROWS[0]), &TARGETS[0]));
    log("cell::step", size_of_val(online), stack);
    learned(before?, online.step(&ROWS[0], &TARGETS[0])?)
}

/// Refused unless the loss has fallen.
fn learned(before: f32, after: f32) -> Result<(), Error> {
    if after < before {
        return Ok(());
    }
    Err(Error::Diverged)
}

#[inline(never)]
fn log(part: &str, bytes: usize, stack: usize) {
    defmt::info!("{=str} {=usize} {=usize}", part, bytes, stack);
}

//! Counts instructions, in QEMU with `-icount shift=0`, where every instruction takes a nanosecond:
//! any timer counts them then. On a real chip these would be cycles.

use core::arch::asm;

/// Instructions of the loop that a tick of the timer is measured with.
const CALIBRATION: u32 = 2_000_000;

/// Ticks that a measurement should take, for the resolution of a tick to vanish.
const ENOUGH: u32 = 200_000;

/// The most repetitions.
const MOST: u32 = 4096;

/// Ticks beyond which a measurement is not stretched to a whole number of periods.
const LONG: u32 = 4_000_000;

/// A timer, and how many ticks it makes in [`CALIBRATION`] instructions.
pub struct Counter {
    timer: timer::Timer,
    calibration: u32,
}

impl Counter {
    /// Starts the timer, once in a program, and calibrates it.
    #[must_use]
    pub fn start() -> Option<Self> {
        let mut counter = Self {
            timer: timer::Timer::start()?,
            calibration: 1,
        };
        counter.calibration = counter.ticks(|| spin(CALIBRATION / 2));
        Some(counter)
    }

    /// Instructions that `run` takes with the loop around it, in hundredths: the mean of as many
    /// repetitions as make it exact. `run` gets numbers below `period`, one after the other; each
    /// number comes equally often, if that does not take too long.
    pub fn hundredths(&mut self, period: u32, mut run: impl FnMut(u32)) -> u64 {
        // The first run may be another than those that follow.
        run(0);
        let once = self.ticks(|| run(0)).max(1);
        let mut times = (ENOUGH / once).clamp(1, MOST);
        if once.saturating_mul(times.next_multiple_of(period)) < LONG {
            times = times.next_multiple_of(period);
        }
        let ticks = self.ticks(|| (0..times).for_each(|n| run(n % period)));
        let instructions = u64::from(ticks) * u64::from(CALIBRATION) * 100;
        instructions / (u64::from(self.calibration) * u64::from(times))
    }

    /// Instructions of one call, to a few dozen. It may take 600 million: the timer of a Cortex-M
    /// does not count further.
    pub fn once(&mut self, run: impl FnOnce()) -> u64 {
        let ticks = self.ticks(run);
        u64::from(ticks) * u64::from(CALIBRATION) / u64::from(self.calibration.max(1))
    }

    /// Ticks while `run` runs.
    #[inline(never)]
    fn ticks(&mut self, run: impl FnOnce()) -> u32 {
        let start = self.timer.now();
        run();
        self.timer.since(start)
    }
}

/// A loop of `times` passes of two instructions.
#[inline(never)]
fn spin(times: u32) {
    // SAFETY: counts a register down.
    unsafe {
        #[cfg(target_arch = "arm")]
        asm!("2: subs {n}, #1", "bne 2b", n = inout(reg) times => _);
        #[cfg(target_arch = "riscv32")]
        asm!("2: addi {n}, {n}, -1", "bnez {n}, 2b", n = inout(reg) times => _);
    }
}

#[cfg(target_arch = "arm")]
mod timer {
    use cortex_m::peripheral::{Peripherals, SYST, syst::SystClkSource};

    /// `SysTick` counts down from this.
    const TOP: u32 = 0xff_ffff;

    pub(super) struct Timer;

    impl Timer {
        pub(super) fn start() -> Option<Self> {
            let mut syst = Peripherals::take()?.SYST;
            syst.set_clock_source(SystClkSource::Core);
            syst.set_reload(TOP);
            syst.clear_current();
            syst.enable_counter();
            Some(Self)
        }

        pub(super) fn now(&self) -> u32 {
            SYST::get_current()
        }

        pub(super) fn since(&self, start: u32) -> u32 {
            start.wrapping_sub(self.now()) & TOP
        }
    }
}

#[cfg(target_arch = "riscv32")]
mod timer {
    use riscv::register::mcycle;

    pub(super) struct Timer;

    impl Timer {
        pub(super) fn start() -> Option<Self> {
            Some(Self)
        }

        pub(super) fn now(&self) -> u32 {
            mcycle::read() as u32
        }

        pub(super) fn since(&self, start: u32) -> u32 {
            self.now().wrapping_sub(start)
        }
    }
}

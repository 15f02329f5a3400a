//! The calls of a case, and the most stack that one of them takes.

use core::hint::black_box;
use firmware::{exit, stack};
use stackprop::{Error, Guard, Network, Online, Optimizer, Trainable, Trainer};

/// The exit code if a step is refused that should not be, or the other way round.
const WRONG: i32 = 1;

/// More rows than are summed at once: a step adds the sums of blocks of 4096.
const MANY: usize = 4100;

/// All rows and targets.
static NUMBERS: [f32; 16 * MANY] = [0.25; 16 * MANY];
static SPOILT: [f32; 16 * 64] = [f32::NAN; 16 * 64];

/// A call that is measured: with which numbers, and whether what looks at them takes them.
pub(crate) struct Call {
    numbers: &'static [f32],
    lr: f32,
    max_norm: f32,
    passes: bool,
}

static CALLS: [Call; 4] = [
    call(&NUMBERS, 0.1, f32::INFINITY, true),
    call(&NUMBERS, 0.1, 1e-3, true),
    call(&NUMBERS, 1e30, f32::INFINITY, false),
    call(&SPOILT, 0.1, f32::INFINITY, false),
];

const fn call(numbers: &'static [f32], lr: f32, max_norm: f32, passes: bool) -> Call {
    Call {
        numbers,
        lr,
        max_norm,
        passes,
    }
}

/// What is measured.
pub(crate) trait Subject {
    /// The stack that a step may take by the library's constant.
    const LIMIT: usize;

    /// Whether it looks at what it is given, and refuses some.
    const LOOKS: bool = true;

    fn set(&mut self, call: &Call);
}

impl<L, H, const I: usize, const O: usize> Subject for Network<L, H, I, O> {
    /// A network has no such constant.
    const LIMIT: usize = usize::MAX;
    const LOOKS: bool = false;

    fn set(&mut self, _: &Call) {}
}

impl<N: Trainable, Opt: Optimizer> Subject for Trainer<N, Opt> {
    const LIMIT: usize = Self::STACK_BYTES;

    fn set(&mut self, call: &Call) {
        self.optimizer.set_lr(call.lr);
        self.guard = Guard::new().max_norm(call.max_norm);
    }
}

impl<N: Trainable, Opt: Optimizer> Subject for Online<N, Opt> {
    const LIMIT: usize = Self::STACK_BYTES;

    fn set(&mut self, call: &Call) {
        self.optimizer.set_lr(call.lr);
        self.guard = Guard::new().max_norm(call.max_norm);
    }
}

/// The most stack of all calls that `run` makes, with what a subject is and was refused.
#[inline(always)]
pub(crate) fn most<S: Subject, const I: usize, const O: usize>(
    case: &str,
    subject: &mut S,
    run: impl Fn(&mut S, &'static [[f32; I]], &'static [[f32; O]]) -> Result<f32, Error>,
) {
    let mut most = 0;
    for call in &CALLS {
        subject.set(call);
        let (rows, targets) = (rows(call.numbers), rows(call.numbers));
        let subject = black_box(&mut *subject);
        let (result, stack) = stack::peak(|| run(subject, rows, targets));
        most = most.max(stack);
        if black_box(result).is_ok() != (call.passes || !S::LOOKS) {
            defmt::error!("{=str}: {}", case, result);
            exit(WRONG);
        }
    }
    log(case, [size_of::<S>(), most, S::LIMIT]);
}

/// As many rows as there are numbers for a row of 16, at most.
fn rows<const N: usize>(numbers: &'static [f32]) -> &'static [[f32; N]] {
    let (rows, _) = numbers.as_chunks();
    rows.get(..numbers.len() / 16).unwrap_or_default()
}

/// The line of a case.
#[inline(never)]
pub(crate) fn log(case: &str, [state, stack, limit]: [usize; 3]) {
    defmt::info!(
        "{=str} {=usize} {=usize} {=usize}",
        case,
        state,
        stack,
        limit
    );
}

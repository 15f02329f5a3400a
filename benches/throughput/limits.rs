//! What this machine could do at best: the arithmetic of one core, and the reading of memory.

use stackprop::Zero;
use stackprop::simd::{Native, Vector};
use std::collections::BTreeMap;
use std::hint::black_box;
use std::time::{Duration, Instant};

/// How long each limit is measured.
const TIME: Duration = Duration::from_millis(200);

/// What an operation must do for one sample.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Work {
    /// Multiplications and additions.
    pub(crate) flops: f64,
    /// Bytes read and written.
    pub(crate) bytes: f64,
}

/// The measured limits.
#[derive(Debug)]
pub(crate) struct Limits {
    /// Multiplications and additions in a nanosecond.
    pub(crate) flops: f64,
    /// Bytes in a nanosecond, by how many bytes are read again and again.
    pub(crate) bytes: BTreeMap<usize, f64>,
}

impl Limits {
    pub(crate) fn measure() -> Self {
        Self {
            flops: arithmetic(),
            bytes: BTreeMap::new(),
        }
    }

    /// The least nanoseconds a sample can take in a batch of `count`.
    #[expect(clippy::cast_possible_truncation, reason = "bytes of memory")]
    pub(crate) fn time(&mut self, work: Work, count: usize) -> f64 {
        let size = (work.bytes * count as f64) as usize;
        // Shorter loops would measure their ends.
        let size = size.next_multiple_of(4096);
        let bandwidth = *self.bytes.entry(size).or_insert_with(|| reading(size));
        f64::max(work.flops / self.flops, work.bytes / bandwidth)
    }
}

/// Multiplications and additions of one core in a nanosecond, in separate instructions as
/// everywhere in this crate.
fn arithmetic() -> f64 {
    /// So many are under way at once that none waits for the one before it, and fit into 16
    /// registers.
    const CHAINS: usize = 12;
    const STEPS: usize = 10_000;
    let nanoseconds = best(|| {
        let splat = |value| Native::splat(black_box(value));
        let (factor, term) = (splat(0.999), splat(0.001));
        let mut chains: [Native; CHAINS] = std::array::from_fn(|_| splat(0.5));
        for _ in 0..STEPS {
            for chain in &mut chains {
                *chain = *chain * factor + term;
            }
        }
        black_box(chains);
    });
    (2 * CHAINS * STEPS * Native::LANES) as f64 / nanoseconds
}

/// Bytes read in a nanosecond, from as many as these, one after the other.
fn reading(size: usize) -> f64 {
    const AT_ONCE: usize = 8;
    let data = vec![Native::splat(1.0); size / size_of::<Native>()];
    let nanoseconds = best(|| {
        let mut sums = [Native::ZERO; AT_ONCE];
        for values in black_box(&data).as_chunks::<AT_ONCE>().0 {
            for (sum, value) in sums.iter_mut().zip(values) {
                *sum = *sum + *value;
            }
        }
        black_box(sums);
    });
    size as f64 / nanoseconds
}

/// The shortest time of `f`, in nanoseconds.
fn best(mut f: impl FnMut()) -> f64 {
    let begin = Instant::now();
    let mut best = Duration::MAX;
    while begin.elapsed() < TIME {
        // Several, for what is shorter than the clock's step.
        let start = Instant::now();
        (0..REPEATS).for_each(|_| f());
        best = best.min(start.elapsed());
    }
    best.as_nanos() as f64 / f64::from(REPEATS)
}

/// Calls between two looks at the clock.
const REPEATS: u32 = 10;

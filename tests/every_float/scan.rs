//! What is seen of a function over floats in order.

use crate::curves::{Curve, Family, Way};
use std::sync::atomic::{AtomicU32, Ordering};

/// The floats that are no NaN: both zeros and both infinities count.
pub(crate) const COUNT: u32 = 2 * (0x7f80_0000 + 1);

/// Float number `index`, counted from -inf up to inf; -0 stands before 0.
pub(crate) const fn float(index: u32) -> f32 {
    const NEGATIVE: u32 = 0x7f80_0001;
    f32::from_bits(if index < NEGATIVE {
        0xff80_0000 - index
    } else {
        index - NEGATIVE
    })
}

/// The number of a float that is no NaN.
pub(crate) const fn index(x: f32) -> u32 {
    let bits = x.to_bits();
    if bits >> 31 == 1 {
        0xff80_0000 - bits
    } else {
        bits + 0x7f80_0001
    }
}

/// The least normal float.
const TINY: f64 = 1.175_494_350_822_287_5e-38;

/// From here on the nearest float is infinite: halfway from the largest one to 2^128.
const OVERFLOW: f64 = 3.402_823_567_797_336_6e38;

/// One ulp of f32 of a number, or of the least normal float.
const fn ulp(value: f64) -> f64 {
    let exponent = value.abs().max(TINY).to_bits() >> 52;
    f64::from_bits((exponent - 23) << 52)
}

/// How far `got` is from `exact`, in ulp of `unit`; where that is subnormal, 0 if the result is
/// within the least normal float. Infinity where one is NaN or infinite and the other is not.
pub(crate) fn error(got: f32, (exact, unit): (f64, f64)) -> f64 {
    let off = (f64::from(got) - exact).abs();
    let size = unit.abs();
    if (TINY..OVERFLOW).contains(&size) {
        // NaN, if `got` is.
        let ulps = off / ulp(unit);
        return if ulps.is_nan() { f64::INFINITY } else { ulps };
    }
    let right = if exact.is_nan() {
        got.is_nan()
    } else if size >= OVERFLOW {
        f64::from(got) == f64::INFINITY.copysign(exact)
    } else {
        off <= TINY
    };
    if right { 0.0 } else { f64::INFINITY }
}

/// What was seen of one function.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Seen {
    /// The largest error, in ulp, and the first x that has it.
    pub(crate) worst: f64,
    pub(crate) at: f32,
    /// Neighbours between which the function goes the wrong way, the furthest in ulp, and the first
    /// x that it reaches.
    pub(crate) falls: u64,
    pub(crate) furthest: f64,
    pub(crate) fall_at: f32,
    /// A sum over all results, which changes with any bit of any of them.
    pub(crate) sum: u64,
}

impl Seen {
    pub(crate) const NOTHING: Self = Self {
        worst: 0.0,
        at: 0.0,
        falls: 0,
        furthest: 0.0,
        fall_at: 0.0,
        sum: 0,
    };

    /// What two parts of the floats show together.
    fn and(&mut self, other: &Self) {
        let earlier = |a, b| index(a) < index(b);
        let worse = other.worst > self.worst;
        if worse || (other.worst == self.worst && earlier(other.at, self.at)) {
            (self.worst, self.at) = (other.worst, other.at);
        }
        let further = other.furthest > self.furthest;
        if further || (other.furthest == self.furthest && earlier(other.fall_at, self.fall_at)) {
            (self.furthest, self.fall_at) = (other.furthest, other.fall_at);
        }
        self.falls += other.falls;
        self.sum = self.sum.wrapping_add(other.sum);
    }

    /// One float, its value, and the value of the float before it.
    #[inline(always)]
    fn look(&mut self, x: f32, got: f32, exact: (f64, f64)) {
        let e = error(got, exact);
        if e > self.worst {
            (self.worst, self.at) = (e, x);
        }
        let bits = if got.is_nan() { f32::NAN } else { got }.to_bits();
        let mixed = (u64::from(x.to_bits()) << 32 | u64::from(bits)).wrapping_mul(MIX);
        self.sum = self.sum.wrapping_add(mixed ^ mixed >> 32);
    }

    /// Two neighbours.
    #[inline(always)]
    fn compare(&mut self, before: f32, got: f32, x: f32, way: Way) {
        let falls = match way {
            Way::Up => got < before,
            Way::Down => got > before,
            Way::Both => false,
        };
        if falls {
            self.falls += 1;
            let far = (f64::from(got) - f64::from(before)).abs() / ulp(f64::from(before));
            if far > self.furthest {
                (self.furthest, self.fall_at) = (far, x);
            }
        }
    }
}

/// 2^64 divided by the golden ratio, made odd: what Fibonacci hashing multiplies by.
const MIX: u64 = 0x9e37_79b9_7f4a_7c15;

/// Floats that are computed at once.
const AT_ONCE: u32 = 512;

/// Each function of a family over `floats`, which begin with the float before: it has been looked
/// at, or there is none.
pub(crate) fn piece(family: &Family, floats: &[f32], first: bool, seen: &mut [Seen]) {
    let parts: Vec<_> = floats
        .iter()
        .map(|x| (family.parts)(f64::from(*x)))
        .collect();
    let mut got = vec![0.0; floats.len()];
    let mut exact = vec![(0.0, 0.0); floats.len()];
    let begin = usize::from(!first);
    for (curve, seen) in family.curves.iter().zip(seen) {
        let end = floats.partition_point(|x| *x <= curve.top);
        (curve.values)(&floats[..end], &mut got);
        (curve.exact)(&floats[..end], &parts, &mut exact);
        for k in begin..end {
            seen.look(floats[k], got[k], exact[k]);
        }
        for k in 1..end {
            seen.compare(got[k - 1], got[k], floats[k], curve.way);
        }
    }
}

/// Floats from number `from` to before number `to`, in order: one in `one_in` pieces.
pub(crate) fn range(family: &Family, from: u32, to: u32, one_in: u32, seen: &mut [Seen]) {
    let mut floats = Vec::with_capacity(AT_ONCE as usize + 1);
    for start in (from..to).step_by((AT_ONCE * one_in) as usize) {
        floats.clear();
        floats.extend((start.saturating_sub(1)..to.min(start + AT_ONCE)).map(float));
        piece(family, &floats, start == 0, seen);
    }
}

/// Floats that a thread takes at once.
const TAKEN: u32 = 1 << 22;

/// All floats, or one in so many pieces, on all cores.
pub(crate) fn everything(family: &Family, one_in: u32) -> Vec<Seen> {
    let next = AtomicU32::new(0);
    let work = || {
        let mut seen = vec![Seen::NOTHING; family.curves.len()];
        loop {
            let taken = next.fetch_add(1, Ordering::Relaxed);
            let from = u64::from(taken) * u64::from(TAKEN);
            let Ok(from @ 0..COUNT) = u32::try_from(from) else {
                return seen;
            };
            let to = COUNT.min(from.saturating_add(TAKEN));
            range(family, from, to, one_in, &mut seen);
        }
    };
    let cores = std::thread::available_parallelism().map_or(1, Into::into);
    let mut all = vec![Seen::NOTHING; family.curves.len()];
    std::thread::scope(|scope| {
        let threads: Vec<_> = (0..cores).map(|_| scope.spawn(work)).collect();
        for thread in threads {
            let part = thread.join().unwrap();
            let pairs = all.iter_mut().zip(&part);
            pairs.for_each(|(all, part)| all.and(part));
        }
    });
    all
}

/// Every `stride`-th NaN gives NaN.
pub(crate) fn nans(curve: &Curve, stride: usize) {
    for bits in (0x7f80_0001_u32..=0x7fff_ffff).step_by(stride) {
        for nan in [bits, bits | 1 << 31].map(f32::from_bits) {
            assert!(curve.value(nan).is_nan(), "{}: {bits:#010x}", curve.name);
        }
    }
}

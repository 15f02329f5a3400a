//! The slopes with all steps, and what they say together.

use super::report::CLEAR;
use super::slope::{Line, Slope};

/// The most steps there are: from the largest down to [`TINIEST`].
const MOST: usize = 61;

/// The largest step, relative to the scale of the number, or to 1 if that is larger.
const LARGEST: f32 = 1.0 / 4.0;

/// The smallest step, relative to the scale of the number: 2 ulp.
const SMALLEST: f32 = 1.0 / 4_194_304.0;

/// The smallest step at 0, which has no scale: 2^-38.
const AT_ZERO: f32 = LARGEST / 68_719_476_736.0;

/// No step is smaller, because subnormal numbers are near.
const TINIEST: f32 = 1e-36;

/// How much more the rounding error counts if f does not move at all.
const STILL: f64 = 16.0;

/// If f does not move at all, a gradient may have this size.
const NOTHING: f64 = 1.0 / 1_048_576.0;

/// A slope that is this many times its doubt off, and not more, is not wrong.
const DOUBT: f64 = 16.0;

/// A small step is a hint if it is this many times closer to a gradient than to the best slope.
const HINT: f64 = 8.0;

/// What the slopes say about a gradient.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Verdict {
    Right,
    Wrong,
    Inconclusive,
}

/// The slopes at one number, from the smallest step to the largest.
pub(super) struct Slopes {
    all: [Slope; MOST],
    /// The one with the least error among those that two neighbouring steps give.
    pub(super) best: Slope,
    /// How many steps are smaller than its two.
    smaller: usize,
}

impl Slopes {
    /// The slopes at `v` of the weighted sum of f.
    pub(super) fn new<const M: usize>(
        v: f32,
        weights: &[f32; M],
        f: impl FnMut(f32) -> [f32; M],
    ) -> Self {
        let mut all = [Slope::NONE; MOST];
        let (mut h, largest) = range(v);
        let mut line = Line::new(v, largest, weights, f);
        // The steps at which f does not move. They may be too small for it.
        let mut still = 0;
        for slope in &mut all {
            if h > largest {
                break;
            }
            *slope = line.slope(h);
            still += usize::from(!line.has_moved());
            h *= 4.0;
        }
        if line.has_moved() {
            return Self::with_best(all, still);
        }
        let mut slopes = Self::with_best(all, 0);
        slopes.best.error = STILL * slopes.best.error + NOTHING;
        slopes
    }

    /// Leaves out the first `skip` steps when it looks for the best slope, and slopes that a
    /// smaller step contradicts, unless there is no other: past a bend the slopes are small, and so
    /// are their errors.
    fn with_best(all: [Slope; MOST], skip: usize) -> Self {
        let (mut best, mut any) = ((Slope::NONE, 0), (Slope::NONE, 0));
        for (k, pair) in all.windows(2).enumerate().skip(skip) {
            if let [a, b] = pair
                && let Some(both) = a.and(*b)
            {
                let mut smaller = all.iter().take(k).skip(skip);
                let found = if smaller.any(|slope| slope.contradicts(both)) {
                    &mut any
                } else {
                    &mut best
                };
                if both.error < found.0.error {
                    *found = (both, k);
                }
            }
        }
        let (best, smaller) = if best.0.is_known() { best } else { any };
        Self { all, best, smaller }
    }

    pub(super) fn verdict(&self, gradient: f64) -> Verdict {
        let best = self.best;
        let clear = best.value.abs() > CLEAR * best.error;
        if !gradient.is_finite() || !self.all.iter().any(|slope| slope.is_known()) {
            Verdict::Wrong
        } else if best.allows(gradient) {
            if clear && !self.contradict() {
                Verdict::Right
            } else {
                Verdict::Inconclusive
            }
        } else if !best.is_known()
            || (gradient - best.value).abs() <= best.allowed() + DOUBT * best.doubt
            || self.defend(gradient)
            || (!clear && self.hint(gradient))
        {
            Verdict::Inconclusive
        } else {
            Verdict::Wrong
        }
    }

    /// Whether a smaller step contradicts the best slope.
    fn contradict(&self) -> bool {
        let mut smaller = self.all.iter().take(self.smaller);
        smaller.any(|slope| slope.contradicts(self.best))
    }

    /// Whether a step gives this gradient, and cannot give the best slope. A step that is larger
    /// has to be sure of it: past a bend it sees a slope near 0, whatever the slope is here.
    fn defend(&self, gradient: f64) -> bool {
        let gives = |slope: &Slope| slope.allows(gradient) && !slope.allows(self.best.value);
        let sure = |slope: &Slope| slope.value.abs() > CLEAR * slope.error;
        let mut all = self.all.iter().enumerate();
        all.any(|(k, slope)| gives(slope) && (k < self.smaller || sure(slope)))
    }

    /// Whether a smaller step comes close to this gradient, and to a steeper slope than the best.
    fn hint(&self, gradient: f64) -> bool {
        let best = self.best.value;
        let mut smaller = self.all.iter().take(self.smaller);
        let close = |value: f64| HINT * (value - gradient).abs() < (value - best).abs();
        gradient.abs() > best.abs() && smaller.any(|slope| close(slope.value))
    }
}

/// The smallest and the largest step at `v`.
const fn range(v: f32) -> (f32, f32) {
    let smallest = if v == 0.0 {
        AT_ZERO
    } else {
        (SMALLEST * scale(v)).max(TINIEST)
    };
    (smallest, LARGEST * scale(v).max(1.0))
}

/// The power of 2 at or below |v|. With steps relative to it, v + h is exact at most steps.
const fn scale(v: f32) -> f32 {
    f32::from_bits(v.to_bits() & 0x7F80_0000)
}

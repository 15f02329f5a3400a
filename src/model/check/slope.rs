//! The slope of forward, by differences with one step.

/// The largest difference allowed, relative to the slope: well above the rounding of a layer's
/// backward, well below the effect of a forgotten term.
const RELATIVE: f64 = 1e-3;

/// The rounding error of a slope, relative to |f| / h: f itself may be 4 ulp off, 8 * 2^-24, and
/// the two differences weigh that with (8 + 8 + 1 + 1) / 12.
const ROUNDING: f64 = 1.5 * 8.0 / 16_777_216.0;

/// The error that noise makes, relative to noise / h.
const NOISE: f64 = 2.0;

/// Where forward is looked at, in steps.
const OFFSETS: [f32; 4] = [-2.0, -1.0, 1.0, 2.0];

/// A slope, and how far off it may be.
#[derive(Clone, Copy)]
pub(super) struct Slope {
    pub(super) value: f64,
    pub(super) error: f64,
    /// The part of the error that is the noise seen at smaller steps, once.
    pub(super) doubt: f64,
}

impl Slope {
    /// Says nothing.
    pub(super) const NONE: Self = Self {
        value: f64::NAN,
        error: f64::INFINITY,
        doubt: 0.0,
    };

    /// Whether the two exclude each other.
    pub(super) fn contradicts(self, other: Self) -> bool {
        self.is_known() && self.and(other).is_none()
    }

    pub(super) const fn is_known(self) -> bool {
        self.error < f64::INFINITY
    }

    /// How far from the slope a correct gradient may be.
    pub(super) const fn allowed(self) -> f64 {
        self.error + RELATIVE * self.value.abs()
    }

    /// Whether a correct gradient may have this value.
    pub(super) fn allows(self, value: f64) -> bool {
        (value - self.value).abs() <= self.allowed()
    }

    /// What two slopes say together, or None if they contradict each other. It is right even if
    /// only one of the two knows its error.
    pub(super) fn and(self, other: Self) -> Option<Self> {
        let apart = (self.value - other.value).abs();
        let better = if self.error < other.error {
            self
        } else {
            other
        };
        (apart <= self.error + other.error).then_some(Self {
            value: better.value,
            error: self.error.max(other.error) + apart,
            doubt: self.doubt.max(other.doubt),
        })
    }
}

/// The weighted sum of f, as a function of one number.
pub(super) struct Line<'a, F, const M: usize> {
    v: f32,
    weights: &'a [f32; M],
    f: F,
    /// The outputs at v.
    middle: [f32; M],
    /// Whether each output moves at the largest step.
    moves: [bool; M],
    /// The rounding error of the outputs that do not move, as an error of the slope.
    hidden: f64,
    /// How far the sum jumped at smaller steps.
    noise: f64,
}

impl<'a, F: FnMut(f32) -> [f32; M], const M: usize> Line<'a, F, M> {
    /// The steps will be up to `largest`.
    pub(super) fn new(v: f32, largest: f32, weights: &'a [f32; M], mut f: F) -> Self {
        let middle = f(v);
        let mut moves = [false; M];
        for k in OFFSETS {
            let y = f(v + k * largest);
            for ((moves, y), middle) in moves.iter_mut().zip(&y).zip(&middle) {
                // NaN moves.
                *moves |= y != middle;
            }
        }
        let mut line = Self {
            v,
            weights,
            f,
            middle,
            moves,
            hidden: 0.0,
            noise: 0.0,
        };
        let size = line.sum(&middle, false).1;
        line.hidden = ROUNDING * size / f64::from(largest);
        line
    }

    /// Whether the sum has changed at any step so far.
    pub(super) const fn has_moved(&self) -> bool {
        self.noise > 0.0
    }

    /// The slope with step `h`. The steps have to grow from call to call.
    pub(super) fn slope(&mut self, h: f32) -> Slope {
        let at = OFFSETS.map(|k| self.v + k * h);
        let (middle, terms) = self.sum(&self.middle, true);
        // Below the smallest normal number an ulp shrinks no further.
        let mut size = terms.max(f64::from(f32::MIN_POSITIVE));
        let s = at.map(|v| {
            let y = (self.f)(v);
            let (sum, terms) = self.sum(&y, true);
            size = size.max(terms);
            sum
        });
        // v + h is rounded, so the step is the difference that is left.
        let over = |a: usize, b: usize| (s[b] - s[a]) / (f64::from(at[b]) - f64::from(at[a]));
        let (near, far) = (over(1, 2), over(0, 3));
        let value = near + (near - far) / 3.0;
        let h = f64::from(h);
        let skew = (s[3] - s[0] - 2.0 * (s[2] - s[1])).abs();
        let bend = (s[3] + s[0] - 2.0 * middle - 4.0 * (s[2] + s[1] - 2.0 * middle)).abs();
        let noise = if self.has_moved() {
            self.noise
        } else {
            s.iter().fold(0.0, |most, s| (s - middle).abs().max(most))
        };
        let error = (ROUNDING * size + NOISE * noise + skew / 12.0 + bend / 2.0) / h + self.hidden;
        if !(error.is_finite() && value.is_finite()) {
            return Slope::NONE;
        }
        self.noise = noise.max(skew + bend / 2.0);
        let doubt = noise / h;
        Slope {
            value,
            error,
            doubt,
        }
    }

    /// The sum of the terms that move, or do not, and the sum of their sizes.
    fn sum(&self, y: &[f32; M], moving: bool) -> (f64, f64) {
        let all = self.weights.iter().zip(y).zip(&self.moves);
        let terms = all
            .filter(|(_, moves)| **moves == moving)
            .map(|((w, y), _)| f64::from(*w) * f64::from(*y));
        terms.fold((0.0, 0.0), |(sum, size), term| {
            (sum + term, size + term.abs())
        })
    }
}

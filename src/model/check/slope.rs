//! The slope of forward, by differences.

/// The steps, relative to the larger of 1 and the number that is moved.
const STEPS: [f32; 3] = [1.0 / 64.0, 1.0 / 256.0, 1.0 / 1024.0];

/// The rounding error of a slope, relative to |f| / h: f itself may be 4 ulp off, 8 * 2^-24, and
/// the two differences weigh that with (8 + 8 + 1 + 1) / 12.
const ROUNDING: f64 = 1.5 * 8.0 / 16_777_216.0;

/// A slope, and how far off it may be.
#[derive(Clone, Copy)]
pub(super) struct Slope {
    pub(super) value: f64,
    pub(super) error: f64,
}

impl Slope {
    /// The slope at `v` of the weighted sum of f, with the step that gives the least error.
    pub(super) fn best<const M: usize>(
        v: f32,
        weights: &[f32; M],
        mut f: impl FnMut(f32) -> [f32; M],
    ) -> Self {
        let mut best = Self {
            value: f64::NAN,
            error: f64::INFINITY,
        };
        for step in STEPS {
            let found = Self::with_step(step * v.abs().max(1.0), v, weights, &mut f);
            // A NaN is never smaller.
            if found.error < best.error {
                best = found;
            }
        }
        best
    }

    fn with_step<const M: usize>(
        h: f32,
        v: f32,
        weights: &[f32; M],
        f: &mut impl FnMut(f32) -> [f32; M],
    ) -> Self {
        let at = [-2.0, -1.0, 0.0, 1.0, 2.0].map(|k| v + k * h);
        let mut size: f64 = 0.0;
        let s = at.map(|v| {
            let y = f(v);
            let terms = || {
                weights
                    .iter()
                    .zip(&y)
                    .map(|(w, y)| f64::from(*w) * f64::from(*y))
            };
            size = size.max(terms().map(f64::abs).sum());
            terms().sum::<f64>()
        });
        // v + h is rounded, so the step is the difference that is left.
        let over = |a: usize, b: usize| (s[b] - s[a]) / (f64::from(at[b]) - f64::from(at[a]));
        let (near, far) = (over(1, 3), over(0, 4));
        let value = near + (near - far) / 3.0;
        let h = f64::from(h);
        let bend = (s[4] + s[0] - 2.0 * s[2]) - 4.0 * (s[3] + s[1] - 2.0 * s[2]);
        let error = ROUNDING * size / h + (value - near).abs() + bend.abs() / (2.0 * h);
        Self { value, error }
    }
}

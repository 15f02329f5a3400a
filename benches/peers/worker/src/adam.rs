//! Adam in plain Rust, for the networks that are written by hand.

/// PyTorch's defaults.
const BETA1: f32 = 0.9;
const BETA2: f32 = 0.999;
const EPS: f32 = 1e-8;

/// The powers of `BETA1` and `BETA2` so far.
pub(crate) struct Adam(f64, f64);

impl Adam {
    pub(crate) const START: Self = Self(1.0, 1.0);

    /// Begins a step: what it does to a weight, given its gradient and the averages of the gradient
    /// and of its square.
    #[inline(always)]
    pub(crate) fn step(&mut self, rate: f32) -> impl Fn(&mut f32, f32, &mut f32, &mut f32) + use<> {
        self.0 *= f64::from(BETA1);
        self.1 *= f64::from(BETA2);
        let size = (f64::from(rate) / (1.0 - self.0)) as f32;
        let correction = (1.0 / (1.0 - self.1).sqrt()) as f32;
        move |w, g, m, v| {
            *m += (1.0 - BETA1) * (g - *m);
            *v = BETA2 * *v + (1.0 - BETA2) * g * g;
            *w -= size * *m / (v.sqrt() * correction + EPS);
        }
    }
}

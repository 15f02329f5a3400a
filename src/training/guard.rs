//! What keeps a network from learning something that is not finite.

use crate::error::{Error, NotFinite, Setting};
use crate::kernels::outline::HELIUM;
use crate::kernels::simd::{Native, PARTIAL_SUMS, SUM_START, Vector};
use crate::kernels::soft::{self, SOFT};
use crate::model::heads::Head;
use crate::model::norm::{Clip, Norm};
use crate::training::batch::Batch;
use crate::training::optim::Finite;

/// The default of [`Guard::max_weight`], 2^20. With normalised inputs a weight that large means
/// divergence, while sums of a few of its products are still far from overflow.
pub const MAX_WEIGHT: f32 = 1_048_576.0;

/// When a step is refused or its gradient clipped.
///
/// ```
/// use stackprop::{Guard, Sgd, Trainer, notebook::BOOK_NET};
///
/// let mut trainer = Trainer::new(BOOK_NET, Sgd::new(0.1));
/// trainer.guard = Guard::new().max_norm(1.0).max_weight(100.0);
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub struct Guard {
    pub(crate) max_norm: f32,
    pub(crate) max_weight: f32,
}

impl Guard {
    /// The guard of a trainer that has not been started. It passes no step.
    pub(crate) const UNSET: Self = Self {
        max_norm: 0.0,
        max_weight: 0.0,
    };

    /// No clipping, and weights up to [`MAX_WEIGHT`].
    #[must_use]
    pub const fn new() -> Self {
        Self {
            max_norm: f32::INFINITY,
            max_weight: MAX_WEIGHT,
        }
    }

    /// A gradient longer than this is scaled down to this length, however large its numbers are.
    /// Shorter ones stay as they are, bit for bit. inf, the default, clips nothing. With 0 every
    /// gradient becomes 0; momentum and weight decay still move the parameters. A negative number
    /// or NaN is refused as [`Setting::MaxNorm`].
    ///
    /// `torch.nn.utils.clip_grad_norm_` adds 1e-6 to the length before it divides. So its result is
    /// shorter than this one by the factor length / (length + 1e-6), and it also shrinks gradients
    /// that are less than 1e-6 below the limit.
    #[must_use]
    pub const fn max_norm(mut self, max_norm: f32) -> Self {
        self.max_norm = max_norm;
        self
    }

    /// A step that makes a parameter larger than this is refused with [`Error::Diverged`]. A
    /// negative number or NaN is refused as [`Setting::MaxWeight`].
    #[must_use]
    pub const fn max_weight(mut self, max_weight: f32) -> Self {
        // Not 0, which stands for a trainer that was not started. No other parameter is smaller.
        self.max_weight = if max_weight == 0.0 {
            f32::from_bits(1)
        } else {
            max_weight
        };
        self
    }

    /// Refuses every step of a trainer that has not been started.
    #[inline(always)]
    pub(crate) fn check_started(&self) -> Result<(), Error> {
        if *self == Self::UNSET {
            return Err(Error::NotStarted);
        }
        Ok(())
    }

    /// Whether gradients are clipped.
    #[inline(always)]
    pub(crate) const fn clips(&self) -> bool {
        self.max_norm.to_bits() != f32::INFINITY.to_bits()
    }

    /// How a gradient is clipped whose sum of squares `squares` gives, each number times a scale;
    /// None if it stays as it is.
    #[inline(always)]
    pub(crate) fn clip(&self, squares: impl FnMut(f32) -> f32) -> Result<Option<Clip>, Error> {
        if !self.clips() {
            return Ok(None);
        }
        if self.max_norm.is_nan() || self.max_norm < 0.0 {
            return Err(Error::Setting(Setting::MaxNorm));
        }
        let norm = Norm::new(squares);
        if !norm.is_finite() {
            return Err(Error::NotFinite(NotFinite::Gradient));
        }
        Ok(norm.clip(self.max_norm))
    }
}

impl Default for Guard {
    fn default() -> Self {
        Self::new()
    }
}

/// A cheap, conservative check of a proposed step: the sum of squares of the new parameters, or of
/// bounds on those of each tensor, and NaN if any new state is not finite.
#[derive(Clone, Copy)]
pub(crate) struct QuickCheck {
    squares: f32,
    poison: f32,
}

impl QuickCheck {
    #[inline(always)]
    pub(crate) const fn new() -> Self {
        Self {
            squares: SUM_START,
            poison: SUM_START,
        }
    }

    /// Takes in a new parameter and its new state.
    #[inline(always)]
    #[must_use]
    pub(crate) fn observe(self, (w, state): (f32, impl Finite)) -> Self {
        Self {
            squares: soft::add_product(self.squares, w, w),
            // 0 times inf or NaN is NaN, and NaN stays NaN.
            poison: self.poison + state.nan_unless_finite(),
        }
    }

    /// Takes in a bound on all new parameters of a tensor whose new state is finite.
    #[inline(always)]
    #[must_use]
    pub(crate) fn observe_bound(self, bound: f32) -> Self {
        self.observe((bound, ()))
    }

    /// Whether the step is certainly fine. Squares only ever add up, so a sum below that of the
    /// largest weight means that each is smaller. If it is not, only a [`FullCheck`] knows.
    #[inline(always)]
    pub(crate) fn passes(&self, guard: &Guard) -> bool {
        let max_weight = guard.max_weight;
        // Times its absolute value, so that nothing is below a negative one.
        self.squares < max_weight * max_weight.abs() && self.poison == 0.0
    }
}

/// The exact check: each parameter by itself, and the gradient too.
#[derive(Clone, Copy)]
pub(crate) struct FullCheck {
    largest: f32,
    poison: f32,
    gradient: f32,
}

impl FullCheck {
    pub(crate) const fn new() -> Self {
        Self {
            largest: 0.0,
            poison: SUM_START,
            gradient: SUM_START,
        }
    }

    /// Takes in a gradient, and its new parameter and state.
    #[inline(always)]
    #[must_use]
    pub(crate) fn observe(self, g: f32, (w, state): (f32, impl Finite)) -> Self {
        Self {
            largest: if w.abs() > self.largest {
                w.abs()
            } else {
                self.largest
            },
            poison: self.poison + (w.nan_unless_finite() + state.nan_unless_finite()),
            gradient: self.gradient + g.nan_unless_finite(),
        }
    }

    /// Why the step may not be taken, if so.
    pub(crate) fn finish(self, guard: &Guard) -> Result<(), Error> {
        if self.gradient != 0.0 {
            return Err(Error::NotFinite(NotFinite::Gradient));
        }
        if guard.max_weight.is_nan() || guard.max_weight < 0.0 {
            return Err(Error::Setting(Setting::MaxWeight));
        }
        if self.largest > guard.max_weight {
            return Err(Error::Diverged);
        }
        if self.poison != 0.0 {
            return Err(Error::NotFinite(NotFinite::Step));
        }
        Ok(())
    }
}

/// Refuses numbers that are not finite, settings of the head, and targets that it is not made for.
#[inline(always)]
pub(crate) fn check_samples<H: Head<O>, const I: usize, const O: usize>(
    head: &H,
    batch: Batch<'_, [f32; I], [f32; O]>,
) -> Result<(), Error> {
    let (rows, targets) = (batch.rows, batch.targets);
    if !all_finite(rows.as_flattened()) {
        let (row, column) = first_not_finite(rows.as_flattened(), I);
        return Err(Error::NotFinite(NotFinite::Input { row, column }));
    }
    if !all_finite(targets.as_flattened()) {
        let (row, column) = first_not_finite(targets.as_flattened(), O);
        return Err(Error::NotFinite(NotFinite::Target { row, column }));
    }
    head.check()?;
    // With vectors all targets without a branch, so that several are looked at together; which one
    // it was, only if any.
    if VECTORS && targets.iter().fold(true, |all, y| all & head.accepts(y)) {
        return Ok(());
    }
    match targets.iter().position(|y| !head.accepts(y)) {
        Some(row) => Err(Error::Target { row }),
        None => Ok(()),
    }
}

/// Refuses a loss that is not finite.
#[inline(always)]
pub(crate) const fn check_loss(loss: f32) -> Result<f32, Error> {
    if loss.is_finite() {
        return Ok(loss);
    }
    Err(Error::NotFinite(NotFinite::Loss))
}

/// Whether the compiler makes vectors of loops.
const VECTORS: bool = Native::LANES > 1 || HELIUM;

/// Sums of a look at many numbers that do not wait for each other: as many as stay in registers.
const SUMS: usize = if HELIUM { 8 } else { PARTIAL_SUMS };

/// Whether all numbers are finite.
#[inline(always)]
fn all_finite(all: &[f32]) -> bool {
    if SOFT {
        return soft::all_finite(all);
    }
    let mut poison = SUM_START;
    let mut rest = all;
    if VECTORS && (!HELIUM || all.len() >= SUMS) {
        let (chunks, few) = all.as_chunks::<SUMS>();
        let mut sums = [SUM_START; SUMS];
        for chunk in chunks {
            for (sum, value) in sums.iter_mut().zip(chunk) {
                *sum += value.nan_unless_finite();
            }
        }
        poison = sums.iter().sum();
        rest = few;
    }
    poison = rest
        .iter()
        .fold(poison, |poison, v| poison + v.nan_unless_finite());
    poison == 0.0
}

/// Row and column of the first number that is not finite, in rows of `width`.
#[cold]
fn first_not_finite(all: &[f32], width: usize) -> (usize, usize) {
    let at = all.iter().position(|v| !v.is_finite()).unwrap_or(0);
    let row = at.checked_div(width).unwrap_or(0);
    (row, at - row * width)
}

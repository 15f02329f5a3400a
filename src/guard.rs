//! What keeps a network from learning something that is not finite.

use crate::error::{Error, NotFinite};
use crate::lane::NOTHING;
use crate::optim::Finite;

/// What a parameter may become without [`Guard::max_weight`] being set: 2^20. A weight that large has left any
/// network whose inputs are normalised, while sums of a few of its products are still far from overflow.
pub const MAX_WEIGHT: f32 = 1_048_576.0;

/// When a step is refused or tamed.
#[derive(Clone, Copy, Debug, PartialEq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Guard {
    /// A gradient longer than this is scaled down to it: `torch.nn.utils.clip_grad_norm_`. None by default.
    pub max_norm: Option<f32>,
    /// A step that makes a parameter larger than this is refused. [`MAX_WEIGHT`] by default.
    pub max_weight: f32,
}

impl Default for Guard {
    fn default() -> Self {
        Self {
            max_norm: None,
            max_weight: MAX_WEIGHT,
        }
    }
}

impl Guard {
    /// What a gradient of this length is multiplied by; None if it stays as it is.
    #[inline(always)]
    pub(crate) fn clip(&self, norm: impl FnOnce() -> f32) -> Option<f32> {
        let max_norm = self.max_norm?;
        let norm = norm();
        (norm > max_norm).then(|| max_norm / norm)
    }
}

/// What a step would make of all parameters and of the optimiser's state, at a glance: the sum of the squares of
/// the parameters, and NaN if a number of the state is not finite.
#[derive(Clone, Copy)]
pub(crate) struct Glance {
    squares: f32,
    poison: f32,
}

impl Glance {
    #[inline(always)]
    pub(crate) fn new() -> Self {
        Self {
            squares: NOTHING,
            poison: NOTHING,
        }
    }

    /// Looks at a parameter and its state as they would be.
    #[inline(always)]
    #[must_use]
    pub(crate) fn look(self, (w, state): (f32, impl Finite)) -> Self {
        Self {
            squares: self.squares + w * w,
            // 0 times inf or NaN is NaN, and NaN stays NaN.
            poison: self.poison + state.zero(),
        }
    }

    /// Whether all is well. Squares only ever add up, so a sum below that of the largest weight means that each is
    /// smaller. If it is not, only a [`Trial`] knows.
    #[inline(always)]
    pub(crate) fn is_fine(&self, guard: &Guard) -> bool {
        self.squares < guard.max_weight * guard.max_weight && self.poison == 0.0
    }
}

/// The same with each parameter looked at by itself.
#[derive(Clone, Copy)]
pub(crate) struct Trial {
    largest: f32,
    poison: f32,
}

impl Trial {
    pub(crate) fn new() -> Self {
        Self {
            largest: 0.0,
            poison: NOTHING,
        }
    }

    /// Looks at a parameter and its state as they would be.
    #[inline(always)]
    #[must_use]
    pub(crate) fn look(self, (w, state): (f32, impl Finite)) -> Self {
        Self {
            largest: if w.abs() > self.largest {
                w.abs()
            } else {
                self.largest
            },
            poison: self.poison + (w.zero() + state.zero()),
        }
    }

    /// Whether the step may be taken, after all. `norm` is the length of the gradient, to tell what is to blame.
    pub(crate) fn verdict(self, guard: &Guard, norm: f32) -> Result<(), Error> {
        if self.largest > guard.max_weight {
            return Err(Error::Diverged);
        }
        if self.poison == 0.0 {
            return Ok(());
        }
        Err(Error::NotFinite(if norm.is_finite() {
            NotFinite::Step
        } else {
            NotFinite::Gradient
        }))
    }
}

/// Refuses rows and targets that are not finite.
#[inline(always)]
pub(crate) fn samples(rows: &[f32], targets: &[f32]) -> Result<(), Error> {
    finite(rows).ok_or(Error::NotFinite(NotFinite::Input))?;
    finite(targets).ok_or(Error::NotFinite(NotFinite::Target))
}

/// Refuses a loss that is not finite.
#[inline(always)]
pub(crate) fn loss(loss: f32) -> Result<f32, Error> {
    if loss.is_finite() {
        return Ok(loss);
    }
    Err(Error::NotFinite(NotFinite::Loss))
}

/// Some if all numbers are finite.
#[inline(always)]
fn finite(all: &[f32]) -> Option<()> {
    let poison = all.iter().fold(0.0, |poison, v| poison + v.zero());
    (poison == 0.0).then_some(())
}

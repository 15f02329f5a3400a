//! What keeps a network from learning something that is not finite.

use crate::error::{Error, NotFinite};
use crate::heads::Head;
use crate::lane::{LANES, Lane, NOTHING, Native};
use crate::optim::Finite;

/// What a parameter may become without [`Guard::max_weight`] being set: 2^20. A weight that large has left any
/// network whose inputs are normalised, while sums of a few of its products are still far from overflow.
pub const MAX_WEIGHT: f32 = 1_048_576.0;

/// When a step is refused or tamed.
#[derive(Clone, Copy, Debug, PartialEq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Guard {
    /// A gradient longer than this is scaled down to it: `torch.nn.utils.clip_grad_norm_`. None by default. Scaled down
    /// to 0, and nothing learned, if it is 0, negative or NaN. A gradient whose length overflows, from 1.8e19 on, is refused.
    pub max_norm: Option<f32>,
    /// A step that makes a parameter larger than this is refused, every step if it is negative or NaN. [`MAX_WEIGHT`]
    /// by default.
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
    pub(crate) fn clip(&self, norm: impl FnOnce() -> f32) -> Result<Option<f32>, Error> {
        let Some(max_norm) = self.max_norm else {
            return Ok(None);
        };
        let (norm, max_norm) = (norm(), max_norm.max(0.0));
        if !norm.is_finite() {
            return Err(Error::NotFinite(NotFinite::Gradient));
        }
        Ok((norm > max_norm).then(|| max_norm / norm))
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
        // Times its absolute value, so that nothing is below a negative one.
        self.squares < guard.max_weight * guard.max_weight.abs() && self.poison == 0.0
    }
}

/// The same with each parameter looked at by itself.
#[derive(Clone, Copy)]
pub(crate) struct Trial {
    largest: f32,
    poison: f32,
    gradient: f32,
}

impl Trial {
    pub(crate) fn new() -> Self {
        Self {
            largest: 0.0,
            poison: NOTHING,
            gradient: NOTHING,
        }
    }

    /// Looks at a gradient, and at its parameter and state as they would be.
    #[inline(always)]
    #[must_use]
    pub(crate) fn look(self, g: f32, (w, state): (f32, impl Finite)) -> Self {
        Self {
            largest: if w.abs() > self.largest {
                w.abs()
            } else {
                self.largest
            },
            poison: self.poison + (w.zero() + state.zero()),
            gradient: self.gradient + g.zero(),
        }
    }

    /// Whether the step may be taken, after all.
    pub(crate) fn verdict(self, guard: &Guard) -> Result<(), Error> {
        if self.gradient != 0.0 {
            return Err(Error::NotFinite(NotFinite::Gradient));
        }
        if self.largest > guard.max_weight || guard.max_weight.is_nan() {
            return Err(Error::Diverged);
        }
        if self.poison != 0.0 {
            return Err(Error::NotFinite(NotFinite::Step));
        }
        Ok(())
    }
}

/// Refuses rows and targets that are not finite, and targets that the head is not made for.
#[inline(always)]
pub(crate) fn samples<H: Head<O>, const I: usize, const O: usize>(
    head: &H,
    rows: &[[f32; I]],
    targets: &[[f32; O]],
) -> Result<(), Error> {
    finite(rows.as_flattened()).ok_or(Error::NotFinite(NotFinite::Input))?;
    finite(targets.as_flattened()).ok_or(Error::NotFinite(NotFinite::Target))?;
    // All of them without a branch, where several can be looked at together; which one it was, only if it was one.
    if Native::LANES > 1 && targets.iter().fold(true, |all, y| all & head.accepts(y)) {
        return Ok(());
    }
    match targets.iter().position(|y| !head.accepts(y)) {
        Some(index) => Err(Error::Target { index }),
        None => Ok(()),
    }
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
    let mut poison = NOTHING;
    let mut rest = all;
    if Native::LANES > 1 {
        // So many sums that do not wait for each other.
        let (chunks, few) = all.as_chunks::<LANES>();
        let mut sums = [NOTHING; LANES];
        for chunk in chunks {
            for (sum, value) in sums.iter_mut().zip(chunk) {
                *sum += value.zero();
            }
        }
        poison = sums.iter().sum();
        rest = few;
    }
    poison = rest.iter().fold(poison, |poison, v| poison + v.zero());
    (poison == 0.0).then_some(())
}

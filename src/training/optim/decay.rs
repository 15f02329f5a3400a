//! The weight decay of SGD, part of its type.

use crate::error::Setting;
use crate::kernels::soft;

/// The decay of [`Sgd`](super::Sgd): [`NoDecay`] or [`WeightDecay`]. Sealed.
pub trait Decay: Copy + sealed::Sealed {
    /// No decay, or a decay of 0.
    const UNSET: Self;

    /// Refuses a decay that is negative or not finite.
    ///
    /// # Errors
    /// [`Setting::WeightDecay`].
    fn check(self) -> Result<(), Setting>;

    /// The gradient with the penalty of the parameter `w`.
    #[must_use]
    fn add(self, g: f32, w: f32) -> f32;

    /// A bound on its size for gradients up to `g` and parameters up to `w` in size: the same
    /// operations on sizes, for rounding is monotone.
    #[must_use]
    fn bound(self, g: f32, w: f32) -> f32;
}

/// [`Sgd`](super::Sgd) without weight decay.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct NoDecay;

/// The weight decay of [`Sgd`](super::Sgd).
#[derive(Clone, Copy, Debug, PartialEq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct WeightDecay(pub(crate) f32);

mod sealed {
    pub trait Sealed {}
    impl Sealed for super::NoDecay {}
    impl Sealed for super::WeightDecay {}
}

impl Decay for NoDecay {
    const UNSET: Self = Self;

    #[inline(always)]
    fn check(self) -> Result<(), Setting> {
        Ok(())
    }

    #[inline(always)]
    fn add(self, g: f32, _: f32) -> f32 {
        g
    }

    #[inline(always)]
    fn bound(self, g: f32, _: f32) -> f32 {
        g
    }
}

impl Decay for WeightDecay {
    const UNSET: Self = Self(0.0);

    #[inline(always)]
    fn check(self) -> Result<(), Setting> {
        Setting::WeightDecay.not_negative(self.0)
    }

    #[inline(always)]
    fn add(self, g: f32, w: f32) -> f32 {
        soft::add_product(g, w, self.0)
    }

    #[inline(always)]
    fn bound(self, g: f32, w: f32) -> f32 {
        g + self.0.abs() * w
    }
}

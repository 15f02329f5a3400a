//! The settings that can be refused, with the values that they may have.

use core::fmt::{Display, Formatter};

/// A setting of an optimiser, a head, a guard or a normalizer, with the values that it may have.
/// What PyTorch's constructors refuse is refused; so are NaN and infinities.
///
/// ```
/// use stackprop::{Error, Setting, Sgd, Trainer, notebook::{BOOK_NET, X, Y}};
///
/// let mut trainer = Trainer::new(BOOK_NET, Sgd::new(-0.1));
/// let error = trainer.step(&X, &Y).unwrap_err();
/// assert_eq!(error, Error::Setting(Setting::Lr));
/// assert_eq!(error.to_string(), "the setting lr has to be finite, and 0 or more");
/// assert_eq!(trainer.network, BOOK_NET);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub enum Setting {
    /// The learning rate: finite, 0 or more.
    Lr,
    /// The momentum of [`Sgd`](crate::Sgd) and [`RmsProp`](crate::RmsProp): finite, 0 or more.
    Momentum,
    /// The dampening of [`Sgd`](crate::Sgd): finite.
    Dampening,
    /// Nesterov's momentum: with a momentum above 0, without dampening.
    Nesterov,
    /// The decay of the parameters: finite, 0 or more.
    WeightDecay,
    /// The first of the betas of `Adam`, `AdamW` and `NAdam`: 0 to below 1.
    Beta1,
    /// The second of these betas: 0 to below 1.
    Beta2,
    /// The number added to a denominator: finite, 0 or more.
    Eps,
    /// The decay rate of [`RmsProp`](crate::RmsProp)'s mean square: 0 to 1.
    Alpha,
    /// The decay of [`Adagrad`](crate::Adagrad)'s learning rate: finite, 0 or more.
    LrDecay,
    /// What [`Adagrad`](crate::Adagrad)'s sum begins with: finite, 0 or more.
    InitialAccumulatorValue,
    /// How fast [`NAdam`](crate::NAdam)'s momentum grows: finite, 0 or more.
    MomentumDecay,
    /// The weight of [`Weighted`](crate::Weighted): finite; 0 or more unless
    /// [`allow_negative`](crate::Weighted::allow_negative) is set.
    Weight,
    /// A weight of the positives of [`WeightedBce`](crate::WeightedBce): finite, 0 or more.
    PosWeight,
    /// A weight of an output of [`WeightedBce`](crate::WeightedBce), or of a class of
    /// [`WeightedCe`](crate::WeightedCe): finite, 0 or more.
    OutputWeight,
    /// The label smoothing of [`WeightedCe`](crate::WeightedCe): 0 to 1.
    LabelSmoothing,
    /// The delta of [`Huber`](crate::Huber): finite, above 0.
    Delta,
    /// The beta of [`SmoothL1`](crate::SmoothL1): finite, 0 or more.
    Beta,
    /// The limit of [`Guard::max_norm`](crate::guard::Guard::max_norm): 0 or more.
    MaxNorm,
    /// The limit of [`Guard::max_weight`](crate::guard::Guard::max_weight): 0 or more.
    MaxWeight,
    /// The half-life of [`Normalizer`](crate::Normalizer): finite, above 0.
    HalfLife,
    /// The group of a tensor, or of a call: one that the [`Groups`](crate::Groups) have.
    Group,
    /// The number of folds of [`KFold`](crate::KFold): 2 to the number of samples.
    Folds,
    /// A setting of an optimiser or a head of your own, by its name.
    Own(&'static str),
}

impl Setting {
    /// `Ok` for a number from 0 on that is finite.
    ///
    /// # Errors
    /// The setting itself.
    ///
    /// ```
    /// use stackprop::Setting;
    ///
    /// let setting = Setting::Own("warmth");
    /// assert_eq!(setting.not_negative(0.0), Ok(()));
    /// assert_eq!(setting.not_negative(-0.5), Err(setting));
    /// ```
    #[inline(always)]
    pub const fn not_negative(self, value: f32) -> Result<(), Self> {
        // By its bits, which is one comparison also where floats are software.
        let bits = value.to_bits();
        self.ok_if(bits < f32::INFINITY.to_bits() || bits == (-0.0_f32).to_bits())
    }

    /// `Ok` for a number from 0 to below 1.
    ///
    /// # Errors
    /// The setting itself.
    ///
    /// ```
    /// use stackprop::Setting;
    ///
    /// let setting = Setting::Own("warmth");
    /// assert_eq!(setting.below_1(0.9), Ok(()));
    /// assert_eq!(setting.below_1(1.0), Err(setting));
    /// ```
    #[inline(always)]
    pub const fn below_1(self, value: f32) -> Result<(), Self> {
        self.ok_if(value >= 0.0 && value < 1.0)
    }

    /// `Ok` for a number from 0 to 1.
    ///
    /// # Errors
    /// The setting itself.
    ///
    /// ```
    /// use stackprop::Setting;
    ///
    /// let setting = Setting::Own("warmth");
    /// assert_eq!(setting.up_to_1(1.0), Ok(()));
    /// assert_eq!(setting.up_to_1(1.5), Err(setting));
    /// ```
    #[inline(always)]
    pub const fn up_to_1(self, value: f32) -> Result<(), Self> {
        self.ok_if(value >= 0.0 && value <= 1.0)
    }

    /// `Ok` if each is a number from 0 on that is finite.
    #[inline(always)]
    pub(crate) fn none_negative(self, values: &[f32]) -> Result<(), Self> {
        values
            .iter()
            .try_for_each(|value| self.not_negative(*value))
    }

    /// `Ok` for a number above 0 that is finite.
    ///
    /// # Errors
    /// The setting itself.
    ///
    /// ```
    /// use stackprop::Setting;
    ///
    /// let setting = Setting::Own("warmth");
    /// assert_eq!(setting.above_0(0.5), Ok(()));
    /// assert_eq!(setting.above_0(0.0), Err(setting));
    /// ```
    #[inline(always)]
    pub const fn above_0(self, value: f32) -> Result<(), Self> {
        self.ok_if(value > 0.0 && value < f32::INFINITY)
    }

    #[inline(always)]
    const fn ok_if(self, good: bool) -> Result<(), Self> {
        if good { Ok(()) } else { Err(self) }
    }
}

impl Display for Setting {
    fn fmt(&self, f: &mut Formatter<'_>) -> core::fmt::Result {
        let not_negative = "has to be finite, and 0 or more";
        let above_0 = "has to be finite, and above 0";
        let (name, rule) = match *self {
            Self::Lr => ("lr", not_negative),
            Self::Momentum => ("momentum", not_negative),
            Self::Dampening => ("dampening", "has to be finite"),
            Self::Nesterov => ("nesterov", "needs a momentum above 0, and no dampening"),
            Self::WeightDecay => ("weight_decay", not_negative),
            Self::Beta1 => ("beta1", "has to be 0 to below 1"),
            Self::Beta2 => ("beta2", "has to be 0 to below 1"),
            Self::Eps => ("eps", not_negative),
            Self::Alpha => ("alpha", "has to be 0 to 1"),
            Self::LrDecay => ("lr_decay", not_negative),
            Self::InitialAccumulatorValue => ("initial_accumulator_value", not_negative),
            Self::MomentumDecay => ("momentum_decay", not_negative),
            Self::Weight => (
                "weight",
                "has to be finite, and 0 or more unless allow_negative",
            ),
            Self::PosWeight => ("pos_weight", not_negative),
            Self::OutputWeight => ("weight", not_negative),
            Self::LabelSmoothing => ("label_smoothing", "has to be 0 to 1"),
            Self::Delta => ("delta", above_0),
            Self::Beta => ("beta", not_negative),
            Self::MaxNorm => ("max_norm", "has to be 0 or more"),
            Self::MaxWeight => ("max_weight", "has to be 0 or more"),
            Self::HalfLife => ("half_life", above_0),
            Self::Group => ("group", "has to be one that there is"),
            Self::Folds => ("folds", "has to be 2 to the number of samples"),
            Self::Own(name) => (name, "is not one that a step can be taken with"),
        };
        write!(f, "{name} {rule}")
    }
}

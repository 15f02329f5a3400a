//! All that an optimiser remembers, in one place.

use super::Optimizer;
use crate::kernels::zero::Zero;
use crate::model::params::{self, Params};
use core::fmt::{Debug, Formatter};

/// All that the optimiser `Opt` remembers of the training of `N`. It is reset, saved and restored
/// as one value; the optimiser itself is settings only.
///
/// Training goes on from a copy with the bits of training that was never interrupted:
/// ```
/// use stackprop::{Adam, Trainer, notebook::{BOOK_NET, X, Y}};
///
/// let mut trainer = Trainer::new(BOOK_NET, Adam::new(0.01));
/// trainer.step(&X, &Y)?;
/// let (network, state) = (trainer.network, trainer.state); // kept
///
/// let mut later = Trainer::new(network, Adam::new(0.01));
/// later.state = state;
/// assert_eq!(later.step(&X, &Y), trainer.step(&X, &Y));
/// assert_eq!(later.network, trainer.network);
/// # Ok::<(), stackprop::Error>(())
/// ```
#[derive(Clone, Copy)]
pub struct OptimizerState<N: Params, Opt: Optimizer> {
    /// The numbers for all parameters together, such as Adam's bias corrections.
    pub shared: Opt::Shared,
    /// The numbers for each parameter, such as a velocity, with the fields of the parameters.
    pub params: N::Of<Opt::State>,
}

impl<N: Params, Opt: Optimizer> OptimizerState<N, Opt> {
    /// Forgets everything, in place: as before the first step.
    ///
    /// ```
    /// use stackprop::{Adam, Trainer, notebook::{BOOK_NET, X, Y}};
    ///
    /// let mut trainer = Trainer::new(BOOK_NET, Adam::new(0.01));
    /// trainer.step(&X, &Y)?;
    /// trainer.state.reset();
    /// assert_eq!(trainer.state.shared, Default::default());
    /// # Ok::<(), stackprop::Error>(())
    /// ```
    #[inline(always)]
    pub fn reset(&mut self) {
        self.shared = Zero::ZERO;
        params::set_all::<N, _>(&mut self.params, Zero::ZERO);
    }
}

impl<N: Params, Opt: Optimizer> Zero for OptimizerState<N, Opt> {
    const ZERO: Self = Self {
        shared: Zero::ZERO,
        params: Zero::ZERO,
    };
}

impl<N: Params, Opt: Optimizer> PartialEq for OptimizerState<N, Opt>
where
    Opt::Shared: PartialEq,
    N::Of<Opt::State>: PartialEq,
{
    fn eq(&self, other: &Self) -> bool {
        self.shared == other.shared && self.params == other.params
    }
}

impl<N: Params, Opt: Optimizer> Debug for OptimizerState<N, Opt>
where
    Opt::Shared: Debug,
    N::Of<Opt::State>: Debug,
{
    fn fmt(&self, f: &mut Formatter<'_>) -> core::fmt::Result {
        let Self { shared, params } = self;
        f.debug_struct("OptimizerState")
            .field("shared", shared)
            .field("params", params)
            .finish()
    }
}

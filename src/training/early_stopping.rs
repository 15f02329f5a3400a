//! The best parameters so far, and when to stop.

use crate::model::params::{self, Grad, Params, Visit};
use core::fmt::{Debug, Formatter};

/// A copy of the parameters with the least loss so far, and a count of how long they have stayed
/// the best.
///
/// ```
/// use stackprop::{EarlyStopping, Sgd, Trainer, notebook::{BOOK_NET, X, Y}};
///
/// let mut trainer = Trainer::new(BOOK_NET, Sgd::new(0.1));
/// let mut best = EarlyStopping::new(&BOOK_NET, 20); // stop after 20 epochs without progress
/// for _ in 0..1000 {
///     let network = trainer.network; // the loss that a step gives is of this one, from before it
///     let loss = trainer.step(&X, &Y)?;
///     if best.observe(loss, &network) {
///         break;
///     }
/// }
/// best.restore(&mut trainer.network);
/// # assert_eq!(trainer.step(&X, &Y), Ok(best.loss()));
/// # Ok::<(), stackprop::Error>(())
/// ```
#[derive(Clone, Copy)]
pub struct EarlyStopping<N: Params> {
    pub(crate) params: Grad<N>,
    pub(crate) loss: f32,
    pub(crate) waited: u32,
    pub(crate) patience: u32,
    pub(crate) min_delta: f32,
}

impl<N: Params> EarlyStopping<N> {
    /// `network` until something better is observed. It is time to stop after `patience`
    /// observations in a row that bring nothing better, as in Keras; 0 counts as 1.
    #[must_use]
    pub fn new(network: &N, patience: u32) -> Self {
        Self {
            params: network.values(),
            loss: f32::INFINITY,
            waited: 0,
            patience,
            min_delta: 0.0,
        }
    }

    /// Only a loss that is less than the least one by more than this is progress: Keras'
    /// `min_delta`, 0 by default. Without it a loss that creeps down goes on for ever.
    ///
    /// ```
    /// use stackprop::{EarlyStopping, notebook::BOOK_NET};
    ///
    /// let mut best = EarlyStopping::new(&BOOK_NET, 2).min_delta(0.01);
    /// let stops = [0.5, 0.495, 0.4925].map(|loss| best.observe(loss, &BOOK_NET));
    /// assert_eq!((stops, best.loss()), ([false, false, true], 0.5));
    /// ```
    #[must_use]
    pub const fn min_delta(mut self, min_delta: f32) -> Self {
        self.min_delta = min_delta;
        self
    }

    /// Takes note of `loss`, which has to be that of `network` as it is, and keeps its parameters
    /// if it is the least so far. True if it is time to stop. A trainer's step gives the loss
    /// before it; a loss over other samples than it learns from, computed after an epoch, is the
    /// better judge. A NaN is never the least.
    pub fn observe(&mut self, loss: f32, network: &N) -> bool {
        if loss < self.loss - self.min_delta {
            (self.params, self.loss, self.waited) = (network.values(), loss, 0);
        } else {
            self.waited = self.waited.saturating_add(1);
        }
        self.waited >= self.patience.max(1)
    }

    /// The least loss so far, inf before the first.
    #[must_use]
    pub const fn loss(&self) -> f32 {
        self.loss
    }

    /// Puts the best parameters into `network`.
    pub fn restore(&self, network: &mut N) {
        let keep = |(), w: &mut f32, best: f32, (): &mut ()| *w = best;
        params::fold_range(
            network,
            &self.params,
            &mut N::fill(()),
            0..N::COUNT,
            (),
            |_| Visit::new(keep),
        );
    }
}

impl<N: Params<Of<f32>: PartialEq>> PartialEq for EarlyStopping<N> {
    fn eq(&self, other: &Self) -> bool {
        let numbers = |this: &Self| (this.loss, this.waited, this.patience, this.min_delta);
        self.params == other.params && numbers(self) == numbers(other)
    }
}

impl<N: Params<Of<f32>: Debug>> Debug for EarlyStopping<N> {
    fn fmt(&self, f: &mut Formatter<'_>) -> core::fmt::Result {
        let Self {
            params,
            loss,
            waited,
            patience,
            min_delta,
        } = self;
        let mut all = f.debug_struct("EarlyStopping");
        all.field("params", params)
            .field("loss", loss)
            .field("waited", waited)
            .field("patience", patience)
            .field("min_delta", min_delta)
            .finish()
    }
}

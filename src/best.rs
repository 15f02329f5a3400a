//! The best parameters so far, and when to stop.

use crate::params::{self, Grad, Params};
use core::fmt::{Debug, Formatter};

/// A copy of the parameters with the least loss so far, and a count of how long they have stayed the best.
///
/// ```
/// use stackprop::{Best, Sgd, Trainer, notebook::{NET_BOOK, X, Y}};
///
/// let mut trainer = Trainer::new(NET_BOOK, Sgd::new(0.1));
/// let mut best = Best::new(&NET_BOOK.layers, 20); // stop after 20 epochs without progress
/// for _ in 0..1000 {
///     let layers = trainer.network.layers; // the loss that a step gives is of these, from before it
///     let loss = trainer.step(&X, &Y)?;
///     if best.observe(loss, &layers) {
///         break;
///     }
/// }
/// best.restore(&mut trainer.network.layers);
/// # assert_eq!(trainer.step(&X, &Y), Ok(best.loss()));
/// # Ok::<(), stackprop::Error>(())
/// ```
#[derive(Clone, Copy)]
pub struct Best<L: Params> {
    params: Grad<L>,
    loss: f32,
    waited: u32,
    patience: u32,
}

impl<L: Params> Best<L> {
    /// `layers` until something better is observed. `patience` is how many observations in a row may bring nothing
    /// better.
    #[must_use]
    pub fn new(layers: &L, patience: u32) -> Self {
        Self {
            params: layers.params(),
            loss: f32::INFINITY,
            waited: 0,
            patience,
        }
    }

    /// Takes note of `loss`, which has to be that of `layers` as they are, and keeps them if it is the least so far. True if it
    /// is time to stop. A trainer's step gives the loss before it; a loss over other samples than it learns from,
    /// computed after an epoch, is the better judge.
    /// A NaN is never the least.
    pub fn observe(&mut self, loss: f32, layers: &L) -> bool {
        if loss < self.loss {
            (self.params, self.loss, self.waited) = (layers.params(), loss, 0);
        } else {
            self.waited = self.waited.saturating_add(1);
        }
        self.waited >= self.patience.max(1)
    }

    /// The least loss so far, inf before the first.
    #[must_use]
    pub fn loss(&self) -> f32 {
        self.loss
    }

    /// Puts the best parameters into `layers`.
    pub fn restore(&self, layers: &mut L) {
        params::update(layers, &self.params, &mut L::fill(()), |w, best, ()| {
            *w = best
        });
    }
}

impl<L: Params<Of<f32>: Debug>> Debug for Best<L> {
    fn fmt(&self, f: &mut Formatter<'_>) -> core::fmt::Result {
        let Self {
            params,
            loss,
            waited,
            patience,
        } = self;
        let mut all = f.debug_struct("Best");
        all.field("params", params)
            .field("loss", loss)
            .field("waited", waited)
            .field("patience", patience)
            .finish()
    }
}

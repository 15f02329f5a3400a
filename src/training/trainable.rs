//! What training asks of a network.

use crate::error::Error;
use crate::kernels::simd::{DefaultVector, SumVector};
use crate::model::network::Model;
use crate::training::batch::Batch;
use crate::training::dataset::Dataset;
use crate::training::evaluate;
use crate::training::sums::Sums;
use crate::training::target::Target;
use crate::training::walk::Walk;
use crate::training::{outputs, sweep};

/// Any network that can be trained, which is every [`Network`](crate::Network): the one bound that
/// generic code needs. Sealed.
///
/// ```
/// use stackprop::{Error, Relu, Sgd, SigmoidBce, Trainable, Trainer, net};
///
/// fn fit<N: Trainable>(network: N, rows: &[N::Input], targets: &[N::Output]) -> Result<N, Error> {
///     let mut trainer = Trainer::new(network, Sgd::new(0.1));
///     for _ in 0..100 {
///         trainer.epoch(rows, targets, 16)?;
///     }
///     Ok(trainer.network)
/// }
/// let network = <net![2 => 3, Relu => 1, SigmoidBce]>::new(1);
/// let (rows, targets) = ([[0.0, 1.0], [1.0, 0.0]], [[1.0], [0.0]]);
/// let learned = fit(network, &rows, &targets)?;
/// let loss = |n: net![2 => 3, Relu => 1, SigmoidBce]| {
///     n.loss(&rows[0], &targets[0]) + n.loss(&rows[1], &targets[1])
/// };
/// assert!(loss(learned) < loss(network));
/// # Ok::<(), Error>(())
/// ```
#[expect(
    private_bounds,
    reason = "sealed: how a network is walked is not part of the interface"
)]
pub trait Trainable: Model + Walk {
    /// [`Network::forward_batch`](crate::Network::forward_batch).
    ///
    /// # Errors
    /// As there.
    fn forward_batch(&self, rows: &[Self::Input], y_hat: &mut [Self::Output]) -> Result<(), Error> {
        Batch::new(rows, y_hat)?;
        outputs::forward::<DefaultVector, Self>(self, rows, y_hat);
        Ok(())
    }

    /// [`Network::accumulate`](crate::Network::accumulate).
    ///
    /// # Errors
    /// As there.
    fn accumulate(
        &self,
        rows: &[Self::Input],
        targets: &[Self::Output],
        sums: &mut Sums<Self>,
    ) -> Result<(), Error> {
        sweep::accumulate::<SumVector, Self>(self, Batch::new(rows, targets)?, sums)
    }

    /// [`Network::evaluate`](crate::Network::evaluate).
    ///
    /// # Errors
    /// As there.
    fn evaluate<T: Target<Self>>(&self, data: Dataset<'_, Self::Input, T>) -> Result<f32, Error> {
        evaluate::evaluate(self, data, |_, _| ())
    }

    /// [`Network::evaluate_with`](crate::Network::evaluate_with).
    ///
    /// # Errors
    /// As there.
    fn evaluate_with<T: Target<Self>>(
        &self,
        data: Dataset<'_, Self::Input, T>,
        look: impl FnMut(&Self::Output, &Self::Output),
    ) -> Result<f32, Error> {
        evaluate::evaluate(self, data, look)
    }
}

impl<N: Model + Walk> Trainable for N {}

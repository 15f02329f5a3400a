//! Epochs: a step on each mini-batch of the samples.

use crate::error::Error;
use crate::kernels::exact_sum::ExactSum;
use crate::training::batch::Batch;
use crate::training::dataset::Dataset;
use crate::training::optim::Optimizer;
use crate::training::target::Target;
use crate::training::trainable::Trainable;
use crate::training::trainer::Trainer;

impl<N: Trainable, Opt: Optimizer> Trainer<N, Opt> {
    /// Steps on mini-batches of `batch` samples in the given order, the last one smaller if they do
    /// not divide. Gives the mean of the losses of all samples, each before its step. A `batch` of
    /// 0 counts as 1.
    ///
    /// The mean is the float nearest to the exact mean of what the steps gave, each taken once for
    /// each of its samples: it neither drifts nor overflows over however many rows. See
    /// [`Mean`](crate::Mean). It is so also where the head weighs samples, as in the usual loop of
    /// PyTorch, `total += loss.item() * len(x)`. A mini-batch of which every sample is ignored is
    /// passed over.
    ///
    /// # Errors
    /// As [`step`](Self::step), from the first mini-batch that is refused; those before it have
    /// been learned.
    pub fn epoch(
        &mut self,
        rows: &[N::Input],
        targets: &[N::Output],
        batch: usize,
    ) -> Result<f32, Error> {
        let all = Batch::new(rows, targets)?;
        let (mut losses, mut first) = (Losses::new(), 0);
        for batch in all.chunks(batch.max(1)) {
            let loss = self.step(batch.rows, batch.targets);
            losses.take(loss.map_err(|error| error.after(first)), batch.len())?;
            first += batch.len();
        }
        losses.mean()
    }

    /// [`epoch`](Self::epoch) on the samples of `data`: steps on mini-batches of `batch` of them,
    /// in their order.
    ///
    /// # Errors
    /// As [`epoch`](Self::epoch). Rows count where they lie in all rows.
    pub fn epoch_of<T: Target<N>>(
        &mut self,
        data: Dataset<'_, N::Input, T>,
        batch: usize,
    ) -> Result<f32, Error> {
        let mut losses = Losses::new();
        for batch in data.batches(batch) {
            losses.take(self.step_of(batch), batch.len())?;
        }
        losses.mean()
    }
}

/// The losses of an epoch, and how many samples were learned.
struct Losses {
    sum: ExactSum,
    learned: usize,
}

impl Losses {
    const fn new() -> Self {
        Self {
            sum: ExactSum::new(),
            learned: 0,
        }
    }

    /// Takes the loss of a mini-batch of `rows` samples; nothing if every sample is ignored.
    fn take(&mut self, loss: Result<f32, Error>, rows: usize) -> Result<(), Error> {
        if loss == Err(Error::Empty) {
            return Ok(());
        }
        self.sum.add(loss?, rows as u64);
        self.learned += rows;
        Ok(())
    }

    /// The mean over the samples.
    fn mean(&self) -> Result<f32, Error> {
        if self.learned == 0 {
            return Err(Error::Empty);
        }
        Ok(self.sum.mean(self.learned as u64))
    }
}

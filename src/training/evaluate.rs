//! How good a network is on samples that it does not learn.

use crate::error::Error;
use crate::kernels::exact_sum::ExactSum;
use crate::kernels::simd::{DefaultVector, Native, Vector};
use crate::kernels::zero::Zero;
use crate::model::heads::Head;
use crate::model::layers::{Activations, Layer};
use crate::model::network::Network;
use crate::training::batch::Batch;
use crate::training::dataset::Dataset;
use crate::training::gather;
use crate::training::target::Target;
use crate::training::walk::Walk;
use crate::training::weighing;

impl<L: Layer<I, O>, H: Head<O>, const I: usize, const O: usize> Network<L, H, I, O> {
    /// The mean loss over `data`: the float nearest to the exact mean of the samples' losses. It
    /// does not depend on their order, neither drifts nor overflows, and is inf only if a loss is.
    /// Where the head weighs samples, it is divided by the mean of their weights, and ignored ones
    /// are left out.
    ///
    /// # Errors
    /// [`Error::Empty`] for no sample, or none that counts; [`Error::NotFinite`] and
    /// [`Error::Target`] for samples that training refuses. Rows count where they lie in all rows.
    ///
    /// ```
    /// use stackprop::{Dataset, notebook::{BOOK_NET, X, Y}};
    ///
    /// let loss = BOOK_NET.evaluate(Dataset::new(&X[..2], &Y[..2])?)?;
    /// let mean = (BOOK_NET.loss(&X[0], &Y[0]) + BOOK_NET.loss(&X[1], &Y[1])) / 2.0;
    /// assert!((loss - mean).abs() < 1e-7);
    /// # Ok::<(), stackprop::Error>(())
    /// ```
    pub fn evaluate<T: Target<Self>>(&self, data: Dataset<'_, [f32; I], T>) -> Result<f32, Error> {
        self.evaluate_with(data, |_, _| ())
    }

    /// [`evaluate`](Self::evaluate), with a look at each output and its target, in order: for a
    /// confusion matrix, for instance. Samples that are ignored are not shown.
    ///
    /// # Errors
    /// As [`evaluate`](Self::evaluate); `look` has seen nothing then.
    ///
    /// ```
    /// use stackprop::{ConfusionMatrix, Dataset, SoftmaxCe, net};
    ///
    /// let network = <net![1 => 3, SoftmaxCe]>::new(1);
    /// let data = Dataset::new(&[[0.5], [1.0], [-1.0]], &[0u8, 1, 2])?;
    /// let mut seen = ConfusionMatrix::<3>::new();
    /// let loss = network.evaluate_with(data, |y_hat, target| seen.observe(y_hat, target))?;
    /// assert!(loss > 0.0 && seen.total() == 3);
    /// # Ok::<(), stackprop::Error>(())
    /// ```
    ///
    /// With one output:
    /// ```
    /// use stackprop::{BinaryConfusionMatrix, Dataset, SigmoidBce, net};
    ///
    /// let network = <net![1 => 1, SigmoidBce]>::new(1);
    /// let data = Dataset::new(&[[0.5], [1.0], [-1.0]], &[true, true, false])?;
    /// let mut seen = BinaryConfusionMatrix::new();
    /// network.evaluate_with(data, |[p], [y]| seen.observe(*p > 0.5, *y > 0.5))?;
    /// assert!(seen.accuracy() <= 1.0);
    /// # Ok::<(), stackprop::Error>(())
    /// ```
    pub fn evaluate_with<T: Target<Self>>(
        &self,
        data: Dataset<'_, [f32; I], T>,
        look: impl FnMut(&[f32; O], &[f32; O]),
    ) -> Result<f32, Error> {
        evaluate(self, data, look)
    }
}

/// What a network makes of up to `ROWS` samples.
struct Outcome<N: Walk, const ROWS: usize> {
    rows: [N::Input; ROWS],
    targets: [N::Output; ROWS],
    y_hat: [N::Output; ROWS],
    losses: [f32; ROWS],
}

/// [`Network::evaluate_with`].
pub(crate) fn evaluate<N: Walk, T: Target<N>>(
    net: &N,
    data: Dataset<'_, N::Input, T>,
    look: impl FnMut(&N::Output, &N::Output),
) -> Result<f32, Error> {
    gather::check(net, data)?;
    // Without SIMD, and where a tile is too long for the stack of a thread, one by one.
    if Native::LANES > 1 && const { gather::tile_fits::<N>() } {
        Outcome::<N, { gather::TILE }>::of_all(net, data, look)
    } else {
        Outcome::<N, 1>::of_all(net, data, look)
    }
}

impl<N: Walk, const ROWS: usize> Outcome<N, ROWS> {
    /// The mean loss, with a look at all outputs.
    #[inline(always)]
    fn of_all<T: Target<N>>(
        net: &N,
        data: Dataset<'_, N::Input, T>,
        mut look: impl FnMut(&N::Output, &N::Output),
    ) -> Result<f32, Error> {
        let (mut sum, mut weights) = (ExactSum::new(), ExactSum::new());
        let mut outcome = Self {
            rows: [Zero::ZERO; ROWS],
            targets: [Zero::ZERO; ROWS],
            y_hat: [Zero::ZERO; ROWS],
            losses: [0.0; ROWS],
        };
        for batch in data.batches(ROWS) {
            outcome.compute(net, batch);
            let all = outcome.y_hat.iter().zip(&outcome.targets);
            for ((y_hat, target), loss) in all.zip(&outcome.losses).take(batch.len()) {
                sum.add(*loss, 1);
                if N::WEIGHTED {
                    let weight = net.weight(target);
                    weights.add(weight, 1);
                    if weight == 0.0 && target.as_ref().iter().all(|y| *y == 0.0) {
                        continue; // ignored
                    }
                }
                look(y_hat, target);
            }
        }
        let mean = sum.mean(data.len() as u64);
        if !N::WEIGHTED {
            return Ok(mean);
        }
        let weight = weights.mean(data.len() as u64);
        weighing::check(weight)?;
        Ok(mean / weight)
    }

    /// Outputs and losses of the samples of a batch.
    #[inline(always)]
    fn compute<T: Target<N>>(&mut self, net: &N, batch: Dataset<'_, N::Input, T>) {
        self.take(net, batch);
        let mut at = 0;
        if ROWS > 1 {
            at = self.groups::<DefaultVector>(net, at, batch.len());
            at = self.groups::<<DefaultVector as Vector>::Partial>(net, at, batch.len());
        }
        self.groups::<f32>(net, at, batch.len());
    }

    /// Copies the samples.
    #[inline(always)]
    fn take<T: Target<N>>(&mut self, net: &N, batch: Dataset<'_, N::Input, T>) {
        let samples = (0..batch.len()).filter_map(|at| gather::sample(net, batch, at));
        let places = self.rows.iter_mut().zip(&mut self.targets);
        for ((row, target), sample) in places.zip(samples) {
            (*row, *target) = (*sample.0, sample.1);
        }
    }

    /// Outputs and losses of the samples from `at` to below `end`, as far as whole `V`s go. Gives
    /// where they end.
    #[inline(always)]
    fn groups<V: Vector>(&mut self, net: &N, mut at: usize, end: usize) -> usize {
        let mut activations = Activations::zero();
        while at + V::LANES <= end {
            let rows = self.rows.get(at..).unwrap_or_default();
            let targets = self.targets.get(at..).unwrap_or_default();
            let y_hat = self.y_hat.get_mut(at..).unwrap_or_default();
            let losses = self.losses.get_mut(at..).unwrap_or_default();
            let batch = Batch { rows, targets };
            net.evaluate_group::<V>(batch, y_hat, losses, &mut activations);
            at += V::LANES;
        }
        at
    }
}

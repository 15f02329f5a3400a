//! What the training loop asks of those who work on it: one process, or the ranks of MPI.

use crate::Error;
use core::fmt::{Display, Formatter};
use stackprop::{Optimizer, Trainable, Trainer};
use std::time::Duration;

/// Where the time of a run went.
#[derive(Clone, Copy, Default)]
pub(crate) struct Times {
    /// Sums over this rank's rows.
    pub(crate) computing: Duration,
    /// Until the last rank had its sums.
    pub(crate) waiting: Duration,
    /// Sending and receiving.
    pub(crate) exchanging: Duration,
    /// Adding what came, and the step.
    pub(crate) stepping: Duration,
}

pub(crate) trait Workers {
    /// Which one this is, from 0 to below [`ranks`](Self::ranks).
    fn rank(&self) -> usize;

    /// How many there are.
    fn ranks(&self) -> usize;

    /// Takes a step on a batch of `count` rows, of which this rank has its share. Gives the mean
    /// loss before it. All ranks take the same step.
    fn step<N: Trainable, Opt: Optimizer>(
        &mut self,
        trainer: &mut Trainer<N, Opt>,
        count: usize,
        rows: &[N::Input],
        targets: &[N::Output],
    ) -> Result<f32, Error>;

    /// Gives the bytes of rank 0 to all. None for none.
    fn broadcast(&mut self, bytes: Option<Vec<u8>>) -> Result<Option<Vec<u8>>, Error>;

    /// Refuses ranks that have another number here; `what` says of what it is.
    fn compare(&mut self, what: &str, number: u64) -> Result<(), Error>;

    /// Where the time of this rank went so far, if it was measured.
    fn times(&self) -> Option<Times>;
}

impl Display for Times {
    fn fmt(&self, f: &mut Formatter<'_>) -> core::fmt::Result {
        let [computing, waiting, exchanging, stepping] =
            [self.computing, self.waiting, self.exchanging, self.stepping]
                .map(|time| time.as_secs_f64());
        write!(
            f,
            "computing {computing:.4} s, waiting {waiting:.4} s, \
             exchanging {exchanging:.4} s, stepping {stepping:.4} s"
        )
    }
}

//! One process without MPI: a plain `Trainer`, whose bits the ranks have to reach.

use crate::Error;
use crate::workers::{Times, Workers};
use stackprop::{Optimizer, Trainable, Trainer};

pub(crate) struct Alone;

impl Workers for Alone {
    fn rank(&self) -> usize {
        0
    }

    fn ranks(&self) -> usize {
        1
    }

    fn step<N: Trainable, Opt: Optimizer>(
        &mut self,
        trainer: &mut Trainer<N, Opt>,
        _: usize,
        rows: &[N::Input],
        targets: &[N::Output],
    ) -> Result<f32, Error> {
        Ok(trainer.step(rows, targets)?)
    }

    fn broadcast(&mut self, bytes: Option<Vec<u8>>) -> Result<Option<Vec<u8>>, Error> {
        Ok(bytes)
    }

    fn compare(&mut self, _: &str, _: u64) -> Result<(), Error> {
        Ok(())
    }

    fn times(&self) -> Option<Times> {
        None
    }
}

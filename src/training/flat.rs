//! Sums that travel to another thread or machine: as one slice of numbers, and into a trainer.

use crate::error::Error;
use crate::model::params::{self, Params};
use crate::training::optim::Optimizer;
use crate::training::sums::Sums;
use crate::training::trainable::Trainable;
use crate::training::trainer::Trainer;

impl<N: Params> Sums<N> {
    /// How many numbers [`copy_to_slice`](Self::copy_to_slice) takes: one for each parameter, and
    /// two.
    pub const NUMBERS: usize = N::COUNT + 2;

    /// Copies the sums to `numbers`: the loss, the weight, then the gradient, tensor by tensor in
    /// PyTorch's order and each row by row. The [`count`](Self::count) is not among them: an `f32`
    /// has no room for it. NaN and infinities are copied like other numbers.
    ///
    /// [`merge`](Self::merge) adds number by number, so whoever has the numbers of all blocks may
    /// add them as slices, in order of the blocks, and may leave parts of the slice to others. A
    /// sum starts from -0, or from the numbers of the first block.
    ///
    /// ```
    /// use stackprop::{Sums, notebook::{BOOK_NET, NetBook, X, Y}};
    ///
    /// let (mut here, mut there) = (Sums::<NetBook>::new(), Sums::<NetBook>::new());
    /// BOOK_NET.accumulate(&X, &Y, &mut here)?;
    ///
    /// let mut numbers = [0.0; Sums::<NetBook>::NUMBERS]; // travel over a wire
    /// here.copy_to_slice(&mut numbers)?;
    /// there.copy_from_slice(&numbers, here.count)?;
    /// assert_eq!(there.mean(), here.mean());
    /// # Ok::<(), stackprop::Error>(())
    /// ```
    ///
    /// # Errors
    /// [`Error::Numbers`] if `numbers` has not [`NUMBERS`](Self::NUMBERS) places; it is unchanged
    /// then.
    pub fn copy_to_slice(&self, numbers: &mut [f32]) -> Result<(), Error> {
        check_length::<N>(numbers)?;
        let mut rest = numbers.iter_mut();
        let mut put = |sums: &[f32]| {
            for (sum, place) in sums.iter().zip(rest.by_ref()) {
                *place = *sum;
            }
        };
        put(&[self.loss, self.weight]);
        for index in 0..N::TENSORS {
            if let Some(tensor) = N::tensor_of(&self.grad, index) {
                put(tensor.values);
            }
        }
        Ok(())
    }

    /// Copies the sums over `count` samples from `numbers`, which are in the order of
    /// [`copy_to_slice`](Self::copy_to_slice). The numbers are not looked at: those that are not
    /// finite are refused by the [`update`](crate::Trainer::update) that would learn from them.
    ///
    /// # Errors
    /// [`Error::Numbers`] if there are not [`NUMBERS`](Self::NUMBERS); the sums are unchanged then.
    pub fn copy_from_slice(&mut self, numbers: &[f32], count: usize) -> Result<(), Error> {
        check_length::<N>(numbers)?;
        let [loss, weight, grad @ ..] = numbers else {
            return Ok(());
        };
        let mut rest = grad.iter();
        params::zip_with::<N, _, _>(&mut self.grad, &N::fill(()), |place, ()| {
            *place = rest.next().copied().unwrap_or(*place);
        });
        (self.loss, self.weight, self.count) = (*loss, *weight, count);
        Ok(())
    }
}

impl<N: Trainable, Opt: Optimizer> Trainer<N, Opt> {
    /// Adds sums over samples that were summed elsewhere, on another thread or machine. Taken in
    /// order of the [`blocks`](crate::batch::blocks) by a trainer that holds no samples yet, they
    /// have the bits of [`accumulate`](Self::accumulate) on the whole batch.
    ///
    /// # Errors
    /// [`Error::Empty`] for sums over no sample, [`Error::TooLong`]; nothing was added then. Sums
    /// that are not finite are refused by [`update`](Self::update).
    ///
    /// ```
    /// use stackprop::{Sgd, Sums, Trainer, notebook::{BOOK_NET, NetBook, X, Y}};
    ///
    /// let mut sums = Sums::<NetBook>::new();
    /// BOOK_NET.accumulate(&X, &Y, &mut sums)?;
    /// let mut trainer = Trainer::new(BOOK_NET, Sgd::new(0.1));
    /// trainer.accumulate_sums(&sums)?;
    /// let loss = trainer.update();
    /// assert_eq!(loss, Trainer::new(BOOK_NET, Sgd::new(0.1)).step(&X, &Y));
    /// # Ok::<(), stackprop::Error>(())
    /// ```
    pub fn accumulate_sums(&mut self, sums: &Sums<N>) -> Result<(), Error> {
        if sums.count == 0 {
            return Err(Error::Empty);
        }
        self.begin(sums.count)?;
        self.sums.merge(sums);
        Ok(())
    }
}

/// Refuses a slice of another length than [`Sums::NUMBERS`].
const fn check_length<N: Params>(numbers: &[f32]) -> Result<(), Error> {
    let (expected, found) = (Sums::<N>::NUMBERS, numbers.len());
    if found == expected {
        return Ok(());
    }
    Err(Error::Numbers { expected, found })
}

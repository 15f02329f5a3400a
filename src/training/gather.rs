//! Training on a [`Dataset`]: rows that lie apart are brought together, one tile at a time, and
//! summed in the order of [`batch`](crate::batch). Without SIMD nothing is copied but a target.

use crate::error::Error;
use crate::kernels::simd::{Narrow, PARTIAL_SUMS, SumVector, Vector};
use crate::kernels::zero::Zero;
use crate::training::batch::{Batch, BatchOf, ROWS_PER_BLOCK};
use crate::training::dataset::Dataset;
use crate::training::optim::Optimizer;
use crate::training::sums::{Sums, SumsMut};
use crate::training::sweep;
use crate::training::target::Target;
use crate::training::trainable::Trainable;
use crate::training::trainer::Trainer;
use crate::training::walk::Walk;
use crate::training::weighing;
use core::array::from_ref;

/// Rows of the widest tile: [`SumVector`] has at most four groups, [`PARTIAL_SUMS`] rows apart.
pub(crate) const TILE: usize = 4 * PARTIAL_SUMS;

/// Whether a tile of samples of `N` has at most 256 KiB, so that the stack of a thread holds it.
/// Longer rows are brought together group by group.
pub(crate) const fn tile_fits<N: Walk>() -> bool {
    TILE * size_of::<(N::Input, N::Output)>() <= 256 * 1024
}

impl<N: Trainable, Opt: Optimizer> Trainer<N, Opt> {
    /// [`step`](Self::step) on the samples of `data`, which need not lie side by side: the bits of
    /// a step on copies that do. With SIMD a call brings up to 64 rows together on the stack, 16 if
    /// those are more than 256 KiB: this is beyond [`STACK_BYTES`](Self::STACK_BYTES).
    ///
    /// # Errors
    /// As [`step`](Self::step); of several faults it may be another. Rows count where they lie in
    /// all rows.
    ///
    /// ```
    /// use stackprop::{Dataset, Sgd, Trainer, notebook::{BOOK_NET, X, Y}};
    ///
    /// let data = Dataset::new(&X, &Y)?.select(&[2u16, 0])?;
    /// let mut trainer = Trainer::new(BOOK_NET, Sgd::new(0.1));
    /// let loss = trainer.step_of(data);
    /// assert_eq!(loss, Trainer::new(BOOK_NET, Sgd::new(0.1)).step(&[X[2], X[0]], &[Y[2], Y[0]]));
    /// # Ok::<(), stackprop::Error>(())
    /// ```
    pub fn step_of<T: Target<N>>(&mut self, data: Dataset<'_, N::Input, T>) -> Result<f32, Error> {
        self.forget();
        self.accumulate_of(data)?;
        self.update()
    }

    /// [`accumulate`](Self::accumulate) on the samples of `data`.
    ///
    /// ```
    /// use stackprop::{Dataset, Error, Sgd, Trainer, notebook::{BOOK_NET, X, Y}};
    ///
    /// let mut trainer = Trainer::new(BOOK_NET, Sgd::new(0.1));
    /// trainer.accumulate_of(Dataset::new(&X, &Y)?.select(&[2u16, 0])?)?;
    /// trainer.forget();
    /// assert_eq!(trainer.update(), Err(Error::Empty));
    /// # Ok::<(), Error>(())
    /// ```
    ///
    /// # Errors
    /// As [`accumulate`](Self::accumulate). Rows count where they lie in all rows.
    pub fn accumulate_of<T: Target<N>>(
        &mut self,
        data: Dataset<'_, N::Input, T>,
    ) -> Result<(), Error> {
        if let Some((batch, start)) = side_by_side(data) {
            let added = self.accumulate(batch.rows, batch.targets);
            return added.map_err(|error| error.after(start));
        }
        check(&self.network, data)?;
        let count = self.begin(data.len())?;
        add(&self.network, data, &mut self.sums);
        if N::WEIGHTED {
            let net = &self.network;
            let weight = |at| sample(net, data, at).map_or(0.0, |(_, target)| net.weight(&target));
            weighing::add_each(data.len(), weight, &mut self.sums.weight);
        }
        self.sums.count = count;
        Ok(())
    }
}

/// The samples as a batch, if they lie side by side, and where they begin among all rows.
#[inline(always)]
fn side_by_side<N: Walk, T: Target<N>>(
    data: Dataset<'_, N::Input, T>,
) -> Option<(BatchOf<'_, N>, usize)> {
    let (rows, targets, start) = data.as_stored()?;
    let targets = T::as_outputs(targets)?;
    Some((Batch { rows, targets }, start))
}

/// Refuses samples that training refuses.
pub(crate) fn check<N: Walk, T: Target<N>>(
    net: &N,
    data: Dataset<'_, N::Input, T>,
) -> Result<(), Error> {
    if data.is_empty() {
        return Err(Error::Empty);
    }
    if let Some((batch, start)) = side_by_side::<N, T>(data) {
        let checked = net.check(batch);
        return checked.map_err(|error| error.after(start));
    }
    for at in 0..data.len() {
        let place = data.place(at).unwrap_or(at);
        let (row, target) = sample(net, data, at).ok_or(Error::Target { row: place })?;
        let (rows, targets) = (from_ref(row), from_ref(&target));
        let checked = net.check(Batch { rows, targets });
        checked.map_err(|error| error.after(place))?;
    }
    Ok(())
}

/// Row and target of sample `at`, None if it has no target.
#[inline(always)]
pub(crate) fn sample<'a, N: Walk, T: Target<N>>(
    net: &N,
    data: Dataset<'a, N::Input, T>,
    at: usize,
) -> Option<(&'a N::Input, N::Output)> {
    let (row, target) = data.get(at)?;
    Some((row, target.to_output(net)?))
}

/// Adds samples that are good to `sums`.
fn add<N: Walk, T: Target<N>>(net: &N, data: Dataset<'_, N::Input, T>, sums: &mut Sums<N>) {
    if data.len() <= ROWS_PER_BLOCK {
        add_block::<N, T>(net, data, sums.as_mut());
        return;
    }
    for block in data.batches(ROWS_PER_BLOCK) {
        let mut part = Sums::<N>::unfinished();
        part.finish();
        add_block::<N, T>(net, block, part.as_mut());
        sums.merge(&part);
    }
}

/// Adds the partial sums of a block.
#[inline(always)]
fn add_block<N: Walk, T: Target<N>>(net: &N, data: Dataset<'_, N::Input, T>, sums: SumsMut<'_, N>) {
    match (
        const { sweep::is_large::<SumVector, N>() },
        const { tile_fits::<N>() },
    ) {
        (true, true) => add_sweeps::<sweep::Shared, N, T, TILE>(net, data, sums),
        (true, false) => add_sweeps::<f32, N, T, 1>(net, data, sums),
        (false, true) => add_sweeps::<SumVector, N, T, TILE>(net, data, sums),
        (false, false) => add_sweeps::<Narrow, N, T, PARTIAL_SUMS>(net, data, sums),
    }
}

/// As many sweeps as it takes for the lanes of `V::Partial` to cover all 16 partial sums.
// Out of line: its partial sums and its rows are kept out of the callers' frames. Guarded by
// `cargo chip m4f::stack_bound`.
#[inline(never)]
fn add_sweeps<V: Vector, N: Walk, T: Target<N>, const ROWS: usize>(
    net: &N,
    data: Dataset<'_, N::Input, T>,
    mut sums: SumsMut<'_, N>,
) {
    let mut partial = Sums::<N, V::Partial>::unfinished();
    partial.finish();
    for first in (0..PARTIAL_SUMS.min(data.len())).step_by(V::Partial::LANES) {
        partial.clear();
        if V::LANES == 1 {
            one_by_one::<V, N, T>(net, data, first, &mut partial);
        } else {
            sweep::<V, N, T, ROWS>(net, data, first, &mut partial);
        }
        partial.add_lanes_to(sums.reborrow());
    }
}

/// Adds the samples from `first` on whose partial sums are lanes of `partial`.
#[inline(always)]
fn sweep<V: Vector, N: Walk, T: Target<N>, const ROWS: usize>(
    net: &N,
    data: Dataset<'_, N::Input, T>,
    first: usize,
    partial: &mut Sums<N, V::Partial>,
) {
    let lanes = V::Partial::LANES;
    let groups = V::LANES / lanes;
    let (mut rows, mut targets) = ([N::Input::ZERO; ROWS], [N::Output::ZERO; ROWS]);
    let mut at = first;
    while at < data.len() {
        let tile = at + (groups - 1) * PARTIAL_SUMS + lanes <= data.len();
        let taken = if tile { groups } else { 1 };
        let found = gather(net, data, at, (taken, lanes), (&mut rows, &mut targets));
        if tile {
            sweep::sample_group::<V, N>(net, &rows, &targets, partial.as_mut());
        } else if found == lanes {
            sweep::sample_group::<V::Partial, N>(net, &rows, &targets, partial.as_mut());
        } else {
            let (rows, targets) = (rows.get(..found), targets.get(..found));
            let (rows, targets) = (rows.unwrap_or_default(), targets.unwrap_or_default());
            sweep::padded_group::<V::Partial, N>(net, Batch { rows, targets }, partial);
        }
        at += taken * PARTIAL_SUMS;
    }
}

/// Copies the samples of `groups` groups of `lanes`, the first one at `at`; each group begins
/// [`PARTIAL_SUMS`] behind the one before it. Gives how many there were.
#[inline(always)]
fn gather<N: Walk, T: Target<N>>(
    net: &N,
    data: Dataset<'_, N::Input, T>,
    at: usize,
    (groups, lanes): (usize, usize),
    (rows, targets): (&mut [N::Input], &mut [N::Output]),
) -> usize {
    let mut found = 0;
    for group in (0..groups * PARTIAL_SUMS).step_by(PARTIAL_SUMS) {
        for place in group..group + lanes {
            let places = rows.get_mut(place).zip(targets.get_mut(place));
            if let (Some(places), Some(sample)) = (places, sample(net, data, at + place)) {
                (*places.0, *places.1) = (*sample.0, sample.1);
                found += 1;
            }
        }
    }
    found
}

/// The same without SIMD: a row is read where it lies.
#[inline(always)]
fn one_by_one<V: Vector, N: Walk, T: Target<N>>(
    net: &N,
    data: Dataset<'_, N::Input, T>,
    first: usize,
    partial: &mut Sums<N, V::Partial>,
) {
    for at in (first..data.len()).step_by(PARTIAL_SUMS) {
        if let Some((row, target)) = sample(net, data, at) {
            let (rows, targets) = (from_ref(row), from_ref(&target));
            sweep::sample_group::<V, N>(net, rows, targets, partial.as_mut());
        }
    }
}

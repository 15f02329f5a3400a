//! The blocks of a batch: up to 4096 rows each, added one after the other.

use crate::kernels::simd::Vector;
use crate::model::layers::Activations;
use crate::model::params;
use crate::training::batch::{BatchOf, ROWS_PER_BLOCK};
use crate::training::sums::{Sums, SumsMut};
use crate::training::sweep::{Shared, add_block, is_large};
use crate::training::walk::Walk;
use core::convert::Infallible;

/// Adds the losses and gradients of a batch to `sums`; as the `first` samples they overwrite them.
#[inline(always)]
pub(crate) fn add<V: Vector, N: Walk>(
    net: &N,
    batch: BatchOf<'_, N>,
    first: bool,
    sums: SumsMut<'_, N>,
) {
    let Ok(()) = add_checked::<V, N, Infallible>(net, batch, first, sums, |_| Ok(()));
}

/// The same. Each block is looked at just before it is added, while it is in the caches. After an
/// error `sums` are those of the blocks before.
#[inline(always)]
pub(crate) fn add_checked<V: Vector, N: Walk, E>(
    net: &N,
    batch: BatchOf<'_, N>,
    first: bool,
    mut sums: SumsMut<'_, N>,
    check: impl Fn(BatchOf<'_, N>) -> Result<(), E>,
) -> Result<(), E> {
    if first {
        if let ([x], [target]) = (batch.rows, batch.targets)
            && V::LANES == 1
        {
            check(batch)?;
            set_to_sample::<N>(net, x, target, sums);
            return Ok(());
        }
        sums.clear();
    }
    if const { is_large::<V, N>() } {
        add_on::<Shared, N, E>(net, batch, sums, check)
    } else {
        add_on::<V, N, E>(net, batch, sums, check)
    }
}

/// Makes the sums those over one sample: without a gradient that is cleared and added to.
// Out of line: one copy for all callers. Guarded by the flash column of
// `cargo bench --bench cortex_m`.
#[inline(never)]
fn set_to_sample<N: Walk>(net: &N, x: &N::Input, target: &N::Output, sums: SumsMut<'_, N>) {
    let (mut activations, mut delta) = (Activations::zero(), Activations::zero());
    net.set_to_sample(x, target, &mut activations, &mut delta, sums);
}

/// The same on vectors that fit.
#[inline(always)]
fn add_on<V: Vector, N: Walk, E>(
    net: &N,
    batch: BatchOf<'_, N>,
    sums: SumsMut<'_, N>,
    check: impl Fn(BatchOf<'_, N>) -> Result<(), E>,
) -> Result<(), E> {
    if batch.len() > ROWS_PER_BLOCK {
        return add_blocks::<V, N, E>(net, batch, sums, check);
    }
    check(batch)?;
    add_block::<V, N>(net, batch, sums);
    Ok(())
}

// Out of line: only batches longer than a block pay for a second gradient on the stack.
// Guarded by `cargo chip m4f::stack_bound`.
#[inline(never)]
fn add_blocks<V: Vector, N: Walk, E>(
    net: &N,
    batch: BatchOf<'_, N>,
    sums: SumsMut<'_, N>,
    check: impl Fn(BatchOf<'_, N>) -> Result<(), E>,
) -> Result<(), E> {
    let mut part = Sums::<N>::unfinished();
    for block in batch.chunks(ROWS_PER_BLOCK) {
        check(block)?;
        part.clear();
        add_block::<V, N>(net, block, part.as_mut());
        *sums.loss += part.loss;
        params::add::<N>(sums.grad, &part.grad);
    }
    Ok(())
}

//! The walk of a batch for a small network on Helium: 16 samples side by side, one of each partial
//! sum.

use crate::kernels::simd::{PARTIAL_SUMS, SUM_START};
use crate::model::layers::Activations;
use crate::model::params;
use crate::training::batch::Batch;
use crate::training::sums::SumsMut;
use crate::training::walk::Walk;

/// Adds a block of a small network to all partial sums at once: a loop over samples that do not
/// wait for each other, of which LLVM makes Helium's vectors.
// Out of line: 16 gradients on the stack. Guarded by `cargo bench --bench cortex_m -- m55`.
#[inline(never)]
pub(crate) fn add_side_by_side<N: Walk>(
    net: &N,
    rows: &[N::Input],
    targets: &[N::Output],
    sums: SumsMut<'_, N>,
) {
    let (mut losses, mut grads) = (
        [SUM_START; PARTIAL_SUMS],
        N::fill([SUM_START; PARTIAL_SUMS]),
    );
    for (rows, targets) in rows.chunks(PARTIAL_SUMS).zip(targets.chunks(PARTIAL_SUMS)) {
        let samples = rows.chunks(1).zip(targets.chunks(1));
        for (l, (rows, targets)) in samples.enumerate().take(PARTIAL_SUMS) {
            let (mut loss, mut grad) = (SUM_START, N::fill(SUM_START));
            let (mut activations, mut delta) = (Activations::fill(0.0), Activations::fill(0.0));
            let own = SumsMut {
                loss: &mut loss,
                grad: &mut grad,
            };
            let batch = Batch { rows, targets };
            net.add_group::<f32>(batch, &mut activations, &mut delta, own);
            losses[l] += loss;
            params::zip_with::<N, _, _>(&mut grads, &grad, |sums, part| sums[l] += part);
        }
    }
    losses.iter().for_each(|part| *sums.loss += part);
    params::zip_with::<N, _, _>(sums.grad, &grads, |total, parts| {
        parts.iter().for_each(|part| *total += part);
    });
}

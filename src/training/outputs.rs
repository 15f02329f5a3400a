//! Traversal of a batch for its outputs. Rows are taken a tile at a time, then a group at a time;
//! an incomplete last group is computed row by row.

use crate::kernels::outline::HELIUM;
use crate::kernels::simd::{Narrow, Native, PARTIAL_SUMS, Tile, Vector};
use crate::model::layers::Activations;
use crate::training::{together, walk::Walk};

/// Fills `y_hat`, which is as long as `rows`.
#[inline(always)]
pub(crate) fn forward<V: Vector, N: Walk>(net: &N, rows: &[N::Input], y_hat: &mut [N::Output]) {
    if HELIUM && V::LANES == 1 && N::COUNT >= together::LARGE && rows.len() >= PARTIAL_SUMS {
        let (rows, y_hat) = together::forward::<N>(net, rows, y_hat);
        net.forward_singles(rows, y_hat);
        return;
    }
    if Native::LANES == 1 && V::LANES == 1 {
        net.forward_singles(rows, y_hat);
        return;
    }
    let (rows, y_hat) = forward_whole::<V, N>(net, rows, y_hat);
    // Rows of a few numbers take longer to load into 16 lanes than into twice 8.
    let (rows, y_hat) = if is_wider::<V>() && size_of::<N::Input>() < size_of::<Narrow>() {
        forward_whole::<Tile<Narrow, 2>, N>(net, rows, y_hat)
    } else {
        forward_whole::<V::Partial, N>(net, rows, y_hat)
    };
    let (rows, y_hat) = if is_wider::<V>() {
        forward_whole::<Narrow, N>(net, rows, y_hat)
    } else {
        (rows, y_hat)
    };
    forward_whole::<f32, N>(net, rows, y_hat);
}

/// Whether the groups of `V` have more lanes than [`Narrow`].
const fn is_wider<V: Vector>() -> bool {
    V::Partial::LANES > Narrow::LANES
}

/// Fills `y_hat` as far as whole `V`s go, and returns the rest.
#[inline(always)]
fn forward_whole<'a, V: Vector, N: Walk>(
    net: &N,
    rows: &'a [N::Input],
    y_hat: &'a mut [N::Output],
) -> (&'a [N::Input], &'a mut [N::Output]) {
    if rows.len() < V::LANES {
        return (rows, y_hat);
    }
    let chunks = rows.chunks_exact(V::LANES);
    let rest = chunks.remainder();
    let mut y_chunks = y_hat.chunks_exact_mut(V::LANES);
    let mut activations = Activations::zero();
    for (rows, y_hat) in chunks.zip(&mut y_chunks) {
        net.forward_group::<V>(rows, y_hat, &mut activations);
    }
    (rest, y_chunks.into_remainder())
}

//! How a batch is walked: tiles of lanes, then single groups, then what is left sample by sample.
//! See [`batch`](crate::batch) for the order of sums that this computes.

use crate::batch::BLOCK;
use crate::heads::Head;
use crate::lane::{LANES, Lane, NOTHING};
use crate::layers::{Hidden, Layer, Pass};
use crate::network::Network;
use crate::params::{self, Grad, Params};
use core::array::from_ref;

/// Sums over samples, one for each lane.
struct LaneSums<L: Params, A: Lane> {
    loss: A,
    grad: L::Of<A>,
}

impl<L: Layer<I, O>, H: Head<O>, const I: usize, const O: usize> Network<L, H, I, O> {
    /// Fills `y_hat` as far as whole `V`s go, and returns what is left.
    #[inline(always)]
    pub(crate) fn forward_whole<'a, V: Lane>(
        &self,
        rows: &'a [[f32; I]],
        y_hat: &'a mut [[f32; O]],
    ) -> (&'a [[f32; I]], &'a mut [[f32; O]]) {
        let chunks = rows.chunks_exact(V::LANES);
        let rest = chunks.remainder();
        let mut y_chunks = y_hat.chunks_exact_mut(V::LANES);
        for (rows, y_hat) in chunks.zip(&mut y_chunks) {
            let x = V::load(rows, V::Acc::LANES);
            let (mut logits, mut y) = ([V::ZERO; O], [V::ZERO; O]);
            self.layers.forward(&x, &mut Hidden::zero(), &mut logits);
            self.head.predict(&logits, &mut y);
            V::store(&y, y_hat, V::Acc::LANES);
        }
        (rest, y_chunks.into_remainder())
    }

    /// Adds the losses and gradients of a batch to `loss` and `grad`, block by block.
    #[inline(always)]
    pub(crate) fn add_blocks<V: Lane>(
        &self,
        rows: &[[f32; I]],
        targets: &[[f32; O]],
        loss: &mut f32,
        grad: &mut Grad<L>,
    ) {
        if rows.len() <= BLOCK {
            self.add_block::<V>(rows, targets, loss, grad);
            return;
        }
        self.add_many_blocks::<V>(rows, targets, loss, grad);
    }

    /// As [`add_blocks`](Self::add_blocks) does for more than one.
    // A frame of its own: a gradient more, which few batches need.
    #[inline(never)]
    fn add_many_blocks<V: Lane>(
        &self,
        rows: &[[f32; I]],
        targets: &[[f32; O]],
        loss: &mut f32,
        grad: &mut Grad<L>,
    ) {
        for (rows, targets) in rows.chunks(BLOCK).zip(targets.chunks(BLOCK)) {
            let (mut block_loss, mut block_grad) = (NOTHING, L::fill(NOTHING));
            self.add_block::<V>(rows, targets, &mut block_loss, &mut block_grad);
            *loss += block_loss;
            params::add::<L>(grad, &block_grad);
        }
    }

    /// Adds the partial sums of a block, in as many sweeps as it takes for lanes of `V::Acc` to own them all.
    #[inline(always)]
    fn add_block<V: Lane>(
        &self,
        rows: &[[f32; I]],
        targets: &[[f32; O]],
        loss: &mut f32,
        grad: &mut Grad<L>,
    ) {
        for first in (0..LANES).step_by(V::Acc::LANES) {
            match (rows.get(first..), targets.get(first..)) {
                (Some(rows), Some(targets)) => self.sweep::<V>(rows, targets, loss, grad),
                _ => break,
            }
        }
    }

    /// Adds the partial sums that one sweep owns, those of its first `V::Acc::LANES` rows and of every
    /// sixteenth after each of them.
    // One copy for all sweeps of a batch.
    #[inline(never)]
    fn sweep<V: Lane>(
        &self,
        rows: &[[f32; I]],
        targets: &[[f32; O]],
        loss: &mut f32,
        grad: &mut Grad<L>,
    ) {
        let lanes = V::Acc::LANES;
        // Groups in which each lane has a sample; after them, fewer than `lanes` samples remain.
        let full = (rows.len() + LANES - lanes) / LANES;
        if full == 0 || (lanes == 1 && full == 1) {
            // Each partial sum is one sample, which can be added as it is computed.
            for (x, y) in rows.iter().zip(targets).take(lanes) {
                self.add::<f32>(from_ref(x), from_ref(y), loss, grad);
            }
            return;
        }
        self.add_groups::<V>(rows, targets, full, loss, grad);
    }

    /// Adds the sums over the first `full` groups and the samples after them.
    // A frame of its own: its sums are as many floats for each parameter as there are lanes.
    #[inline(never)]
    fn add_groups<V: Lane>(
        &self,
        rows: &[[f32; I]],
        targets: &[[f32; O]],
        full: usize,
        loss: &mut f32,
        grad: &mut Grad<L>,
    ) {
        let mut sums = LaneSums {
            loss: V::Acc::splat(NOTHING),
            grad: L::fill(V::Acc::splat(NOTHING)),
        };
        self.whole_groups::<V>(rows, targets, full, &mut sums);
        let tail = rows.iter().zip(targets).skip(full * LANES);
        self.fold(&sums, tail, loss, grad);
    }

    /// Adds the first `full` groups to `sums`.
    #[inline(always)]
    fn whole_groups<V: Lane>(
        &self,
        rows: &[[f32; I]],
        targets: &[[f32; O]],
        full: usize,
        sums: &mut LaneSums<L, V::Acc>,
    ) {
        let tile = V::LANES / V::Acc::LANES;
        let tiles = rows.chunks(tile * LANES).zip(targets.chunks(tile * LANES));
        for (rows, targets) in tiles.take(full / tile) {
            self.add::<V>(rows, targets, &mut sums.loss, &mut sums.grad);
        }
        // Not by skipping chunks, which leaves a panic path.
        let rest = (full - full % tile) * LANES..;
        if let (Some(rows), Some(targets)) = (rows.get(rest.clone()), targets.get(rest)) {
            let groups = rows.chunks(LANES).zip(targets.chunks(LANES));
            for (rows, targets) in groups.take(full % tile) {
                self.add::<V::Acc>(rows, targets, &mut sums.loss, &mut sums.grad);
            }
        }
    }

    /// Adds the sums of the lanes in order, the first ones together with their last sample in `tail`.
    #[inline(always)]
    fn fold<'a, A: Lane>(
        &self,
        sums: &LaneSums<L, A>,
        tail: impl Iterator<Item = (&'a [f32; I], &'a [f32; O])>,
        loss: &mut f32,
        grad: &mut Grad<L>,
    ) {
        let mut whole = 0;
        // With one lane every group is whole: a second gradient on the stack would be for nothing.
        let lanes = if A::LANES > 1 { A::LANES } else { 0 };
        for (l, (x, y)) in tail.enumerate().take(lanes) {
            let (mut last_loss, mut last_grad) = (sums.loss.lane(l), L::fill(NOTHING));
            params::add_lanes::<L, A>(&mut last_grad, &sums.grad, l..=l);
            self.add::<f32>(from_ref(x), from_ref(y), &mut last_loss, &mut last_grad);
            *loss += last_loss;
            params::add::<L>(grad, &last_grad);
            whole = l + 1;
        }
        (whole..A::LANES).for_each(|l| *loss += sums.loss.lane(l));
        params::add_lanes::<L, A>(grad, &sums.grad, whole..A::LANES);
    }

    /// Adds loss and gradient of the samples of one `V`, every sixteenth row beginning a group of lanes.
    // One copy serves all that call it: inlined into each, a network of a thousand parameters fills a chip's flash.
    #[inline(never)]
    pub(crate) fn add<V: Lane>(
        &self,
        rows: &[[f32; I]],
        targets: &[[f32; O]],
        loss: &mut V::Acc,
        grad: &mut L::Of<V::Acc>,
    ) {
        let (x, y) = (V::load(rows, LANES), V::load(targets, LANES));
        let (mut hidden, mut delta) = (Hidden::zero(), Hidden::zero());
        let (mut logits, mut dlogits) = ([V::ZERO; O], [V::ZERO; O]);
        self.layers.forward(&x, &mut hidden, &mut logits);
        *loss = V::add_into(*loss, self.head.loss_grad(&logits, &y, &mut dlogits));
        let pass = Pass {
            x: &x,
            hidden: &hidden,
            y: &logits,
        };
        self.layers
            .backward_params(pass, &dlogits, grad, &mut delta);
    }
}

//! How a batch is walked: tiles of lanes, then single groups; for sums, what is left then is one more group, of whose lanes
//! only the first count, and for outputs it is computed sample by sample.
//! See [`batch`](crate::batch) for the order of sums that this computes.

use crate::batch::BLOCK;
use crate::heads::Head;
use crate::lane::{LANES, Lane, NOTHING, Native};
use crate::layers::{Hidden, Layer, Pass};
use crate::network::Network;
use crate::params::{self, Grad, Params};

/// Sums over samples, one for each lane.
struct LaneSums<L: Params, A: Lane> {
    loss: A,
    grad: L::Of<A>,
}

impl<L: Params, A: Lane> LaneSums<L, A> {
    #[inline(always)]
    fn nothing() -> Self {
        Self {
            loss: A::splat(NOTHING),
            grad: L::fill(A::splat(NOTHING)),
        }
    }
}

/// Rows of 0 after the given ones.
#[inline(always)]
fn padded<const N: usize>(rows: &[[f32; N]]) -> [[f32; N]; LANES] {
    let mut all = [[0.0; N]; LANES];
    for (place, row) in all.iter_mut().zip(rows) {
        *place = *row;
    }
    all
}

impl<L: Layer<I, O>, H: Head<O>, const I: usize, const O: usize> Network<L, H, I, O> {
    /// Fills `y_hat` as far as whole `V`s go, and returns what is left.
    #[inline(always)]
    pub(crate) fn forward_whole<'a, V: Lane>(
        &self,
        rows: &'a [[f32; I]],
        y_hat: &'a mut [[f32; O]],
    ) -> (&'a [[f32; I]], &'a mut [[f32; O]]) {
        if rows.len() < V::LANES {
            return (rows, y_hat);
        }
        let chunks = rows.chunks_exact(V::LANES);
        let rest = chunks.remainder();
        let mut y_chunks = y_hat.chunks_exact_mut(V::LANES);
        let mut hidden = Hidden::zero();
        for (rows, y_hat) in chunks.zip(&mut y_chunks) {
            let x = V::load(rows, V::Acc::LANES);
            let (mut logits, mut y) = ([V::ZERO; O], [V::ZERO; O]);
            self.layers.forward(&x, &mut hidden, &mut logits);
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
            self.add_all::<f32>(rows, targets, rows.len().min(lanes), 1, (loss, grad));
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
        let mut sums = LaneSums::nothing();
        self.whole_groups::<V>(rows, targets, full, &mut sums);
        let tail = full * LANES..;
        match (rows.get(tail.clone()), targets.get(tail)) {
            // With one lane there is no such group: neither code nor stack for it.
            (Some(rows), Some(targets)) if V::Acc::LANES > 1 && !rows.is_empty() => {
                self.last_group(rows, targets, &mut sums);
            }
            _ => {}
        }
        (0..V::Acc::LANES).for_each(|l| *loss += sums.loss.lane(l));
        params::add_lanes::<L, V::Acc>(grad, &sums.grad);
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
        let LaneSums { loss, grad } = sums;
        self.add_all::<V>(rows, targets, full / tile, tile * LANES, (loss, grad));
        let rest = (full - full % tile) * LANES..;
        if let (Some(rows), Some(targets)) = (rows.get(rest.clone()), targets.get(rest)) {
            self.add_all::<V::Acc>(rows, targets, full % tile, LANES, (loss, grad));
        }
    }

    /// Adds a group in which only the first lanes have a sample. What the others compute is dropped.
    // A frame of its own: its sums are as many as those they are added to.
    #[inline(never)]
    fn last_group<A: Lane<Acc = A>>(
        &self,
        rows: &[[f32; I]],
        targets: &[[f32; O]],
        sums: &mut LaneSums<L, A>,
    ) {
        let mut last = LaneSums::<L, A>::nothing();
        let (x, y) = (padded(rows), padded(targets));
        self.add::<A>(&x, &y, &mut last.loss, &mut last.grad);
        let present = A::from_fn(|l| if l < rows.len() { 1.0 } else { 0.0 });
        let samples = |part| A::select_lt(A::ZERO, present, part, A::splat(NOTHING));
        sums.loss = sums.loss + samples(last.loss);
        params::zip_with::<L, _, _>(&mut sums.grad, &last.grad, |sum, part| {
            *sum = *sum + samples(part);
        });
    }

    /// Adds losses and gradients of the samples of `count` `V`s, whose first rows are `step` apart.
    #[inline(always)]
    fn add_all<V: Lane>(
        &self,
        mut rows: &[[f32; I]],
        mut targets: &[[f32; O]],
        count: usize,
        step: usize,
        (loss, grad): (&mut V::Acc, &mut L::Of<V::Acc>),
    ) {
        let (mut hidden, mut delta) = (Hidden::zero(), Hidden::zero());
        for _ in 0..count {
            if Native::LANES > 1 {
                // Not all of what lies between layers need be cleared for each.
                self.add_to::<V>(rows, targets, &mut hidden, &mut delta, (loss, grad));
            } else {
                self.add::<V>(rows, targets, loss, grad);
            }
            // Not by chunks, which leave a panic path.
            rows = rows.get(step..).unwrap_or_default();
            targets = targets.get(step..).unwrap_or_default();
        }
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
        let (mut hidden, mut delta) = (Hidden::zero(), Hidden::zero());
        self.add_to::<V>(rows, targets, &mut hidden, &mut delta, (loss, grad));
    }

    #[inline(always)]
    fn add_to<V: Lane>(
        &self,
        rows: &[[f32; I]],
        targets: &[[f32; O]],
        hidden: &mut L::Hidden<V>,
        delta: &mut L::Hidden<V>,
        (loss, grad): (&mut V::Acc, &mut L::Of<V::Acc>),
    ) {
        let (x, y) = (V::load(rows, LANES), V::load(targets, LANES));
        let (mut logits, mut dlogits) = ([V::ZERO; O], [V::ZERO; O]);
        self.layers.forward(&x, hidden, &mut logits);
        *loss = V::add_into(*loss, self.head.loss_grad(&logits, &y, &mut dlogits));
        let pass = Pass {
            x: &x,
            hidden,
            y: &logits,
        };
        self.layers.backward_params(pass, &dlogits, grad, delta);
    }
}

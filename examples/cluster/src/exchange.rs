//! Ranks of MPI: each sums whole blocks of a batch, and all take the same step.
//!
//! ```text
//!            block 0   block 1 | block 2   block 3      rank 0 | rank 1 have computed
//! numbers    a a a a   b b b b | c c c c   d d d d
//! all to all a a       b b       c c       d d          rank 0 has these, adds them in order
//!                a a       b b       c c       d d      rank 1 has those
//! gather     s s s s                                    each rank has all sums, and steps
//! ```
//!
//! An `MPI_Allreduce` would add in an order that depends on the number of ranks. Here each number
//! is added by one rank, in order of the blocks, which is what `Sums::merge` does. No more travels
//! than in a ring: for as many blocks as ranks each rank sends its numbers once, in parts, and once
//! its part of the sums to all others.

use crate::Error;
use crate::workers::{Times, Workers};
use mpi::Count;
use mpi::datatype::{Partition, PartitionMut};
use mpi::topology::SimpleCommunicator;
use mpi::traits::{Communicator, CommunicatorCollectives, Root};
use stackprop::batch::{ROWS_PER_BLOCK, blocks, share};
use stackprop::{Optimizer, Sums, Trainable, Trainer};
use std::ops::Range;
use std::time::Instant;

/// This rank among all.
pub(crate) struct Mpi {
    world: SimpleCommunicator,
    rank: usize,
    ranks: usize,
    times: Times,
}

impl Mpi {
    pub(crate) fn new(world: SimpleCommunicator) -> Self {
        let number = |n| usize::try_from(n).unwrap_or(0);
        Self {
            rank: number(world.rank()),
            ranks: number(world.size()),
            world,
            times: Times::default(),
        }
    }

    /// What each rank has of `count` things.
    fn shares(&self, count: usize) -> impl Iterator<Item = Range<usize>> {
        let ranks = self.ranks;
        (0..ranks).map(move |rank| share(count, rank, ranks))
    }

    /// The sums of the blocks in `rows`, sorted by the rank that adds them: for each rank its
    /// numbers of the first block, then of the next one.
    fn numbers<N: Trainable>(
        &self,
        network: &N,
        rows: &[N::Input],
        targets: &[N::Output],
    ) -> Result<Vec<f32>, Error> {
        let mut flat = vec![0.0; Sums::<N>::NUMBERS];
        let mine = rows.len().div_ceil(ROWS_PER_BLOCK);
        let mut sorted = vec![0.0; mine * flat.len()];
        let mut sums = Box::new(Sums::<N>::new());
        let pieces = rows.chunks(ROWS_PER_BLOCK);
        for (block, (rows, targets)) in pieces.zip(targets.chunks(ROWS_PER_BLOCK)).enumerate() {
            sums.clear();
            network.accumulate(rows, targets, &mut sums)?;
            sums.copy_to_slice(&mut flat)?;
            for places in self.shares(flat.len()) {
                let start = mine * places.start + block * places.len();
                sorted[start..start + places.len()].copy_from_slice(&flat[places]);
            }
        }
        Ok(sorted)
    }

    /// This rank's numbers of all blocks, in order of the blocks.
    fn all_to_all(&self, sorted: &[f32], numbers: usize, blocks: usize) -> Result<Vec<f32>, Error> {
        let mine = share(blocks, self.rank, self.ranks).len();
        let places = share(numbers, self.rank, self.ranks).len();
        let (sent, sent_at) = layout(self.shares(numbers), mine)?;
        let (taken, taken_at) = layout(self.shares(blocks), places)?;
        let mut received = vec![0.0; blocks * places];
        self.world.all_to_all_varcount_into(
            &Partition::new(sorted, sent, sent_at),
            &mut PartitionMut::new(&mut received[..], taken, taken_at),
        );
        Ok(received)
    }

    /// All numbers of the sums, of which this rank has `part`.
    fn gather(&self, part: &[f32], numbers: usize) -> Result<Vec<f32>, Error> {
        let (counts, at) = layout(self.shares(numbers), 1)?;
        let mut all = vec![0.0; numbers];
        self.world
            .all_gather_varcount_into(part, &mut PartitionMut::new(&mut all[..], counts, at));
        Ok(all)
    }
}

/// How many numbers of a buffer each rank has, and where they begin, if each thing is `size` of
/// them.
fn layout(
    shares: impl Iterator<Item = Range<usize>>,
    size: usize,
) -> Result<(Vec<Count>, Vec<Count>), Error> {
    let count = |n: usize| {
        Count::try_from(n).map_err(|_| "a message of more than 2^31 numbers: take smaller batches")
    };
    let mut layout = (Vec::new(), Vec::new());
    for share in shares {
        layout.0.push(count(share.len() * size)?);
        layout.1.push(count(share.start * size)?);
    }
    Ok(layout)
}

/// The sum over blocks of `places` numbers each, in their order.
fn add(received: &[f32], places: usize) -> Vec<f32> {
    let (first, others) = received.split_at(places);
    let mut part = first.to_vec();
    for block in others.chunks_exact(places.max(1)) {
        for (sum, number) in part.iter_mut().zip(block) {
            *sum += number;
        }
    }
    part
}

impl Workers for Mpi {
    fn rank(&self) -> usize {
        self.rank
    }

    fn ranks(&self) -> usize {
        self.ranks
    }

    fn step<N: Trainable, Opt: Optimizer>(
        &mut self,
        trainer: &mut Trainer<N, Opt>,
        count: usize,
        rows: &[N::Input],
        targets: &[N::Output],
    ) -> Result<f32, Error> {
        let (numbers, blocks) = (Sums::<N>::NUMBERS, blocks(count).len());
        let start = Instant::now();
        let sorted = self.numbers(&trainer.network, rows, targets)?;
        let computed = Instant::now();
        // It costs two messages for each doubling of the ranks, and tells waiting from sending.
        self.world.barrier();
        let all_computed = Instant::now();
        let received = self.all_to_all(&sorted, numbers, blocks)?;
        let exchanged = Instant::now();
        let part = add(&received, share(numbers, self.rank, self.ranks).len());
        let added = Instant::now();
        let all = self.gather(&part, numbers)?;
        let gathered = Instant::now();
        let mut sums = Box::new(Sums::new());
        sums.copy_from_slice(&all, count)?;
        trainer.accumulate_sums(&sums)?;
        let loss = trainer.update()?;
        self.times.computing += computed - start;
        self.times.waiting += all_computed - computed;
        self.times.exchanging += (exchanged - all_computed) + (gathered - added);
        self.times.stepping += (added - exchanged) + gathered.elapsed();
        Ok(loss)
    }

    fn broadcast(&mut self, bytes: Option<Vec<u8>>) -> Result<Option<Vec<u8>>, Error> {
        let first = self.world.process_at_rank(0);
        let mut length = bytes.as_ref().map_or(0, Vec::len) as u64;
        first.broadcast_into(&mut length);
        let mut bytes = bytes.unwrap_or_default();
        bytes.resize(usize::try_from(length)?, 0);
        first.broadcast_into(&mut bytes[..]);
        Ok((!bytes.is_empty()).then_some(bytes))
    }

    fn compare(&mut self, what: &str, number: u64) -> Result<(), Error> {
        let mut all = vec![0_u64; self.ranks];
        self.world.all_gather_into(&number, &mut all[..]);
        match all.iter().position(|other| *other != all[0]) {
            None => Ok(()),
            Some(rank) => Err(format!("rank {rank} has another {what} than rank 0").into()),
        }
    }

    fn times(&self) -> Option<Times> {
        Some(self.times)
    }
}

//! Rows of a file, of which each rank reads its own.
//!
//! Every fifth row of the file is for the test, the others are learned. `--copies` learns each of
//! them several times, all but the first with noise: row k of the epoch is row k modulo their
//! number, and its noise depends on k and the seed alone. So all ranks agree on the rows, and no
//! rank has to tell another.

mod binary;
mod csv;

use crate::Error;
use crate::options::Options;
use fnv::FnvHasher;
use stackprop::batch::{ROWS_PER_BLOCK, blocks, share};
use stackprop::{Random, one_hot};
use std::collections::{BTreeMap, BTreeSet};
use std::fs::File;
use std::hash::Hasher;
use std::io::{BufRead, BufReader};
use std::ops::Range;
use std::path::PathBuf;

/// One in so many rows of the file is for the test: the last one of each five.
const TEST: usize = 5;

/// The noise on each number of a copy is below this.
const NOISE: f32 = 0.05;

/// A row and its class.
type Row<const I: usize> = ([f32; I], usize);

/// Rows of a file by their numbers.
type Rows<const I: usize> = BTreeMap<usize, Row<I>>;

/// Rows and targets side by side.
pub(crate) type Samples<const I: usize, const O: usize> = (Vec<[f32; I]>, Vec<[f32; O]>);

/// Rows and their classes.
pub(crate) type Classified<const I: usize> = (Vec<[f32; I]>, Vec<usize>);

/// The rows of an epoch, in batches, and where they come from.
pub(crate) struct Data<const I: usize> {
    path: PathBuf,
    seed: u64,
    batch: usize,
    /// Rows of the file.
    in_file: usize,
    /// Rows of the file that are learned.
    learned: usize,
    /// Rows of an epoch.
    pub(crate) rows: usize,
}

impl<const I: usize> Data<I> {
    /// What the options ask for; looks at the length of the file only.
    pub(crate) fn open(options: &Options) -> Result<Self, Error> {
        let path = options.file();
        let count = if csv::is_csv(&path) {
            csv::count::<I>(&path)
        } else {
            binary::count::<I>(&path)
        };
        let in_file = count.map_err(|error| format!("{}: {error}", path.display()))?;
        let learned = in_file - in_file / TEST;
        let rows = learned.checked_mul(options.copies());
        Ok(Self {
            path,
            seed: options.seed,
            batch: options.batch,
            in_file,
            learned,
            rows: rows.ok_or("too many copies")?,
        })
    }

    /// FNV-1a, 64 bits, of the file.
    pub(crate) fn hash(&self) -> Result<u64, Error> {
        let wrong = |error| format!("{}: {error}", self.path.display());
        let mut file = BufReader::new(File::open(&self.path).map_err(wrong)?);
        let mut hasher = FnvHasher::default();
        loop {
            let bytes = file.fill_buf().map_err(wrong)?;
            if bytes.is_empty() {
                return Ok(hasher.finish());
            }
            hasher.write(bytes);
            let read = bytes.len();
            file.consume(read);
        }
    }

    /// How many batches an epoch has.
    pub(crate) const fn batches(&self) -> usize {
        self.rows.div_ceil(self.batch)
    }

    /// The rows of a batch.
    fn batch(&self, batch: usize) -> Range<usize> {
        let start = batch * self.batch;
        start..self.rows.min(start + self.batch)
    }

    /// How many rows a batch has.
    pub(crate) fn batch_rows(&self, batch: usize) -> usize {
        self.batch(batch).len()
    }

    /// The rows of a batch that this rank sums: whole blocks.
    fn shard(&self, batch: usize, rank: usize, ranks: usize) -> Range<usize> {
        let rows = self.batch(batch);
        let mine = share(blocks(rows.len()).len(), rank, ranks);
        let at = |block: usize| rows.end.min(rows.start + block * ROWS_PER_BLOCK);
        at(mine.start)..at(mine.end)
    }

    /// The order of the batches in an epoch.
    pub(crate) fn order(&self, epoch: usize) -> Vec<usize> {
        let mut order: Vec<usize> = (0..self.batches()).collect();
        Random::new(self.seed.wrapping_add(epoch as u64)).shuffle(&mut order);
        order
    }

    /// This rank's rows of each batch.
    pub(crate) fn shards<const O: usize>(
        &self,
        rank: usize,
        ranks: usize,
    ) -> Result<Vec<Samples<I, O>>, Error> {
        let shards: Vec<_> = (0..self.batches())
            .map(|batch| self.shard(batch, rank, ranks))
            .collect();
        let wanted = shards.iter().cloned().flatten();
        let wanted = wanted.map(|row| self.place(row)).collect();
        let found = self.read(&wanted)?;
        let shards = shards.into_iter().map(|shard| self.samples(shard, &found));
        shards.collect()
    }

    /// The rows for the test, as they are in the file, and their classes. A file of fewer than five
    /// rows has none.
    pub(crate) fn test<const O: usize>(&self) -> Result<Classified<I>, Error> {
        let wanted = (0..self.in_file / TEST).map(|k| k * TEST + TEST - 1);
        let rows = self.read(&wanted.collect())?;
        for (row, (_, class)) in &rows {
            self.target::<O>(*row, *class)?;
        }
        Ok(rows.into_values().unzip())
    }

    /// The outputs that a row of this class has to give.
    fn target<const O: usize>(&self, row: usize, class: usize) -> Result<[f32; O], Error> {
        let path = self.path.display();
        let target = one_hot(class);
        Ok(target
            .ok_or_else(|| format!("{path}: row {row} has the class {class}, but there are {O}"))?)
    }

    /// Where a row of the epoch lies in the file.
    const fn place(&self, row: usize) -> usize {
        let row = row % self.learned;
        row / (TEST - 1) * TEST + row % (TEST - 1)
    }

    /// These rows of the epoch.
    fn samples<const O: usize>(
        &self,
        rows: Range<usize>,
        found: &Rows<I>,
    ) -> Result<Samples<I, O>, Error> {
        let mut samples = (Vec::new(), Vec::new());
        for row in rows {
            let place = self.place(row);
            let (mut x, class) = *found.get(&place).ok_or("a row is missing")?;
            let target = self.target(place, class)?;
            if row >= self.learned {
                // Seeds that follow each other would give sequences that look alike: spread them,
                // by 2^64 divided by the golden ratio.
                let spread = (row as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15);
                let mut random = Random::new(self.seed ^ spread);
                x.iter_mut().for_each(|x| *x += random.uniform(NOISE));
            }
            samples.0.push(x);
            samples.1.push(target);
        }
        Ok(samples)
    }

    /// Reads these rows of the file.
    fn read(&self, wanted: &BTreeSet<usize>) -> Result<Rows<I>, Error> {
        let rows = if csv::is_csv(&self.path) {
            csv::read(&self.path, wanted)
        } else {
            binary::read(&self.path, wanted)
        };
        let rows = rows.map_err(|error| format!("{}: {error}", self.path.display()))?;
        for (row, (x, _)) in &rows {
            if !x.iter().all(|x| x.is_finite()) {
                let path = self.path.display();
                return Err(format!("{path}: row {row} has a number that is not finite").into());
            }
        }
        Ok(rows)
    }
}

//! Rows with their targets, where they lie and in any order: what an epoch, a mini-batch and an
//! evaluation borrow.

use crate::error::Error;
use core::fmt::{Debug, Formatter};

/// Rows and their targets, or a selection of them in an order of its own. Nothing is copied: the
/// rows may lie in flash, and an order takes 2 bytes for each of them.
///
/// A target is a row of numbers, a class index (`u8`, `u16`, `u32`, `usize`) or a `bool`: see
/// [`Target`](crate::Target).
///
/// ```
/// use stackprop::{Adam, Dataset, Random, Relu, SoftmaxCe, Trainer, net};
///
/// static ROWS: [[f32; 2]; 6] =
///     [[0.1, 0.9], [0.2, 0.8], [0.9, 0.1], [0.8, 0.3], [0.0, 0.7], [0.7, 0.0]];
/// static LABELS: [u8; 6] = [1, 1, 0, 0, 1, 0];
///
/// let mut random = Random::new(1);
/// let mut order = random.permutation::<6>(); // [u16; 6]
/// let (train, test) = order.split_at_mut(4);
/// let data = Dataset::new(&ROWS, &LABELS)?;
///
/// let mut trainer = Trainer::new(<net![2 => 4, Relu => 2, SoftmaxCe]>::new(1), Adam::new(0.05));
/// for _ in 0..100 {
///     random.shuffle(train);
///     trainer.epoch_of(data.select(train)?, 2)?; // mini-batches of 2
/// }
/// assert!(trainer.network.evaluate(data.select(test)?)? < 0.1);
/// # Ok::<(), stackprop::Error>(())
/// ```
pub struct Dataset<'a, X, T> {
    /// All rows, also those that are not in this part.
    rows: &'a [X],
    targets: &'a [T],
    /// Where this part begins among all rows.
    start: usize,
    order: Order<'a>,
}

/// Which rows, and in which order.
#[derive(Clone, Copy)]
enum Order<'a> {
    /// So many, as they lie.
    AsStored(usize),
    /// Those at these places, counted from the start.
    U16(&'a [u16]),
    Usize(&'a [usize]),
}

/// The place of a row: `u16`, or `usize` for more than 65,536 rows. Sealed.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not the place of a row",
    label = "not a place",
    note = "an order is a slice of u16 or of usize: [0u16, 2, 1]"
)]
pub trait Index: sealed::Sealed {}

mod sealed {
    use super::Order;

    pub trait Sealed: Copy {
        /// These places as an order.
        #[expect(private_interfaces, reason = "sealed")]
        fn order(places: &[Self]) -> Order<'_>;

        fn place(self) -> usize;
    }
}

macro_rules! index {
    ($($number:ty, $variant:ident);+) => {$(
        impl Index for $number {}

        impl sealed::Sealed for $number {
            #[expect(private_interfaces, reason = "sealed")]
            #[inline(always)]
            fn order(places: &[Self]) -> Order<'_> {
                Order::$variant(places)
            }

            #[inline(always)]
            fn place(self) -> usize {
                self.into()
            }
        }
    )+};
}

index!(u16, U16; usize, Usize);

impl<'a, X, T> Dataset<'a, X, T> {
    /// All rows in the order in which they lie.
    ///
    /// # Errors
    /// [`Error::Length`] for more of one than of the other.
    ///
    /// ```
    /// use stackprop::{Dataset, Error};
    ///
    /// assert_eq!(Dataset::new(&[[0.5], [1.0]], &[0u8, 1])?.len(), 2);
    /// let error = Dataset::new(&[[0.5], [1.0]], &[0u8]).unwrap_err();
    /// assert_eq!(error, Error::Length { rows: 2, targets: 1 });
    /// # Ok::<(), Error>(())
    /// ```
    pub const fn new(rows: &'a [X], targets: &'a [T]) -> Result<Self, Error> {
        if let Err(error) = Error::check_lengths(rows.len(), targets.len()) {
            return Err(error);
        }
        Ok(Self {
            rows,
            targets,
            start: 0,
            order: Order::AsStored(rows.len()),
        })
    }

    /// The samples at these places, in this order: a shuffled order, a fold, a part for tests. A
    /// place counts from the beginning of this data set, from 0; it may occur more than once.
    ///
    /// # Errors
    /// [`Error::NoSuchRow`] for a place beyond the last sample. [`Error::HasOrder`] if these were
    /// selected by an order already: shuffle and split that one.
    ///
    /// ```
    /// use stackprop::{Dataset, Error};
    ///
    /// let (rows, labels) = ([[1.0], [2.0], [3.0]], [0u8, 1, 2]);
    /// let data = Dataset::new(&rows, &labels)?;
    /// let picked = data.select(&[2u16, 0])?;
    /// assert!(picked.iter().eq([(&[3.0], &2), (&[1.0], &0)]));
    /// let error = data.select(&[3u16]).unwrap_err();
    /// assert_eq!(error, Error::NoSuchRow { row: 3, rows: 3 });
    /// assert_eq!(picked.select(&[1u16]).unwrap_err(), Error::HasOrder);
    ///
    /// let (_, later) = data.split_at(1); // rows 1 and 2
    /// assert!(later.select(&[1u16, 0])?.iter().eq([(&[3.0], &2), (&[2.0], &1)]));
    /// # Ok::<(), Error>(())
    /// ```
    pub fn select(self, order: &'a [impl Index]) -> Result<Self, Error> {
        let Order::AsStored(rows) = self.order else {
            return Err(Error::HasOrder);
        };
        match order.iter().map(|at| at.place()).find(|row| *row >= rows) {
            Some(row) => Err(Error::NoSuchRow { row, rows }),
            None => Ok(Self {
                order: sealed::Sealed::order(order),
                ..self
            }),
        }
    }

    /// The first `n` samples and the others. If there are fewer, the first part has all.
    ///
    /// ```
    /// use stackprop::Dataset;
    ///
    /// let (rows, labels) = ([[1.0], [2.0], [3.0]], [0u8, 1, 2]);
    /// let (train, test) = Dataset::new(&rows, &labels)?.split_at(2);
    /// assert_eq!((train.len(), test.len()), (2, 1));
    /// assert_eq!(test.get(0), Some((&[3.0], &2)));
    /// # Ok::<(), stackprop::Error>(())
    /// ```
    #[must_use]
    pub fn split_at(self, n: usize) -> (Self, Self) {
        let n = n.min(self.len());
        (self.part(0, n), self.part(n, self.len()))
    }

    /// Mini-batches of `n` samples, the last one smaller if they do not divide. An `n` of 0 counts
    /// as 1.
    ///
    /// ```
    /// use stackprop::Dataset;
    ///
    /// let data = Dataset::new(&[[1.0], [2.0], [3.0]], &[true, false, true])?;
    /// assert!(data.batches(2).map(|batch| batch.len()).eq([2, 1]));
    /// # Ok::<(), stackprop::Error>(())
    /// ```
    pub fn batches(self, n: usize) -> impl Iterator<Item = Self> {
        let (n, mut rest) = (n.max(1), self);
        core::iter::from_fn(move || {
            let first;
            (first, rest) = rest.split_at(n);
            (!first.is_empty()).then_some(first)
        })
    }

    /// How many samples there are.
    #[must_use]
    pub const fn len(&self) -> usize {
        match self.order {
            Order::AsStored(rows) => rows,
            Order::U16(order) => order.len(),
            Order::Usize(order) => order.len(),
        }
    }

    /// Whether there is no sample.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Row and target of sample `at`, None from [`len`](Self::len) on.
    #[inline(always)]
    #[must_use]
    pub fn get(&self, at: usize) -> Option<(&'a X, &'a T)> {
        let place = self.place(at)?;
        self.rows.get(place).zip(self.targets.get(place))
    }

    /// The samples in order.
    pub fn iter(&self) -> impl Iterator<Item = (&'a X, &'a T)> {
        (0..self.len()).filter_map(|at| self.get(at))
    }

    /// Where sample `at` lies among all rows.
    #[inline(always)]
    pub(crate) fn place(&self, at: usize) -> Option<usize> {
        let place = match self.order {
            Order::AsStored(rows) => (at < rows).then_some(at)?,
            Order::U16(order) => order.get(at).map(|place| (*place).into())?,
            Order::Usize(order) => order.get(at).copied()?,
        };
        Some(self.start + place)
    }

    /// The rows and targets where they lie in order, one after the other, and where they begin.
    #[inline(always)]
    pub(crate) fn as_stored(&self) -> Option<(&'a [X], &'a [T], usize)> {
        let Order::AsStored(rows) = self.order else {
            return None;
        };
        let all = self.start..self.start + rows;
        let rows = self.rows.get(all.clone())?;
        Some((rows, self.targets.get(all)?, self.start))
    }

    /// The samples from `from` to below `to`.
    fn part(self, from: usize, to: usize) -> Self {
        let (start, order) = match self.order {
            Order::AsStored(_) => (self.start + from, Order::AsStored(to - from)),
            Order::U16(order) => (self.start, Order::U16(cut(order, from, to))),
            Order::Usize(order) => (self.start, Order::Usize(cut(order, from, to))),
        };
        Self {
            start,
            order,
            ..self
        }
    }
}

fn cut<N>(all: &[N], from: usize, to: usize) -> &[N] {
    all.get(from..to).unwrap_or_default()
}

impl<X, T> Clone for Dataset<'_, X, T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<X, T> Copy for Dataset<'_, X, T> {}

impl<X, T> Debug for Dataset<'_, X, T> {
    fn fmt(&self, f: &mut Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("Dataset")
            .field("rows", &self.rows.len())
            .field("samples", &self.len())
            .finish_non_exhaustive()
    }
}

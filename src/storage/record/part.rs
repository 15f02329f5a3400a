//! What can be part of a record; where numbers go, and where they come from.

use super::contents::Contents;
use super::error::Error;
use super::number::Number;

/// What can be part of a record: networks, [`Trainer`](crate::Trainer), [`Online`](crate::Online),
/// the crate's optimisers, [`Guard`](crate::Guard), [`EarlyStopping`](crate::EarlyStopping),
/// [`Sums`](crate::Sums), [`Random`](crate::Random), [`Normalizer`](crate::Normalizer),
/// [`Mean`](crate::Mean), [`Losses`](crate::Losses),
/// [`BinaryConfusionMatrix`](crate::BinaryConfusionMatrix), [`Samples`](crate::Samples),
/// [`Replay`](crate::Replay); `bool`, integers of a fixed size, `f32`, `f64`, and arrays of them.
/// [`record!`](crate::record!) makes a struct of them one.
///
/// An optimiser of your own becomes a part by `record!` with its settings, if its
/// [`State`](crate::Optimizer::State) and its [`Shared`](crate::Optimizer::Shared) are parts, as
/// `()` and `f32` are:
/// ```
/// use stackprop::{Mse, Online, Optimizer, Record, net, record};
///
/// /// w = w - lr sign(g): signSGD.
/// #[derive(Clone, Copy)]
/// struct Sign {
///     lr: f32,
/// }
/// record!(Sign { lr });
///
/// impl Optimizer for Sign {
///     // as in the docs of `Optimizer`
/// #     type State = ();
/// #     type Shared = ();
/// #     type Prepared = f32;
/// #     const UNSET: Self = Self { lr: 0.0 };
/// #     fn prepare(&self, (): &mut ()) -> f32 { self.lr }
/// #     fn update_parameter(lr: &f32, w: f32, g: f32, (): ()) -> (f32, ()) {
/// #         (w - lr * g.signum(), ())
/// #     }
/// #     fn lr(&self) -> f32 { self.lr }
/// #     fn set_lr(&mut self, lr: f32) { self.lr = lr; }
/// }
///
/// type Learner = Online<net![bias = false; 1 => 1, Mse], Sign>;
/// assert_eq!(Learner::RECORD_BYTES, 32 + 4 + 4 + 8); // header and CRC, weight, lr, guard
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be part of a record",
    label = "not a part of a record",
    note = "stackprop::record!(Type {{ its fields }}) makes a struct a part; a count is a u32 or a \
            u64, because a usize has not the same size everywhere"
)]
pub trait Part {
    /// Which numbers there are, in which order.
    const CONTENTS: Contents;

    /// Puts all numbers into `sink`, in the order of [`CONTENTS`](Self::CONTENTS).
    ///
    /// # Errors
    /// What could not be read again: a number that is not finite, a setting that no step can be
    /// taken with.
    fn write<S: Sink>(&self, sink: &mut S) -> Result<(), Error>;

    /// Takes all numbers from `source`, in the same order, looks at each, and
    /// [keeps](Source::keep) it. A source may be one that keeps nothing: then all is checked, and
    /// nothing may change.
    ///
    /// # Errors
    /// The first number that cannot be.
    fn read<S: Source>(&mut self, source: &mut S) -> Result<(), Error>;
}

/// Where the numbers of a record go. Sealed.
pub trait Sink: sealed::Sealed {
    /// Takes the next number.
    ///
    /// # Errors
    /// There is no room.
    fn put<T: Number>(&mut self, number: T) -> Result<(), Error>;
}

/// Where the numbers of a record come from. Sealed.
pub trait Source: sealed::Sealed {
    /// The next number, as it is.
    ///
    /// # Errors
    /// There is none, or it is a flag that is neither 0 nor 1.
    fn next<T: Number>(&mut self) -> Result<T, Error>;

    /// Whether numbers are kept, and not only looked at.
    #[must_use]
    fn keeps(&self) -> bool;

    /// Sets `place` to `value`, unless nothing is kept.
    fn keep<T>(&self, place: &mut T, value: T) {
        if self.keeps() {
            *place = value;
        }
    }
}

pub(super) mod sealed {
    pub trait Sealed {}
}

/// The contents of a field, whose type `record!` does not know.
#[doc(hidden)]
#[must_use]
pub const fn contents_of<T, F: Part>(_: fn(&T) -> &F) -> &'static Contents {
    &F::CONTENTS
}

/// Puts one after the other.
pub(super) fn write_all<P: Part, S: Sink>(parts: &[P], sink: &mut S) -> Result<(), Error> {
    parts.iter().try_for_each(|part| part.write(sink))
}

/// Takes one after the other.
pub(super) fn read_all<P: Part, S: Source>(parts: &mut [P], source: &mut S) -> Result<(), Error> {
    parts.iter_mut().try_for_each(|part| part.read(source))
}

impl<P: Part, const N: usize> Part for [P; N] {
    const CONTENTS: Contents = Contents::Array(N, &P::CONTENTS);

    fn write<S: Sink>(&self, sink: &mut S) -> Result<(), Error> {
        write_all(self, sink)
    }

    fn read<S: Source>(&mut self, source: &mut S) -> Result<(), Error> {
        read_all(self, source)
    }
}

impl Part for () {
    const CONTENTS: Contents = Contents::Fields("", &[]);

    fn write<S: Sink>(&self, _: &mut S) -> Result<(), Error> {
        Ok(())
    }

    fn read<S: Source>(&mut self, _: &mut S) -> Result<(), Error> {
        Ok(())
    }
}

/// A part of a few numbers that are checked together: a record cannot set one without the others.
/// It passes by value.
macro_rules! checked {
    ($part:ty, $name:literal, { $($label:literal: $($field:tt).+),+ $(,)? }, $check:expr) => {
        impl Part for $part {
            const CONTENTS: Contents = Contents::Fields(
                $name,
                &[$(($label, contents_of(|this: &Self| &this.$($field).+))),+],
            );

            fn write<S: Sink>(&self, sink: &mut S) -> Result<(), Error> {
                let check: fn(&Self) -> Result<(), Error> = $check;
                check(self)?;
                $(sink.put(self.$($field).+)?;)+
                Ok(())
            }

            fn read<S: Source>(&mut self, source: &mut S) -> Result<(), Error> {
                let check: fn(&Self) -> Result<(), Error> = $check;
                let mut new = *self;
                $(new.$($field).+ = source.next().map_err(|error| error.of_field($label))?;)+
                check(&new)?;
                source.keep(self, new);
                Ok(())
            }
        }
    };
}

pub(super) use checked;

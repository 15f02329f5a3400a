//! The same content through serde: a tuple of the two fingerprints and the numbers, in order.

use super::error::Error;
use super::number::Number;
use super::part::{Part, Sink, Source, sealed};
use crate::kernels::zero::Zero;
use crate::model::heads::Head;
use crate::model::layers::Layer;
use crate::model::network::Network;
use crate::model::random::Random;
use crate::stream::normalizer::Normalizer;
use crate::training::online::Online;
use crate::training::optim::Optimizer;
use crate::training::trainable::Trainable;
use crate::training::trainer::Trainer;
use core::fmt::Formatter;
use core::marker::PhantomData;
use serde::de::{DeserializeSeed, Error as _, IgnoredAny, SeqAccess, Visitor};
use serde::ser::{Error as _, SerializeTuple};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// Any [`Part`] to be serialized, such as a struct of your own.
///
/// ```
/// use stackprop::record::{Restore, Stored};
/// use stackprop::{Random, record};
/// use serde::de::DeserializeSeed;
///
/// #[derive(Clone)]
/// struct Position {
///     random: Random,
///     row: u32,
/// }
/// record!(Position { random, row });
///
/// let position = Position { random: Random::new(1), row: 7 };
/// let json = serde_json::to_string(&Stored(&position))?;
///
/// let mut later = Position { random: Random::new(2), row: 0 };
/// Restore(&mut later).deserialize(&mut serde_json::Deserializer::from_str(&json))?;
/// assert_eq!((later.random, later.row), (position.random, position.row));
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Debug)]
pub struct Stored<'a, P>(pub &'a P);

/// Any [`Part`] to be deserialized: a seed that reads into a value that there is. It reads into a
/// copy first, so that the value is as it was before after an error; that takes as much stack.
#[derive(Debug)]
pub struct Restore<'a, P>(pub &'a mut P);

/// How many numbers there are, with the fingerprints.
const fn count<P: Part>() -> usize {
    2 + P::CONTENTS.numbers()
}

impl<P: Part> Serialize for Stored<'_, P> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut tuple = serializer.serialize_tuple(count::<P>())?;
        tuple.serialize_element(&const { P::CONTENTS.network() })?;
        tuple.serialize_element(&const { P::CONTENTS.fingerprint() })?;
        let mut sink = TupleSink {
            tuple,
            failed: None,
        };
        let written = self.0.write(&mut sink);
        if let Some(failed) = sink.failed {
            return Err(failed);
        }
        written.map_err(S::Error::custom)?;
        sink.tuple.end()
    }
}

/// A tuple, and why it took no more numbers.
struct TupleSink<T: SerializeTuple> {
    tuple: T,
    failed: Option<T::Error>,
}

impl<T: SerializeTuple> sealed::Sealed for TupleSink<T> {}

impl<T: SerializeTuple> Sink for TupleSink<T> {
    fn put<N: Number>(&mut self, number: N) -> Result<(), Error> {
        self.tuple.serialize_element(&number).map_err(|failed| {
            self.failed = Some(failed);
            Error::Value("")
        })
    }
}

impl<'de, P: Part + Clone> DeserializeSeed<'de> for Restore<'_, P> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        *self.0 = read_into(self.0.clone(), deserializer)?;
        Ok(())
    }
}

/// `start` with the numbers that are read.
fn read_into<'de, P: Part, D: Deserializer<'de>>(start: P, from: D) -> Result<P, D::Error> {
    from.deserialize_tuple(count::<P>(), Numbers(start))
}

/// What the numbers are read into.
struct Numbers<P>(P);

impl<'de, P: Part> Visitor<'de> for Numbers<P> {
    type Value = P;

    fn expecting(&self, f: &mut Formatter<'_>) -> core::fmt::Result {
        write!(f, "two fingerprints and the numbers of {}", P::CONTENTS)
    }

    fn visit_seq<A: SeqAccess<'de>>(mut self, seq: A) -> Result<P, A::Error> {
        let mut source = SeqSource {
            seq,
            failed: None,
            lifetime: PhantomData,
        };
        let read = check::<P>(&mut source).and_then(|()| self.0.read(&mut source));
        if let Some(failed) = source.failed {
            return Err(failed);
        }
        read.map_err(A::Error::custom)?;
        match source.seq.next_element::<IgnoredAny>()? {
            None => Ok(self.0),
            Some(_) => Err(A::Error::invalid_length(count::<P>() + 1, &self)),
        }
    }
}

/// The fingerprints.
fn check<P: Part>(source: &mut impl Source) -> Result<(), Error> {
    let expected = const { P::CONTENTS.network() };
    let found = source.next()?;
    if expected != found {
        return Err(Error::OtherNetwork { expected, found });
    }
    let expected = const { P::CONTENTS.fingerprint() };
    let found = source.next()?;
    if expected != found {
        return Err(Error::OtherContents { expected, found });
    }
    Ok(())
}

/// A sequence, and why it gave no more numbers.
struct SeqSource<'de, A: SeqAccess<'de>> {
    seq: A,
    failed: Option<A::Error>,
    lifetime: PhantomData<&'de ()>,
}

impl<'de, A: SeqAccess<'de>> sealed::Sealed for SeqSource<'de, A> {}

impl<'de, A: SeqAccess<'de>> Source for SeqSource<'de, A> {
    fn next<T: Number>(&mut self) -> Result<T, Error> {
        let next = self.seq.next_element();
        let ended = || A::Error::custom("there are too few numbers");
        next.and_then(|number| number.ok_or_else(ended))
            .map_err(|failed| {
                self.failed = Some(failed);
                Error::Value("")
            })
    }

    fn keeps(&self) -> bool {
        true
    }
}

/// `Serialize` and `Deserialize` of `$part`, which is read from `$start` on.
macro_rules! serde {
    ([$($generics:tt)*] $part:ty, $start:expr $(, where $($bounds:tt)+)?) => {
        impl<$($generics)*> Serialize for $part
        where
            Self: Part,
        {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                Stored(self).serialize(serializer)
            }
        }

        /// Settings that are not in a record, such as the limits of a
        /// [`HardTanh`](crate::HardTanh), are the default ones. [`Restore`] keeps yours.
        impl<'de, $($generics)*> Deserialize<'de> for $part
        where
            Self: Part,
            $($($bounds)+)?
        {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                read_into($start, deserializer)
            }
        }
    };
}

serde!([] Random, Self::new(0));
serde!([const N: usize] Normalizer<N>, Self::new());
serde!(
    [L: Layer<I, O>, H: Head<O>, const I: usize, const O: usize] Network<L, H, I, O>,
    Self::zeros(),
    where L: Zero
);
serde!([N: Trainable, Opt: Optimizer] Trainer<N, Opt>, Self::unset(), where N: Zero);
serde!([N: Trainable, Opt: Optimizer] Online<N, Opt>, Self::unset(), where N: Zero);

//! The numbers that a record is made of.

use super::contents::Contents;
use super::error::Error;
use super::part::{Part, Sink, Source};

/// A number that a record can hold: `bool`, integers of a fixed size, `f32`, `f64`, [`AnyF32`]. Not
/// `usize`, which has not the same size everywhere. Sealed.
pub trait Number: Copy + sealed::Number {
    /// The name of the type, and how many bytes the number takes.
    const NUMBER: Contents;

    /// Puts the bytes to the front of `place`, and moves it behind them.
    #[doc(hidden)]
    fn store(self, place: &mut &mut [u8]) -> Result<(), Error>;

    /// Takes the number from the front of `bytes`, and moves them behind it.
    #[doc(hidden)]
    fn load(bytes: &mut &[u8]) -> Result<Self, Error>;
}

/// An `f32` that may be an infinity or NaN. Its bytes are those of an `f32`; serde sees its bits,
/// as a `u32`.
#[derive(Clone, Copy, Debug)]
pub struct AnyF32(pub f32);

mod sealed {
    #[cfg(not(feature = "serde"))]
    pub trait Number {}
    #[cfg(feature = "serde")]
    pub trait Number: serde::Serialize + for<'de> serde::Deserialize<'de> {}
}

/// The front of `place`, which moves behind it.
fn store<const N: usize>(place: &mut &mut [u8], bytes: [u8; N]) -> Result<(), Error> {
    let found = place.len();
    let Some((front, rest)) = core::mem::take(place).split_first_chunk_mut() else {
        return Err(Error::Length { expected: N, found });
    };
    *front = bytes;
    *place = rest;
    Ok(())
}

/// The front of `bytes`, which move behind it.
fn load<const N: usize>(bytes: &mut &[u8]) -> Result<[u8; N], Error> {
    let Some((front, rest)) = bytes.split_first_chunk() else {
        let found = bytes.len();
        return Err(Error::Length { expected: N, found });
    };
    *bytes = rest;
    Ok(*front)
}

/// Numbers of their little-endian bytes.
macro_rules! numbers {
    ($($number:ident),+) => {$(
        impl sealed::Number for $number {}

        impl Number for $number {
            const NUMBER: Contents = Contents::Number(stringify!($number), size_of::<Self>());

            fn store(self, place: &mut &mut [u8]) -> Result<(), Error> {
                store(place, self.to_le_bytes())
            }

            fn load(bytes: &mut &[u8]) -> Result<Self, Error> {
                load(bytes).map(Self::from_le_bytes)
            }
        }
    )+};
}

numbers!(u8, u16, u32, u64, i8, i16, i32, i64, f32, f64);

/// Numbers that are parts if `$can_be`.
macro_rules! parts {
    ($($number:ident),+: $can_be:expr) => {$(
        impl Part for $number {
            const CONTENTS: Contents = Self::NUMBER;

            fn write<S: Sink>(&self, sink: &mut S) -> Result<(), Error> {
                let can_be: fn(&Self) -> bool = $can_be;
                if can_be(self) { sink.put(*self) } else { Err(Error::Value("")) }
            }

            fn read<S: Source>(&mut self, source: &mut S) -> Result<(), Error> {
                let can_be: fn(&Self) -> bool = $can_be;
                let number = source.next()?;
                if !can_be(&number) {
                    return Err(Error::Value(""));
                }
                source.keep(self, number);
                Ok(())
            }
        }
    )+};
}

parts!(bool, u8, u16, u32, u64, i8, i16, i32, i64, AnyF32: |_| true);
parts!(f32, f64: |number| number.is_finite());

impl sealed::Number for bool {}

/// One byte, 0 or 1.
impl Number for bool {
    const NUMBER: Contents = Contents::Number("bool", 1);

    fn store(self, place: &mut &mut [u8]) -> Result<(), Error> {
        u8::from(self).store(place)
    }

    fn load(bytes: &mut &[u8]) -> Result<Self, Error> {
        match u8::load(bytes)? {
            0 => Ok(false),
            1 => Ok(true),
            _ => Err(Error::Value("")),
        }
    }
}

impl sealed::Number for AnyF32 {}

impl Number for AnyF32 {
    const NUMBER: Contents = Contents::Number("f32bits", 4);

    fn store(self, place: &mut &mut [u8]) -> Result<(), Error> {
        self.0.store(place)
    }

    fn load(bytes: &mut &[u8]) -> Result<Self, Error> {
        f32::load(bytes).map(Self)
    }
}

#[cfg(feature = "serde")]
impl serde::Serialize for AnyF32 {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_u32(self.0.to_bits())
    }
}

#[cfg(feature = "serde")]
impl<'de> serde::Deserialize<'de> for AnyF32 {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        u32::deserialize(deserializer).map(|bits| Self(f32::from_bits(bits)))
    }
}

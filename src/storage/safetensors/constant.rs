//! A network from a file at compile time.
//!
//! A `const fn` of a trait does not exist yet, so each layer has a constant: itself, read from a
//! file `F`, standing behind the layers that `P` says.

use super::error::Error;
use super::file::{File, SafeTensors};
use crate::model::architecture::Architecture;
use crate::model::heads::Head;
use crate::model::layers::{Chain, Elementwise, Linear, NoBias, Standardize, WithBias};
use crate::model::network::Network;
use crate::model::params::Params;
use core::marker::PhantomData;

/// A network, or layers, that a file has the tensors of.
#[doc(hidden)]
pub trait FromFile<F> {
    const VALUE: Self;
}

/// A layer that a file has the tensors of.
#[doc(hidden)]
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be read from a file at compile time",
    note = "params! and `Elementwise` make a layer of your own readable; a frozen part is read by \
            itself, as a `static` of its own"
)]
pub trait FromTensors<F, P>: Params {
    const VALUE: Self;
}

/// Where a layer stands.
#[doc(hidden)]
pub trait Place {
    const LAYER: usize;
    const MODULE: usize;
}

/// Before all layers.
#[doc(hidden)]
#[derive(Debug)]
pub struct First;

/// Behind the layers `A`, which stand at `P`.
#[doc(hidden)]
#[derive(Debug)]
pub struct Behind<P, A>(PhantomData<(P, A)>);

impl Place for First {
    const LAYER: usize = 0;
    const MODULE: usize = 0;
}

impl<P: Place, A: Params> Place for Behind<P, A> {
    const LAYER: usize = P::LAYER + A::ARCHITECTURE.layers();
    const MODULE: usize = P::MODULE + A::ARCHITECTURE.modules();
}

impl<F: File, L: FromTensors<F, First>> FromFile<F> for L {
    const VALUE: Self = {
        F::FILE.assert(&L::ARCHITECTURE);
        <L as FromTensors<F, First>>::VALUE
    };
}

impl<F, P, L, H, const I: usize, const O: usize> FromTensors<F, P> for Network<L, H, I, O>
where
    L: FromTensors<F, P>,
    H: Head<O>,
{
    const VALUE: Self = Self {
        layers: L::VALUE,
        head: H::DEFAULT,
    };
}

impl<F, P, A, B, const M: usize> FromTensors<F, P> for Chain<A, B, M>
where
    A: FromTensors<F, P>,
    B: FromTensors<F, Behind<P, A>>,
{
    const VALUE: Self = Self(A::VALUE, B::VALUE);
}

impl<F, P, E: Elementwise> FromTensors<F, P> for E {
    const VALUE: Self = E::DEFAULT;
}

impl<F: File, P: Place, const I: usize, const O: usize> FromTensors<F, P>
    for Linear<I, O, WithBias>
{
    const VALUE: Self = Linear::new(
        F::FILE.rows::<P, _, _>("weight"),
        F::FILE.row::<P, _>("bias"),
    );
}

impl<F: File, P: Place, const I: usize, const O: usize> FromTensors<F, P> for Linear<I, O, NoBias> {
    const VALUE: Self = Linear::without_bias(F::FILE.rows::<P, _, _>("weight"));
}

impl<F: File, P: Place, const N: usize> FromTensors<F, P> for Standardize<N> {
    const VALUE: Self = Self::new(F::FILE.row::<P, _>("mean"), F::FILE.row::<P, _>("scale"));
}

/// The name of a field of a layer of one's own.
#[doc(hidden)]
pub trait FieldName {
    const NAME: &'static str;
}

/// A field that [`params!`](crate::params!) knows, read from a file.
#[doc(hidden)]
pub trait FieldFromTensors<F, P, N> {
    const VALUE: Self;
}

impl<F: File, P: Place, N: FieldName> FieldFromTensors<F, P, N> for f32 {
    const VALUE: Self = F::FILE.row::<P, 1>(N::NAME)[0];
}

impl<F: File, P: Place, N: FieldName, const I: usize> FieldFromTensors<F, P, N> for [f32; I] {
    const VALUE: Self = F::FILE.row::<P, _>(N::NAME);
}

impl<F: File, P: Place, N: FieldName, const I: usize, const O: usize> FieldFromTensors<F, P, N>
    for [[f32; I]; O]
{
    const VALUE: Self = F::FILE.rows::<P, _, _>(N::NAME);
}

impl<'a> SafeTensors<'a> {
    /// The file in `bytes`, which is an error of the compiler if its form is wrong.
    #[doc(hidden)]
    #[must_use]
    pub const fn constant(bytes: &'a [u8]) -> Self {
        match Self::new(bytes) {
            Ok(file) => file,
            Err(error) => refuse(&error),
        }
    }

    /// Stops the compiler unless the file has just the tensors of `part`.
    const fn assert(&self, part: &Architecture) {
        if let Err(error) = self.check(part) {
            refuse(&error);
        }
    }

    /// The tensor `field` of the layer at `P`.
    const fn row<P: Place, const N: usize>(&self, field: &str) -> [f32; N] {
        let [row] = self.rows::<P, N, 1>(field);
        row
    }

    const fn rows<P: Place, const I: usize, const O: usize>(&self, field: &str) -> [[f32; I]; O] {
        let at = self.at(self.start(), P::LAYER, P::MODULE);
        let (Ok(name) | Err(name)) = self.name(at, field);
        let mut bytes = self.bytes(&name);
        let mut rows = [[0.0; I]; O];
        let mut o = 0;
        while o < O {
            let mut i = 0;
            while i < I {
                // By bits: the compiler computes slowly, and warns after two million calls.
                if let [a, b, c, d, others @ ..] = bytes {
                    rows[o][i] = f32::from_bits(
                        *a as u32 | (*b as u32) << 8 | (*c as u32) << 16 | (*d as u32) << 24,
                    );
                    bytes = others;
                }
                i += 1;
            }
            o += 1;
        }
        rows
    }
}

/// Stops the compiler with our words.
#[expect(clippy::panic, reason = "only called when a constant is computed")]
const fn refuse(error: &Error) -> ! {
    panic!("{}", error.message().as_str())
}

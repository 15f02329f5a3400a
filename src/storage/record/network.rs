//! The weights of a network, and anything else with the shape of its parameters.

use super::contents::Contents;
use super::error::Error;
use super::part::{Part, Sink, Source, read_all, write_all};
use crate::kernels::zero::Zero;
use crate::model::heads::Head;
use crate::model::layers::Layer;
use crate::model::network::Network;
use crate::model::params::{Name, Params};
use crate::storage::weights;

/// All numbers that [`tensors`](Network::tensors) lists, in its order: also the mean and the scale
/// of a [`Standardize`](crate::Standardize), not the weights of a [`Frozen`](crate::Frozen) part,
/// which lie elsewhere. Settings of activations and heads that are no tensors, such as the limits
/// of a [`HardTanh`](crate::HardTanh), are not in it and stay as they are.
impl<L: Layer<I, O>, H: Head<O>, const I: usize, const O: usize> Part for Network<L, H, I, O> {
    const CONTENTS: Contents = Contents::Weights(Self::FINGERPRINT, Self::NUMBERS);

    fn write<S: Sink>(&self, sink: &mut S) -> Result<(), Error> {
        self.tensors().try_for_each(|tensor| {
            let written = write_all(tensor.values, sink);
            written.map_err(|error| of_tensor(error, Error::Tensor(tensor.name)))
        })
    }

    fn read<S: Source>(&mut self, source: &mut S) -> Result<(), Error> {
        for index in 0..L::TENSORS {
            let Some(tensor) = self.layers.tensor_mut(index) else {
                continue;
            };
            let read = read_all(tensor.values, source);
            read.map_err(|error| of_tensor(error, Error::Tensor(tensor.name)))?;
        }
        Ok(())
    }
}

/// `named` in place of the error of a value, else `error`.
const fn of_tensor(error: Error, named: Error) -> Error {
    match error {
        Error::Value(_) => named,
        other => other,
    }
}

/// Puts tensors with the shape of the parameters, such as what an optimiser remembers of each. The
/// error of a number that cannot be is `named` of its tensor.
pub(super) fn write_like<P: Params, T: Part + Zero, S: Sink>(
    tensors: &P::Of<T>,
    sink: &mut S,
    named: fn(Name) -> Error,
) -> Result<(), Error> {
    weights::tensors_of::<P, T>(tensors).try_for_each(|tensor| {
        let written = write_all(tensor.values, sink);
        written.map_err(|error| of_tensor(error, named(tensor.name)))
    })
}

/// Takes the same.
pub(super) fn read_like<P: Params, T: Part + Zero, S: Source>(
    tensors: &mut P::Of<T>,
    source: &mut S,
    named: fn(Name) -> Error,
) -> Result<(), Error> {
    let (mut before, mut result) = (0, Ok(()));
    let mut read = |values: &mut [T], _: &[()], _: &mut [()]| {
        if result.is_ok() {
            result = read_all(values, source);
            before += usize::from(result.is_ok());
        }
    };
    P::zip_tensors(tensors, &P::fill(()), &mut P::fill(()), &mut read);
    let failed = || weights::tensors_of::<P, T>(tensors).nth(before);
    result.map_err(|error| match failed() {
        Some(tensor) => of_tensor(error, named(tensor.name)),
        None => error,
    })
}

//! The weights of a network in the hand: by name and shape, and as one slice.

use crate::error::Error;
use crate::kernels::zero::Zero;
use crate::model::network::Network;
use crate::model::params::{Grad, Params, Tensor, TensorMut};

/// The tensors of a network or a layer, in PyTorch's order. What [`Network::tensors`] does, for any
/// [`Params`].
pub fn tensors<P: Params>(params: &P) -> impl Iterator<Item = Tensor<'_>> {
    (0..P::TENSORS).filter_map(|index| params.tensor(index))
}

/// The same of anything with the shape of the parameters, partial sums or the state of an
/// optimiser.
///
/// ```
/// use stackprop::notebook::{BOOK_NET, NetBook, X, Y};
/// use stackprop::{Adam, Trainer, optim::Moments, weights};
///
/// let mut trainer = Trainer::new(BOOK_NET, Adam::new(0.01));
/// trainer.step(&X, &Y)?;
/// for tensor in weights::tensors_of::<NetBook, Moments>(&trainer.state.params) {
///     println!("{}: {:?}", tensor.name, tensor.values);
/// }
/// # Ok::<(), stackprop::Error>(())
/// ```
pub fn tensors_of<'a, P: Params, T: Zero + 'a>(
    tensors: &'a P::Of<T>,
) -> impl Iterator<Item = Tensor<'a, T>> {
    (0..P::TENSORS).filter_map(|index| P::tensor_of(tensors, index))
}

/// The tensors of a gradient of a network or layer `P`, by the names of its parameters.
///
/// ```
/// use stackprop::{weights, notebook::{NET, Net, X, Y}};
///
/// let mut grad = Net::zero_grad();
/// NET.gradient_batch(&X, &Y, &mut grad)?;
/// for tensor in weights::gradients_of::<Net>(&grad) {
///     println!("{} {:?}: {:?}", tensor.name, tensor.shape, tensor.values);
/// }
/// # Ok::<(), stackprop::Error>(())
/// ```
pub fn gradients_of<P: Params>(grad: &Grad<P>) -> impl Iterator<Item = Tensor<'_>> {
    tensors_of::<P, f32>(grad)
}

/// Calls `f` on each tensor, whose numbers it may change. [`Network::visit_mut`], for any
/// [`Params`].
pub fn visit_mut<P: Params>(params: &mut P, mut f: impl FnMut(TensorMut<'_>)) {
    for index in 0..P::TENSORS {
        params.tensor_mut(index).into_iter().for_each(&mut f);
    }
}

/// Copies all numbers of the tensors to `values`. [`Network::copy_to_slice`], for any [`Params`].
///
/// # Errors
/// [`Error::Parameters`] if `values` has not one place for each number; it is unchanged then.
pub fn copy_to_slice<P: Params>(params: &P, values: &mut [f32]) -> Result<(), Error> {
    check_length::<P>(values)?;
    let mut rest = values.iter_mut();
    for tensor in tensors(params) {
        for (value, place) in tensor.values.iter().zip(rest.by_ref()) {
            *place = *value;
        }
    }
    Ok(())
}

/// Copies all numbers of the tensors from `values`. [`Network::copy_from_slice`], for any
/// [`Params`].
///
/// # Errors
/// [`Error::Parameters`] if `values` has not one number for each of theirs; `params` are unchanged
/// then.
pub fn copy_from_slice<P: Params>(params: &mut P, values: &[f32]) -> Result<(), Error> {
    check_length::<P>(values)?;
    let mut rest = values.iter();
    visit_mut(params, |tensor| {
        for (place, value) in tensor.values.iter_mut().zip(rest.by_ref()) {
            *place = *value;
        }
    });
    Ok(())
}

const fn check_length<P: Params>(values: &[f32]) -> Result<(), Error> {
    if values.len() == P::NUMBERS {
        return Ok(());
    }
    Err(Error::Parameters {
        expected: P::NUMBERS,
        found: values.len(),
    })
}

impl<L: Params, H: Copy, const I: usize, const O: usize> Network<L, H, I, O> {
    /// The weights, tensor by tensor, with PyTorch's names for an `nn.Sequential`.
    ///
    /// ```
    /// use stackprop::{Relu, SigmoidBce, net};
    ///
    /// type Detector = net![3 => 4, Relu => 1, SigmoidBce];
    /// let detector = Detector::new(1);
    /// let shapes: Vec<_> = detector.tensors().map(|t| (t.name.to_string(), t.shape)).collect();
    /// assert_eq!(shapes[0], ("0.weight".to_string(), &[4, 3][..]));
    /// assert_eq!(shapes[3], ("2.bias".to_string(), &[1][..]));
    /// ```
    pub fn tensors(&self) -> impl Iterator<Item = Tensor<'_>> {
        tensors(&self.layers)
    }

    /// Calls `f` on each tensor, whose numbers it may change.
    ///
    /// ```
    /// use stackprop::{Relu, SigmoidBce, net};
    ///
    /// let mut detector = <net![3 => 4, Relu => 1, SigmoidBce]>::new(1);
    /// detector.visit_mut(|tensor| {
    ///     if tensor.name.field == "bias" {
    ///         tensor.values.fill(0.0);
    ///     }
    /// });
    /// assert_eq!(detector.layers.0.bias, [0.0; 4]);
    /// ```
    pub fn visit_mut(&mut self, f: impl FnMut(TensorMut<'_>)) {
        visit_mut(&mut self.layers, f);
    }

    /// Copies all numbers to `values`, [`NUMBERS`](Self::NUMBERS) of them, in the order of
    /// [`tensors`](Self::tensors).
    ///
    /// # Errors
    /// [`Error::Parameters`] if `values` has not one place for each number; it is unchanged
    /// then.
    pub fn copy_to_slice(&self, values: &mut [f32]) -> Result<(), Error> {
        copy_to_slice(&self.layers, values)
    }

    /// Copies all numbers from `values`, in the order of [`tensors`](Self::tensors).
    ///
    /// ```
    /// use stackprop::{Error, Relu, SigmoidBce, net};
    ///
    /// type Detector = net![3 => 4, Relu => 1, SigmoidBce];
    /// let mut values = [0.0; Detector::NUMBERS];
    /// Detector::new(1).copy_to_slice(&mut values)?;
    ///
    /// let mut copy = Detector::zeros();
    /// copy.copy_from_slice(&values)?;
    /// assert_eq!(copy, Detector::new(1));
    /// let wrong = copy.copy_from_slice(&values[1..]);
    /// assert_eq!(wrong, Err(Error::Parameters { expected: 21, found: 20 }));
    /// # Ok::<(), Error>(())
    /// ```
    ///
    /// # Errors
    /// [`Error::Parameters`] if `values` has not one for each number of the network, which is
    /// unchanged then.
    pub fn copy_from_slice(&mut self, values: &[f32]) -> Result<(), Error> {
        copy_from_slice(&mut self.layers, values)
    }
}

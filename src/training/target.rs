//! What can stand for a target: a row of numbers, or the index of a class.

use crate::model::heads::Head;
use crate::model::layers::Layer;
use crate::model::network::{Model, Network};

/// What a [`Dataset`](crate::Dataset) may have for a target, beside the row of numbers that a loss
/// takes: the index of a class, as PyTorch's `nn.CrossEntropyLoss` takes it, at 1 byte in place of
/// 4 for each class.
///
/// | type | target |
/// | --- | --- |
/// | `[f32; O]` | itself |
/// | `u8`, `u16`, `u32`, `usize` | [`Head::class_target`]: one-hot; one output: 0 or 1 |
/// | `bool` | class 0 for false, 1 for true |
/// | a type of your own | as here |
///
/// ```
/// use stackprop::{Dataset, Error, Model, Sgd, SoftmaxCe, Target, Trainer, net};
///
/// #[derive(Clone, Copy)]
/// enum Gait {
///     Standing,
///     Walking,
///     Running,
/// }
///
/// impl<N: Model> Target<N> for Gait
/// where
///     u8: Target<N>,
/// {
///     fn to_output(&self, network: &N) -> Option<N::Output> {
///         (*self as u8).to_output(network)
///     }
/// }
///
/// let mut trainer = Trainer::new(<net![1 => 3, SoftmaxCe]>::zeros(), Sgd::new(0.5));
/// let rows = [[0.0], [0.5], [1.0]];
/// let gaits = [Gait::Standing, Gait::Walking, Gait::Running];
/// let loss = trainer.step_of(Dataset::new(&rows, &gaits)?)?;
///
/// let mut same = Trainer::new(<net![1 => 3, SoftmaxCe]>::zeros(), Sgd::new(0.5));
/// assert_eq!(same.step_of(Dataset::new(&rows, &[0u8, 1, 2])?), Ok(loss));
/// let one_hot = [[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]];
/// assert_eq!(trainer.step(&rows, &one_hot), same.step(&rows, &one_hot));
/// let error = trainer.step_of(Dataset::new(&rows, &[0u8, 1, 3])?);
/// assert_eq!(error, Err(Error::Target { row: 2 })); // there is no class 3
/// # Ok::<(), Error>(())
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a target of this network",
    label = "not a target",
    note = "a target is a row of as many f32 as the network has outputs, the index of a class \
            (u8, u16, u32, usize), a bool, or a type of your own"
)]
pub trait Target<N: Model> {
    /// The target as the loss takes it; None if it is not one.
    fn to_output(&self, network: &N) -> Option<N::Output>;

    /// For performance; leave it out. The targets as the loss takes them, if they lie so.
    ///
    /// ```
    /// use stackprop::{Target, notebook::NetBook};
    ///
    /// assert!(<[f32; 1] as Target<NetBook>>::as_outputs(&[[1.0], [0.0]]).is_some());
    /// assert!(<bool as Target<NetBook>>::as_outputs(&[true, false]).is_none());
    /// ```
    #[inline(always)]
    #[must_use]
    fn as_outputs(targets: &[Self]) -> Option<&[N::Output]>
    where
        Self: Sized,
    {
        let _ = targets;
        None
    }
}

impl<L: Layer<I, O>, H: Head<O>, const I: usize, const O: usize> Target<Network<L, H, I, O>>
    for [f32; O]
{
    #[inline(always)]
    fn to_output(&self, _: &Network<L, H, I, O>) -> Option<Self> {
        Some(*self)
    }

    #[inline(always)]
    fn as_outputs(targets: &[Self]) -> Option<&[Self]> {
        Some(targets)
    }
}

macro_rules! class {
    ($($number:ty),+) => {$(
        impl<L: Layer<I, O>, H: Head<O>, const I: usize, const O: usize>
            Target<Network<L, H, I, O>> for $number
        {
            #[inline(always)]
            fn to_output(&self, network: &Network<L, H, I, O>) -> Option<[f32; O]> {
                network.head.class_target(usize::try_from(*self).ok()?)
            }
        }
    )+};
}

class!(u8, u16, u32, usize, bool);

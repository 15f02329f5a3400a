//! The rules of parameter groups.

use crate::model::params::TensorId;

/// Which group a tensor belongs to: [`ByLayer`], [`ByKind`], or a rule of your own.
///
/// ```
/// use stackprop::optim::GroupBy;
/// use stackprop::params::TensorId;
/// use stackprop::{Groups, Sgd, Trainer, notebook::{BOOK_NET, X, Y}};
///
/// /// The last layer of `net![3 => 4, Relu => 2, Relu => 1, SigmoidBce]`, and all others.
/// #[derive(Clone, Copy)]
/// struct LastOrNot;
///
/// impl GroupBy for LastOrNot {
///     const NAME: &'static str = "LastOrNot";
///
///     fn group(tensor: TensorId) -> usize {
///         usize::from(tensor.learning_layer < 2)
///     }
/// }
///
/// let mut optimizer = Groups::by(LastOrNot, [Sgd::new(0.1), Sgd::new(0.01)]);
/// optimizer.freeze(1)?; // only the last layer learns
/// let mut trainer = Trainer::new(BOOK_NET, optimizer);
/// trainer.step(&X, &Y)?;
/// assert_eq!(trainer.network.layers.0, BOOK_NET.layers.0);
/// assert_ne!(trainer.network, BOOK_NET);
/// # Ok::<(), stackprop::Error>(())
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a rule of parameter groups",
    label = "not a rule",
    note = "a rule gives the group of a tensor: ByLayer, ByKind, or a `GroupBy` of your own"
)]
pub trait GroupBy: Copy {
    /// The rule's name, by which a [`Record`](crate::Record) tells that it belongs to this rule.
    const NAME: &'static str;

    /// Whether each layer that has parameters is a group. Then a network with more or fewer of them
    /// than groups does not compile.
    const A_LAYER_EACH: bool = false;

    /// The group of this tensor. A step is refused with
    /// [`Setting::Group`](crate::Setting::Group) if there is none of that index.
    #[must_use]
    fn group(tensor: TensorId) -> usize;
}

/// A group for each layer that has parameters, from the input on: see
/// [`Groups::by_layer`](crate::Groups::by_layer).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct ByLayer;

/// Group 1 for the tensors that are called `bias`, group 0 for all others: see
/// [`Groups::by_kind`](crate::Groups::by_kind).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct ByKind;

impl GroupBy for ByLayer {
    const NAME: &'static str = "ByLayer";
    const A_LAYER_EACH: bool = true;

    #[inline(always)]
    fn group(tensor: TensorId) -> usize {
        tensor.learning_layer
    }
}

impl GroupBy for ByKind {
    const NAME: &'static str = "ByKind";

    #[inline(always)]
    fn group(tensor: TensorId) -> usize {
        (tensor.name.field == "bias") as usize
    }
}

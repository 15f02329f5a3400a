//! One tensor of a network: its name, its shape and its numbers.

use super::params::Params;
use core::fmt::{Display, Formatter};
use core::slice::{from_mut, from_ref};

/// What PyTorch calls a tensor: `0.weight` is the weight of the first layer.
///
/// ```
/// use stackprop::{Relu, SigmoidBce, net};
///
/// type Detector = net![3 => 4, Relu => 1, SigmoidBce];
/// let names: Vec<String> = Detector::new(1).tensors().map(|t| t.name.to_string()).collect();
/// assert_eq!(names, ["0.weight", "0.bias", "2.weight", "2.bias"]);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Name {
    /// The layer's place in an `nn.Sequential`; activations count.
    pub layer: usize,
    /// The field: `weight`, `bias`.
    pub field: &'static str,
}

impl Display for Name {
    fn fmt(&self, f: &mut Formatter<'_>) -> core::fmt::Result {
        write!(f, "{}.{}", self.layer, self.field)
    }
}

/// Which tensor of a network it is: what an optimiser decides by that does not treat all alike,
/// such as [`Groups`](crate::Groups). It is written as its name is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub struct TensorId {
    /// PyTorch's name for it.
    pub name: Name,
    /// The layer's place among those that have parameters: 0 is the first, 1 the next. Activations,
    /// [`Standardize`](crate::Standardize) and [`Frozen`](crate::Frozen) parts do not count.
    pub learning_layer: usize,
}

impl TensorId {
    /// A tensor of the layer that is looked at.
    #[inline(always)]
    #[must_use]
    pub const fn new(field: &'static str) -> Self {
        let name = Name { layer: 0, field };
        let learning_layer = 0;
        Self {
            name,
            learning_layer,
        }
    }

    /// The same tensor with the layers of `L` in front of it.
    ///
    /// ```
    /// use stackprop::{Linear, Relu, params::TensorId};
    ///
    /// let id = TensorId::new("bias").after::<Relu>().after::<Linear<3, 4>>();
    /// assert_eq!((id.to_string().as_str(), id.learning_layer), ("2.bias", 1));
    /// ```
    #[inline(always)]
    #[must_use]
    pub const fn after<L: Params>(mut self) -> Self {
        self.name.layer += L::LAYERS;
        self.learning_layer += L::LEARNING;
        self
    }
}

/// What a walk over the parameters does with those of a tensor.
// Not an `Option`: after a `match`, LLVM would copy what is folded, and a flag in `each` would be
// the tag. Guarded by the flash column of `cargo bench --bench cortex_m`.
#[derive(Clone, Copy, Debug)]
pub struct Visit<F> {
    /// What is done with each number.
    pub each: F,
    /// Whether it is done. If not, the walk passes over the tensor.
    pub learns: bool,
}

impl<F> Visit<F> {
    /// A visit to each number.
    #[inline(always)]
    #[must_use]
    pub const fn new(each: F) -> Self {
        Self { each, learns: true }
    }

    /// The numbers of the tensor that are visited: all of them, or none.
    ///
    /// ```
    /// use stackprop::params::Visit;
    ///
    /// let (mut visit, mut weight) = (Visit::new(()), [1.0, 2.0]);
    /// assert_eq!(visit.numbers(&mut weight), [1.0, 2.0]);
    /// visit.learns = false;
    /// assert_eq!(visit.numbers(&mut weight), []);
    /// ```
    #[inline(always)]
    pub const fn numbers<'a, T>(&self, tensor: &'a mut [T]) -> &'a mut [T] {
        if self.learns { tensor } else { &mut [] }
    }
}

impl Display for TensorId {
    fn fmt(&self, f: &mut Formatter<'_>) -> core::fmt::Result {
        self.name.fmt(f)
    }
}

#[cfg(feature = "defmt")]
impl defmt::Format for Name {
    fn format(&self, f: defmt::Formatter<'_>) {
        defmt::write!(f, "{=usize}.{=str}", self.layer, self.field);
    }
}

/// A tensor of a network: its name, its shape and its numbers, row by row.
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub struct Tensor<'a, T = f32> {
    /// PyTorch's name for it.
    pub name: Name,
    /// Its shape: `[out, in]` of a weight, `[out]` of a bias.
    pub shape: &'static [usize],
    /// Its numbers, the last index running fastest.
    pub values: &'a [T],
}

/// A [`Tensor`] whose numbers may be changed.
#[derive(Debug, PartialEq)]
#[non_exhaustive]
pub struct TensorMut<'a> {
    /// PyTorch's name for it.
    pub name: Name,
    /// Its shape: `[out, in]` of a weight, `[out]` of a bias.
    pub shape: &'static [usize],
    /// Its numbers, the last index running fastest.
    pub values: &'a mut [f32],
}

impl<'a, T> Tensor<'a, T> {
    /// A tensor of the layer that is looked at.
    #[must_use]
    pub const fn new(field: &'static str, shape: &'static [usize], values: &'a [T]) -> Self {
        let name = Name { layer: 0, field };
        Self {
            name,
            shape,
            values,
        }
    }

    /// The same tensor with `layers` more layers in front of it.
    pub(crate) const fn after(mut self, layers: usize) -> Self {
        self.name.layer += layers;
        self
    }
}

impl<'a> TensorMut<'a> {
    /// A tensor of the layer that is looked at.
    #[must_use]
    pub const fn new(field: &'static str, shape: &'static [usize], values: &'a mut [f32]) -> Self {
        let name = Name { layer: 0, field };
        Self {
            name,
            shape,
            values,
        }
    }

    /// The same tensor with `layers` more layers in front of it.
    pub(crate) const fn after(mut self, layers: usize) -> Self {
        self.name.layer += layers;
        self
    }
}

/// A field of a layer that [`params!`](crate::params!) knows: a number, `[T; N]` or `[[T; I]; O]`.
#[doc(hidden)]
pub trait Field<T> {
    const SHAPE: &'static [usize];

    fn flat(&self) -> &[T];

    fn flat_mut(&mut self) -> &mut [T];

    fn tensor<'a>(&'a self, name: &'static str) -> Tensor<'a, T>
    where
        T: 'a,
    {
        Tensor::new(name, Self::SHAPE, self.flat())
    }
}

/// The shape of the field that `_field` picks.
#[doc(hidden)]
#[must_use]
pub const fn shape_of<L, F: Field<f32>>(_field: fn(&L) -> &F) -> &'static [usize] {
    F::SHAPE
}

/// The shape of a field.
#[doc(hidden)]
#[must_use]
pub const fn shape<T, F: Field<T>>(_: &F) -> &'static [usize] {
    F::SHAPE
}

impl<T> Field<T> for T {
    const SHAPE: &'static [usize] = &[];

    #[inline(always)]
    fn flat(&self) -> &[T] {
        from_ref(self)
    }

    #[inline(always)]
    fn flat_mut(&mut self) -> &mut [T] {
        from_mut(self)
    }
}

impl<T, const N: usize> Field<T> for [T; N] {
    const SHAPE: &'static [usize] = &[N];

    #[inline(always)]
    fn flat(&self) -> &[T] {
        self
    }

    #[inline(always)]
    fn flat_mut(&mut self) -> &mut [T] {
        self
    }
}

impl<T, const I: usize, const O: usize> Field<T> for [[T; I]; O] {
    const SHAPE: &'static [usize] = &[O, I];

    #[inline(always)]
    fn flat(&self) -> &[T] {
        self.as_flattened()
    }

    #[inline(always)]
    fn flat_mut(&mut self) -> &mut [T] {
        self.as_flattened_mut()
    }
}

//! What a network is made of, known at compile time: the kind of each layer, and its tensors.

use super::heads::Head;
use super::layers::Layer;
use super::network::Network;
use crate::kernels::checksum::Checksum;

/// The name of a layer, an activation or a head, and the settings that are part of its type.
///
/// ```
/// use stackprop::{Elementwise, LeakyRelu, architecture::Kind};
///
/// assert_eq!(LeakyRelu::<1, 5>::KIND, Kind::with_settings("LeakyRelu", &[1, 5]));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Kind {
    pub(crate) name: &'static str,
    pub(crate) settings: &'static [u32],
}

impl Kind {
    /// An activation or a head of your own that has no name: two of them are not told apart.
    pub const OWN: Self = Self::new("own");

    /// A kind without settings.
    #[must_use]
    pub const fn new(name: &'static str) -> Self {
        Self::with_settings(name, &[])
    }

    /// A kind with settings in its type.
    #[must_use]
    pub const fn with_settings(name: &'static str, settings: &'static [u32]) -> Self {
        Self { name, settings }
    }
}

/// The name and shape of a tensor within its layer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TensorShape {
    pub(crate) field: &'static str,
    pub(crate) shape: &'static [usize],
}

impl TensorShape {
    /// A tensor that the layer calls `field`.
    #[must_use]
    pub const fn new(field: &'static str, shape: &'static [usize]) -> Self {
        Self { field, shape }
    }
}

/// The layers of a network in order. [`params!`](crate::params!) and
/// [`Elementwise`](crate::Elementwise) write it for a layer of your own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Architecture {
    /// One layer, and its tensors in PyTorch's order.
    Single(Kind, &'static [TensorShape]),
    /// One part after the other.
    Chain(&'static Architecture, &'static Architecture),
    /// A part that is used where it lies, and does not learn.
    Frozen(&'static Architecture),
}

impl Architecture {
    /// A number that tells networks apart: the CRC-32 of a text with a line for each layer and one
    /// for the head. See [`Network::FINGERPRINT`].
    pub(crate) const fn fingerprint(&self, head: &Kind) -> u32 {
        let text = self.write(Checksum::new(), b"");
        write_kind(text, head).update(b"\n").value()
    }

    const fn write(&self, text: Checksum, before: &[u8]) -> Checksum {
        match self {
            Self::Chain(first, second) => second.write(first.write(text, before), before),
            Self::Frozen(part) => part.write(text, b"frozen "),
            Self::Single(kind, tensors) => {
                let text = write_kind(text.update(before), kind);
                write_tensors(text, tensors).update(b"\n")
            }
        }
    }

    /// How many layers there are.
    pub(crate) const fn layers(&self) -> usize {
        match self {
            Self::Chain(first, second) => first.layers() + second.layers(),
            Self::Frozen(part) => part.layers(),
            Self::Single(..) => 1,
        }
    }

    /// How many tensors there are, those of frozen parts left out.
    pub(crate) const fn tensors(&self) -> usize {
        match self {
            Self::Chain(first, second) => first.tensors() + second.tensors(),
            Self::Frozen(_) => 0,
            Self::Single(_, tensors) => tensors.len(),
        }
    }

    /// How many of the layers have tensors, frozen ones left out.
    pub(crate) const fn modules(&self) -> usize {
        match self {
            Self::Chain(first, second) => first.modules() + second.modules(),
            Self::Frozen(_) => 0,
            Self::Single(_, tensors) => !tensors.is_empty() as usize,
        }
    }
}

impl<L: Layer<I, O>, H: Head<O>, const I: usize, const O: usize> Network<L, H, I, O> {
    /// How many parameters the network has: what training changes.
    pub const PARAMETERS: usize = L::COUNT;

    /// How many numbers the network has, also those that do not learn: the mean and scale of a
    /// [`Standardize`](crate::Standardize).
    pub const NUMBERS: usize = L::NUMBERS;

    /// A number that tells networks apart: kinds, sizes and order of the layers, and the head.
    ///
    /// It is the CRC-32 of a text with a line for each layer, frozen ones behind `frozen `, and
    /// one for the head. Behind a kind stand the settings of its type; behind those its tensors.
    /// Numbers that can change at run time, such as the limits of a
    /// [`HardTanh`](crate::HardTanh), are not part of it. Of this network the text is
    ///
    /// ```text
    /// Linear weight[4,3] bias[4]
    /// LeakyRelu(1,5)
    /// Linear weight[1,4] bias[1]
    /// SigmoidBce
    /// ```
    /// with a line feed at the end of each line:
    /// ```
    /// use stackprop::{LeakyRelu, Relu, SigmoidBce, net};
    ///
    /// type Detector = net![3 => 4, LeakyRelu<1, 5> => 1, SigmoidBce];
    /// type Other = net![3 => 4, Relu => 1, SigmoidBce];
    /// assert_eq!(Detector::FINGERPRINT, 0xf37a_3ee8);
    /// assert_ne!(Detector::FINGERPRINT, Other::FINGERPRINT);
    /// ```
    pub const FINGERPRINT: u32 = L::ARCHITECTURE.fingerprint(&H::KIND);
}

/// `LeakyRelu(1,5)`: the name, and the settings if there are any.
const fn write_kind(text: Checksum, kind: &Kind) -> Checksum {
    let mut text = text.update(kind.name.as_bytes());
    let mut rest = kind.settings;
    let mut before: &[u8] = b"(";
    while let [setting, after @ ..] = rest {
        text = write_number(text.update(before), *setting as u64);
        (before, rest) = (b",", after);
    }
    if kind.settings.is_empty() {
        text
    } else {
        text.update(b")")
    }
}

/// ` weight[4,3] bias[4]`.
const fn write_tensors(mut text: Checksum, mut tensors: &[TensorShape]) -> Checksum {
    while let [tensor, after @ ..] = tensors {
        text = text
            .update(b" ")
            .update(tensor.field.as_bytes())
            .update(b"[");
        let mut shape = tensor.shape;
        while let [size, rest @ ..] = shape {
            text = write_number(text, *size as u64);
            if !rest.is_empty() {
                text = text.update(b",");
            }
            shape = rest;
        }
        text = text.update(b"]");
        tensors = after;
    }
    text
}

/// The decimal digits.
pub(crate) const fn write_number(text: Checksum, number: u64) -> Checksum {
    let text = if number >= 10 {
        write_number(text, number / 10)
    } else {
        text
    };
    text.update(&[b'0' + (number % 10) as u8])
}

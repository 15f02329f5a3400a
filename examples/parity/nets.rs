//! The networks that the tool knows, and how a PyTorch module names their tensors.

use stackprop::params::Tensor;
use stackprop::{Relu, SigmoidBce};

/// 16-32-16-4, ReLU after the first and the second layer, with biases.
pub(crate) type Mlp16 = stackprop::net![16 => 32, Relu => 16, Relu => 4, SigmoidBce];

#[derive(Clone, Copy)]
pub(crate) enum Net {
    Book,
    Linear,
    Mlp16,
}

impl Net {
    /// The network of this name on the command line.
    pub(crate) fn from_name(name: &str) -> Option<Self> {
        match name {
            "book" => Some(Self::Book),
            "linear" => Some(Self::Linear),
            "mlp16" => Some(Self::Mlp16),
            _ => None,
        }
    }
}

/// Adds the names of a module whose linear layers are fc1, fc2, ..., as in `model.state_dict()`.
pub(crate) fn with_names<'a>(
    tensors: impl Iterator<Item = Tensor<'a>>,
) -> impl Iterator<Item = (String, Tensor<'a>)> {
    let (mut count, mut last) = (0, None);
    tensors.map(move |tensor| {
        // The crate counts activations too, as `nn.Sequential` does.
        let layer = Some(tensor.name.layer);
        count += usize::from(layer != last);
        last = layer;
        (format!("fc{count}.{}", tensor.name.field), tensor)
    })
}

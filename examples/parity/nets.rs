//! The networks that the tool knows, with their tensors as PyTorch names them.

use stackprop::{Relu, SigmoidBce};

/// 16-32-16-4, ReLU after the first and the second layer, with biases.
pub(crate) type Mlp16 = stackprop::net![16 => 32, Relu => 16, Relu => 4, SigmoidBce];

#[derive(Clone, Copy)]
pub(crate) enum Net {
    Book,
    Linear,
    Mlp16,
}

/// A parameter of the model, in the order of `model.state_dict()`.
pub(crate) struct Tensor {
    pub(crate) name: String,
    pub(crate) shape: Vec<usize>,
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

    pub(crate) fn tensors(self) -> Vec<Tensor> {
        match self {
            Self::Book | Self::Linear => linear_layers(&[3, 4, 2, 1], false),
            Self::Mlp16 => linear_layers(&[16, 32, 16, 4], true),
        }
    }
}

/// fc1, fc2, ... between these widths.
fn linear_layers(widths: &[usize], bias: bool) -> Vec<Tensor> {
    let mut all = Vec::new();
    for (k, (i, o)) in widths.iter().zip(&widths[1..]).enumerate() {
        let layer = k + 1;
        all.push(Tensor {
            name: format!("fc{layer}.weight"),
            shape: vec![*o, *i],
        });
        if bias {
            all.push(Tensor {
                name: format!("fc{layer}.bias"),
                shape: vec![*o],
            });
        }
    }
    all
}

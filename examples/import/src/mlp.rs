//! A multi-layer perceptron, as both readers make it and all that is written is made from it.

use std::fmt;

/// A network: perhaps a standardise stage, linear layers with activations, and a head.
#[derive(Debug)]
pub(crate) struct Mlp {
    /// What is done to the inputs before the first layer.
    pub(crate) standardize: Option<Standardize>,
    /// At least one, each as wide as the next one expects.
    pub(crate) layers: Vec<Linear>,
    /// What is done to the outputs of the last layer.
    pub(crate) head: Head,
    /// Whether the model gives 1 - p beside each p.
    pub(crate) complements: bool,
}

/// y = (x - mean) / scale for each number.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Standardize {
    /// One number for each input, and their shape.
    pub(crate) mean: Vec<f32>,
    /// As many.
    pub(crate) scale: Vec<f32>,
    /// `[inputs]`.
    pub(crate) shape: [usize; 1],
}

/// y = weight x + bias, and what follows it up to the next layer.
#[derive(Debug)]
pub(crate) struct Linear {
    /// `[outputs, inputs]`.
    pub(crate) shape: [usize; 2],
    /// Row by row, a row for each output.
    pub(crate) weight: Vec<f32>,
    /// One number for each output.
    pub(crate) bias: Option<Vec<f32>>,
    /// In the order in which they are applied.
    pub(crate) activations: Vec<Activation>,
}

/// A function of each number.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Activation {
    /// max(x, 0).
    Relu,
    /// With the slope of negative numbers as a fraction.
    LeakyRelu(u32, u32),
    /// With alpha 1.
    Elu,
    /// Limited to -1 and 1.
    HardTanh,
    /// Hyperbolic tangent.
    Tanh,
    /// 1 / (1 + e^-x).
    Sigmoid,
    /// ln(1 + e^x).
    Softplus,
}

/// The end of a network.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Head {
    /// Plain numbers.
    Mse,
    /// A sigmoid on each output.
    SigmoidBce,
    /// Softmax over the outputs.
    SoftmaxCe,
}

impl Mlp {
    /// The network with its last sigmoid in the head, and with biases in all layers or in none.
    pub(crate) fn new(
        standardize: Option<Standardize>,
        mut layers: Vec<Linear>,
        mut head: Head,
    ) -> Self {
        let last = layers.last_mut().map(|layer| &mut layer.activations);
        if let (Head::Mse, Some(activations)) = (head, last)
            && activations.pop_if(|a| *a == Activation::Sigmoid).is_some()
        {
            head = Head::SigmoidBce;
        }
        if layers.iter().any(|layer| layer.bias.is_some()) {
            for layer in &mut layers {
                layer.bias.get_or_insert_with(|| vec![0.0; layer.shape[0]]);
            }
        }
        Self {
            standardize,
            layers,
            head,
            complements: false,
        }
    }

    /// Numbers in a row of input.
    pub(crate) fn inputs(&self) -> usize {
        self.layers.first().map_or(0, |layer| layer.shape[1])
    }

    /// Numbers that the network gives.
    pub(crate) fn outputs(&self) -> usize {
        self.layers.last().map_or(0, |layer| layer.shape[0])
    }

    /// Whether the layers have biases.
    pub(crate) fn has_biases(&self) -> bool {
        self.layers.iter().any(|layer| layer.bias.is_some())
    }

    /// All stages that `nn.Sequential` counts, without the head.
    pub(crate) fn stages(&self) -> impl Iterator<Item = Stage<'_>> {
        let layers = self.layers.iter().flat_map(|layer| {
            let activations = layer.activations.iter();
            let activations = activations.map(|a| Stage::Activation(*a, layer.shape[0]));
            std::iter::once(Stage::Linear(layer)).chain(activations)
        });
        self.standardize
            .iter()
            .map(Stage::Standardize)
            .chain(layers)
    }

    /// Every tensor with its name, shape and numbers.
    pub(crate) fn tensors(&self) -> impl Iterator<Item = (String, &[usize], &[f32])> {
        self.stages().enumerate().flat_map(|(index, stage)| {
            let tensors = stage.tensors().into_iter().flatten();
            tensors.map(move |(field, shape, values)| (format!("{index}.{field}"), shape, values))
        })
    }
}

/// One stage of a network.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Stage<'a> {
    /// The standardise stage.
    Standardize(&'a Standardize),
    /// A linear layer.
    Linear(&'a Linear),
    /// An activation and its width.
    Activation(Activation, usize),
}

/// A tensor's field, shape and numbers.
type Field<'a> = (&'static str, &'a [usize], &'a [f32]);

impl<'a> Stage<'a> {
    fn tensors(self) -> [Option<Field<'a>>; 2] {
        match self {
            Self::Standardize(Standardize { mean, scale, shape }) => [
                Some(("mean", &shape[..], &mean[..])),
                Some(("scale", &shape[..], &scale[..])),
            ],
            Self::Linear(layer) => [
                Some(("weight", &layer.shape[..], &layer.weight[..])),
                layer
                    .bias
                    .as_ref()
                    .map(|bias| ("bias", &layer.shape[..1], &bias[..])),
            ],
            Self::Activation(..) => [None, None],
        }
    }

    /// How many numbers it gives.
    pub(crate) fn width(self) -> usize {
        match self {
            Self::Standardize(stage) => stage.shape[0],
            Self::Linear(layer) => layer.shape[0],
            Self::Activation(_, width) => width,
        }
    }
}

/// As `net!` writes it.
impl fmt::Display for Activation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Relu => f.write_str("Relu"),
            Self::LeakyRelu(numerator, denominator) => {
                write!(f, "LeakyRelu<{numerator}, {denominator}>")
            }
            Self::Elu => f.write_str("Elu"),
            Self::HardTanh => f.write_str("HardTanh"),
            Self::Tanh => f.write_str("Tanh"),
            Self::Sigmoid => f.write_str("Sigmoid"),
            Self::Softplus => f.write_str("Softplus"),
        }
    }
}

/// As `net!` writes it.
impl fmt::Display for Head {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Mse => "Mse",
            Self::SigmoidBce => "SigmoidBce",
            Self::SoftmaxCe => "SoftmaxCe",
        })
    }
}

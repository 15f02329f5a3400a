//! The way from the input of a graph to its output.

use super::graph::{Graph, Input};
use super::node::Node;
use super::rows::Rows;
use super::standardize::Affine;
use super::{activation, linear, standardize, tail};
use crate::mlp::{Activation, Head, Linear, Mlp};
use rten_onnx::onnx::DataType;

/// What was met so far.
pub(crate) struct Walk<'a> {
    /// The whole graph.
    pub(crate) graph: &'a Graph<'a>,
    /// The name of the value that the next node reads.
    pub(crate) value: &'a str,
    /// How the value is divided into rows.
    pub(crate) rows: Rows,
    /// What was done to the inputs before the first layer.
    pub(crate) affine: Affine,
    /// The layers with their activations.
    pub(crate) layers: Vec<Linear>,
    /// Whether the end was met, a softmax.
    pub(crate) softmax: bool,
    /// The other output of a `LinearClassifier`, which is a layer and its head in one node.
    pub(crate) classifier: Option<Classifier<'a>>,
}

/// The outputs of a `LinearClassifier`.
#[derive(Clone, Copy)]
pub(crate) struct Classifier<'a> {
    /// The name of the classes.
    pub(crate) label: &'a str,
    /// Whether the other output is 1 - p beside p.
    pub(crate) complements: bool,
}

impl<'a> Walk<'a> {
    /// Begins at the input.
    pub(crate) fn new(graph: &'a Graph<'a>, input: &Input<'a>) -> Result<Self, String> {
        let (name, data_type) = (input.name, input.data_type);
        let cast = |node: &Node<'_>| node.op() == "Cast";
        if data_type != DataType::FLOAT && !graph.readers(name).iter().all(cast) {
            return Err(format!("input '{name}' is {data_type}, expected FLOAT"));
        }
        Ok(Self {
            graph,
            value: name,
            rows: Rows::new(input.dims.clone()),
            affine: Affine::default(),
            layers: Vec::new(),
            softmax: false,
            classifier: None,
        })
    }

    /// Walks to the end.
    pub(crate) fn run(mut self) -> Result<Mlp, String> {
        for _ in 0..=self.graph.nodes.len() {
            let readers = self.graph.readers(self.value);
            let is_output = self.graph.outputs.contains(&self.value);
            if tail::begins(readers) || (is_output && self.classifier.is_some()) {
                let complements = tail::read(&self)?;
                return self.finish(complements);
            }
            if is_output {
                return self.end(readers);
            }
            match readers {
                [node] => self.value = self.step(*node)?,
                [] => return Err(format!("'{}' is read by no node", self.value)),
                _ => self.value = activation::guarded_softplus(&mut self, readers)?,
            }
        }
        Err(String::from("the nodes run in a circle"))
    }

    /// The value is an output of the graph.
    fn end(self, readers: &[Node<'_>]) -> Result<Mlp, String> {
        if let Some(node) = readers.first() {
            return Err(node.error(format!("it reads '{}', which is an output too", self.value)));
        }
        if let Some(other) = self.graph.outputs.iter().find(|name| **name != self.value) {
            return Err(format!("the graph has a second output, '{other}'"));
        }
        self.finish(false)
    }

    /// Takes one node, and returns the value that it makes.
    fn step(&mut self, node: Node<'a>) -> Result<&'a str, String> {
        let op = node.op();
        let op = op.as_str();
        let inputs = node.0.input.iter();
        let times = inputs.filter(|input| *input == self.value).count();
        let either = matches!(op, "Add" | "Mul" | "MatMul");
        if times != 1 || !(either || node.input(0) == Some(self.value)) {
            return Err(node.error(format!("it reads '{}' in another place", self.value)));
        }
        match op {
            "Identity" => {}
            "Dropout" => dropout(self.graph, node)?,
            "Cast" => cast(node)?,
            "Flatten" | "Reshape" | "Squeeze" | "Unsqueeze" => {
                self.rows.change(self.graph, node)?
            }
            _ if self.softmax || self.classifier.is_some() => {
                return Err(node.error("it follows the end of the network"));
            }
            "Gemm" => linear::gemm(self, node)?,
            "MatMul" => linear::matmul(self, node)?,
            "ai.onnx.ml.LinearRegressor" => linear::regressor(self, node)?,
            "ai.onnx.ml.LinearClassifier" => return linear::classifier(self, node),
            "Add" if !self.layers.is_empty() => linear::bias(self, node)?,
            "Add" | "Sub" | "Mul" | "Div" | "ai.onnx.ml.Scaler" => standardize::step(self, node)?,
            _ => activation::step(self, node)?,
        }
        node.output(0)
    }

    /// Whether the value is made of probabilities.
    pub(crate) fn is_probability(&self) -> bool {
        let last = self
            .layers
            .last()
            .and_then(|layer| layer.activations.last());
        self.softmax || last == Some(&Activation::Sigmoid)
    }

    fn finish(self, complements: bool) -> Result<Mlp, String> {
        let inputs = self.layers.first().map(|layer| layer.shape[1]);
        let inputs = inputs.ok_or("the graph has no linear layer")?;
        let standardize = self.affine.finish(inputs)?;
        let head = match self.softmax {
            true => Head::SoftmaxCe,
            false => Head::Mse,
        };
        let mut mlp = Mlp::new(standardize, self.layers, head);
        mlp.complements = complements;
        Ok(mlp)
    }
}

/// Without training a dropout changes nothing.
fn dropout(graph: &Graph<'_>, node: Node<'_>) -> Result<(), String> {
    // Its value is BOOL, which is not read; exporters leave it out for inference.
    if let Some(mode) = node.input(2) {
        return Err(node.error(format!("'{mode}' may switch it on; export for inference")));
    }
    let mut masks = node.0.output.iter().skip(1);
    match masks.any(|mask| !graph.readers(mask).is_empty()) {
        true => Err(node.error("its mask is read")),
        false => Ok(()),
    }
}

/// A cast to floats, of floats or of the inputs.
fn cast(node: Node<'_>) -> Result<(), String> {
    match node.integer("to") == Some(i64::from(DataType::FLOAT.0)) {
        true => Ok(()),
        false => Err(node.error("only a cast to FLOAT can be imported; export the model in f32")),
    }
}

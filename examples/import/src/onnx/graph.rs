//! The graph of a model: who reads what, and what is constant.

use super::node::Node;
use super::tensor::{self, Constant, Values};
use crate::state_dict::check_finite;
use rten_onnx::onnx::{DataType, ModelProto, TensorProto, ValueInfoProto};
use std::collections::{BTreeSet, HashMap};
use std::path::Path;

/// How many nodes may stand between a constant and its use.
const DEPTH: usize = 16;

/// A graph with one input.
pub(crate) struct Graph<'a> {
    /// The nodes in their order.
    pub(crate) nodes: Vec<Node<'a>>,
    /// The names of its outputs.
    pub(crate) outputs: Vec<&'a str>,
    /// The version of ONNX's own operators.
    pub(crate) opset: i64,
    folder: &'a Path,
    inputs: &'a [ValueInfoProto],
    initializers: HashMap<&'a str, &'a TensorProto>,
    makers: HashMap<&'a str, Node<'a>>,
    readers: HashMap<&'a str, Vec<Node<'a>>>,
}

/// The input of a graph.
pub(crate) struct Input<'a> {
    /// Its name.
    pub(crate) name: &'a str,
    /// Its sizes from the outside in; `None` is a batch of any size.
    pub(crate) dims: Vec<Option<usize>>,
    /// The type of its numbers.
    pub(crate) data_type: DataType,
}

impl<'a> Graph<'a> {
    /// Indexes a model. `folder` is where it lies.
    pub(crate) fn new(model: &'a ModelProto, folder: &'a Path) -> Result<Self, String> {
        let graph = model.graph.as_ref().ok_or("there is no graph")?;
        let own =
            |domain: &Option<String>| matches!(domain.as_deref(), None | Some("" | "ai.onnx"));
        let mut opsets = model.opset_import.iter();
        let opset = opsets
            .find(|opset| own(&opset.domain))
            .and_then(|opset| opset.version)
            .ok_or("the version of its operators is missing: the file may be cut off")?;
        let mut makers = HashMap::new();
        let mut readers: HashMap<&str, Vec<Node<'_>>> = HashMap::new();
        let nodes: Vec<Node<'_>> = graph.node.iter().map(Node).collect();
        for node in &nodes {
            let inputs: BTreeSet<&str> = node.0.input.iter().map(String::as_str).collect();
            for input in inputs {
                readers.entry(input).or_default().push(*node);
            }
            for output in &node.0.output {
                if !output.is_empty() && makers.insert(output.as_str(), *node).is_some() {
                    return Err(node.error(format!("'{output}' is made twice")));
                }
            }
        }
        let named = |tensor: &'a TensorProto| Some((tensor.name.as_deref()?, tensor));
        Ok(Self {
            nodes,
            outputs: graph.output.iter().map(name).collect(),
            opset,
            folder,
            inputs: &graph.input,
            initializers: graph.initializer.iter().filter_map(named).collect(),
            makers,
            readers,
        })
    }

    /// The only input that has no value in the file.
    pub(crate) fn input(&self) -> Result<Input<'a>, String> {
        let inputs = self.inputs.iter();
        let inputs: Vec<&ValueInfoProto> = inputs
            .filter(|input| !self.initializers.contains_key(name(input)))
            .collect();
        let [input] = inputs[..] else {
            let names: Vec<&str> = inputs.iter().map(|input| name(input)).collect();
            return Err(match names[..] {
                [] => String::from("the graph has no input"),
                _ => format!("the graph has several inputs: {}", names.join(", ")),
            });
        };
        let name = name(input);
        let tensor = input.r#type.as_ref().and_then(|t| t.tensor_type.as_ref());
        let shape = tensor.and_then(|tensor| tensor.shape.as_ref());
        let shape = shape.ok_or_else(|| format!("input '{name}' has no shape"))?;
        let size = |size: Option<i64>| size.and_then(|n| usize::try_from(n).ok());
        Ok(Input {
            name,
            // scikit-learn's exporter writes 0 for a batch of any size.
            dims: shape
                .dim
                .iter()
                .map(|dim| size(dim.dim_value).filter(|n| *n > 0))
                .collect(),
            data_type: tensor.and_then(|t| t.elem_type).unwrap_or(DataType(0)),
        })
    }

    /// The nodes that read a value.
    pub(crate) fn readers(&self, value: &str) -> &[Node<'a>] {
        self.readers.get(value).map_or(&[], Vec::as_slice)
    }

    /// The constant of this name. `None` if it depends on the input.
    pub(crate) fn constant(&self, name: &str) -> Result<Option<Constant>, String> {
        self.constant_within(name, DEPTH)
    }

    fn constant_within(&self, name: &str, depth: usize) -> Result<Option<Constant>, String> {
        if let Some(tensor) = self.initializers.get(name) {
            return tensor::read(tensor, name, self.folder).map(Some);
        }
        let Some(node) = self.makers.get(name).copied().filter(|_| depth > 0) else {
            return Ok(None);
        };
        let op = node.op();
        if op == "Constant" {
            return self.written(node, name).map(Some);
        }
        if !["Identity", "Transpose", "Cast"].contains(&op.as_str()) {
            return Ok(None);
        }
        let Some(input) = node.input(0) else {
            return Ok(None);
        };
        let Some(constant) = self.constant_within(input, depth - 1)? else {
            return Ok(None);
        };
        match op.as_str() {
            "Transpose" => transposed(constant, node).map(Some),
            "Cast" if node.integer("to") != Some(i64::from(DataType::FLOAT.0)) => {
                Err(node.error("a constant is cast to something else than FLOAT"))
            }
            "Cast" => {
                let dims = constant.dims.clone();
                let (name, values) = (constant.name.clone(), constant.floats()?);
                let values = Values::Floats(values);
                Ok(Some(Constant { name, dims, values }))
            }
            _ => Ok(Some(constant)),
        }
    }

    /// What a node `Constant` holds.
    fn written(&self, node: Node<'_>, name: &str) -> Result<Constant, String> {
        if let Some(tensor) = node.attribute("value").and_then(|a| a.t.as_ref()) {
            return tensor::read(tensor, name, self.folder);
        }
        let plain = |dims, values| Constant {
            name: String::from(name),
            dims,
            values,
        };
        let attribute = node.0.attribute.first();
        let constant = attribute.and_then(|a| match (a.name.as_deref()?, a.f, a.i) {
            ("value_float", Some(f), _) => Some(plain(vec![], Values::Floats(vec![f]))),
            ("value_int", _, Some(i)) => Some(plain(vec![], Values::Integers(vec![i]))),
            ("value_floats", ..) => Some(plain(
                vec![a.floats.len()],
                Values::Floats(a.floats.clone()),
            )),
            ("value_ints", ..) => Some(plain(vec![a.ints.len()], Values::Integers(a.ints.clone()))),
            _ => None,
        });
        constant.ok_or_else(|| node.error("it holds no number that can be imported"))
    }

    /// A constant of finite floats, or a message about the node that needs it.
    pub(crate) fn weights(&self, node: Node<'_>, name: &str) -> Result<Constant, String> {
        let constant = self.constant(name)?.ok_or_else(|| {
            node.error(format!(
                "'{name}' is computed: two branches meet here, as in a skip connection"
            ))
        })?;
        check_finite(&constant.name, &constant.clone().floats()?)?;
        Ok(constant)
    }
}

/// The name of an input or output.
fn name(value: &ValueInfoProto) -> &str {
    value.name.as_deref().unwrap_or_default()
}

/// Rows as columns.
fn transposed(constant: Constant, node: Node<'_>) -> Result<Constant, String> {
    let [rows, columns] = constant.dims[..] else {
        return Err(node.error(format!(
            "'{}' is of shape {:?}, not a matrix",
            constant.name, constant.dims
        )));
    };
    let perm = node.attribute("perm").map_or(&[1, 0][..], |a| &a.ints[..]);
    match perm {
        [0, 1] => return Ok(constant),
        [1, 0] => {}
        _ => return Err(node.error(format!("perm is {perm:?}"))),
    }
    let name = constant.name.clone();
    let values = transpose(&constant.floats()?, columns);
    Ok(Constant {
        name,
        dims: vec![columns, rows],
        values: Values::Floats(values),
    })
}

/// Rows of this many columns as columns.
pub(crate) fn transpose(values: &[f32], columns: usize) -> Vec<f32> {
    let column = |c| values.iter().skip(c).step_by(columns.max(1)).copied();
    (0..columns).flat_map(column).collect()
}

//! Reads an ONNX file: follows the value from the input to the output, node by node.

mod activation;
mod graph;
mod linear;
mod node;
mod rows;
mod standardize;
mod tail;
mod tensor;
mod walk;
mod wire;

use crate::mlp::Mlp;
use graph::Graph;
use rten_onnx::onnx::ModelProto;
use std::path::Path;
use walk::Walk;

/// The network in a file.
pub(crate) fn read(path: &Path) -> Result<Mlp, String> {
    let bytes = std::fs::read(path).map_err(|error| error.to_string())?;
    parse(&bytes, path.parent().unwrap_or(Path::new("")))
}

/// The network in the bytes of a file that lies in `folder`, where it may have more files.
pub(crate) fn parse(bytes: &[u8], folder: &Path) -> Result<Mlp, String> {
    let no_model = |reason: &dyn std::fmt::Display| format!("not an ONNX model: {reason}");
    wire::check(bytes).map_err(|reason| no_model(&reason))?;
    let model = ModelProto::parse_buf(bytes).map_err(|error| no_model(&error))?;
    let graph = Graph::new(&model, folder)?;
    let input = graph.input()?;
    Walk::new(&graph, &input)?.run()
}

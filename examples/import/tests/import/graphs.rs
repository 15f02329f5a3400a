//! ONNX graphs written by hand, for layouts that no recorded exporter uses.

use rten_onnx::onnx::{
    AttributeProto, DataType, Dimension, GraphProto, ModelProto, NodeProto, OperatorSetIdProto,
    TensorProto, TensorShapeProto, TypeProto, TypeProtoTensor, ValueInfoProto,
};
use std::cell::RefCell;
use std::path::{Path, PathBuf};

/// A graph that is being written. It reads `x` and gives `y`.
#[derive(Clone)]
pub(crate) struct Graph {
    pub(crate) proto: GraphProto,
    pub(crate) opset: i64,
}

/// The weight of the first layer of [`two_layers`], 4 rows of 3.
pub(crate) const W1: [f32; 12] = [
    0.5, -1.0, 0.25, 1.5, 0.125, -0.75, 2.0, 1.0, -0.5, 0.75, -1.25, 0.375,
];
/// Its bias.
pub(crate) const B1: [f32; 4] = [0.1, -0.2, 0.3, -0.4];
/// The weight of the second layer, 2 rows of 4.
pub(crate) const W2: [f32; 8] = [1.0, -0.5, 0.25, -2.0, 0.75, 1.25, -1.0, 0.5];
/// Its bias.
pub(crate) const B2: [f32; 2] = [0.7, -0.6];

impl Graph {
    /// With an input of these sizes; -1 is a batch of any size.
    pub(crate) fn new(sizes: &[i64]) -> Self {
        let mut graph = Self {
            proto: GraphProto::default(),
            opset: 18,
        };
        graph.input("x", sizes, DataType::FLOAT);
        graph.output("y")
    }

    pub(crate) fn input(&mut self, name: &str, sizes: &[i64], data_type: DataType) {
        let dim = |size: &i64| Dimension {
            dim_value: (*size >= 0).then_some(*size),
            dim_param: (*size < 0).then(|| String::from("batch")),
        };
        let shape = TensorShapeProto {
            dim: sizes.iter().map(dim).collect(),
        };
        let tensor = TypeProtoTensor {
            elem_type: Some(data_type),
            shape: Some(shape),
        };
        self.proto.input.push(ValueInfoProto {
            name: Some(String::from(name)),
            r#type: Some(TypeProto {
                tensor_type: Some(tensor),
                sequence: None,
            }),
        });
    }

    pub(crate) fn output(mut self, name: &str) -> Self {
        self.proto.output.push(ValueInfoProto {
            name: Some(String::from(name)),
            r#type: None,
        });
        self
    }

    /// A node with the name of its operator. `domain/op` has a domain.
    pub(crate) fn node(
        mut self,
        op: &str,
        inputs: &[&str],
        output: &str,
        attributes: &[AttributeProto],
    ) -> Self {
        let (domain, op) = op.split_once('/').unwrap_or(("", op));
        self.proto.node.push(NodeProto {
            domain: (!domain.is_empty()).then(|| String::from(domain)),
            name: Some(format!("my_{op}")),
            input: inputs.iter().map(|name| String::from(*name)).collect(),
            output: output.split(' ').map(String::from).collect(),
            op_type: Some(String::from(op)),
            attribute: attributes.to_vec(),
        });
        self
    }

    pub(crate) fn floats(mut self, name: &str, dims: &[i64], values: &[f32]) -> Self {
        self.proto.initializer.push(tensor(name, dims, values));
        self
    }

    pub(crate) fn integers(mut self, name: &str, values: &[i64]) -> Self {
        self.proto.initializer.push(TensorProto {
            name: Some(String::from(name)),
            dims: vec![values.len() as i64],
            data_type: Some(DataType::INT64),
            int64_data: values.to_vec(),
            ..TensorProto::default()
        });
        self
    }

    pub(crate) fn bytes(self) -> Vec<u8> {
        let model = ModelProto {
            ir_version: Some(10),
            graph: Some(self.proto),
            opset_import: vec![OperatorSetIdProto {
                domain: None,
                version: Some(self.opset),
            }],
            ..ModelProto::default()
        };
        model.write_buf().unwrap()
    }

    /// Writes model.onnx into a folder.
    pub(crate) fn write(self, folder: &Path) -> PathBuf {
        let path = folder.join("model.onnx");
        std::fs::write(&path, self.bytes()).unwrap();
        path
    }

    /// The weights of [`two_layers`], as PyTorch has them.
    pub(crate) fn weights(self) -> Self {
        self.floats("w1", &[4, 3], &W1)
            .floats("b1", &[4], &B1)
            .floats("w2", &[2, 4], &W2)
            .floats("b2", &[2], &B2)
    }

    /// The second layer of [`two_layers`].
    pub(crate) fn second(self, input: &str) -> Self {
        self.node("Gemm", &[input, "w2", "b2"], "y", &[int("transB", 1)])
    }
}

/// `3 => 4, Relu => 2, Mse`.
pub(crate) fn two_layers() -> Graph {
    first_layer().node("Relu", &["z"], "h", &[]).second("h")
}

/// The first layer of it, up to `z`.
pub(crate) fn first_layer() -> Graph {
    let graph = Graph::new(&[-1, 3]).weights();
    graph.node("Gemm", &["x", "w1", "b1"], "z", &[int("transB", 1)])
}

/// With the numbers as bytes.
pub(crate) fn tensor(name: &str, dims: &[i64], values: &[f32]) -> TensorProto {
    let bytes = values.iter().flat_map(|v| v.to_le_bytes()).collect();
    TensorProto {
        name: Some(String::from(name)),
        dims: dims.to_vec(),
        data_type: Some(DataType::FLOAT),
        raw_data: Some(RefCell::new(bytes)),
        ..TensorProto::default()
    }
}

fn attribute(name: &str) -> AttributeProto {
    AttributeProto {
        name: Some(String::from(name)),
        ..AttributeProto::default()
    }
}

pub(crate) fn int(name: &str, i: i64) -> AttributeProto {
    AttributeProto {
        i: Some(i),
        ..attribute(name)
    }
}

pub(crate) fn ints(name: &str, ints: &[i64]) -> AttributeProto {
    AttributeProto {
        ints: ints.to_vec(),
        ..attribute(name)
    }
}

pub(crate) fn float(name: &str, f: f32) -> AttributeProto {
    AttributeProto {
        f: Some(f),
        ..attribute(name)
    }
}

pub(crate) fn floats(name: &str, floats: &[f32]) -> AttributeProto {
    AttributeProto {
        floats: floats.to_vec(),
        ..attribute(name)
    }
}

pub(crate) fn text(name: &str, s: &str) -> AttributeProto {
    AttributeProto {
        s: Some(String::from(s)),
        ..attribute(name)
    }
}

pub(crate) fn value(t: TensorProto) -> AttributeProto {
    AttributeProto {
        t: Some(t),
        ..attribute("value")
    }
}

/// Columns as rows.
pub(crate) fn transposed(values: &[f32], columns: usize) -> Vec<f32> {
    let column = |c: usize| values.iter().skip(c).step_by(columns).copied();
    (0..columns).flat_map(column).collect()
}

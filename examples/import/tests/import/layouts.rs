//! Layouts that mean the same network give the same files.

use crate::files::{Written, read};
use crate::graphs::{
    B1, Graph, W1, first_layer, float, floats, int, ints, tensor, transposed, two_layers, value,
};
use crate::tool::{folder, import, printed};
use rten_onnx::onnx::TensorProto;

fn written(case: &str, graph: Graph) -> Written {
    let folder = folder(&format!("layouts/{case}"));
    let out = folder.join("out");
    printed(&import(&graph.write(&folder), &out, &[]));
    read(&out)
}

/// The network with other nodes for its first layer, which make `z`.
fn with_first(sizes: &[i64], nodes: impl Fn(Graph) -> Graph) -> Graph {
    let graph = nodes(Graph::new(sizes).weights());
    graph.node("Relu", &["z"], "h", &[]).second("h")
}

/// That each graph gives the files of the plain one.
fn assert_same<const N: usize>(cases: [(&str, Graph); N]) {
    let expected = written(&format!("{}_plain", cases[0].0), two_layers());
    assert_eq!(expected.list, "3 => 4, Relu => 2, Mse");
    assert_eq!(expected.tensors["0.weight"], (vec![4, 3], W1.to_vec()));
    for (case, graph) in cases {
        let found = written(case, graph);
        assert_eq!(found.list, expected.list, "{case}");
        assert_eq!(found.bytes, expected.bytes, "{case}");
    }
}

/// With a row of `W1` for each input.
fn across(graph: Graph) -> Graph {
    graph.floats("w", &[3, 4], &transposed(&W1, 3))
}

/// The first layer without its bias, `xw`.
fn product(graph: Graph) -> Graph {
    across(graph).node("MatMul", &["x", "w"], "xw", &[])
}

#[test]
fn a_layer_in_other_nodes() {
    let gemm = with_first(&[-1, 3], |g| {
        let zeros = [int("transB", 0), int("transA", 0), float("alpha", 1.0)];
        across(g).node("Gemm", &["x", "w", "b1"], "z", &zeros)
    });
    let matmul = with_first(&[-1, 3], |g| {
        product(g).node("Add", &["xw", "b1"], "z", &[])
    });
    let bias_in_front = with_first(&[-1, 3], |g| {
        product(g).node("Add", &["b1", "xw"], "z", &[])
    });
    let bias_as_a_row = with_first(&[-1, 3], |g| {
        let g = product(g).floats("row", &[1, 4], &B1);
        g.node("Add", &["xw", "row"], "z", &[])
    });
    assert_same([
        ("gemm", gemm),
        ("matmul", matmul),
        ("bias_in_front", bias_in_front),
        ("bias_as_a_row", bias_as_a_row),
    ]);
}

#[test]
fn a_weight_in_other_places() {
    let transposed_once = with_first(&[-1, 3], |g| {
        let g = g.node("Transpose", &["w1"], "t", &[ints("perm", &[1, 0])]);
        let g = g.node("MatMul", &["x", "t"], "xw", &[]);
        g.node("Add", &["xw", "b1"], "z", &[])
    });
    let transposed_twice = with_first(&[-1, 3], |g| {
        let g = across(g).node("Transpose", &["w"], "t", &[]);
        let g = g.node("Identity", &["t"], "i", &[]);
        g.node("Gemm", &["x", "i", "b1"], "z", &[int("transB", 1)])
    });
    let constant_node = with_first(&[-1, 3], |g| {
        let weight = tensor("", &[3, 4], &transposed(&W1, 3));
        let g = g.node("Constant", &[], "c", &[value(weight)]);
        let g = g.node("Constant", &[], "d", &[floats("value_floats", &B1)]);
        let g = g.node("MatMul", &["x", "c"], "xw", &[]);
        g.node("Add", &["xw", "d"], "z", &[])
    });
    let float_data = with_first(&[-1, 3], |mut g| {
        g.proto.initializer.push(TensorProto {
            raw_data: None,
            float_data: transposed(&W1, 3),
            ..tensor("w", &[3, 4], &[])
        });
        g.node("Gemm", &["x", "w", "b1"], "z", &[])
    });
    assert_same([
        ("transposed_once", transposed_once),
        ("transposed_twice", transposed_twice),
        ("constant_node", constant_node),
        ("float_data", float_data),
    ]);
}

#[test]
fn nodes_that_change_no_number() {
    let gemm = |g: Graph, input| g.node("Gemm", &[input, "w1", "b1"], "z", &[int("transB", 1)]);
    let cast = with_first(&[-1, 3], |g| {
        gemm(g.node("Cast", &["x"], "c", &[int("to", 1)]), "c")
    });
    let flatten = with_first(&[-1, 3, 1], |g| {
        gemm(g.node("Flatten", &["x"], "f", &[]), "f")
    });
    let reshape = with_first(&[-1, 1, 3], |g| {
        let g = g.integers("s", &[0, -1]);
        gemm(g.node("Reshape", &["x", "s"], "f", &[]), "f")
    });
    let unsqueeze = with_first(&[3], |g| {
        let g = g.integers("s", &[0]);
        gemm(g.node("Unsqueeze", &["x", "s"], "f", &[]), "f")
    });
    assert_same([
        ("cast", cast),
        ("flatten", flatten),
        ("reshape", reshape),
        ("unsqueeze", unsqueeze),
        ("dropout", two_layers_through("Dropout")),
        ("identity", two_layers_through("Identity")),
    ]);
}

/// The network with another node behind the first layer.
fn two_layers_through(op: &str) -> Graph {
    let graph = first_layer().node(op, &["z"], "d", &[]);
    graph.node("Relu", &["d"], "h", &[]).second("h")
}

/// A single row of one axis, also through a weight that stands in front.
#[test]
fn a_row_of_one_axis() {
    let expected = written("rank1_plain", two_layers());
    for (case, inputs) in [("behind", ["x", "w"]), ("front", ["w1", "x"])] {
        let graph = across(Graph::new(&[3]).weights());
        let graph = graph.node("MatMul", &inputs, "xw", &[]);
        let graph = graph.node("Add", &["xw", "b1"], "z", &[]);
        let graph = graph.node("Relu", &["z"], "h", &[]);
        let graph = graph.node("MatMul", &["w2", "h"], "v", &[]);
        let found = written(case, graph.node("Add", &["v", "b2"], "y", &[]));
        assert_eq!(found.bytes, expected.bytes, "{case}");
    }
}

#[test]
fn what_is_not_used_does_not_matter() {
    let expected = written("unused_plain", two_layers());
    let mut graph = two_layers().floats("unused", &[2], &[f32::NAN, 1.0]);
    graph.input("w1", &[4, 3], rten_onnx::onnx::DataType::FLOAT); // an input with a value
    assert_eq!(written("unused", graph).bytes, expected.bytes);
}

/// The same model gives the same files, and an old one is replaced.
#[test]
fn the_same_files_each_time() {
    let (first, second) = (
        written("first", two_layers()),
        written("second", two_layers()),
    );
    assert_eq!((&first.bytes, &first.code), (&second.bytes, &second.code));
    let folder = folder("layouts/twice");
    for graph in [
        first_layer().node("Identity", &["z"], "y", &[]),
        two_layers(),
    ] {
        printed(&import(
            &graph.write(&folder),
            &folder.join("out/below"),
            &[],
        ));
    }
    assert_eq!(read(&folder.join("out/below")).bytes, first.bytes);
}

#[test]
fn activations_and_their_settings() {
    let limits = [float("min", -1.0), float("max", 1.0)];
    for (case, op, attributes, name) in [
        (
            "leaky",
            "LeakyRelu",
            &[float("alpha", 0.3)][..],
            "LeakyRelu<3, 10>",
        ),
        ("leaky_default", "LeakyRelu", &[], "LeakyRelu<1, 100>"),
        ("elu", "Elu", &[], "Elu"),
        ("clip", "Clip", &limits[..], "HardTanh"),
        ("softplus", "Softplus", &[], "Softplus"),
    ] {
        let graph = first_layer().node(op, &["z"], "h", attributes).second("h");
        assert_eq!(
            written(case, graph).list,
            format!("3 => 4, {name} => 2, Mse")
        );
    }
    // Before version 13 softmax flattens from axis 1 on, which is the same for rows.
    let mut old = first_layer().node("Softmax", &["z"], "y", &[]);
    old.opset = 11;
    assert_eq!(written("softmax", old).list, "3 => 4, SoftmaxCe");
}

/// Nodes that make `s` of `x`, with the constants `m`, a row, and `two`.
fn assert_scaled(case: &str, nodes: impl Fn(Graph) -> Graph, mean: [f32; 3], scale: [f32; 3]) {
    let graph = Graph::new(&[-1, 3]).weights();
    let graph = graph.floats("m", &[1, 3], &[1.0, 2.0, 4.0]);
    let graph = nodes(graph.floats("two", &[], &[2.0]));
    let graph = graph.node("Gemm", &["s", "w1", "b1"], "y", &[int("transB", 1)]);
    let written = written(case, graph);
    assert_eq!(written.list, "3, Standardize => 4, Mse", "{case}");
    let of = |name| &written.tensors[name];
    assert_eq!(of("0.mean"), &(vec![3], mean.to_vec()), "{case}");
    assert_eq!(of("0.scale"), &(vec![3], scale.to_vec()), "{case}");
    assert_eq!(of("1.weight").1, W1, "{case}");
}

#[test]
fn inputs_are_scaled_in_any_order() {
    let ones = [1.0; 3];
    for (op, inputs, mean, scale) in [
        ("Sub", ["x", "m"], [1.0, 2.0, 4.0], ones),
        ("Add", ["m", "x"], [-1.0, -2.0, -4.0], ones),
        ("Div", ["x", "m"], [0.0; 3], [1.0, 2.0, 4.0]),
        ("Mul", ["x", "m"], [0.0; 3], [1.0, 0.5, 0.25]),
    ] {
        assert_scaled(op, |g| g.node(op, &inputs, "s", &[]), mean, scale);
    }
    let sub_mul = |g: Graph| {
        let g = g.node("Sub", &["x", "m"], "d", &[]);
        g.node("Mul", &["d", "two"], "s", &[])
    };
    assert_scaled("sub_mul", sub_mul, [1.0, 2.0, 4.0], [0.5; 3]);
    let div_sub = |g: Graph| {
        let g = g.node("Div", &["x", "two"], "d", &[]);
        g.node("Sub", &["d", "m"], "s", &[])
    };
    assert_scaled("div_sub", div_sub, [2.0, 4.0, 8.0], [2.0; 3]);
}

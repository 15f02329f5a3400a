//! Tensors, shapes and scales that are refused.

use crate::graphs::{Graph, W1, first_layer, int, tensor, text, value};
use crate::refusals::{refuse, refuse_all, with};
use rten_onnx::onnx::{DataLocation, DataType, StringStringEntryProto, TensorProto};

#[test]
fn rows_that_are_divided_in_another_way() {
    let shape = |sizes: &[i64], new: &[i64]| {
        let graph = Graph::new(sizes).weights().integers("s", new);
        let graph = graph.node("Reshape", &["x", "s"], "r", &[]);
        graph.node("Gemm", &["r", "w1", "b1"], "y", &[int("transB", 1)])
    };
    refuse(
        "split",
        shape(&[-1, 6], &[-1, 3]),
        &["my_Reshape", "[?, 6] into other rows, [?, 3]"],
    );
    refuse(
        "mixed",
        shape(&[2, 3, 2], &[-1, 3]),
        &["my_Reshape", "into other rows"],
    );
    refuse(
        "bad",
        shape(&[-1, 3], &[0, -7]),
        &["my_Reshape", "does not fit"],
    );
    let lost = first_layer()
        .integers("s", &[-1, 2])
        .node("Reshape", &["z", "s"], "r", &[]);
    let lost = lost
        .node("MatMul", &["r", "w"], "y", &[])
        .floats("w", &[2, 1], &[1.0; 2]);
    refuse(
        "lost",
        lost,
        &[
            "my_MatMul",
            "no rows any more after node 'my_Reshape' (Reshape)",
        ],
    );
}

#[test]
fn scaling_that_is_no_standardise_stage() {
    let scaled = |op: &str, dims: &[i64], values: &[f32]| {
        let graph = Graph::new(&[-1, 3]).weights().floats("c", dims, values);
        let graph = graph.node(op, &["x", "c"], "s", &[]);
        graph.node("Gemm", &["s", "w1", "b1"], "y", &[int("transB", 1)])
    };
    refuse_all([
        (
            "zero",
            scaled("Div", &[3], &[1.0, 0.0, 1.0]),
            ["my_Div", "input 1 by 0"],
        ),
        (
            "factor",
            scaled("Mul", &[3], &[1.0, 1.0, 0.0]),
            ["my_Mul", "0.0 of input 2"],
        ),
        (
            "column",
            scaled("Sub", &[3, 1], &[1.0; 3]),
            ["my_Sub", "shape [3, 1]"],
        ),
        (
            "long",
            scaled("Sub", &[4], &[1.0; 4]),
            ["my_Sub", "4 numbers, a row has 3"],
        ),
        (
            "nan",
            scaled("Sub", &[3], &[1.0, f32::NAN, 1.0]),
            ["'c'", "number 1 is NaN"],
        ),
    ]);
}

#[test]
fn scaling_that_is_done_twice() {
    let twice = Graph::new(&[-1, 3]).floats("c", &[3], &[1.0; 3]);
    let twice = twice
        .node("Sub", &["x", "c"], "s", &[])
        .node("Sub", &["s", "c"], "y", &[]);
    refuse("twice", twice, &["my_Sub", "shifted before"]);
}

/// A layer with this weight.
fn layer(tensor: TensorProto) -> Graph {
    let mut graph = Graph::new(&[-1, 3]);
    graph.proto.initializer.push(tensor);
    graph.node("MatMul", &["x", "w"], "y", &[])
}

#[test]
fn tensors_that_are_wrong() {
    let of = |dims: &[i64], values: &[f32]| layer(tensor("w", dims, values));
    let double = layer(TensorProto {
        data_type: Some(DataType::DOUBLE),
        ..tensor("w", &[3, 4], &W1)
    });
    let huge = i64::MAX / 2;
    let mut infinite = W1;
    infinite[7] = f32::NEG_INFINITY;
    refuse_all([
        (
            "infinite",
            of(&[3, 4], &infinite),
            ["'w'", "number 7 is -inf"],
        ),
        (
            "short",
            of(&[3, 4], &W1[..11]),
            ["'w'", "[3, 4] but has 11"],
        ),
        ("negative", of(&[3, -4], &W1), ["'w'", "[3, -4]"]),
        ("empty", of(&[3, 0], &[]), ["'w'", "empty"]),
        ("huge", of(&[huge, huge], &W1), ["'w'", "too large"]),
        ("double", double, ["'w'", "DOUBLE, expected FLOAT"]),
        (
            "vector",
            of(&[12], &W1),
            ["my_MatMul", "'w' is of shape [12], not a matrix"],
        ),
    ]);
}

/// Data in another file, which has to lie below the model.
#[test]
fn tensors_that_are_not_where_they_should_be() {
    let entry = |key: &str, value: &str| StringStringEntryProto {
        key: Some(String::from(key)),
        value: Some(String::from(value)),
    };
    let outside = |location: &str, offset: &str| {
        layer(TensorProto {
            data_location: Some(DataLocation::EXTERNAL),
            external_data: vec![entry("location", location), entry("offset", offset)],
            ..tensor("w", &[3, 4], &[])
        })
    };
    refuse_all([
        (
            "absolute",
            outside("/etc/passwd", "0"),
            ["'w'", "not below the model"],
        ),
        (
            "above",
            outside("../model.onnx", "0"),
            ["'w'", "not below the model"],
        ),
        ("missing", outside("other.data", "0"), ["'w'", "other.data"]),
        (
            "past_the_end",
            outside("model.onnx", "999"),
            ["'w'", "not 48 from byte 999"],
        ),
        (
            "no_offset",
            outside("model.onnx", "x"),
            ["'w'", "offset \"x\""],
        ),
    ]);
}

#[test]
fn constants_that_are_not_numbers() {
    let text = Graph::new(&[-1, 3]).node("Constant", &[], "c", &[text("value_string", "a")]);
    let text = text.node("MatMul", &["x", "c"], "y", &[]);
    refuse("text", text, &["my_Constant", "no number"]);
    let clip = with("Clip", &["z", "c", "c"], &[]);
    let clip = clip.node("Constant", &[], "c", &[value(tensor("", &[2], &[1.0; 2]))]);
    refuse("limits", clip, &["my_Clip", "'c' is not a number"]);
}

//! What is refused: exit code 2, one line that names the node, no file.

use crate::graphs::{Graph, W1, first_layer, float, floats, int, ints, text, two_layers};
use crate::tool::{assert_refused, folder, import};
use rten_onnx::onnx::{AttributeProto, DataType};

/// Imports the graph, which has to be refused in these words.
pub(crate) fn refuse(case: &str, graph: Graph, words: &[&str]) {
    let folder = folder(&format!("refusals/{case}"));
    let out = folder.join("out");
    let output = import(&graph.write(&folder), &out, &[]);
    assert_refused(&output, &out, &[&["model.onnx"], words].concat());
}

/// The first layer, a node, and the second layer.
pub(crate) fn with(op: &str, inputs: &[&str], attributes: &[AttributeProto]) -> Graph {
    first_layer().node(op, inputs, "h", attributes).second("h")
}

/// Each case with its graph and the words of the message.
pub(crate) fn refuse_all<const N: usize>(cases: [(&str, Graph, [&str; 2]); N]) {
    for (case, graph, words) in cases {
        refuse(case, graph, &words);
    }
}

#[test]
fn activations_that_the_crate_does_not_have() {
    let limits = [float("min", 0.0), float("max", 6.0)];
    refuse_all([
        (
            "erf",
            with("Erf", &["z"], &[]),
            ["node 'my_Erf' (Erf)", "cannot be imported"],
        ),
        (
            "custom",
            with("com.me/Relu", &["z"], &[]),
            ["com.me.Relu", "cannot be imported"],
        ),
        (
            "clip",
            with("Clip", &["z"], &limits),
            ["my_Clip", "0 and 6"],
        ),
        (
            "slope",
            with("LeakyRelu", &["z"], &[float("alpha", -0.5)]),
            ["my_LeakyRelu", "-0.5"],
        ),
        (
            "elu",
            with("Elu", &["z"], &[float("alpha", 2.0)]),
            ["my_Elu", "alpha is 2"],
        ),
    ]);
}

#[test]
fn nodes_that_are_no_part_of_a_network() {
    refuse_all([
        (
            "softmax",
            with("Softmax", &["z"], &[]),
            ["my_Gemm", "follows the end"],
        ),
        (
            "mul",
            with("Mul", &["z", "b1"], &[]),
            ["my_Mul", "behind a layer"],
        ),
        (
            "second_bias",
            with("Add", &["z", "b1"], &[]),
            ["my_Add", "without a bias"],
        ),
        (
            "cast",
            with("Cast", &["z"], &[int("to", 10)]),
            ["my_Cast", "only a cast to FLOAT"],
        ),
        (
            "transpose",
            with("Transpose", &["z"], &[]),
            ["my_Transpose", "cannot be imported"],
        ),
        (
            "square",
            with("Mul", &["z", "z"], &[]),
            ["my_Mul", "another place"],
        ),
        (
            "dropout",
            with("Dropout", &["z", "", "t"], &[]),
            ["my_Dropout", "'t'"],
        ),
    ]);
}

#[test]
fn products_that_are_no_layer() {
    let plain = |attributes: &[AttributeProto]| {
        let graph = Graph::new(&[-1, 3]).weights();
        graph.node("Gemm", &["x", "w1", "b1"], "y", attributes)
    };
    let chain = first_layer().node("Gemm", &["z", "w1", "b1"], "y", &[int("transB", 1)]);
    let rank3 = Graph::new(&[-1, 2, 3]).weights();
    let rank3 = rank3.node("Gemm", &["x", "w1", "b1"], "y", &[int("transB", 1)]);
    refuse_all([
        (
            "alpha",
            plain(&[int("transB", 1), float("alpha", 0.5)]),
            ["my_Gemm", "alpha is 0.5"],
        ),
        (
            "beta",
            plain(&[int("transB", 1), float("beta", 2.0)]),
            ["my_Gemm", "beta is 2"],
        ),
        (
            "trans_a",
            plain(&[int("transB", 1), int("transA", 1)]),
            ["my_Gemm", "transA is 1"],
        ),
        (
            "trans_b",
            plain(&[]),
            ["my_Gemm", "takes 4 numbers, a row has 3"],
        ),
        ("widths", chain, ["my_Gemm", "takes 3 numbers, a row has 4"]),
        ("gemm_rank3", rank3, ["my_Gemm", "not 2 axes"]),
    ]);
}

#[test]
fn biases_that_are_not_one_number_for_each_output() {
    let add = |dims: &[i64], count| {
        let graph = Graph::new(&[-1, 3]).weights();
        let graph = graph.floats("b", dims, &vec![0.5; count]);
        let graph = graph.node("Transpose", &["w1"], "w", &[]);
        let graph = graph.node("MatMul", &["x", "w"], "z", &[]);
        graph.node("Add", &["z", "b"], "y", &[])
    };
    refuse_all([
        ("bias_scalar", add(&[], 1), ["my_Add", "'b' is of shape []"]),
        ("bias_one", add(&[1], 1), ["my_Add", "'b' is of shape [1]"]),
        (
            "bias_column",
            add(&[4, 1], 4),
            ["my_Add", "'b' is of shape [4, 1]"],
        ),
        (
            "bias_long",
            add(&[5], 5),
            ["my_Add", "the layer has 4 outputs"],
        ),
    ]);
}

#[test]
fn graphs_that_branch() {
    let skip = first_layer().node("Add", &["z", "z2"], "y", &[]);
    let skip = skip.node("Relu", &["z"], "z2", &[]);
    refuse(
        "skip",
        skip,
        &[
            "node 'my_Add' (Add) and by node 'my_Relu' (Relu)",
            "branches",
        ],
    );
    let product = first_layer().node("MatMul", &["z", "other"], "y", &[]);
    let product = product.node("Relu", &["b1"], "other", &[]);
    refuse("computed", product, &["my_MatMul", "'other' is computed"]);
}

#[test]
fn graphs_with_other_inputs_and_outputs() {
    let mut two = two_layers();
    two.input("x2", &[-1, 3], DataType::FLOAT);
    refuse("two_inputs", two, &["several inputs: x, x2"]);
    refuse(
        "two_outputs",
        two_layers().output("h"),
        &["my_Gemm", "'h', which is an output too"],
    );
    refuse(
        "other_output",
        two_layers().output("o"),
        &["second output, 'o'"],
    );
    refuse(
        "no_input",
        first_layer().floats("x", &[1, 3], &[0.0; 3]),
        &["no input"],
    );
}

#[test]
fn graphs_that_lead_nowhere() {
    refuse(
        "no_layer",
        Graph::new(&[-1, 3]).node("Identity", &["x"], "y", &[]),
        &["no linear"],
    );
    refuse(
        "early",
        Graph::new(&[-1, 3]).node("Relu", &["x"], "y", &[]),
        &["before the first"],
    );
    refuse("loose_end", first_layer(), &["'z' is read by no node"]);
    refuse(
        "made_twice",
        with("Relu", &["z"], &[]).second("h"),
        &["my_Gemm", "'y' is made twice"],
    );
    let circle = Graph::new(&[-1, 3]).node("Identity", &["x"], "x", &[]);
    refuse("circle", circle, &["circle"]);
}

#[test]
fn classes_without_probabilities() {
    let plain = first_layer().node("ArgMax", &["z"], "y", &[]);
    refuse(
        "argmax",
        plain,
        &["my_ArgMax", "can only stand behind probabilities"],
    );
    let classes = first_layer().node("Softmax", &["z"], "p", &[]);
    let only = classes.clone().node("ArgMax", &["p"], "y", &[]);
    refuse("only_class", only, &["only the class"]);
    let scaled = classes.node("ArgMax", &["p"], "y", &[]).output("q");
    refuse(
        "scaled",
        scaled.node("Mul", &["p", "b1"], "q", &[]),
        &["my_Mul", "something else"],
    );
}

#[test]
fn ends_that_are_no_head() {
    let log = first_layer().node("LogSoftmax", &["z"], "y", &[]);
    refuse("log", log, &["my_LogSoftmax", "Softmax"]);
    let axis = first_layer().node("Softmax", &["z"], "y", &[int("axis", 0)]);
    refuse("axis", axis, &["my_Softmax", "axis is 0"]);
    let single = Graph::new(&[-1, 3]).floats("w", &[3, 1], &W1[..3]);
    let single = single.node("MatMul", &["x", "w"], "z", &[]);
    refuse(
        "single",
        single.node("Softmax", &["z"], "y", &[]),
        &["my_Softmax", "always 1"],
    );
    let rest = [
        ints("classlabels_ints", &[0, 1]),
        floats("coefficients", &[1.0; 6]),
        floats("intercepts", &[0.0; 2]),
        text("post_transform", "PROBIT"),
    ];
    let probit = Graph::new(&[-1, 3]).node("ai.onnx.ml/LinearClassifier", &["x"], "l y", &rest);
    refuse(
        "probit",
        probit.output("l"),
        &["ai.onnx.ml.LinearClassifier", "PROBIT"],
    );
}

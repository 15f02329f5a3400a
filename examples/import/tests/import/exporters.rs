//! Models of the real exporters, against what ONNX Runtime or PyTorch makes of them.

use crate::evaluate::evaluate;
use crate::files::{Written, read};
use crate::tool::{assert_refused, folder, import, model, printed};
use serde_json::Value;

/// The network of each model, as it has to be found.
pub(crate) const NETWORKS: [(&str, &str); 46] = [
    ("keras_classes", "3 => 5, Relu => 4, Tanh => 3, SoftmaxCe"),
    (
        "keras_plain",
        "bias = false; 3 => 5, LeakyRelu<1, 5> => 2, Mse",
    ),
    ("keras_scaled", "3, Standardize => 5, Softplus => 2, Mse"),
    ("keras_static", "3 => 5, Elu => 1, SigmoidBce"),
    ("sklearn_binary", "4 => 5, Relu => 3, Relu => 1, SigmoidBce"),
    (
        "sklearn_binary_bare",
        "4 => 5, Tanh => 3, Tanh => 1, SigmoidBce",
    ),
    (
        "sklearn_classes",
        "4 => 5, Sigmoid => 3, Sigmoid => 3, SoftmaxCe",
    ),
    ("sklearn_classes_bare", "4 => 5 => 3 => 3, SoftmaxCe"),
    ("sklearn_labels", "4 => 5, Relu => 3, Relu => 2, SigmoidBce"),
    ("sklearn_linear", "4 => 1, Mse"),
    ("sklearn_linear2", "4 => 2, Mse"),
    ("sklearn_logistic", "4 => 1, SigmoidBce"),
    ("sklearn_logistic_bare", "4 => 3, SoftmaxCe"),
    ("sklearn_logistic_classes", "4, Standardize => 3, SoftmaxCe"),
    ("sklearn_pipeline", SCALED_CLASSES),
    (
        "sklearn_pipeline_div",
        "4, Standardize => 5, Relu => 3, Relu => 1, SigmoidBce",
    ),
    ("sklearn_pipeline_mean", SCALED_CLASSES),
    ("sklearn_pipeline_minmax", SCALED_CLASSES),
    ("sklearn_pipeline_std", SCALED_CLASSES),
    ("sklearn_regressor", "4 => 5, Relu => 3, Relu => 1, Mse"),
    ("sklearn_regressor2", "4 => 5, Tanh => 3, Tanh => 2, Mse"),
    ("torch_dynamo_batchnorm", "3 => 4, Relu => 2, Mse"),
    ("torch_dynamo_bends", BENDS),
    (
        "torch_dynamo_classes",
        "5 => 6, Tanh => 4, Relu => 3, SoftmaxCe",
    ),
    ("torch_dynamo_detector", "3 => 4, Relu => 1, SigmoidBce"),
    ("torch_dynamo_external", "12 => 16, Relu => 10, Mse"),
    ("torch_dynamo_image", "6 => 4, Relu => 2, Mse"),
    ("torch_dynamo_linears", "3 => 4 => 2 => 1, Mse"),
    ("torch_dynamo_mixed", "3 => 4, Relu => 2, Mse"),
    ("torch_dynamo_plain", "bias = false; 3 => 4, Relu => 2, Mse"),
    ("torch_dynamo_rank1", "3 => 4, Relu => 1, Mse"),
    ("torch_dynamo_rank3", "3 => 4, Relu => 1, SigmoidBce"),
    (
        "torch_dynamo_scaled",
        "3, Standardize => 4, Relu => 1, SigmoidBce",
    ),
    ("torch_dynamo_smooth", SMOOTH),
    (
        "torch_dynamo_unfolded_rank3",
        "3 => 4, Relu => 1, SigmoidBce",
    ),
    ("torch_script_bends", BENDS),
    (
        "torch_script_classes",
        "5 => 6, Tanh => 4, Relu => 3, SoftmaxCe",
    ),
    ("torch_script_detector", "3 => 4, Relu => 1, SigmoidBce"),
    ("torch_script_image", "6 => 4, Relu => 2, Mse"),
    ("torch_script_linears", "3 => 4 => 2 => 1, Mse"),
    ("torch_script_mixed", "3 => 4, Relu => 2, Mse"),
    ("torch_script_plain", "bias = false; 3 => 4, Relu => 2, Mse"),
    ("torch_script_rank1", "3 => 4, Relu => 1, Mse"),
    ("torch_script_rank3", "3 => 4, Relu => 1, SigmoidBce"),
    (
        "torch_script_scaled",
        "3, Standardize => 4, Relu => 1, SigmoidBce",
    ),
    ("torch_script_smooth", SMOOTH),
];

const SCALED_CLASSES: &str = "4, Standardize => 5, Relu => 3, Relu => 3, SoftmaxCe";
const BENDS: &str = "3 => 4, LeakyRelu<1, 5> => 4, HardTanh => 4, LeakyRelu<1, 100> => 2, Mse";
const SMOOTH: &str = "3 => 4, Elu => 4, Softplus => 4, Sigmoid => 2, Tanh, Mse";

/// Largest difference, in parts of the largest output.
pub(crate) const TOLERANCE: f64 = 4e-6;

/// The rows of a model, and what it makes of them.
pub(crate) fn recorded(name: &str) -> (Vec<Vec<f64>>, Vec<Vec<f64>>) {
    let text = std::fs::read_to_string(model("outputs.json")).unwrap();
    let all: Value = serde_json::from_str(&text).unwrap();
    let rows = |key: &str| {
        let rows = all[name][key].as_array().unwrap().iter();
        rows.map(|row| {
            let numbers = row.as_array().unwrap().iter();
            numbers.map(|v| v.as_f64().unwrap()).collect()
        })
        .collect()
    };
    (rows("x"), rows("y"))
}

/// The largest difference from the record, in parts of the largest output.
pub(crate) fn error(name: &str, written: &Written) -> f64 {
    let (rows, outputs) = recorded(name);
    assert!(rows.len() >= 6);
    let (mut off, mut largest) = (0.0_f64, 0.0_f64);
    for (row, output) in rows.iter().zip(&outputs) {
        let computed = evaluate(written, row);
        assert_eq!(computed.len(), output.len(), "{name}");
        for (a, b) in computed.iter().zip(output) {
            off = off.max((a - b).abs());
            largest = largest.max(b.abs());
        }
    }
    off / largest
}

#[test]
fn outputs_are_those_of_onnx_runtime() {
    for (name, list) in NETWORKS {
        let out = folder(&format!("exporters/{name}"));
        let output = import(&model(&format!("{name}.onnx")), &out, &[]);
        assert!(
            printed(&output).contains(&format!("net![{list}]")),
            "{name}"
        );
        let written = read(&out);
        assert_eq!(written.list, list, "{name}");
        let error = error(name, &written);
        println!("{name}: {error:.1e}");
        assert!(error <= TOLERANCE, "{name}: {error:e}");
    }
}

/// The same comparison finds a weight that is off by a little, in every tensor.
#[test]
fn a_wrong_weight_is_found() {
    for name in [
        "torch_dynamo_classes",
        "sklearn_pipeline_div",
        "keras_classes",
    ] {
        let out = folder(&format!("wrong/{name}"));
        printed(&import(&model(&format!("{name}.onnx")), &out, &[]));
        let names: Vec<String> = read(&out).tensors.keys().cloned().collect();
        for tensor in names {
            let mut written = read(&out);
            let values = &mut written.tensors.get_mut(&tensor).unwrap().1;
            values.iter_mut().for_each(|v| *v = *v * 1.0001 + 1e-4);
            let error = error(name, &written);
            assert!(error > TOLERANCE, "{name}, {tensor}: {error:e}");
        }
    }
}

/// All models of the folder stand in a test.
#[test]
fn no_model_is_left_out() {
    for entry in std::fs::read_dir(model("")).unwrap() {
        let file = entry.unwrap().file_name().into_string().unwrap();
        if let Some(name) = file.strip_suffix(".onnx") {
            let compared = NETWORKS.iter().any(|(known, _)| *known == name);
            let refused = REFUSED
                .iter()
                .any(|(known, _)| format!("refused_{known}") == name);
            assert!(compared || refused, "{name}");
        }
    }
}

/// What exporters write that is no such network, and what the message has to name.
const REFUSED: [(&str, [&str; 2]); 9] = [
    (
        "batchnorm",
        [
            "node '/1/BatchNormalization' (BatchNormalization)",
            "fold it",
        ],
    ),
    ("double", ["node 'Cast' (Cast)", "f32"]),
    ("elu2", ["(Elu)", "alpha is 0.5"]),
    ("gelu", ["node 'node_gelu' (Gelu)", "cannot be imported"]),
    (
        "inputs",
        ["several inputs: x, ", "normalization_1/Sqrt/x:0"],
    ),
    (
        "log_softmax",
        ["node 'node_log_softmax' (LogSoftmax)", "Softmax"],
    ),
    (
        "outputs",
        ["node '/fc2/Gemm' (Gemm)", "'hidden', which is an output"],
    ),
    ("relu6", ["(Clip)", "limits are 0 and 6"]),
    (
        "skip",
        [
            "node 'node_linear' (Gemm) and by node 'node_add' (Add)",
            "branches",
        ],
    ),
];

#[test]
fn what_is_no_such_network_is_refused() {
    for (name, words) in REFUSED {
        let out = folder(&format!("exporters_refused/{name}"));
        let file = format!("refused_{name}.onnx");
        let output = import(&model(&file), &out, &[]);
        assert_refused(&output, &out, &[&file, words[0], words[1]]);
    }
}

/// What model.rs says of the outputs of a classifier.
#[test]
fn the_code_tells_what_forward_gives() {
    for (name, words) in [
        (
            "sklearn_binary",
            "the probability of the second class; the model gives `[1 - p, p]`",
        ),
        (
            "sklearn_logistic",
            "the probability of the second class; the model gives `[1 - p, p]`",
        ),
        ("sklearn_labels", "the model also gives each `1 - p`"),
        ("sklearn_classes", "the probability of each class"),
        ("torch_dynamo_detector", "`forward` gives a probability."),
        ("sklearn_regressor", "`forward` gives the model's output."),
        (
            "sklearn_pipeline",
            "standardises the inputs itself: give them raw",
        ),
    ] {
        let out = folder(&format!("code/{name}"));
        printed(&import(&model(&format!("{name}.onnx")), &out, &[]));
        let code = read(&out).code;
        assert!(
            code.starts_with(&format!("//! From {name}.onnx: ")),
            "{code}"
        );
        assert!(code.contains(words), "{name}: {code}");
    }
}

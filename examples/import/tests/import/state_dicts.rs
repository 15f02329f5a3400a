//! `--net`, with files of PyTorch's `state_dict()`.

use crate::exporters::error;
use crate::files::read;
use crate::tool::{assert_refused, folder, import, model, printed};
use safetensors::{Dtype, tensor::TensorView};

/// Within 4e-6 of the largest output.
const TOLERANCE: f64 = 4e-6;

#[test]
fn outputs_are_those_of_pytorch() {
    for (name, list, options) in [
        (
            "state_sequential",
            "3 => 4, Relu => 1, SigmoidBce",
            ["--prefix", "net."],
        ),
        (
            "state_named",
            "3 => 4, Relu => 2, SoftmaxCe",
            ["--modules", "fc1,fc2"],
        ),
    ] {
        let out = folder(&format!("state_dicts/{name}"));
        let options = [&["--net", list], &options[..]].concat();
        let file = model(&format!("{name}.safetensors"));
        assert!(printed(&import(&file, &out, &options)).contains(list));
        let written = read(&out);
        assert_eq!(written.list, list);
        let error = error(name, &written);
        println!("{name}: {error:.1e}");
        assert!(error <= TOLERANCE, "{name}: {error:e}");
        // The same numbers under another activation are another network.
        let wrong = list.replace("Relu", "Tanh");
        let options = [&["--net", &wrong], &options[2..]].concat();
        printed(&import(&file, &out, &options));
        assert!(crate::exporters::error(name, &read(&out)) > TOLERANCE);
    }
}

/// A file with zeros but for one number.
fn file(case: &str, tensors: &[(&str, &[usize], f32)]) -> std::path::PathBuf {
    let bytes = tensors.iter().map(|(name, shape, value)| {
        let mut values = vec![0.5_f32; shape.iter().product()];
        values[0] = *value;
        let bytes: Vec<u8> = values.iter().flat_map(|v| v.to_le_bytes()).collect();
        (*name, *shape, bytes)
    });
    let bytes: Vec<_> = bytes.collect();
    let views = bytes.iter().map(|(name, shape, bytes)| {
        (
            *name,
            TensorView::new(Dtype::F32, shape.to_vec(), bytes).unwrap(),
        )
    });
    let path = folder(&format!("state_dicts/{case}")).join("W.safetensors");
    std::fs::write(&path, safetensors::serialize(views, None).unwrap()).unwrap();
    path
}

#[test]
fn a_standardise_stage_has_tensors_too() {
    let model = file(
        "scaled",
        &[
            ("0.mean", &[2], 1.5),
            ("0.scale", &[2], 4.0),
            ("1.weight", &[3, 2], 0.25),
            ("3.weight", &[1, 3], 0.75),
        ],
    );
    let out = model.with_file_name("out");
    let list = "bias = false; 2, Standardize => 3, LeakyRelu<1, 5> => 1, Mse";
    let text = import(&model, &out, &["--net", list]);
    assert!(printed(&text).contains("parameters: 9, and 4 numbers that do not learn"));
    let written = read(&out);
    assert_eq!(written.list, list);
    assert_eq!(written.tensors["0.scale"], (vec![2], vec![4.0, 0.5]));
    assert_eq!(written.bytes, std::fs::read(&model).unwrap());
}

/// A name, a shape, and the first number.
type Tensor = (&'static str, &'static [usize], f32);

/// The tensors of [`LIST`].
const GOOD: [Tensor; 4] = [
    ("0.weight", &[4, 3], 1.0),
    ("0.bias", &[4], 1.0),
    ("2.weight", &[2, 4], 1.0),
    ("2.bias", &[2], 1.0),
];

const LIST: &str = "3 => 4, Relu => 2, Mse";

/// Imports the tensors with these options behind `--net`, which has to be refused.
fn refuse(case: &str, tensors: &[Tensor], options: &[&str], words: [&str; 2]) {
    let model = file(case, tensors);
    let out = model.with_file_name("out");
    let options = [&["--net"], options].concat();
    let words = ["W.safetensors", words[0], words[1]];
    assert_refused(&import(&model, &out, &options), &out, &words);
}

#[test]
fn tensors_that_do_not_fit() {
    let shapes = ["'0.weight'", "[4, 3], the network has [4, 4]"];
    refuse("shape", &GOOD, &["4 => 4, Relu => 2, Mse"], shapes);
    let changed = |index: usize, tensor: Tensor| {
        let mut tensors = GOOD;
        tensors[index] = tensor;
        tensors
    };
    let flat = changed(1, ("0.bias", &[4, 1], 1.0));
    refuse("flat", &flat, &[LIST], ["'0.bias'", "[4, 1]"]);
    let nan = changed(2, ("2.weight", &[2, 4], f32::NAN));
    refuse("nan", &nan, &[LIST], ["'2.weight'", "NaN"]);
    let zero: [Tensor; 3] = [
        ("0.mean", &[1], 1.0),
        ("0.scale", &[1], 0.0),
        ("1.weight", &[1, 1], 1.0),
    ];
    let list = "bias = false; 1, Standardize => 1, Mse";
    refuse("zero", &zero, &[list], ["'0.scale'", "number 0 is 0"]);
}

#[test]
fn tensors_that_are_missing_or_too_many() {
    for (case, tensors, options, words) in [
        (
            "missing",
            &GOOD[..3],
            vec![LIST],
            ["'2.bias' is missing", "bias = false;"],
        ),
        (
            "prefix",
            &GOOD[..],
            vec![LIST, "--prefix", "n."],
            ["'n.0.weight'", "missing"],
        ),
        (
            "modules",
            &GOOD[..],
            vec![LIST, "--modules", "0"],
            ["1 names", "2 stages"],
        ),
        (
            "no_bias",
            &GOOD[..],
            vec!["bias = false; 3 => 4, Relu => 2, Mse"],
            ["does not have", "0.bias, 2.bias"],
        ),
        (
            "more",
            &[&GOOD[..], &[("3.weight", &[1], 1.0)]].concat(),
            vec![LIST],
            ["does not have", "3.weight"],
        ),
    ] {
        refuse(case, tensors, &options, words);
    }
}

/// An activation has a number in `nn.Sequential`, too.
#[test]
fn tensors_at_another_place() {
    refuse(
        "place",
        &GOOD,
        &["3 => 4 => 2, Mse"],
        ["'1.weight'", "missing"],
    );
}

/// With `--modules`, others may stand in the file.
#[test]
fn modules_of_a_larger_model() {
    let model = file(
        "larger",
        &[
            ("net.fc1.weight", &[2, 3], 1.0),
            ("net.fc1.bias", &[2], 1.0),
            ("net.fc10.weight", &[2, 3], 1.0),
            ("decoder.weight", &[2, 3], 1.0),
        ],
    );
    let out = model.with_file_name("out");
    let options = [
        "--net",
        "3 => 2, Mse",
        "--prefix",
        "net.",
        "--modules",
        "fc1",
    ];
    printed(&import(&model, &out, &options));
    assert_eq!(read(&out).tensors.len(), 2);
}

//! What the tool refuses: exit code 2, nothing on standard output, one line that names what is
//! wrong.

use crate::files::{Tensor, file, golden_weights, notebook, tensor};
use crate::tool::{assert_refused, run, run_on};
use safetensors::Dtype;

const DATA: &str = "x1,x2,x3,y1\n1,2,3,1\n2,3,4,0\n";

/// The tensors of a good file for `linear` and `book`.
fn good() -> Vec<Tensor> {
    golden_weights(&crate::golden::read("notebook.json"))
}

#[test]
fn weights_with_other_names() {
    let mut missing = good();
    missing.remove(1);
    let mut extra = good();
    extra.push(tensor("fc4.weight", &[1, 1], &[0.0]));
    let mut renamed = good();
    renamed[2].name = String::from("fc3.weigth");
    let mut broken = good();
    broken[0].name = String::from("two\nlines");
    for (case, tensors, names) in [
        ("missing", missing, ["missing", "fc2.weight"]),
        ("extra", extra, ["does not have", "fc4.weight"]),
        ("renamed", renamed, ["fc3.weight;", "fc3.weigth"]),
        ("broken_name", broken, ["fc1.weight", "two"]),
    ] {
        let output = run_on(case, "book", &file(&tensors), DATA.as_bytes());
        assert_refused(&output, &["W.safetensors", names[0], names[1]]);
    }
    let output = run_on("biases", "mlp16", &file(&good()), DATA.as_bytes());
    assert_refused(&output, &["W.safetensors", "fc1.bias, fc2.bias, fc3.bias"]);
}

#[test]
fn weights_of_other_shapes_and_dtypes() {
    let mut transposed = good();
    transposed[0].shape.reverse();
    let mut flat = good();
    flat[1].shape = vec![8];
    let mut long = good();
    long[2] = tensor("fc3.weight", &[1, 3], &[0.0; 3]);
    let mut double = good();
    double[1] = Tensor {
        dtype: Dtype::F64,
        bytes: vec![0; 64],
        ..good()[1].clone()
    };
    let mut half = good();
    half[2] = Tensor {
        dtype: Dtype::BF16,
        bytes: vec![0; 4],
        ..good()[2].clone()
    };
    for (case, tensors, names) in [
        ("transposed", transposed, ["fc1.weight", "[3, 4]", "[4, 3]"]),
        ("flat", flat, ["fc2.weight", "[8]", "[2, 4]"]),
        ("long", long, ["fc3.weight", "[1, 3]", "[1, 2]"]),
        ("double", double, ["fc2.weight", "F64", "F32"]),
        ("half", half, ["fc3.weight", "BF16", "F32"]),
    ] {
        let output = run_on(case, "linear", &file(&tensors), DATA.as_bytes());
        assert_refused(&output, &["W.safetensors", names[0], names[1], names[2]]);
    }
}

#[test]
fn files_that_are_no_weights() {
    let (whole, _) = notebook();
    for (case, bytes, name) in [
        ("empty_weights", &b""[..], "empty"),
        (
            "zip",
            b"PK\x03\x04 a pickled model",
            "not a safetensors file",
        ),
        ("cut", &whole[..whole.len() - 4], "not a safetensors file"),
        ("header_only", &whole[..20], "not a safetensors file"),
    ] {
        let output = run_on(case, "book", bytes, DATA.as_bytes());
        assert_refused(&output, &["W.safetensors", name]);
    }
}

#[test]
fn data_with_another_header() {
    for (case, header) in [
        ("other_names", "a,b,c,d"),
        ("capitals", "X1,X2,X3,Y1"),
        ("other_order", "x2,x1,x3,y1"),
        ("too_few", "x1,x2,y1"),
        ("too_many", "x1,x2,x3,x4,y1"),
        ("no_header", "1,2,3,1"),
    ] {
        let data = DATA.replace("x1,x2,x3,y1", header);
        let output = run_on(case, "book", &file(&good()), data.as_bytes());
        assert_refused(&output, &["D.csv", "line 1", header, "x1,x2,x3,y1"]);
    }
}

#[test]
fn data_with_bad_lines() {
    for (case, line, names) in [
        ("word", "1,two,3,1", ["x2", "two"]),
        ("no_value", "1,2,,1", ["x3", "not a number"]),
        ("not_a_number", "nan,2,3,1", ["x1", "nan"]),
        ("infinite", "1,2,-inf,1", ["x3", "-inf"]),
        ("beyond_f32", "1,1e39,3,1", ["x2", "1e39"]),
        ("quote", "1,2,\"3,1", ["line 6", "3 fields"]),
        ("comma", "1,5,2,3,1", ["5 fields", "expected 4"]),
        ("short", "1,2,3", ["3 fields", "expected 4"]),
        ("target_above", "1,2,3,1.5", ["y1", "1.5"]),
        ("target_below", "1,2,3,-0.1", ["y1", "-0.1"]),
        ("target_nan", "1,2,3,NaN", ["y1", "NaN"]),
    ] {
        // Lines count as an editor counts them, blank ones and CR LF included.
        let data = format!("{DATA}\r\n\n{line}\n1,2,3,1\n");
        let output = run_on(case, "linear", &file(&good()), data.as_bytes());
        assert_refused(&output, &["D.csv", "line 6", names[0], names[1]]);
    }
    let output = run_on(
        "bytes",
        "linear",
        &file(&good()),
        b"x1,x2,x3,y1\n1,\xff,3,1\n",
    );
    assert_refused(&output, &["D.csv", "line 2", "UTF-8"]);
}

#[test]
fn data_without_samples() {
    for (case, data, name) in [
        ("empty_data", "", "empty"),
        ("blank", "\n  \n", "empty"),
        ("header_alone", "x1,x2,x3,y1\n", "no line of data"),
        ("header_and_blanks", "x1,x2,x3,y1\n\n \n", "no line of data"),
    ] {
        let output = run_on(case, "book", &file(&good()), data.as_bytes());
        assert_refused(&output, &["D.csv", name]);
    }
}

#[test]
fn options_that_are_wrong() {
    let all = ["--net", "book", "--weights", "W", "--data", "D"];
    let with = |more: &[&'static str]| [&all, more].concat();
    for (args, name) in [
        (vec![], "--net"),
        (all[2..].to_vec(), "--net"),
        (all[..4].to_vec(), "--data"),
        ([&all[..2], &all[4..]].concat(), "--weights"),
        (
            vec!["--net", "lenet", "--weights", "W", "--data", "D"],
            "lenet",
        ),
        (vec!["--net"], "--net"),
        (with(&["--net", "book"]), "--net is given twice"),
        (with(&["--data", "E"]), "--data is given twice"),
        (with(&["--weights=V"]), "--weights is given twice"),
        (with(&["--save=A", "--save=B"]), "--save is given twice"),
        (with(&["--save"]), "--save"),
        (with(&["--verbose"]), "--verbose"),
        (with(&["-x"]), "-x"),
        (with(&["stray"]), "stray"),
    ] {
        assert_refused(&run(&args), &[name]);
    }
}

#[test]
fn files_that_cannot_be_read() {
    let folder = env!("CARGO_TARGET_TMPDIR");
    let absent = "no/such/W.safetensors";
    let output = run(&["--net", "book", "--weights", absent, "--data", absent]);
    assert_refused(&output, &[absent]);
    let output = run(&["--net", "book", "--weights", folder, "--data", absent]);
    assert_refused(&output, &[folder]);

    let (weights, data) = notebook();
    run_on("readable", "book", &weights, data.as_bytes());
    let weights = format!("{folder}/parity/readable/W.safetensors");
    let output = run(&[
        "--net",
        "book",
        "--weights",
        &weights,
        "--data",
        "no/such/D.csv",
    ]);
    assert_refused(&output, &["no/such/D.csv"]);
}

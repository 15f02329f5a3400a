//! Options and folders that are wrong.

use crate::tool::{assert_refused, folder, import, model, run};
use std::path::Path;

#[test]
fn options_that_are_wrong() {
    let (onnx, weights) = (model("keras_plain.onnx"), model("state_named.safetensors"));
    let (onnx, weights) = (onnx.to_str().unwrap(), weights.to_str().unwrap());
    let out = folder("refusals/options").join("out");
    let o = out.to_str().unwrap();
    for (args, word) in [
        (vec![], "no model"),
        (vec![onnx], "--out is missing"),
        (vec![onnx, onnx, "--out", o], "more than one model"),
        (vec![onnx, "--out", o, "--out", o], "--out is given twice"),
        (
            vec![onnx, "--out", o, "--net", "3 => 1, Mse"],
            "an ONNX file has its network",
        ),
        (
            vec![onnx, "--out", o, "--prefix", "a"],
            "an ONNX file has its network",
        ),
        (vec![onnx, "--out", o, "--fast"], "--fast"),
        (vec![weights, "--out", o], "--net is missing"),
        (
            vec![weights, "--out", o, "--net", "3 => 1"],
            "--net: the list ends in no head",
        ),
        (
            vec!["model.pt", "--out", o],
            "neither in .onnx nor in .safetensors",
        ),
        (vec!["no/such.onnx", "--out", o], "no/such.onnx"),
    ] {
        assert_refused(&run(&args), &out, &[word]);
    }
    let help = run(&["--help"]);
    assert_eq!(help.status.code(), Some(0));
    assert!(
        String::from_utf8(help.stdout)
            .unwrap()
            .contains("--modules")
    );
}

/// A folder that cannot be made, or a file that cannot be replaced: nothing is written.
#[test]
fn folders_that_cannot_be_written() {
    let folder = folder("refusals/folders");
    let file = folder.join("file");
    std::fs::write(&file, "").unwrap();
    let model = model("keras_plain.onnx");
    let below = file.join("out");
    assert_refused(&import(&model, &below, &[]), &below, &["file/out"]);
    for name in ["model.rs", "model.safetensors"] {
        let out = folder.join(format!("{name}.out"));
        std::fs::create_dir_all(out.join(name)).unwrap();
        let output = import(&model, &out, &[]);
        assert_refused(&output, Path::new("no/such"), &[name]);
        assert_eq!(std::fs::read_dir(&out).unwrap().count(), 1);
    }
}

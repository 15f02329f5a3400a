//! Files that are cut off or changed: a line and exit code 2, or the network, never a panic.

use crate::graphs::two_layers;
use crate::tool::{folder, import, model};
use std::path::Path;
use std::process::Output;

/// Runs the tool on bytes. Both ends of a run are checked.
fn run(folder: &Path, name: &str, bytes: &[u8], options: &[&str]) -> Output {
    let path = folder.join(name);
    std::fs::write(&path, bytes).unwrap();
    let out = folder.join("out");
    let output = import(&path, &out, options);
    let error = str::from_utf8(&output.stderr).unwrap();
    match output.status.code() {
        Some(0) => assert_eq!(error, ""),
        code => {
            assert_eq!(code, Some(2), "{error}");
            assert_eq!(error.lines().count(), 1, "{error}");
            assert!(output.stdout.is_empty() && !out.exists(), "{error}");
        }
    }
    if out.exists() {
        std::fs::remove_dir_all(&out).unwrap();
    }
    output
}

/// A cut model is refused, or it lost nothing that counts.
#[test]
fn models_that_are_cut_off() {
    for name in [
        "sklearn_pipeline.onnx",
        "torch_script_smooth.onnx",
        "keras_scaled.onnx",
    ] {
        let folder = folder(&format!("hostile/cut_{name}"));
        let whole = std::fs::read(model(name)).unwrap();
        let expected = run(&folder, "m.onnx", &whole, &[]);
        assert_eq!(expected.status.code(), Some(0));
        let mut refused = 0;
        for length in (0..whole.len()).step_by(16) {
            let output = run(&folder, "m.onnx", &whole[..length], &[]);
            match output.status.code() {
                Some(0) => assert_eq!(output.stdout, expected.stdout, "{name}: {length}"),
                _ => refused += 1,
            }
        }
        assert!(
            refused * 16 + 128 >= whole.len(),
            "{name}: {refused} refused"
        );
    }
}

#[test]
fn weights_that_are_cut_off() {
    let folder = folder("hostile/cut_weights");
    let whole = std::fs::read(model("state_sequential.safetensors")).unwrap();
    let options = ["--net", "3 => 4, Relu => 1, SigmoidBce", "--prefix", "net."];
    let output = run(&folder, "m.safetensors", &whole, &options);
    assert_eq!(output.status.code(), Some(0));
    for length in (0..whole.len()).step_by(16) {
        let output = run(&folder, "m.safetensors", &whole[..length], &options);
        assert_eq!(output.status.code(), Some(2), "{length}");
    }
    let mut huge = whole.clone();
    huge[..8].copy_from_slice(&u64::MAX.to_le_bytes());
    let output = run(&folder, "m.safetensors", &huge, &options);
    assert_eq!(output.status.code(), Some(2));
}

/// Every byte is changed in a few ways. Lengths become huge, names and operators unknown.
#[test]
fn bytes_that_are_changed() {
    let folder = folder("hostile/changed");
    let whole = two_layers().bytes();
    for at in 0..whole.len() {
        let mut bytes = whole.clone();
        bytes[at] = [0xff, 0x80, 0x00, bytes[at] ^ 0x08][at % 4];
        run(&folder, "m.onnx", &bytes, &[]);
    }
}

/// Lengths of 2^63 and beyond, at each place where a field could begin.
#[test]
fn lengths_that_are_huge() {
    let folder = folder("hostile/huge");
    let whole = two_layers().bytes();
    let huge = [0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01];
    for at in (0..whole.len()).step_by(3) {
        let bytes = [&whole[..at], &huge[..], &whole[at..]].concat();
        run(&folder, "m.onnx", &bytes, &[]);
    }
}

#[test]
fn files_that_are_no_models() {
    let folder = folder("hostile/other");
    for bytes in [&b""[..], b"PK\x03\x04 a pickled model", b"{}", &[0xff; 64]] {
        let output = run(&folder, "m.onnx", bytes, &[]);
        assert_eq!(output.status.code(), Some(2), "{bytes:?}");
    }
}

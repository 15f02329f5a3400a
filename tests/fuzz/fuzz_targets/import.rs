//! Any bytes as an ONNX model: the importer refuses it in a line or makes a network of it whose
//! weights are finite and whose code names it, and nothing panics.

#![no_main]
#![allow(
    dead_code,
    reason = "the parts of a program, of which a target uses some"
)]

#[path = "../../../examples/import/src/code.rs"]
mod code;
#[path = "../../../examples/import/src/counts.rs"]
mod counts;
#[path = "../../../examples/import/src/list.rs"]
mod list;
#[path = "../../../examples/import/src/mlp.rs"]
mod mlp;
#[path = "../../../examples/import/src/onnx/mod.rs"]
mod onnx;
#[path = "../../../examples/import/src/options.rs"]
mod options;
#[path = "../../../examples/import/src/slope.rs"]
mod slope;
#[path = "../../../examples/import/src/state_dict.rs"]
mod state_dict;

use libfuzzer_sys::fuzz_target;
use std::path::Path;

fuzz_target!(|bytes: &[u8]| {
    match onnx::parse(bytes, Path::new("no such folder")) {
        Ok(mlp) => {
            assert!(code::source(&mlp, "model.onnx").contains("pub type Model = net!["));
            assert!(!counts::table(&mlp).is_empty());
        }
        Err(reason) => assert!(!reason.is_empty()),
    }
});

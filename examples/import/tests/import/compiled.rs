//! The written files as a program: `MODEL.forward` against what the exporter's runtime computes.

use crate::exporters::{NETWORKS, TOLERANCE, recorded};
use crate::tool::{folder, import, model, printed};
use std::path::Path;
use std::process::Command;

/// All models in one program that prints the largest difference of each.
#[test]
fn forward_gives_the_outputs_of_onnx_runtime() {
    let program = folder("program");
    let mut main = String::new();
    for (name, _) in NETWORKS {
        let out = program.join("src").join(name);
        printed(&import(&model(&format!("{name}.onnx")), &out, &[]));
        main += &format!("#[path = {:?}]\nmod {name};\n", format!("{name}/model.rs"));
    }
    main += "fn main() {\n";
    for (name, _) in NETWORKS {
        main += &comparison(name);
    }
    main += "}\n";
    let library = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let manifest = format!(
        "[package]\nname = \"program\"\nedition = \"2024\"\n[workspace]\n\
         [dependencies]\nstackprop = {{ path = {library:?} }}\n[lints.rust]\nwarnings = \"deny\"\n"
    );
    std::fs::write(program.join("Cargo.toml"), manifest).unwrap();
    std::fs::write(program.join("src/main.rs"), main).unwrap();

    let mut errors = 0;
    for line in run(&program).lines() {
        println!("{line}");
        let (name, error) = line.split_once(": ").unwrap();
        let error: f64 = error.parse().unwrap();
        assert!(error <= TOLERANCE, "{name}: {error:e}");
        errors += 1;
    }
    assert_eq!(errors, NETWORKS.len());
}

/// Statements that print the largest difference of a model, in parts of the largest output.
fn comparison(name: &str) -> String {
    let (rows, outputs) = recorded(name);
    format!(
        "    let (mut off, mut largest) = (0f64, 0f64);\n\
         \x20   for (x, y) in {rows:?}.iter().zip({outputs:?}) {{\n\
         \x20       let outputs = {name}::MODEL.forward(&x.map(|x: f64| x as f32));\n\
         \x20       for (a, b) in outputs.iter().zip(y) {{\n\
         \x20           off = off.max((f64::from(*a) - b).abs());\n\
         \x20           largest = largest.max(f64::abs(b));\n\
         \x20       }}\n\
         \x20   }}\n\
         \x20   println!(\"{name}: {{:e}}\", off / largest);\n"
    )
}

fn run(program: &Path) -> String {
    let mut cargo = Command::new(env!("CARGO"));
    cargo.args(["run", "--quiet", "--manifest-path"]);
    cargo.arg(program.join("Cargo.toml"));
    cargo.arg("--target-dir").arg(program.join("target"));
    let output = cargo.output().unwrap();
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{errors}");
    String::from_utf8(output.stdout).unwrap()
}

//! `--save`: the weights come back bit for bit, and no file is left half.

use crate::files::{csv, file, golden_weights, notebook};
use crate::golden::read;
use crate::tool::{assert_refused, json, run_with};
use safetensors::{Dtype, SafeTensors};
use std::path::{Path, PathBuf};

/// A place for a file that is not there yet.
fn place(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("parity_saved");
    let folder = folder.join(name);
    if folder.exists() {
        std::fs::remove_dir_all(&folder).unwrap();
    }
    std::fs::create_dir_all(&folder).unwrap();
    folder.join("S.safetensors")
}

fn save(path: &Path, more: &str) -> String {
    format!("--save {} {more}", path.display())
}

/// The files beside `path` and itself.
fn files_at(path: &Path) -> usize {
    std::fs::read_dir(path.parent().unwrap()).unwrap().count()
}

/// Without training the file holds what was read: the same bytes, if their writer was the same.
#[test]
fn loaded_weights_come_back() {
    let (weights, data) = notebook();
    for net in ["book", "linear"] {
        let path = place(net);
        let case = format!("save_{net}");
        json(&run_with(
            &case,
            net,
            &weights,
            data.as_bytes(),
            &save(&path, ""),
        ));
        assert_eq!(std::fs::read(&path).unwrap(), weights);
        assert_eq!(files_at(&path), 1);
    }
    let golden = read("net16.json");
    let names: Vec<String> = (1..=16).map(|i| format!("x{i}")).collect();
    let header = format!("{},y1,y2,y3,y4", names.join(","));
    let data = csv(&header, &golden["X"], &golden["Y"]);
    let (weights, path) = (file(&golden_weights(&golden)), place("mlp16"));
    json(&run_with(
        "save_mlp16",
        "mlp16",
        &weights,
        data.as_bytes(),
        &save(&path, ""),
    ));
    assert_eq!(std::fs::read(&path).unwrap(), weights);
}

/// The file has the printed weights, bit for bit, and the tool reads it.
#[test]
fn trained_weights_are_saved() {
    let (weights, data) = notebook();
    let path = place("trained");
    let options = save(&path, "--optimizer adam --lr 0.01 --steps 20");
    let trained = json(&run_with(
        "save_adam",
        "book",
        &weights,
        data.as_bytes(),
        &options,
    ));
    let saved = std::fs::read(&path).unwrap();
    let tensors = SafeTensors::deserialize(&saved).unwrap();
    assert_eq!(tensors.len(), 3);
    for (name, view) in tensors.tensors() {
        assert_eq!(view.dtype(), Dtype::F32);
        let rows = trained["weights"][&name].as_array().unwrap();
        assert_eq!(
            view.shape(),
            [rows.len(), rows[0].as_array().unwrap().len()]
        );
        let decimals = rows.iter().flat_map(|row| row.as_array().unwrap());
        let bits = decimals.map(|v| v.to_string().parse::<f32>().unwrap().to_bits());
        let (bytes, _) = view.data().as_chunks::<4>();
        let found: Vec<u32> = bytes.iter().map(|b| u32::from_le_bytes(*b)).collect();
        assert_eq!(found, bits.collect::<Vec<_>>(), "{name}");
    }
    assert_ne!(saved, weights);
    // Read back, they are the start of the next run.
    let again = json(&run_with(
        "save_again",
        "book",
        &saved,
        data.as_bytes(),
        "--optimizer sgd --lr 0",
    ));
    assert_eq!(again["weights"], trained["weights"]);
}

/// 20 steps and 20 more on the saved weights are 40 steps, for an optimiser without a state.
#[test]
fn training_goes_on_from_a_file() {
    let (weights, data) = notebook();
    let path = place("halves");
    let half = "--optimizer sgd --lr 0.1 --steps 20";
    let run = |case, weights: &[u8], options: &str| {
        json(&run_with(case, "linear", weights, data.as_bytes(), options))
    };
    run("half_1", &weights, &save(&path, half));
    let saved = std::fs::read(&path).unwrap();
    let in_two = run("half_2", &saved, half);
    let at_once = run("whole", &weights, "--optimizer sgd --lr 0.1 --steps 40");
    assert_eq!(in_two["weights"], at_once["weights"]);
}

#[test]
fn a_file_there_is_replaced() {
    let (weights, data) = notebook();
    let path = place("replaced");
    std::fs::write(&path, vec![7; 10_000]).unwrap();
    json(&run_with(
        "save_over",
        "book",
        &weights,
        data.as_bytes(),
        &save(&path, ""),
    ));
    assert_eq!(std::fs::read(&path).unwrap(), weights);
    assert_eq!(files_at(&path), 1);
}

/// A run that is refused changes no file, and leaves none.
#[test]
fn nothing_is_saved_after_a_refusal() {
    let (weights, data) = notebook();
    let path = place("refused");
    std::fs::write(&path, "old").unwrap();
    let diverges = save(&path, "--optimizer sgd --lr 3e38 --steps 9");
    let output = run_with(
        "save_diverged",
        "linear",
        &weights,
        data.as_bytes(),
        &diverges,
    );
    assert_refused(&output, &["step", "finite"]);
    let output = run_with("save_no_data", "linear", &weights, b"", &save(&path, ""));
    assert_refused(&output, &["D.csv"]);
    assert_eq!(std::fs::read(&path).unwrap(), b"old");
    assert_eq!(files_at(&path), 1);

    let folder = place("no_folder").with_file_name("absent");
    let absent = folder.join("S.safetensors");
    let output = run_with(
        "save_absent",
        "book",
        &weights,
        data.as_bytes(),
        &save(&absent, ""),
    );
    assert_refused(&output, &["absent/S.safetensors"]);
    let folder = path.parent().unwrap();
    let output = run_with(
        "save_folder",
        "book",
        &weights,
        data.as_bytes(),
        &save(folder, ""),
    );
    assert_refused(&output, &["parity_saved/refused", "not a file"]);
    assert_eq!(files_at(&path), 1);
}

/// What is there and is no file, such as a device, stays.
#[cfg(unix)]
#[test]
fn a_socket_is_not_replaced() {
    use std::os::unix::fs::FileTypeExt;
    let (weights, data) = notebook();
    let path = std::env::temp_dir().join(format!("stackprop_{}", std::process::id()));
    let listener = std::os::unix::net::UnixListener::bind(&path).unwrap();
    let output = run_with(
        "save_socket",
        "book",
        &weights,
        data.as_bytes(),
        &save(&path, ""),
    );
    let kind = std::fs::symlink_metadata(&path).unwrap().file_type();
    std::fs::remove_file(&path).unwrap();
    drop(listener);
    assert_refused(&output, &["stackprop_", "not a file"]);
    assert!(kind.is_socket());
}

//! What the tool wrote.

use safetensors::{Dtype, SafeTensors};
use std::collections::BTreeMap;
use std::path::Path;

/// The two files of a folder.
pub(crate) struct Written {
    /// The network, as it stands in `net![...]` of model.rs.
    pub(crate) list: String,
    /// The whole of model.rs.
    pub(crate) code: String,
    /// Shape and numbers of each tensor.
    pub(crate) tensors: BTreeMap<String, (Vec<usize>, Vec<f32>)>,
    /// The whole of model.safetensors.
    pub(crate) bytes: Vec<u8>,
}

/// Reads both files; there are no others.
pub(crate) fn read(folder: &Path) -> Written {
    let mut names: Vec<String> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    assert_eq!(names, ["model.rs", "model.safetensors"]);
    let code = std::fs::read_to_string(folder.join("model.rs")).unwrap();
    let (_, list) = code.split_once("net![").unwrap();
    let (list, _) = list.split_once(']').unwrap();
    let bytes = std::fs::read(folder.join("model.safetensors")).unwrap();
    let file = SafeTensors::deserialize(&bytes).unwrap();
    let tensors = file.tensors().into_iter().map(|(name, view)| {
        assert_eq!(view.dtype(), Dtype::F32);
        let (values, rest) = view.data().as_chunks::<4>();
        assert!(rest.is_empty());
        let values = values.iter().map(|v| f32::from_le_bytes(*v)).collect();
        (name, (view.shape().to_vec(), values))
    });
    Written {
        list: list.split_whitespace().collect::<Vec<_>>().join(" "),
        tensors: tensors.collect(),
        code,
        bytes,
    }
}

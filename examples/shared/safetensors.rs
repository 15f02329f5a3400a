//! Writes weights as a safetensors file, which `safetensors.torch.load_file` reads.

use safetensors::{Dtype, tensor::TensorView};
use std::ffi::OsString;
use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

/// The bytes of a file with these tensors: a name as PyTorch gives it (`0.weight`), a shape, and
/// the numbers, row by row. The same tensors give the same bytes.
pub(crate) fn to_bytes<'a>(
    tensors: impl IntoIterator<Item = (String, &'a [usize], &'a [f32])>,
) -> Result<Vec<u8>, String> {
    let little_endian = |values: &[f32]| values.iter().flat_map(|v| v.to_le_bytes()).collect();
    let tensors: Vec<(String, &[usize], Vec<u8>)> = tensors
        .into_iter()
        .map(|(name, shape, values)| (name, shape, little_endian(values)))
        .collect();
    let mut views = Vec::new();
    for (name, shape, bytes) in &tensors {
        let view = TensorView::new(Dtype::F32, shape.to_vec(), bytes)
            .map_err(|error| format!("tensor {name}: {error}"))?;
        views.push((name, view));
    }
    safetensors::serialize(views, None).map_err(|error| error.to_string())
}

/// A file that is whole or not there. It is written under another name beside its own, and
/// [`finish`](Self::finish) renames it. If it is dropped before, nothing is left of it.
pub(crate) struct WholeFile {
    path: PathBuf,
    part: PathBuf,
}

impl WholeFile {
    /// Writes all bytes to the disk, not yet under the name of the file.
    pub(crate) fn write(path: &Path, bytes: &[u8]) -> io::Result<Self> {
        let name = path.file_name().ok_or(io::ErrorKind::InvalidFilename)?;
        // A device must not be replaced by a file, and a folder cannot be.
        if path.exists() && !path.is_file() {
            return Err(io::Error::other("it is there and is not a file"));
        }
        let mut part = OsString::from(".");
        part.push(name);
        part.push(format!(".{}.part", std::process::id()));
        let part = path.with_file_name(part);
        let mut file = File::create_new(&part)?;
        // From here on the file is removed if anything fails.
        let whole = Self {
            path: path.to_path_buf(),
            part,
        };
        file.write_all(bytes)?;
        file.sync_all()?;
        Ok(whole)
    }

    /// Gives the file its name. What had the name before is replaced.
    pub(crate) fn finish(self) -> io::Result<()> {
        fs::rename(&self.part, &self.path)
    }
}

impl Drop for WholeFile {
    /// After `finish` there is nothing to remove.
    fn drop(&mut self) {
        let _ = fs::remove_file(&self.part);
    }
}

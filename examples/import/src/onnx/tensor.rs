//! The numbers of a tensor, in whichever of the ways ONNX has for them.

use rten_onnx::onnx::{DataLocation, DataType, TensorProto};
use std::fs::File;
use std::io::{Read, Seek, SeekFrom};
use std::path::{Component, Path};

/// A tensor that does not depend on the inputs.
#[derive(Clone, Debug)]
pub(crate) struct Constant {
    /// Its name, for messages.
    pub(crate) name: String,
    /// Its shape.
    pub(crate) dims: Vec<usize>,
    /// Its numbers, row by row.
    pub(crate) values: Values,
}

/// Numbers of one of the two types that the importer reads.
#[derive(Clone, Debug)]
pub(crate) enum Values {
    /// FLOAT.
    Floats(Vec<f32>),
    /// INT64.
    Integers(Vec<i64>),
}

impl Constant {
    /// Its numbers as floats, of any value.
    pub(crate) fn floats(self) -> Result<Vec<f32>, String> {
        match self.values {
            Values::Floats(values) => Ok(values),
            Values::Integers(_) => Err(format!("tensor '{}' is INT64, expected FLOAT", self.name)),
        }
    }

    /// Its numbers as integers.
    pub(crate) fn integers(self) -> Result<Vec<i64>, String> {
        match self.values {
            Values::Integers(values) => Ok(values),
            Values::Floats(_) => Err(format!("tensor '{}' is FLOAT, expected INT64", self.name)),
        }
    }
}

/// Reads a tensor. `folder` has the files with external data.
pub(crate) fn read(tensor: &TensorProto, name: &str, folder: &Path) -> Result<Constant, String> {
    let of_tensor = |reason: String| format!("tensor '{name}' {reason}");
    let dims = dims(&tensor.dims).map_err(of_tensor)?;
    let count = dims
        .iter()
        .try_fold(1_usize, |product, dim| product.checked_mul(*dim))
        .ok_or_else(|| of_tensor(format!("is of shape {dims:?}, which is too large")))?;
    if count == 0 {
        return Err(of_tensor(format!("is of shape {dims:?}, which is empty")));
    }
    let values = values(tensor, count, folder).map_err(of_tensor)?;
    let found = match &values {
        Values::Floats(values) => values.len(),
        Values::Integers(values) => values.len(),
    };
    if found != count {
        return Err(of_tensor(format!(
            "is of shape {dims:?} but has {found} numbers"
        )));
    }
    let name = String::from(name);
    Ok(Constant { name, dims, values })
}

fn dims(dims: &[i64]) -> Result<Vec<usize>, String> {
    let size = |dim: &i64| usize::try_from(*dim).map_err(|_| format!("is of shape {dims:?}"));
    dims.iter().map(size).collect()
}

fn values(tensor: &TensorProto, count: usize, folder: &Path) -> Result<Values, String> {
    let data_type = tensor.data_type.unwrap_or(DataType(0));
    if data_type != DataType::FLOAT && data_type != DataType::INT64 {
        return Err(format!("is {data_type}, expected FLOAT"));
    }
    let size = if data_type == DataType::FLOAT { 4 } else { 8 };
    let outside = match tensor.data_location {
        Some(DataLocation::EXTERNAL) => Some(external(tensor, count, size, folder)?),
        _ => None,
    };
    let inside = tensor.raw_data.as_ref().map(|data| data.borrow());
    let raw: Option<&[u8]> = outside.as_deref().or(inside.as_deref().map(Vec::as_slice));
    Ok(match raw {
        Some(bytes) if !bytes.len().is_multiple_of(size) => {
            return Err(format!("has {} bytes of {size} each", bytes.len()));
        }
        Some(bytes) if size == 4 => {
            let (numbers, _) = bytes.as_chunks::<4>();
            Values::Floats(numbers.iter().map(|b| f32::from_le_bytes(*b)).collect())
        }
        Some(bytes) => {
            let (numbers, _) = bytes.as_chunks::<8>();
            Values::Integers(numbers.iter().map(|b| i64::from_le_bytes(*b)).collect())
        }
        None if size == 4 => Values::Floats(tensor.float_data.clone()),
        None => Values::Integers(tensor.int64_data.clone()),
    })
}

/// The bytes of a tensor in another file.
fn external(
    tensor: &TensorProto,
    count: usize,
    size: usize,
    folder: &Path,
) -> Result<Vec<u8>, String> {
    let entry = |key| {
        let mut entries = tensor.external_data.iter();
        entries
            .find(|e| e.key.as_deref() == Some(key))
            .and_then(|e| e.value.as_deref())
    };
    let location = entry("location").ok_or("lies in another file that has no name")?;
    let mut parts = Path::new(location).components();
    if location.is_empty() || !parts.all(|part| matches!(part, Component::Normal(_))) {
        return Err(format!(
            "lies in \"{location}\", which is not below the model"
        ));
    }
    let number = |key| match entry(key) {
        Some(text) => text
            .parse::<u64>()
            .map(Some)
            .map_err(|_| format!("has the {key} \"{text}\"")),
        None => Ok(None),
    };
    let offset = number("offset")?.unwrap_or(0);
    let expected = count.checked_mul(size).ok_or("is too large")?;
    if number("length")?.is_some_and(|length| length != expected as u64) {
        return Err(format!("needs {expected} bytes, its length is another"));
    }
    let path = folder.join(location);
    part_of(&path, offset, expected).map_err(|reason| format!("in {}: {reason}", path.display()))
}

/// Reads so many bytes of a file, which has to be long enough.
fn part_of(path: &Path, offset: u64, length: usize) -> Result<Vec<u8>, String> {
    let text = |error: std::io::Error| error.to_string();
    let mut file = File::open(path).map_err(text)?;
    let available = file.metadata().map_err(text)?.len();
    let end = offset.checked_add(length as u64);
    if end.is_none_or(|end| end > available) {
        return Err(format!(
            "the file has {available} bytes, not {length} from byte {offset} on"
        ));
    }
    file.seek(SeekFrom::Start(offset)).map_err(text)?;
    let mut bytes = vec![0; length];
    file.read_exact(&mut bytes).map_err(text)?;
    Ok(bytes)
}

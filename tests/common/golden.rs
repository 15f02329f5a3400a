//! PyTorch's results, from the JSON files in tests/data.

use serde_json::Value;

pub fn read(file: &str) -> Value {
    let path = format!("{}/tests/data/{file}", env!("CARGO_MANIFEST_DIR"));
    serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap()
}

/// All numbers of a nested list, in order; infinities and NaN are strings there.
pub fn numbers(value: &Value) -> Vec<f64> {
    match value {
        Value::Array(list) => list.iter().flat_map(numbers).collect(),
        Value::String(name) => vec![name.parse().unwrap()],
        number => vec![number.as_f64().unwrap()],
    }
}

/// Rows of a nested list as f32.
#[allow(clippy::cast_possible_truncation, reason = "they are numbers of f32")]
pub fn rows<const N: usize>(value: &Value) -> Vec<[f32; N]> {
    let narrow = |row: &Value| numbers(row).iter().map(|v| *v as f32).collect::<Vec<_>>();
    value
        .as_array()
        .unwrap()
        .iter()
        .map(|row| narrow(row).try_into().unwrap())
        .collect()
}

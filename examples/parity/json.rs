//! The JSON that the tool prints.

use serde::{Serialize, Serializer};

pub(crate) enum Json {
    /// The shortest decimals that read back as the same `f32`. A string if it is not finite, for
    /// JSON has no number for that.
    Number(f32),
    List(Vec<Json>),
    Object(Vec<(String, Json)>),
}

impl Json {
    /// A list of lists.
    pub(crate) fn rows<const N: usize>(rows: &[[f32; N]]) -> Self {
        Self::nested(rows.as_flattened(), &[rows.len(), N])
    }

    /// Lists in lists, as PyTorch prints a tensor of this shape.
    pub(crate) fn nested(values: &[f32], shape: &[usize]) -> Self {
        match shape {
            [] | [_] => Self::List(values.iter().copied().map(Self::Number).collect()),
            [_, inner @ ..] => {
                let size = inner.iter().product();
                let parts = values.chunks(size).map(|part| Self::nested(part, inner));
                Self::List(parts.collect())
            }
        }
    }
}

impl Serialize for Json {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Number(value) if value.is_nan() => serializer.serialize_str("nan"),
            Self::Number(value) if value.is_infinite() => serializer.collect_str(value),
            Self::Number(value) => serializer.serialize_f32(*value),
            Self::List(items) => serializer.collect_seq(items),
            Self::Object(entries) => {
                serializer.collect_map(entries.iter().map(|(name, value)| (name, value)))
            }
        }
    }
}

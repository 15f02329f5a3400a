//! The little of JSON that the tool prints.

use core::fmt::{Display, Formatter, Result};

pub(crate) enum Json {
    Number(f32),
    List(Vec<Json>),
    /// Names without characters that JSON escapes.
    Object(Vec<(String, Json)>),
}

impl Json {
    /// A list of lists.
    pub(crate) fn rows<const N: usize>(rows: &[[f32; N]]) -> Self {
        Self::nested(rows.as_flattened(), &[rows.len(), N])
    }

    /// Lists nested as a tensor of this shape is.
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

impl Display for Json {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        match self {
            Self::Number(value) => number(*value, f),
            Self::List(items) => separated(f, '[', items, ']', |item, f| write!(f, "{item}")),
            Self::Object(entries) => separated(f, '{', entries, '}', |(name, value), f| {
                write!(f, "\"{name}\":{value}")
            }),
        }
    }
}

/// The shortest decimals that read back as the same `f32`. JSON has no numbers that are not finite.
fn number(value: f32, f: &mut Formatter<'_>) -> Result {
    if value.is_nan() {
        write!(f, "\"nan\"")
    } else if value.is_infinite() {
        write!(f, "\"{value}\"")
    } else {
        write!(f, "{value:?}")
    }
}

fn separated<T>(
    f: &mut Formatter<'_>,
    open: char,
    items: &[T],
    close: char,
    write_item: impl Fn(&T, &mut Formatter<'_>) -> Result,
) -> Result {
    write!(f, "{open}")?;
    for (k, item) in items.iter().enumerate() {
        if k > 0 {
            write!(f, ",")?;
        }
        write_item(item, f)?;
    }
    write!(f, "{close}")
}

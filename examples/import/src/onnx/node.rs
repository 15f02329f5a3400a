//! Attributes of a node, and its name in messages.

use rten_onnx::onnx::{AttributeProto, NodeProto};
use std::fmt::Display;

/// A node, by its operator.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Node<'a>(pub(crate) &'a NodeProto);

impl<'a> Node<'a> {
    /// The operator, with its domain if it is not ONNX's own.
    pub(crate) fn op(self) -> String {
        let op = self.0.op_type.as_deref().unwrap_or_default();
        match self.0.domain.as_deref() {
            None | Some("" | "ai.onnx") => String::from(op),
            Some(domain) => format!("{domain}.{op}"),
        }
    }

    /// How messages call it.
    pub(crate) fn label(self) -> String {
        let op = self.op();
        match self.0.name.as_deref() {
            Some(name) if !name.is_empty() => format!("node '{name}' ({op})"),
            _ => {
                let output = self.0.output.first().map_or("", String::as_str);
                format!("node of '{output}' ({op})")
            }
        }
    }

    /// A message about this node.
    pub(crate) fn error(self, reason: impl Display) -> String {
        format!("{}: {reason}", self.label())
    }

    /// The name of an input. `None` if it is left out.
    pub(crate) fn input(self, index: usize) -> Option<&'a str> {
        let name = self.0.input.get(index).map(String::as_str);
        name.filter(|name| !name.is_empty())
    }

    /// The name of an output.
    pub(crate) fn output(self, index: usize) -> Result<&'a str, String> {
        let name = self.0.output.get(index).map(String::as_str);
        name.ok_or_else(|| self.error("an output is missing"))
    }

    /// An attribute of this name.
    pub(crate) fn attribute(self, name: &str) -> Option<&'a AttributeProto> {
        let mut attributes = self.0.attribute.iter();
        attributes.find(|a| a.name.as_deref() == Some(name))
    }

    /// An integer, if it is given. Some writers leave a 0 out.
    pub(crate) fn integer(self, name: &str) -> Option<i64> {
        self.attribute(name).map(|a| a.i.unwrap_or(0))
    }

    /// A number, or its default.
    pub(crate) fn float(self, name: &str, default: f32) -> f32 {
        self.attribute(name).map_or(default, |a| a.f.unwrap_or(0.0))
    }

    /// A text, or nothing.
    pub(crate) fn text(self, name: &str) -> &'a str {
        self.attribute(name)
            .and_then(|a| a.s.as_deref())
            .unwrap_or_default()
    }

    /// Numbers, or none.
    pub(crate) fn floats(self, name: &str) -> &'a [f32] {
        self.attribute(name).map_or(&[], |a| &a.floats)
    }

    /// Refuses an attribute that is not the number it has to be.
    pub(crate) fn require(self, name: &str, expected: f32) -> Result<(), String> {
        let found = match self.attribute(name) {
            Some(AttributeProto { i: Some(i), .. }) => *i as f32,
            Some(AttributeProto { f, .. }) => f.unwrap_or(0.0),
            None => return Ok(()),
        };
        match found == expected {
            true => Ok(()),
            false => Err(self.error(format!(
                "{name} is {found}, only {expected} can be imported"
            ))),
        }
    }
}

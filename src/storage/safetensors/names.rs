//! What the tensors of a network are called in a file.

use super::error::Name;
use super::header::Entry;
use super::order;
use crate::model::architecture::Architecture;

/// How the layers of a network find their tensors in a file.
///
/// ```
/// use stackprop::safetensors::Names;
///
/// // class Net(nn.Module): self.hidden = nn.Linear(3, 4); self.out = nn.Linear(4, 1)
/// const BY_NAME: Names = Names::Listed(&["hidden", "out"]);
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Names<'a> {
    /// As `nn.Sequential` does: `0.weight`, `0.bias`, `2.weight`. Activations count.
    #[default]
    Sequential,
    /// These modules, one for each layer with tensors, in the order of the network: with `fc1` and
    /// `fc2`, `fc1.weight`, `fc1.bias`, `fc2.weight`.
    Listed(&'a [&'a str]),
    /// The modules of the file, sorted by name, numbers within a name by their value: `fc2` before
    /// `fc10`. Two layers of the same shape come in the wrong order, without an error, if their
    /// names do not sort in the order of the network.
    Sorted,
}

/// Where in a network a layer stands.
#[derive(Clone, Copy)]
pub(super) struct Position {
    /// How many layers stand before it.
    pub(super) layer: usize,
    /// How many layers with tensors.
    pub(super) module: usize,
}

impl Position {
    pub(super) const START: Self = Self {
        layer: 0,
        module: 0,
    };

    /// Where the layer behind `part` stands.
    pub(super) const fn after(self, part: &Architecture) -> Self {
        Self {
            layer: self.layer + part.layers(),
            module: self.module + part.modules(),
        }
    }
}

impl Names<'_> {
    /// The name of a tensor. As an error, what there is of it: if no module has it, or if it is
    /// longer than a [`Name`] can be.
    pub(super) const fn of(
        &self,
        header: &[u8],
        prefix: &str,
        at: Position,
        field: &str,
    ) -> Result<Name, Name> {
        let start = Name::new().push(prefix);
        let name = match self {
            Self::Sequential => start.push_number(at.layer),
            Self::Listed(list) if at.module < list.len() => start.push(list[at.module]),
            Self::Listed(_) => return Err(start.push("?")),
            Self::Sorted => match order::nth(header, prefix, at.module) {
                Some(module) => module.push_to(Name::new()),
                None => return Err(start.push("?")),
            },
        };
        let name = name.push(".").push(field);
        if name.is_cut() { Err(name) } else { Ok(name) }
    }
}

/// Whether the tensor belongs to those that are looked at.
pub(super) const fn begins_with(entry: &Entry<'_>, prefix: &str) -> bool {
    entry.chars().after(prefix).is_some()
}

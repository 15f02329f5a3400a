//! What the tensors of a network are called in a file.

use super::chars::Chars;
use super::error::Name;
use super::file::SafeTensors;
use super::order::next_module;
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
    /// `fc2`, `fc1.weight`, `fc1.bias`, `fc2.weight`. The tensors of a layer that was saved by
    /// itself have no module: `""`.
    Listed(&'a [&'a str]),
    /// The modules of the file, sorted by name, numbers within a name by their value: `fc2` before
    /// `fc10`. Two layers of the same shape come in the wrong order, without an error, if their
    /// names do not sort in the order of the network.
    Sorted,
}

/// Where in a network a layer stands.
#[derive(Clone, Copy)]
pub(super) struct Position<'a> {
    /// How many layers stand before it.
    layer: usize,
    /// How many layers with tensors.
    module: usize,
    /// The name of its module, if modules are sorted.
    sorted: Option<Chars<'a>>,
}

impl<'a> SafeTensors<'a> {
    /// Where the first layer stands.
    pub(super) const fn start(&self) -> Position<'a> {
        Position {
            layer: 0,
            module: 0,
            sorted: self.sorted(None),
        }
    }

    /// Where a layer stands, at or behind `at`, that has `layers` in front of it, `modules` of them
    /// with tensors.
    pub(super) const fn at(
        &self,
        mut at: Position<'a>,
        layers: usize,
        modules: usize,
    ) -> Position<'a> {
        while at.module < modules {
            at = self.next(at, true);
        }
        at.layer = layers;
        at
    }

    /// Where the layer behind `part` stands.
    pub(super) const fn behind(&self, part: &Architecture, at: Position<'a>) -> Position<'a> {
        match part {
            Architecture::Chain(first, second) => self.behind(second, self.behind(first, at)),
            Architecture::Frozen(part) => Position {
                layer: at.layer + part.layers(),
                ..at
            },
            Architecture::Single(_, tensors) => self.next(at, !tensors.is_empty()),
        }
    }

    const fn next(&self, at: Position<'a>, has_tensors: bool) -> Position<'a> {
        let layer = at.layer + 1;
        if !has_tensors {
            return Position { layer, ..at };
        }
        Position {
            layer,
            module: at.module + 1,
            sorted: match at.sorted {
                Some(last) => self.sorted(Some(last)),
                None => None,
            },
        }
    }

    const fn sorted(&self, last: Option<Chars<'a>>) -> Option<Chars<'a>> {
        match self.names {
            Names::Sorted => next_module(self.entries, self.prefix, last),
            _ => None,
        }
    }

    /// What the file calls the tensor `field` of the layer at `at`. As an error, what there is of
    /// the name: if no module has it, or if it is longer than a [`Name`] can be.
    pub(super) const fn name(&self, at: Position<'a>, field: &str) -> Result<Name, Name> {
        let start = Name::new().push(self.prefix);
        let (module, is_empty) = match self.names {
            Names::Sequential => (start.push_number(at.layer), false),
            Names::Listed(list) if at.module < list.len() => {
                let module = list[at.module];
                (start.push(module), module.is_empty())
            }
            Names::Listed(_) => return Err(start.push("?")),
            Names::Sorted => match at.sorted {
                Some(module) => (module.push_to(Name::new()), module.rest().is_empty()),
                None => return Err(start.push("?")),
            },
        };
        // A module without a name is the layer that the file was written from.
        let name = if is_empty { module } else { module.push(".") };
        let name = name.push(field);
        if name.is_cut() { Err(name) } else { Ok(name) }
    }
}

//! How a value is divided into rows: its last axis is a row, the others count rows.

use super::graph::Graph;
use super::node::Node;

/// Sizes from the outside in; `None` is a batch of any size.
type Dims = Vec<Option<usize>>;

/// The shape of a value.
pub(crate) struct Rows {
    dims: Dims,
    /// Whether a layer was met, from which on the last axis has to stay.
    fixed: bool,
    /// The node after which the last axis is no row any more. What is computed number by number,
    /// and the order of the numbers, are still the same.
    lost: Option<String>,
}

impl Rows {
    /// The shape of the input.
    pub(crate) fn new(dims: Dims) -> Self {
        Self {
            dims,
            fixed: false,
            lost: None,
        }
    }

    /// How many axes there are.
    pub(crate) fn rank(&self) -> usize {
        self.dims.len()
    }

    /// How many numbers a row has, if that is known.
    pub(crate) fn width(&self) -> Option<usize> {
        self.dims.last().copied().flatten()
    }

    /// Refuses what needs rows, where there are none any more.
    pub(crate) fn require(&self, node: Node<'_>) -> Result<(), String> {
        match &self.lost {
            Some(after) => Err(node.error(format!("there are no rows any more after {after}"))),
            None if self.dims.is_empty() => Err(node.error("it reads a single number")),
            None => Ok(()),
        }
    }

    /// Passes a layer.
    pub(crate) fn layer(
        &mut self,
        node: Node<'_>,
        [outputs, inputs]: [usize; 2],
    ) -> Result<(), String> {
        self.require(node)?;
        if let Some(width) = self.width().filter(|width| *width != inputs) {
            return Err(node.error(format!("it takes {inputs} numbers, a row has {width}")));
        }
        if let Some(last) = self.dims.last_mut() {
            *last = Some(outputs);
        }
        self.fixed = true;
        Ok(())
    }

    /// Passes a constant of more axes, as numpy broadcasts.
    pub(crate) fn extend(&mut self, rank: usize) {
        while self.dims.len() < rank {
            self.dims.insert(0, Some(1));
        }
    }

    /// Passes a node that changes the shape and no number.
    pub(crate) fn change(&mut self, graph: &Graph<'_>, node: Node<'_>) -> Result<(), String> {
        let new = match node.op().as_str() {
            "Flatten" => self.flatten(node),
            "Reshape" => self.reshape(node, &list(graph, node, "shape")?),
            "Squeeze" => self.squeeze(&list(graph, node, "axes")?),
            _ => self.unsqueeze(&list(graph, node, "axes")?),
        };
        let new = new.ok_or_else(|| node.error(format!("it does not fit {}", self.text())))?;
        let same = match self.fixed {
            true => new.last() == self.dims.last(),
            false => new == self.dims || self.merges_to(new.last().copied().flatten()),
        };
        if !same && !self.fixed {
            let (old, new) = (self.text(), Self::new(new).text());
            return Err(node.error(format!("it divides {old} into other rows, {new}")));
        }
        if !same {
            self.lost.get_or_insert(node.label());
        }
        self.dims = new;
        Ok(())
    }

    /// Such as `[?, 3]`.
    fn text(&self) -> String {
        let size = |dim: &Option<usize>| dim.map_or(String::from("?"), |size| size.to_string());
        let sizes: Vec<String> = self.dims.iter().map(size).collect();
        format!("[{}]", sizes.join(", "))
    }

    /// Whether a row of this many numbers is the last axes together.
    fn merges_to(&self, width: Option<usize>) -> bool {
        let mut tails = (0..self.rank()).map(|axis| product(&self.dims[axis..]));
        width.is_some() && tails.any(|tail| tail == width)
    }

    fn flatten(&self, node: Node<'_>) -> Option<Dims> {
        let axis = node.integer("axis").unwrap_or(1);
        let axis = if axis < 0 {
            axis + self.rank() as i64
        } else {
            axis
        };
        let (before, after) = self.dims.split_at_checked(usize::try_from(axis).ok()?)?;
        Some(vec![product(before), product(after)])
    }

    fn reshape(&self, node: Node<'_>, shape: &[i64]) -> Option<Dims> {
        let copies = node.integer("allowzero").unwrap_or(0) == 0;
        let mut new = Vec::new();
        for (axis, size) in shape.iter().enumerate() {
            new.push(match size {
                0 if copies => *self.dims.get(axis)?,
                -1 => None,
                _ => Some(usize::try_from(*size).ok().filter(|size| *size > 0)?),
            });
        }
        if let Some(rest) = shape.iter().position(|size| *size == -1) {
            new[rest] = self.remaining(shape, &new);
        }
        Some(new)
    }

    /// The size for -1, if every axis of unknown size is copied.
    fn remaining(&self, shape: &[i64], new: &[Option<usize>]) -> Option<usize> {
        let known = |dims: &[Option<usize>]| {
            let dims: Dims = dims.iter().filter(|dim| dim.is_some()).copied().collect();
            product(&dims)
        };
        let unknown = self.dims.iter().filter(|dim| dim.is_none()).count();
        let zeros = shape.iter().zip(new);
        let copied = zeros
            .filter(|(size, dim)| **size == 0 && dim.is_none())
            .count();
        let (all, given) = (known(&self.dims)?, known(new)?);
        (unknown == copied && all % given == 0).then_some(all / given)
    }

    fn squeeze(&self, axes: &[i64]) -> Option<Dims> {
        let axes = places(axes, self.rank())?;
        let mut new = Vec::new();
        for (axis, dim) in self.dims.iter().enumerate() {
            match axes.contains(&axis) || (axes.is_empty() && *dim == Some(1)) {
                true if *dim != Some(1) => return None,
                true => {}
                false => new.push(*dim),
            }
        }
        Some(new)
    }

    fn unsqueeze(&self, axes: &[i64]) -> Option<Dims> {
        let rank = self.rank() + axes.len();
        let axes = places(axes, rank)?;
        let mut dims = self.dims.iter().copied();
        (0..rank)
            .map(|axis| match axes.contains(&axis) {
                true => Some(Some(1)),
                false => dims.next(),
            })
            .collect()
    }
}

/// The integers of an attribute, or of the second input, or none.
fn list(graph: &Graph<'_>, node: Node<'_>, name: &str) -> Result<Vec<i64>, String> {
    if let Some(attribute) = node.attribute(name) {
        return Ok(attribute.ints.clone());
    }
    let Some(input) = node.input(1) else {
        return Ok(Vec::new());
    };
    match graph.constant(input)? {
        Some(constant) => constant.integers(),
        None => Err(node.error(format!("'{input}' is computed"))),
    }
}

/// Axes counted from the front, none of them twice.
fn places(axes: &[i64], rank: usize) -> Option<Vec<usize>> {
    let rank = i64::try_from(rank).ok()?;
    let place = |axis: &i64| {
        if *axis < 0 {
            axis.checked_add(rank)
        } else {
            Some(*axis)
        }
    };
    let places: Option<Vec<i64>> = axes.iter().map(place).collect();
    let mut places = places?;
    places.sort_unstable();
    places.dedup();
    let inside = places.len() == axes.len() && places.iter().all(|p| (0..rank).contains(p));
    let places = places.iter().map(|place| usize::try_from(*place).ok());
    places.collect::<Option<_>>().filter(|_| inside)
}

/// How many numbers these axes have, if that is known.
fn product(dims: &[Option<usize>]) -> Option<usize> {
    let mut product = 1_usize;
    for dim in dims {
        product = product.checked_mul((*dim)?)?;
    }
    Some(product)
}

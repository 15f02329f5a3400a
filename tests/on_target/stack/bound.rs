//! The deepest path from a function.

use super::image::Functions;

/// The most stack that a call of a function may take.
#[derive(Clone, Default)]
pub(super) struct Bound {
    /// Bytes.
    pub(super) bytes: u32,
    /// The functions on the deepest path with their frames.
    pub(super) path: Vec<(String, u32)>,
}

impl Bound {
    /// In place of a bound where there is none.
    pub(super) const fn of_measurement(bytes: u32) -> Self {
        let path = Vec::new();
        Self { bytes, path }
    }

    fn max(self, other: Self) -> Self {
        if other.bytes > self.bytes {
            other
        } else {
            self
        }
    }
}

/// The bound of the function of this name. What makes a bound impossible is an error: a call
/// through a pointer, recursion, a frame of unknown size.
pub(super) fn of(functions: &Functions, name: &str) -> Result<Bound, String> {
    let mut found = functions.iter().filter(|(_, f)| f.name == name);
    let (address, _) = found.next().ok_or_else(|| format!("no function {name}"))?;
    deepest(functions, *address, &mut Vec::new()).map_err(|e| format!("{name}: {e}"))
}

fn deepest(functions: &Functions, at: u32, callers: &mut Vec<u32>) -> Result<Bound, String> {
    let function = functions
        .get(&at)
        .ok_or_else(|| format!("{at:#x} is called and no function"))?;
    let name = &function.name;
    if callers.contains(&at) {
        return Err(format!("recursion of {name}"));
    }
    if let Some(at) = function.unknown {
        return Err(format!("a call through a pointer at {at:#x} in {name}"));
    }
    let frame = function
        .frame
        .ok_or_else(|| format!("a frame of unknown size: {name}"))?;
    if name.starts_with("OUTLINED_FUNCTION") {
        return Err(format!(
            "{name} is a part of other functions' code, with their frames"
        ));
    }
    callers.push(at);
    let mut bound = Bound::default();
    for callee in &function.calls {
        bound = bound.max(deepest(functions, *callee, callers)?);
    }
    bound.bytes += frame;
    bound.path.insert(0, (name.clone(), frame));
    // A function that ends by branching to another has given its frame back, for that one returns
    // to its caller.
    for next in &function.leaves {
        bound = bound.max(deepest(functions, *next, callers)?);
    }
    callers.pop();
    Ok(bound)
}

//! The images `no_panic*` of `examples/firmware` link only without a panic path. Here is what they
//! have to call: every function of `tests/public_api.txt`, or it is exempt, with the reason.

mod exempt;
mod list;
mod sources;

use crate::{is_skipped, path};
use exempt::EXEMPT;
use list::Function;
use sources::Source;

/// The exemptions of a function.
fn exemptions(function: &Function) -> impl Iterator<Item = (&'static str, &'static str)> {
    let (owner, name) = (function.owner.clone(), function.name.clone());
    let all = EXEMPT.iter().map(|(owner, name, _)| (*owner, *name));
    all.filter(move |(o, n)| (*o == "*" || *o == owner) && (*n == "*" || *n == name))
}

/// Everything that firmware may call is in an image that links only without a panic path.
#[test]
fn every_function_is_linked() {
    // A package has the sources of the crate alone.
    if is_skipped() || !path("tests/public_api.txt").exists() {
        return;
    }
    let (functions, sources) = (list::functions(), sources::all());
    assert!(functions.len() > 500, "{} functions", functions.len());
    assert!(sources.len() > 10, "{} files", sources.len());
    let missing: Vec<String> = functions
        .iter()
        .filter(|function| exemptions(function).next().is_none())
        .filter(|function| !sources.iter().any(|source| source.calls(function)))
        .map(ToString::to_string)
        .collect();
    assert!(
        missing.is_empty(),
        "no image calls these; call them in examples/firmware/src/bin/no_panic_each, or say in \
         tests/documents/linked/exempt.rs why not:\n{}",
        missing.join("\n")
    );
}

/// There is a function for every exemption.
#[test]
fn every_exemption_is_of_a_function() {
    if is_skipped() || !path("tests/public_api.txt").exists() {
        return;
    }
    let functions = list::functions();
    for (owner, name, _) in EXEMPT {
        let is_of = |function| exemptions(function).any(|found| found == (*owner, *name));
        let found = functions.iter().any(is_of);
        assert!(found, "no function is {owner}::{name} any more");
    }
}

/// The negative control: what is called, and what only looks like it.
#[test]
fn calls_are_told_apart() {
    let function = |line: &str, block: &str| Function::parse(line, block).unwrap();
    let new = function(
        "pub const fn stackprop::Samples<I, O, CAP>::new() -> Self",
        "impl<const I: usize> stackprop::Samples<I, O, CAP>",
    );
    let push = function(
        "pub fn stackprop::Samples<I, O, CAP>::push(&mut self, [f32; I]) -> Self",
        "impl<const I: usize> stackprop::Samples<I, O, CAP>",
    );
    let zeros = function(
        "pub fn stackprop::Network<L, H, I, O>::zeros() -> Self where L: stackprop::Zero",
        "impl<L, H> stackprop::Network<L, H, I, O>",
    );
    let mean = function(
        "pub async fn stackprop::metrics::mean(&[f32]) -> impl Fn(u8) -> u8",
        "pub mod stackprop::metrics",
    );
    let calls = |text: &str, function: &Function| Source::new(text).calls(function);
    assert_eq!(new.to_string(), "Samples::new");
    assert!(calls("Samples::<3, 1, 4>::new()", &new));
    assert!(calls("x(<stackprop::Samples<3, 1, 4>>::new())", &new));
    assert!(!calls("Samples; Replay::new()", &new));
    assert!(!calls("// Samples::new()", &new));
    assert!(calls("use Samples; x.push(1)", &push));
    assert!(!calls("use MySamples; x.push(1)", &push));
    let two = "fn a(x: Samples) {\n    x.clear();\n}\n\nfn b(x: Losses) {\n    x.push(1);\n}\n";
    assert!(!calls(two, &push));
    assert!(!calls("use Samples; fn push(x) {} x.pushed(1)", &push));
    assert!(calls("type Net = net![3 => 1, Mse];\nNet::zeros()", &zeros));
    assert!(calls("<net![3 => 1, Mse]>::zeros()", &zeros));
    assert!(!calls("use Network; Other::zeros()", &zeros));
    assert_eq!(mean.to_string(), "metrics::mean");
    assert!(calls("metrics::mean(x)", &mean) && calls("mean(x)", &mean));
    assert!(!calls("Other::mean(x)", &mean));
}

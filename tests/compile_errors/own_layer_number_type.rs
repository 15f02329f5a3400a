//! `params!` for a layer whose numbers are `f32`.
// E0107

use stackprop::params;

#[derive(Clone, Copy)]
struct Scale {
    factor: f32,
}
params!(Scale { factor });

fn main() {}

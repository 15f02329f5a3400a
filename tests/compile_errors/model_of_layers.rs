//! Layers where any network is taken.
// E0277: `Linear<3, 1>` is not a network

use stackprop::{Linear, Model};

fn parameters<N: Model>(_: &N) -> usize {
    N::COUNT
}

fn main() {
    let _ = parameters(&Linear::new([[0.5; 3]; 1], [0.0]));
}

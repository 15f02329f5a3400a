//! Layers that do not fit, where as many numbers are given as taken.
// E0277: `Linear<5, 3>` is not a layer that takes 4 numbers and gives 4

use stackprop::{Linear, Mse, Network};

fn main() {
    let _ = Network::<Linear<5, 3>, Mse, 4, 4>::new(1);
}

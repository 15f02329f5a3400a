//! A type that is no layer, in a chain.
// E0277: `{integer}` is not a layer that takes 4 numbers and gives 4

use stackprop::{Chain, Linear, Mse, Network};

fn main() {
    let layers = Chain::<_, _, 4>(Linear::new([[0.5; 3]; 4], [0.0; 4]), 7);
    let _ = Network::<_, _, 3, 4>::from_layers(layers, Mse);
}

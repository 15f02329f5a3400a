//! Layers that do not fit, chained by hand.
// E0277: `Linear<5, 1>` is not a layer that takes 4 numbers and gives 1

use stackprop::{Chain, Linear, Network, SigmoidBce};

fn main() {
    let first = Linear::new([[0.5; 3]; 4], [0.0; 4]);
    let second = Linear::new([[0.5; 5]; 1], [0.0; 1]);
    let layers = Chain::<_, _, 4>(first, second);
    let _ = Network::<_, _, 3, 1>::from_layers(layers, SigmoidBce);
}

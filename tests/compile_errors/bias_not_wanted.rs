//! A bias for a layer without.
// E0308

use stackprop::{Linear, Network, SigmoidBce, net};

type NoBiases = net![bias = false; 3 => 1, SigmoidBce];

fn main() {
    let layers = Linear::new([[0.5; 3]; 1], [0.0]);
    let _: NoBiases = Network::from_layers(layers, SigmoidBce);
}

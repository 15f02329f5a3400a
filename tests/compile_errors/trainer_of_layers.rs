//! Layers without a head, to `Trainer::new`.
// E0277: `Linear<3, 1>` is not a network that can be trained

use stackprop::{Linear, Sgd, Trainer};

fn main() {
    let layers = Linear::new([[0.5; 3]; 1], [0.0]);
    let _ = Trainer::new(layers, Sgd::new(0.1));
}
